import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** Statements as Snowpark, dbt, SQLAlchemy and the snow CLI send them; findings of their own suites. */
describe('what clients send', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(() => snowflake.close());
  const names = async (sql: string) => (await client.rows(sql)).map(({ name, kind }) => `${kind} ${name}`);

  it('joins in parentheses that begin with a subquery (Snowpark)', async () => {
    for (const from of [
      '( SELECT 1 a) AS x INNER JOIN ( SELECT 1 b) AS y ON x.a = y.b',
      '(SELECT 1 a) x CROSS JOIN (SELECT 1 b) y',
      '(VALUES (1)) AS x (a) JOIN (SELECT 1 b) y ON a = b',
      '((SELECT 1 a) AS x JOIN (SELECT 1 b) AS y ON a = b)',
      '(SELECT 1 a) NATURAL JOIN (SELECT 1 a, 1 b)',
      '(SELECT 1 a UNION SELECT 1) x LEFT JOIN (SELECT 1 b) y ON a = b',
    ])
      expect(await client.rows(`SELECT * FROM (${from})`), from).to.deep.equal([{ A: 1, B: 1 }]);
  });

  it('joins in as many parentheses as there are, and set operations of as many', async () => {
    const wrap = (text: string, depth: number) => `${'('.repeat(depth)}${text}${')'.repeat(depth)}`;
    await fc.assert(
      fc.asyncProperty(fc.nat(4), fc.nat(4), fc.nat(4), async (inner, left, whole) => {
        const source = wrap('SELECT 1 a', inner + 1);
        const joined = wrap(`${wrap(`${source} AS x JOIN ${source} AS y ON x.a = y.a`, left)}`, whole + 1);
        expect(await client.rows(`SELECT x.a FROM ${joined}`)).to.deep.equal([{ A: 1 }]);
        const united = wrap(`${wrap(`${source} UNION ALL ${source}`, left)} ORDER BY 1`, whole + 1);
        expect(await client.rows(`SELECT a FROM ${united}`)).to.deep.equal([{ A: 1 }, { A: 1 }]);
      }),
      { numRuns: 40 },
    );
  });

  it('asks for objects, of which every table is a TABLE (dbt)', async () => {
    await client.rows('CREATE SCHEMA kinds');
    await client.rows('CREATE TRANSIENT TABLE transient_one (x INT)');
    await client.rows('CREATE TABLE permanent_one (x INT)');
    await client.rows('CREATE VIEW a_view AS SELECT 1 AS one');
    const objects = ['TABLE PERMANENT_ONE', 'TABLE TRANSIENT_ONE', 'VIEW A_VIEW'];
    expect(await names('SHOW OBJECTS IN SCHEMA kinds')).to.have.members(objects);
    expect(await names('SHOW TERSE OBJECTS IN SCHEMA kinds')).to.have.members(objects);
    expect(await names('SHOW TABLES IN SCHEMA kinds')).to.include('TRANSIENT TRANSIENT_ONE');
  });

  it('drops views with CASCADE (dbt)', async () => {
    await client.rows('CREATE VIEW passing AS SELECT 1 AS one');
    expect(await client.value('DROP VIEW IF EXISTS passing CASCADE')).to.equal(
      'PASSING successfully dropped.',
    );
    await client.rows('DROP VIEW IF EXISTS passing RESTRICT');
    expect((await client.error('DROP STAGE IF EXISTS s CASCADE')).message).to.contain('CASCADE');
  });

  it('grants without saying that it is a table or a view (dbt)', async () => {
    await client.rows('CREATE SCHEMA granting');
    await client.rows('CREATE TABLE t (x INT)');
    await client.rows('CREATE TABLE stage (x INT)');
    await client.rows('CREATE VIEW v AS SELECT 1 AS one');
    await client.rows('CREATE ROLE reporter');
    await client.rows('GRANT SELECT ON granting.t TO ROLE reporter');
    await client.rows('GRANT SELECT, INSERT ON stage TO reporter');
    await client.rows('GRANT SELECT ON d.granting.v TO ROLE reporter');
    const granted = async () =>
      (await client.rows('SHOW GRANTS TO ROLE reporter')).map(
        (row) => `${row.privilege} ${row.granted_on} ${row.name}`,
      );
    expect(await granted()).to.have.members([
      'SELECT TABLE D.GRANTING.T',
      'SELECT TABLE D.GRANTING.STAGE',
      'INSERT TABLE D.GRANTING.STAGE',
      'SELECT VIEW D.GRANTING.V',
    ]);
    await client.rows('REVOKE SELECT ON granting.t FROM ROLE reporter');
    expect(await granted()).to.not.include('SELECT TABLE D.GRANTING.T');
    expect((await client.error('GRANT SELECT ON nothing TO ROLE reporter')).message).to.contain(
      "Table 'NOTHING' does not exist or not authorized.",
    );
  });

  it('writes formats as a concatenation of constants (dbt docs)', async () => {
    expect(
      await client.value(
        "SELECT TO_VARCHAR('2026-11-29 05:07'::TIMESTAMP_NTZ, 'yyyy-mm-dd HH24:MI' || 'UTC')",
      ),
    ).to.equal('2026-11-29 05:07UTC');
    expect(
      await client.value("SELECT TO_DATE('29/11/2026', CONCAT('DD/', 'MM/', 'YYYY'))::VARCHAR"),
    ).to.equal('2026-11-29');
    expect(
      (await client.error("SELECT TO_VARCHAR('2026-11-29'::DATE, 'yyyy' || f) FROM (SELECT 'mm' AS f)"))
        .message,
    ).to.contain('needs to be constant');
  });

  it('makes scoped temporary objects (Snowpark)', async () => {
    await client.rows('CREATE SCHEMA scoped');
    await client.rows('CREATE SCOPED TEMPORARY TABLE t (x INT)');
    await client.rows('CREATE OR REPLACE SCOPED TEMP TABLE t (y INT)');
    await client.rows('CREATE SCOPED TEMPORARY STAGE IF NOT EXISTS s');
    await client.rows('CREATE SCOPED TEMPORARY FILE FORMAT f TYPE = CSV');
    await client.rows('CREATE SCOPED TEMPORARY VIEW v AS SELECT 1 AS one');
    expect((await client.rows('DESC TABLE t')).map(({ name }) => name)).to.deep.equal(['Y']);
    const other = await snowflake.connect({ database: 'D', schema: 'SCOPED' });
    expect((await other.error('SELECT * FROM t')).message).to.contain("Object 'T' does not exist");
    expect((await client.error('CREATE SCOPED TABLE lasting (x INT)')).message).to.contain(
      "unexpected 'TABLE'",
    );
    // No word of its own: an object may be called so.
    await client.rows('CREATE TABLE scoped (scoped INT)');
  });

  it('names objects of the account by IDENTIFIER (snow)', async () => {
    for (const [kind, options] of [
      ['DATABASE', ''],
      ['WAREHOUSE', ''],
      ['ROLE', ''],
      ['USER', ''],
    ]) {
      await client.rows(`CREATE ${kind} passing ${options}`);
      expect(await client.value(`DROP ${kind} IDENTIFIER('passing')`), kind).to.equal(
        'PASSING successfully dropped.',
      );
    }
    await client.rows('USE SCHEMA d.public');
    await client.rows('CREATE WAREHOUSE passing');
    await client.rows("ALTER WAREHOUSE IDENTIFIER('passing') SET COMMENT = 'x'");
    expect((await client.rows("SHOW WAREHOUSES LIKE 'passing'"))[0]!.comment).to.equal('x');
    await client.rows('DROP WAREHOUSE passing');
  });

  // docs: release-notes/bcr-bundles/2025_07/bcr-2061
  it('asks what a column’s type was called (SQLAlchemy)', async () => {
    await client.rows(
      'CREATE OR REPLACE TABLE d.public.aliases (b BIGINT, n NUMBER, p decimal(10,2), t DOUBLE PRECISION)',
    );
    const alias = async () =>
      (
        await client.rows(
          "SELECT data_type, data_type_alias FROM d.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'ALIASES' ORDER BY ordinal_position",
        )
      ).map((row) => `${row.DATA_TYPE} ${row.DATA_TYPE_ALIAS}`);
    expect(await alias()).to.deep.equal([
      'NUMBER BIGINT',
      'NUMBER NUMBER',
      'NUMBER DECIMAL(10,2)',
      'FLOAT DOUBLE PRECISION',
    ]);
    await client.rows('ALTER TABLE d.public.aliases ALTER COLUMN p SET DATA TYPE NUMERIC(12,2)');
    expect((await alias())[2]).to.equal('NUMBER NUMERIC(12,2)');
    await client.rows('CREATE OR REPLACE TABLE d.public.aliases AS SELECT 1 AS one');
    expect(await alias()).to.deep.equal(['NUMBER null']);
  });

  it('numbers rows in columns with a scale, in order where the session asks for it (SQLAlchemy)', async () => {
    await client.rows('ALTER SESSION SET NOORDER_SEQUENCE_AS_DEFAULT = FALSE');
    await client.rows('CREATE TABLE numbered (id NUMERIC(38, 3) AUTOINCREMENT, x INT)');
    await client.rows('CREATE SEQUENCE in_order');
    await client.rows('ALTER SESSION UNSET NOORDER_SEQUENCE_AS_DEFAULT');
    await client.rows('CREATE SEQUENCE in_any');
    await client.rows('INSERT INTO numbered (x) VALUES (5), (6)');
    expect(await client.values('SELECT id::VARCHAR FROM numbered ORDER BY x')).to.deep.equal([
      ['1.000'],
      ['2.000'],
    ]);
    const [id] = await client.rows('DESCRIBE TABLE numbered');
    expect(id!.default).to.equal('IDENTITY START 1 INCREMENT 1 ORDER');
    const sequences = await client.rows('SHOW SEQUENCES');
    expect(sequences.map(({ name, ordered }) => [name, ordered])).to.deep.equal([
      ['IN_ANY', 'N'],
      ['IN_ORDER', 'Y'],
    ]);
  });

  it('names a column by nothing, which is refused by name (SQLAlchemy)', async () => {
    for (const sql of ['CREATE TABLE nothing (col INT, "" INT)', 'CREATE TABLE nothing AS SELECT 1 AS ""'])
      expect((await client.error(sql)).message, sql).to.contain("Unsupported feature 'an empty name");
  });

  it('says on a line of its own which column a COPY has not (pandas)', async () => {
    await client.rows('CREATE TABLE upper_case (a INT)');
    expect((await client.error('COPY INTO upper_case ("a") FROM (SELECT $1 FROM @~/x)')).message).to.match(
      /SQL compilation error:.*\ninvalid identifier '"a"'/,
    );
  });

  it('divides numbers of many decimal places, or refuses it by name (SQLAlchemy)', async () => {
    const quotient = (x: string, y: string) => `SELECT (${x} / ${y})::NUMBER(38, 2)::VARCHAR`;
    const number = (value: string, scale: number) => `CAST(${value} AS NUMBER(38, ${scale}))`;
    for (const scale of [0, 1, 6, 12, 18])
      expect(await client.value(quotient(number('-6', scale), number('4', scale))), String(scale)).to.equal(
        '-1.50',
      );
    // A quotient of quotients of quotients.
    expect(await client.value(quotient(number('600000', 12), number('4', 12)))).to.equal('150000.00');
    const [tiny, four] = ['0.00000000000012345679', '0.00000000000049382716'];
    expect(await client.value(quotient(number(four, 20), number(tiny, 20)))).to.equal('4.00');
    expect((await client.error(quotient('1', number('1', 37)))).message).to.contain('Unsupported feature');
  });
});
