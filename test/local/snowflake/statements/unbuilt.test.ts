import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** Statements of Snowflake's documentation, by what the refusal calls them. */
const UNBUILT: Record<string, string[]> = {
  'COPY FILES': ["COPY FILES INTO @a FROM @b FILES = ('x.csv')"],
  'EXECUTE IMMEDIATE FROM': ['EXECUTE IMMEDIATE FROM @s/x.sql', "EXECUTE IMMEDIATE FROM './x.sql'"],
  'GENERATED ALWAYS AS': ['CREATE TABLE g (a INT, b INT GENERATED ALWAYS AS (a + 1))'],
  CHECK: ['CREATE TABLE g (a INT, CONSTRAINT c CHECK (a < 100))'],
  'SQL scripting': [
    'CREATE PROCEDURE p() RETURNS INT LANGUAGE SQL AS BEGIN RETURN 1; END',
    "EXECUTE IMMEDIATE 'select ?' USING (one)",
    'LET x := 1',
  ],
  'COMMENT ON this kind of object': [
    "COMMENT ON PIPE p IS 'x'",
    "COMMENT ON PASSWORD POLICY p IS 'x'",
    "COMMENT ON ROW ACCESS POLICY p IS 'x'",
  ],
  'DIRECTED JOIN': ['SELECT * FROM t INNER DIRECTED JOIN t u ON t.n = u.n'],
  'SET (…) = (SELECT …)': ['SET (a, b) = (SELECT 1, 2)'],
  'GRANT and REVOKE on this kind of object': [
    'GRANT SELECT ON FUTURE PIPES IN DATABASE d TO ROLE PUBLIC',
    'GRANT SELECT ON ALL MATERIALIZED VIEWS IN DATABASE d TO ROLE PUBLIC',
    'GRANT USAGE ON NOTEBOOK n TO ROLE PUBLIC',
  ],
  'API_PROVIDER = AZURE_API_MANAGEMENT': [
    "CREATE API INTEGRATION a API_PROVIDER = azure_api_management AZURE_TENANT_ID = 'x' API_ALLOWED_PREFIXES = ('https://x') ENABLED = TRUE",
  ],
  'STORAGE_PROVIDER = GCS': [
    "CREATE STORAGE INTEGRATION a TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'GCS' ENABLED = TRUE STORAGE_ALLOWED_LOCATIONS = ('gcs://b/')",
  ],
  'ALTER TABLE … COLUMN … SET MASKING POLICY': [
    'ALTER TABLE t MODIFY COLUMN n SET MASKING POLICY p',
    'ALTER TABLE t ALTER n SET MASKING POLICY p USING (n, n)',
  ],
  'ALTER TABLE … COLUMN … UNSET MASKING POLICY': ['ALTER TABLE t MODIFY n UNSET MASKING POLICY'],
  'ALTER VIEW … MODIFY COLUMN … SET': ['ALTER VIEW v MODIFY COLUMN n SET MASKING POLICY p'],
  'DIRECTORY(@stage)': ['SELECT * FROM DIRECTORY(@s)', 'SELECT 1 FROM t, directory( @d.public.s ) x'],
  'this SHOW': ['SHOW SEMANTIC FACTS', 'SHOW SEMANTIC DIMENSIONS IN x', 'SHOW SEMANTIC METRICS'],
  'Snowflake Scripting block': [
    'EXECUTE IMMEDIATE $$ declare x int; begin x := 1; return x; end; $$',
    'EXECUTE IMMEDIATE $$ begin return 1; end $$',
    'declare x int default case when 1 = 1 then 1 end; begin select 1; end;',
  ],
  SYSTEM$BOOTSTRAP_DATA_REQUEST: ["SELECT SYSTEM$BOOTSTRAP_DATA_REQUEST('ACCOUNT')"],
  'GRANT IMPORTED PRIVILEGES': ['GRANT IMPORTED PRIVILEGES ON DATABASE edges TO ROLE SYSADMIN'],
  '# as a comment': ['# a comment\nSELECT 1'],
};

describe('documented statements that are not built', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('create database edges');
    await client.rows('create table t (n int)');
    await client.rows('create view v as select n from t');
  });
  after(() => snowflake.close());

  for (const [name, statements] of Object.entries(UNBUILT))
    for (const sql of statements)
      it(`are refused by name: ${sql.slice(0, 80)}`, async () => {
        const { code, message } = await client.error(sql);
        expect(code).to.equal('000002');
        expect(message).to.contain(`Unsupported feature '${name}'`);
      });

  it('are not what several statements in one text are', async () => {
    expect((await client.error("execute immediate 'select 1; select 2'")).code).to.equal('000006');
  });

  for (const sql of [
    'selec 1',
    'select 1 from',
    'create table',
    "comment on table t iz 'x'",
    'grant select on tabel t to role r',
  ])
    it(`a mistake stays a syntax error: ${sql}`, async () => {
      expect((await client.error(sql)).code).to.equal('001003');
    });
});
