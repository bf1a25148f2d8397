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
  });
  after(() => snowflake.close());

  for (const [name, statements] of Object.entries(UNBUILT))
    for (const sql of statements)
      it(`are refused by name: ${sql.slice(0, 80)}`, async () => {
        const { code, message } = await client.error(sql);
        expect(code).to.equal('000002');
        expect(message).to.contain(`Unsupported feature '${name}'`);
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
