import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// Snowpark binds every argument to a column: patterns, parameters and groups are no literals then.
const SUBJECTS = ['Hello World', 'hello hello', 'aXbXc', 'abc 123 def', '', 'Zeile\nzwei'];
const PATTERNS = ['hello', '(\\w)(\\w+)', 'x', '[0-9]+', '^.*$', '(l+)'];
const PARAMETERS = ['c', 'i', 'e', 'ie', 'm', 's'];

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

  describe('REGEXP functions whose parameters are columns', () => {
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

  it('take values of columns for VARIANTs where they ask for a type, but no literals', async () => {
    const [row] = await client.rows(
      "SELECT TYPEOF(n) AS a, TYPEOF(t) AS b, IS_ARRAY(n) AS c, IS_VARCHAR(t) AS d FROM (SELECT $1 AS n, $2 AS t FROM VALUES (1::INT, 'x'::VARCHAR))",
    );
    expect(row).to.deep.equal({ A: 'INTEGER', B: 'VARCHAR', C: false, D: true });
    expect((await client.error('SELECT TYPEOF(5)')).message).to.contain('Invalid argument types');
  });

  it('sort keys and the null of JSON, and pivot each value once', async () => {
    expect(await value("SELECT OBJECT_KEYS(OBJECT_CONSTRUCT('zip', 1, 'age', 2))::VARCHAR")).to.equal(
      '["age","zip"]',
    );
    expect(await value("SELECT ARRAY_SORT(PARSE_JSON('[0, null, 10]'), FALSE, FALSE)::VARCHAR")).to.equal(
      '[null,10,0]',
    );
    const [row] = await client.rows(
      "SELECT * FROM (SELECT $1 AS k, $2 AS n FROM VALUES ('b', 2), ('a', 1), ('b', 3)) PIVOT (SUM(n) FOR k IN (SELECT $1 FROM VALUES ('b'), ('b')))",
    );
    expect(row).to.deep.equal({ "'b'": 5 });
  });

  it('write any value as XML, with its type', async () => {
    expect(await value('SELECT TO_XML(PARSE_JSON(\'{"a": [1, true], "b": "x<"}\'))')).to.equal(
      '<SnowflakeData type="OBJECT"><a type="ARRAY"><e type="INTEGER">1</e><e type="BOOLEAN">true</e></a><b type="VARCHAR">x&lt;</b></SnowflakeData>',
    );
  });

  it('number the rows before a lateral function from one', async () => {
    const rows = await client.rows(
      "SELECT s.seq, s.value FROM (SELECT $1 AS t FROM VALUES ('a b'), ('c')) AS x, LATERAL SPLIT_TO_TABLE(x.t, ' ') AS s ORDER BY 1, 2",
    );
    expect(rows.map(({ SEQ, VALUE }) => `${SEQ}${VALUE}`)).to.deep.equal(['1a', '1b', '2c']);
  });

  it('give no sign to nothing, and no number of values that are all alike', async () => {
    const [row] = await client.rows(
      'SELECT TRUNC(-0.3::FLOAT)::VARCHAR AS a, REGR_SLOPE(y, x) AS b, CORR(y, x) AS c FROM (SELECT $1::FLOAT AS y, $2::FLOAT AS x FROM VALUES (1, 2), (3, 2))',
    );
    expect(row).to.deep.equal({ A: '0', B: null, C: null });
  });

  it('take binds for values of options, as write_pandas sends them', async () => {
    await client.statement('CREATE STAGE st FILE_FORMAT = (TYPE = PARQUET COMPRESSION = GZIP)');
    await client.statement('CREATE TABLE copied (n INTEGER)');
    const copy = 'COPY INTO IDENTIFIER(?) FROM @st PURGE = TRUE ON_ERROR = ?';
    expect(await client.rows(copy, ['COPIED', 'abort_statement'])).to.have.length(1);
    expect((await client.error(copy, ['COPIED', 'whenever'])).message).to.contain('ON_ERROR');
  });
});
