import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// Snowpark binds every argument to a column: patterns, parameters and groups are no literals then.
const SUBJECTS = ['Hello World', 'hello hello', 'aXbXc', 'abc 123 def', '', 'Zeile\nzwei'];
const PATTERNS = ['hello', '(\\w)(\\w+)', 'x', '[0-9]+', '^.*$', '(l+)'];
const PARAMETERS = ['c', 'i', 'e', 'ie', 'm', 's'];

describe('REGEXP functions whose parameters are columns', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect({});
    await client.statement('CREATE DATABASE d');
    await client.statement('CREATE WAREHOUSE w');
  });
  after(() => snowflake.close());

  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}'`;
  const CALLS = [
    (s: string, p: string, o: string) => `REGEXP_SUBSTR(${s}, ${p}, 1, 1, ${o})`,
    (s: string, p: string, o: string) => `REGEXP_SUBSTR(${s}, ${p}, 2, 2, ${o})`,
    (s: string, p: string, o: string) => `REGEXP_COUNT(${s}, ${p}, 1, ${o})`,
    (s: string, p: string, o: string) => `REGEXP_LIKE(${s}, ${p}, ${o})`,
    (s: string, p: string, o: string) => `REGEXP_REPLACE(${s}, ${p}, '<>', 1, 0, ${o})`,
    (s: string, p: string, o: string) => `REGEXP_SUBSTR_ALL(${s}, ${p}, 1, 1, ${o})::VARCHAR`,
    (s: string, p: string, o: string) => `REGEXP_INSTR(${s}, ${p}, 1, 1, 0, ${o})`,
  ];

  it('answer as with literals', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SUBJECTS),
        fc.constantFrom(...PATTERNS),
        fc.constantFrom(...PARAMETERS),
        async (subject, pattern, parameters) => {
          const literals = CALLS.map((call) => call(quote(subject), quote(pattern), quote(parameters)));
          const columns = CALLS.map((call) => call('s', 'p', 'o'));
          const [fromLiterals] = await client.rows(`SELECT ${literals.join(', ')}`);
          const [fromColumns] = await client.rows(
            `SELECT ${columns.join(', ')} FROM (SELECT $1 AS s, $2 AS p, $3 AS o FROM VALUES (${[subject, pattern, parameters].map(quote).join(', ')}))`,
          );
          expect(Object.values(fromColumns!)).to.deep.equal(Object.values(fromLiterals!));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are NULL where a parameter is', async () => {
    const [row] = await client.rows(
      "SELECT REGEXP_SUBSTR('a', 'a', 1, 1, o) AS a, REGEXP_LIKE('a', 'a', o) AS b FROM (SELECT NULL::VARCHAR AS o)",
    );
    expect(row).to.deep.equal({ A: null, B: null });
  });
});

describe('neighbours of recorded facts', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect({});
    await client.statement('CREATE DATABASE d');
    await client.statement('CREATE WAREHOUSE w');
  });
  after(() => snowflake.close());

  const value = async (sql: string) => Object.values((await client.rows(sql))[0]!)[0];

  it('count numbers as seconds, whatever their size, and digits of a text by theirs', async () => {
    for (const make of ['TO_TIMESTAMP', 'TO_TIMESTAMP_NTZ', 'TO_TIMESTAMP_LTZ', 'TO_TIMESTAMP_TZ']) {
      const year = (given: string) => value(`SELECT YEAR(${make}(${given}))`);
      expect(await year('31536000000'), make).to.equal(2969);
      expect(await year('-31536000000'), make).to.equal(970);
      expect(await year('1700000000'), make).to.equal(2023);
    }
    expect(await value("SELECT YEAR(TO_TIMESTAMP_NTZ('31536000000'))")).to.equal(1971);
    expect(await value('SELECT YEAR(31536000000::TIMESTAMP_NTZ)')).to.equal(2969);
  });

  it('read from DUAL, unless there is a table of that name', async () => {
    expect(await value('SELECT 1 + 1 FROM dual WHERE TRUE')).to.equal(2);
    expect(await value('SELECT COUNT(*) FROM DUAL')).to.equal(1);
    expect((await client.error('SELECT 1 FROM d.public.dual')).message).to.contain('does not exist');
    expect((await client.error('SELECT * FROM DUAL')).message).to.contain('SELECT with no columns');
    await client.statement('CREATE TABLE dual AS SELECT 7 AS n');
    expect(await value('SELECT n FROM dual')).to.equal(7);
    await client.statement('DROP TABLE dual');
  });

  it('take the words between CREATE and VIEW or FUNCTION in their order only', async () => {
    for (const good of [
      'SECURE',
      'TEMP',
      'LOCAL TEMP',
      'GLOBAL TEMPORARY',
      'SECURE LOCAL TEMPORARY',
      'VOLATILE',
    ])
      await client.statement(`CREATE ${good} VIEW v_${good.replaceAll(' ', '_')} AS SELECT 1 AS n`);
    for (const wrong of ['TEMP SECURE', 'LOCAL', 'GLOBAL', 'TEMP LOCAL', 'LOCAL SECURE TEMP', 'TRANSIENT'])
      expect((await client.error(`CREATE ${wrong} VIEW v2 AS SELECT 1 AS n`)).message, wrong).to.contain(
        'syntax error',
      );
    for (const wrong of ['LOCAL TEMPORARY', 'GLOBAL TEMP', 'TRANSIENT'])
      expect(
        (await client.error(`CREATE ${wrong} FUNCTION f() RETURNS INTEGER AS '1'`)).message,
        wrong,
      ).to.contain('syntax error');
  });

  it('number the rows that a table function is called for from one where it stands alone', async () => {
    expect(await value("SELECT MAX(seq) FROM TABLE(SPLIT_TO_TABLE('a b', ' '))")).to.equal(1);
    expect(await value("SELECT MIN(seq) FROM TABLE(FLATTEN(PARSE_JSON('[1, 2]')))")).to.equal(1);
  });

  it('know of a VARIANT that is made right there what it was', async () => {
    const [row] = await client.rows(
      "SELECT IS_DATE(TO_VARIANT('2026-01-01'::DATE)) AS a, IS_TIME(TO_VARIANT('1:00'::TIME)) AS b, IS_BINARY(TO_VARIANT('aa'::BINARY)) AS c, IS_DATE(TO_VARIANT('2026-01-01')) AS d, IS_TIMESTAMP_NTZ(NULL::DATE::VARIANT) AS e",
    );
    expect(row).to.deep.equal({ A: true, B: true, C: true, D: false, E: null });
    expect((await client.error("SELECT IS_DATE(PARSE_JSON('1'))")).message).to.contain('IS_DATE');
  });

  it('order the columns of PIVOT ANY by their values', async () => {
    const [row] = await client.rows(
      "SELECT * FROM (SELECT $1 AS k, $2 AS n FROM VALUES ('b', 2), ('a', 1), ('c', 3)) PIVOT (SUM(n) FOR k IN (ANY))",
    );
    expect(Object.keys(row!)).to.deep.equal(["'a'", "'b'", "'c'"]);
  });
});
