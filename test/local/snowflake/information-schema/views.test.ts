import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('INFORMATION_SCHEMA', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows(
      'CREATE TRANSIENT TABLE t (id INT AUTOINCREMENT START 3 INCREMENT 2 ORDER, x VARCHAR(5)) DATA_RETENTION_TIME_IN_DAYS = 0',
    );
    await client.rows('CREATE SECURE VIEW v AS SELECT x FROM t');
    await client.rows('CREATE SEQUENCE q START = 5 INCREMENT = 10');
    await client.rows('SELECT q.NEXTVAL');
    await client.rows("CREATE FILE FORMAT f TYPE = CSV FIELD_DELIMITER = '|' NULL_IF = ('a')");
    await client
      .rows('CREATE FUNCTION g(a FLOAT) RETURNS NUMBER(5,2) LANGUAGE SQL IMMUTABLE AS $$ 1 $$')
      .catch(() => client.rows("CREATE FUNCTION g(a FLOAT) RETURNS NUMBER(5,2) IMMUTABLE AS '1'"));
    await client.rows('CREATE ROLE reader');
    await client.rows('GRANT SELECT ON TABLE t TO ROLE reader WITH GRANT OPTION');
    await client.rows('GRANT USAGE ON SEQUENCE q TO ROLE reader');
  });
  after(() => snowflake.close());

  const one = async (sql: string) => (await client.rows(sql))[0]!;

  /** The documented columns of each view: docs.snowflake.com/en/sql-reference/info-schema/<view>. */
  const COLUMNS: Record<string, string> = {
    DATABASES: 'DATABASE_NAME DATABASE_OWNER IS_TRANSIENT COMMENT CREATED LAST_ALTERED RETENTION_TIME TYPE',
    SCHEMATA:
      'CATALOG_NAME SCHEMA_NAME SCHEMA_OWNER IS_TRANSIENT IS_MANAGED_ACCESS RETENTION_TIME DEFAULT_CHARACTER_SET_CATALOG DEFAULT_CHARACTER_SET_SCHEMA DEFAULT_CHARACTER_SET_NAME SQL_PATH CREATED LAST_ALTERED COMMENT',
    TABLES:
      'TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER TABLE_TYPE IS_TRANSIENT CLUSTERING_KEY ROW_COUNT BYTES RETENTION_TIME SELF_REFERENCING_COLUMN_NAME REFERENCE_GENERATION USER_DEFINED_TYPE_CATALOG USER_DEFINED_TYPE_SCHEMA USER_DEFINED_TYPE_NAME IS_INSERTABLE_INTO IS_TYPED COMMIT_ACTION CREATED LAST_ALTERED LAST_DDL LAST_DDL_BY AUTO_CLUSTERING_ON COMMENT',
    VIEWS:
      'TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE INSERTABLE_INTO IS_SECURE CREATED LAST_ALTERED LAST_DDL LAST_DDL_BY COMMENT',
    SEQUENCES:
      'SEQUENCE_CATALOG SEQUENCE_SCHEMA SEQUENCE_NAME SEQUENCE_OWNER DATA_TYPE NUMERIC_PRECISION NUMERIC_PRECISION_RADIX NUMERIC_SCALE START_VALUE MINIMUM_VALUE MAXIMUM_VALUE NEXT_VALUE INCREMENT CYCLE_OPTION CREATED LAST_ALTERED ORDERED COMMENT',
    FUNCTIONS:
      'FUNCTION_CATALOG FUNCTION_SCHEMA FUNCTION_NAME FUNCTION_OWNER ARGUMENT_SIGNATURE DATA_TYPE CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION NUMERIC_PRECISION_RADIX NUMERIC_SCALE FUNCTION_LANGUAGE FUNCTION_DEFINITION VOLATILITY IS_NULL_CALL IS_SECURE CREATED LAST_ALTERED COMMENT IS_EXTERNAL API_INTEGRATION CONTEXT_HEADERS MAX_BATCH_ROWS REQUEST_TRANSLATOR RESPONSE_TRANSLATOR',
    TABLE_CONSTRAINTS:
      'CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE IS_DEFERRABLE INITIALLY_DEFERRED ENFORCED COMMENT CREATED LAST_ALTERED',
    TABLE_PRIVILEGES:
      'GRANTOR GRANTEE GRANTED_TO TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PRIVILEGE_TYPE IS_GRANTABLE WITH_HIERARCHY CREATED',
  };
  for (const [view, columns] of Object.entries(COLUMNS))
    it(`has the columns of ${view}`, async () => {
      const statement = await client.statement(`SELECT * FROM information_schema.${view} LIMIT 1`);
      const names = statement.getColumns()!.map((column) => column.getName());
      expect(names.slice(0, columns.split(' ').length)).to.deep.equal(columns.split(' '));
    });

  it('is a schema of every database, which SHOW, DESCRIBE and USE know and no role can change', async () => {
    const names = async (sql: string) => (await client.rows(sql)).map(({ name }) => name);
    expect(await names('SHOW SCHEMAS IN DATABASE d')).to.deep.equal(['INFORMATION_SCHEMA', 'PUBLIC']);
    expect(await names('DESCRIBE DATABASE d')).to.deep.equal(['INFORMATION_SCHEMA', 'PUBLIC']);
    for (const sql of [
      'SHOW VIEWS IN SCHEMA d.information_schema',
      'SHOW OBJECTS IN SCHEMA information_schema',
      'SHOW VIEWS IN DATABASE d',
      'DESCRIBE SCHEMA information_schema',
    ])
      expect(await names(sql), sql).to.include('TABLES');
    expect(await names('SHOW TABLES IN SCHEMA information_schema')).to.deep.equal([]);
    expect(await names('DESCRIBE VIEW information_schema.databases')).to.include('DATABASE_NAME');
    const columns = await client.rows('SHOW COLUMNS IN VIEW d.information_schema.databases');
    expect(columns[0]).to.include({ schema_name: 'INFORMATION_SCHEMA', column_name: 'DATABASE_NAME' });
    const own = "WHERE table_schema = 'INFORMATION_SCHEMA' AND table_name = 'TABLES'";
    expect(await one(`SELECT table_type FROM information_schema.tables ${own}`)).to.deep.equal({
      TABLE_TYPE: 'VIEW',
    });
    expect((await one(`SELECT COUNT(*) AS n FROM information_schema.columns ${own}`)).N).to.be.greaterThan(
      20,
    );
    const other = await snowflake.connect({ database: 'D', schema: 'INFORMATION_SCHEMA' });
    expect(await other.values('SELECT CURRENT_SCHEMA(), COUNT(*) > 0 FROM tables')).to.deep.equal([
      ['INFORMATION_SCHEMA', true],
    ]);
    await other.rows('USE SCHEMA public');
    await other.rows('USE SCHEMA information_schema');
    for (const [sql, code] of [
      ['CREATE SCHEMA information_schema', '002002'],
      ['DROP SCHEMA information_schema', '002003'],
      ['CREATE TABLE information_schema.x (a INT)', '002003'],
      ['DROP VIEW information_schema.tables', '002003'],
    ] as const)
      expect((await client.error(sql)).code, sql).to.equal(code);
  });

  it('writes the type of a table function with its columns', async () => {
    await client.rows(
      "CREATE FUNCTION rows_of() RETURNS TABLE (a VARCHAR(10), b NUMBER(10,2)) AS 'SELECT ''a'', 1.5::NUMBER(10,2)'",
    );
    const { DATA_TYPE } = await one(
      "SELECT data_type FROM information_schema.functions WHERE function_name = 'ROWS_OF'",
    );
    expect(DATA_TYPE).to.equal('TABLE (A VARCHAR(10), B NUMBER(10,2))');
  });

  it('tells of tables, columns, sequences and file formats what SHOW does', async () => {
    expect(await one("SELECT * FROM information_schema.tables WHERE table_name = 'T'")).to.include({
      IS_TRANSIENT: 'YES',
      ROW_COUNT: 0,
      RETENTION_TIME: 0,
    });
    expect(await one("SELECT * FROM information_schema.columns WHERE column_name = 'ID'")).to.include({
      IS_IDENTITY: 'YES',
      IDENTITY_GENERATION: 'BY DEFAULT',
      IDENTITY_START: '3',
      IDENTITY_INCREMENT: '2',
      IDENTITY_ORDERED: 'YES',
      IDENTITY_CYCLE: 'NO',
    });
    expect(await one('SELECT * FROM information_schema.sequences')).to.include({
      START_VALUE: '5',
      INCREMENT: '10',
      NEXT_VALUE: '15',
      ORDERED: 'NO',
    });
    expect(await one('SELECT * FROM information_schema.file_formats')).to.include({
      FIELD_DELIMITER: '|',
      NULL_IF: '["a"]',
      SKIP_HEADER: '0',
    });
    expect(await one('SELECT * FROM information_schema.functions')).to.include({
      DATA_TYPE: 'NUMBER',
      NUMERIC_PRECISION: 5,
      NUMERIC_SCALE: 2,
      VOLATILITY: 'IMMUTABLE',
      IS_NULL_CALL: 'YES',
    });
  });

  it('tells privileges on tables and on what is used', async () => {
    expect(await one('SELECT * FROM information_schema.table_privileges')).to.include({
      GRANTEE: 'READER',
      TABLE_NAME: 'T',
      PRIVILEGE_TYPE: 'SELECT',
      IS_GRANTABLE: 'YES',
    });
    expect(await one('SELECT * FROM information_schema.usage_privileges')).to.include({
      OBJECT_NAME: 'Q',
      PRIVILEGE_TYPE: 'USAGE',
    });
  });

  it('names the types of statements', async () => {
    await client.rows('CREATE OR REPLACE TRANSIENT TABLE made (x INT)');
    await client.rows('DESC TABLE made');
    expect(
      await client.values(
        "SELECT query_type FROM TABLE(information_schema.query_history()) WHERE query_text ILIKE '%table made%' AND query_type <> 'SELECT' ORDER BY start_time",
      ),
    ).to.deep.equal([['CREATE_TABLE'], ['DESCRIBE']]);
  });

  it('refuses by name what it lacks, and ACCOUNT_USAGE', async () => {
    const message = async (sql: string) => (await client.error(sql)).message;
    expect(await message('SELECT * FROM information_schema.pipes')).to.contain(
      "Unsupported feature 'INFORMATION_SCHEMA.PIPES'",
    );
    expect(await message('SELECT * FROM TABLE(information_schema.login_history())')).to.contain(
      "Unsupported feature 'INFORMATION_SCHEMA.LOGIN_HISTORY()'",
    );
    expect(await message('SELECT * FROM snowflake.account_usage.query_history')).to.contain(
      "Unsupported feature 'SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY'",
    );
    expect(await message('SELECT * FROM information_schema.nothing')).to.contain('does not exist');
  });
});
