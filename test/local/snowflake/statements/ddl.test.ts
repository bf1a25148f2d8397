import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('databases, schemas and tables', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(() => snowflake.close());

  it('creates a database with its PUBLIC schema and enters it', async () => {
    expect(await client.value("CREATE DATABASE d COMMENT = 'about d'")).to.equal(
      'Database D successfully created.',
    );
    const [row] = await client.rows("SHOW DATABASES LIKE 'd'");
    expect(row).to.include({ name: 'D', is_current: 'Y', owner: 'ACCOUNTADMIN', comment: 'about d' });
    expect(row!.created_on).to.be.instanceOf(Date);
    expect((await client.rows('SHOW SCHEMAS')).map((schema) => schema.name)).to.deep.equal([
      'INFORMATION_SCHEMA',
      'PUBLIC',
    ]);
  });

  it('says that a name is taken, unless told to replace or to leave it', async () => {
    const error = await client.error('CREATE DATABASE d');
    expect(error.message).to.contain("Object 'D' already exists.");
    expect(String(error.code)).to.equal('002002');
    expect(await client.value('CREATE DATABASE IF NOT EXISTS d')).to.equal(
      'D already exists, statement succeeded.',
    );
  });

  it('keeps columns as they were written, and describes them', async () => {
    await client.rows('CREATE SCHEMA s');
    await client.rows(`CREATE OR REPLACE TRANSIENT TABLE t (
      id NUMBER(10) AUTOINCREMENT START 5 INCREMENT 2, "Mixed" VARCHAR(20) NOT NULL COMMENT 'odd',
      x FLOAT DEFAULT 1 + 1, v VARIANT, at TIMESTAMP_NTZ, PRIMARY KEY (id)) COMMENT = 'it''s one'`);
    const columns = await client.rows('DESCRIBE TABLE t');
    expect(
      columns.map((column) => [
        column.name,
        column.type,
        column['null?'],
        column['primary key'],
        column.default,
      ]),
    ).to.deep.equal([
      ['ID', 'NUMBER(10,0)', 'N', 'Y', 'IDENTITY START 5 INCREMENT 2 NOORDER'],
      ['Mixed', 'VARCHAR(20)', 'N', 'N', null],
      ['X', 'FLOAT', 'Y', 'N', '1 + 1'],
      ['V', 'VARIANT', 'Y', 'N', null],
      ['AT', 'TIMESTAMP_NTZ(9)', 'Y', 'N', null],
    ]);
    const [table] = await client.rows("SHOW TABLES LIKE 'T' IN SCHEMA d.s");
    expect(table).to.include({
      name: 'T',
      database_name: 'D',
      schema_name: 'S',
      kind: 'TRANSIENT',
      comment: "it's one",
      rows: 0,
    });
  });

  it('adds, renames and drops columns, renames and swaps tables', async () => {
    await client.rows('CREATE TABLE a (x NUMBER, y VARCHAR)');
    await client.rows('CREATE TABLE b (z DATE)');
    await client.rows('ALTER TABLE a ADD COLUMN n NUMBER(5,2), IF NOT EXISTS x NUMBER');
    await client.rows('ALTER TABLE a RENAME COLUMN y TO why');
    await client.rows('ALTER TABLE a DROP COLUMN x');
    await client.rows('ALTER TABLE a SWAP WITH b');
    await client.rows('ALTER TABLE b RENAME TO c');
    const names = async (table: string) =>
      (await client.rows(`DESC TABLE ${table}`)).map((column) => column.name);
    expect(await names('c')).to.deep.equal(['WHY', 'N']);
    expect(await names('a')).to.deep.equal(['Z']);
    expect((await client.error('DESC TABLE b')).message).to.contain(
      "Table 'B' does not exist or not authorized.",
    );
  });

  it('swaps no table with a temporary one, which would take the name of both with its session', async () => {
    await client.rows('CREATE TABLE kept (x NUMBER)');
    await client.rows('CREATE TEMPORARY TABLE passing (y NUMBER)');
    expect((await client.error('ALTER TABLE kept SWAP WITH passing')).message).to.contain('temporary');
    expect((await client.error('ALTER TABLE passing SWAP WITH kept')).message).to.contain('temporary');
    expect((await client.rows('DESC TABLE kept')).map(({ name }) => name)).to.deep.equal(['X']);
  });

  it('brings a table to a new definition with CREATE OR ALTER, without losing it', async () => {
    await client.rows('CREATE OR ALTER TABLE evolving (a NUMBER, b VARCHAR(10))');
    await client.rows(
      "CREATE OR ALTER TABLE evolving (a NUMBER NOT NULL, b VARCHAR(20) COMMENT 'longer', c DATE) COMMENT = 'now'",
    );
    const columns = await client.rows('DESC TABLE evolving');
    expect(columns.map((column) => [column.name, column.type, column['null?']])).to.deep.equal([
      ['A', 'NUMBER(38,0)', 'N'],
      ['B', 'VARCHAR(20)', 'Y'],
      ['C', 'DATE', 'Y'],
    ]);
    const error = await client.error(
      'CREATE OR ALTER TABLE evolving (a VARCHAR NOT NULL, b VARCHAR(20), c DATE)',
    );
    expect(error.message).to.contain('cannot change column A from type NUMBER(38,0) to VARCHAR(16777216)');
  });

  it('keeps everything over a restart', async () => {
    await snowflake.restart();
    client = await snowflake.connect({ database: 'D', schema: 'S' });
    const [row] = await client.rows("SHOW TABLES LIKE 'evolving'");
    expect(row).to.include({ name: 'EVOLVING', comment: 'now' });
  });

  it('drops a database with all that is in it', async () => {
    await client.rows('DROP DATABASE d');
    expect((await client.rows('SHOW DATABASES')).map(({ name }) => name)).to.deep.equal(['SNOWFLAKE']);
    for (const [sql, statement] of [
      ['CREATE OR REPLACE TRANSIENT TABLE t (x NUMBER)', 'CREATE TABLE'],
      ['CREATE SCHEMA s', 'CREATE SCHEMA'],
      ['CREATE FILE FORMAT f TYPE = CSV', 'CREATE FILE FORMAT'],
      ['WITH w AS (SELECT * FROM t) SELECT * FROM w', 'SELECT'],
      ['INSERT INTO t VALUES (1)', 'INSERT'],
    ] as const)
      expect((await client.error(sql)).message).to.equal(
        `Cannot perform ${statement}. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.`,
      );
    expect(await client.value('DROP DATABASE IF EXISTS d')).to.contain('already dropped');
  });

  it('refuses by name what it does not have', async () => {
    expect((await client.error('CREATE DYNAMIC TABLE x')).message).to.contain(
      'the local Snowflake does not support it',
    );
    expect((await client.error('BEGIN LET x := 1; END')).message).to.contain('Snowflake Scripting');
  });

  it('takes a default of the column’s own family, and a date for a timestamp but no timestamp for a date', async () => {
    await client.rows('CREATE DATABASE defaults');
    const types = ['DATE', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'];
    for (const type of types) {
      await client.rows(`CREATE OR REPLACE TABLE defaults.public.t (at ${type} DEFAULT CURRENT_DATE())`);
      for (const value of ['CURRENT_TIMESTAMP()', 'SYSDATE()', "'2026-01-02'::TIMESTAMP_TZ"]) {
        const sql = `CREATE OR REPLACE TABLE defaults.public.t (at ${type} DEFAULT ${value})`;
        if (type === 'DATE') expect((await client.error(sql)).code, sql).to.equal('002023');
        else await client.rows(sql);
      }
    }
    await client.rows('DROP DATABASE defaults');
  });
});
