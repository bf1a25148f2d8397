import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('event tables', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of ['CREATE DATABASE d', 'CREATE SCHEMA d.s', 'CREATE TABLE plain (n INT)'])
      await client.rows(sql);
  });
  after(() => snowflake.close());

  it('have the columns that Snowflake gives them', async () => {
    expect(await client.value("CREATE EVENT TABLE my_events COMMENT = 'what ran'")).to.equal(
      'Event table MY_EVENTS successfully created.',
    );
    const columns = await client.rows('DESC EVENT TABLE my_events');
    expect(columns.map(({ name, type }) => `${name} ${type}`)).to.deep.equal([
      'TIMESTAMP TIMESTAMP_NTZ(9)',
      'START_TIMESTAMP TIMESTAMP_NTZ(9)',
      'OBSERVED_TIMESTAMP TIMESTAMP_NTZ(9)',
      'TRACE OBJECT',
      'RESOURCE OBJECT',
      'RESOURCE_ATTRIBUTES OBJECT',
      'SCOPE OBJECT',
      'SCOPE_ATTRIBUTES OBJECT',
      'RECORD_TYPE VARCHAR(16777216)',
      'RECORD OBJECT',
      'RECORD_ATTRIBUTES OBJECT',
      'VALUE VARIANT',
      'EXEMPLARS ARRAY',
    ]);
    expect(await client.value('SELECT COUNT(TIMESTAMP) FROM my_events')).to.equal(0);
    expect((await client.error('DESC EVENT TABLE plain')).message).to.contain(
      "Object found is of type 'TABLE', not specified type 'EVENT_TABLE'",
    );
  });

  it('are listed by SHOW EVENT TABLES, and as event tables by SHOW TABLES', async () => {
    const [row] = await client.rows("SHOW EVENT TABLES LIKE 'my%' IN SCHEMA d.s");
    expect(Object.keys(row!)).to.deep.equal([
      'created_on',
      'name',
      'database_name',
      'schema_name',
      'owner',
      'comment',
      'owner_role_type',
    ]);
    expect(row).to.include({ name: 'MY_EVENTS', owner: 'ACCOUNTADMIN', comment: 'what ran' });
    const [terse] = await client.rows('SHOW TERSE EVENT TABLES');
    expect(Object.keys(terse!)).to.deep.equal(['created_on', 'name', 'database_name', 'schema_name']);
    const tables = await client.rows('SHOW TABLES IN SCHEMA d.s');
    expect(tables.map(({ name, is_event }) => [name, is_event])).to.deep.equal([
      ['MY_EVENTS', 'Y'],
      ['PLAIN', 'N'],
    ]);
    expect(
      await client.values(
        "SELECT table_name, table_type FROM d.information_schema.tables WHERE table_schema = 'S' ORDER BY 1",
      ),
    ).to.deep.equal([
      ['MY_EVENTS', 'EVENT TABLE'],
      ['PLAIN', 'BASE TABLE'],
    ]);
  });

  it('share their names with tables and views', async () => {
    expect(await client.value('CREATE EVENT TABLE IF NOT EXISTS my_events')).to.contain('already exists');
    expect((await client.error('CREATE EVENT TABLE my_events')).message).to.contain('already exists');
    expect((await client.error('CREATE OR REPLACE EVENT TABLE plain')).message).to.contain(
      "'PLAIN' already exists as TABLE",
    );
    await client.rows(
      'CREATE OR REPLACE EVENT TABLE my_events CLUSTER BY (timestamp) DATA_RETENTION_TIME_IN_DAYS = 1',
    );
    expect((await client.rows("SHOW TABLES LIKE 'my_events'"))[0]).to.include({
      cluster_by: 'LINEAR(timestamp)',
      comment: '',
    });
  });

  it('change their name, comment and clustering key, but not their columns', async () => {
    await client.rows("ALTER TABLE my_events SET COMMENT = 'changed'");
    await client.rows('ALTER TABLE my_events DROP CLUSTERING KEY');
    await client.rows('ALTER TABLE my_events RENAME TO renamed');
    expect((await client.rows("SHOW TABLES LIKE 'renamed'"))[0]).to.include({
      cluster_by: '',
      comment: 'changed',
    });
    await client.rows('ALTER TABLE renamed UNSET COMMENT');
    expect((await client.rows('SHOW EVENT TABLES'))[0]).to.include({ name: 'RENAMED', comment: '' });
    for (const change of ['ADD COLUMN x INT', 'DROP COLUMN value', 'RENAME COLUMN value TO x'])
      expect((await client.error(`ALTER TABLE renamed ${change}`)).message).to.contain("for 'EVENT_TABLE'");
    await client.rows('ALTER TABLE renamed RENAME TO my_events');
  });

  it('have a text by which they can be made again', async () => {
    await client.rows("CREATE EVENT TABLE again CLUSTER BY (timestamp) COMMENT = 'it''s'");
    const text = String(await client.value("SELECT GET_DDL('TABLE', 'again')"));
    expect(text).to.equal("create or replace EVENT TABLE AGAIN cluster by (timestamp)\nCOMMENT='it''s';");
    await client.rows(text);
    await client.rows('DROP TABLE again');
  });

  it('take no rows from anybody but Snowflake', async () => {
    for (const sql of [
      'INSERT INTO my_events (value) VALUES (1)',
      'INSERT OVERWRITE INTO my_events SELECT * FROM my_events',
      "UPDATE my_events SET record_type = 'LOG'",
      'MERGE INTO my_events USING plain ON TRUE WHEN NOT MATCHED THEN INSERT (record_type) VALUES (1)',
      'INSERT ALL INTO my_events (record_type) VALUES (n) SELECT n FROM plain',
    ])
      expect((await client.error(sql)).message, sql).to.contain(
        "Event table 'MY_EVENTS' takes no rows from DML",
      );
    expect(await client.values('DELETE FROM my_events')).to.deep.equal([[0]]);
    await client.rows('TRUNCATE TABLE my_events');
  });

  it('ask for their own privileges', async () => {
    for (const sql of [
      'CREATE ROLE keeper',
      'GRANT ROLE keeper TO USER admin',
      'GRANT USAGE ON DATABASE d TO ROLE keeper',
      'GRANT USAGE, CREATE TABLE ON SCHEMA d.s TO ROLE keeper',
    ])
      await client.rows(sql);
    const keeper = await snowflake.connect({ role: 'KEEPER', database: 'D', schema: 'S' });
    expect((await keeper.error('CREATE EVENT TABLE own')).message).to.contain('Insufficient privileges');
    await client.rows('GRANT CREATE EVENT TABLE ON SCHEMA d.s TO ROLE keeper');
    await keeper.rows('CREATE EVENT TABLE own');
    expect((await keeper.error('SELECT * FROM my_events')).message).to.contain(
      'does not exist or not authorized',
    );
    await client.rows('GRANT SELECT, DELETE ON EVENT TABLE my_events TO ROLE keeper');
    expect(await keeper.value('SELECT COUNT(*) FROM my_events')).to.equal(0);
    await keeper.rows('DELETE FROM my_events');
    expect((await keeper.error('TRUNCATE TABLE my_events')).message).to.contain('Insufficient privileges');
    expect((await client.error('GRANT UPDATE ON EVENT TABLE my_events TO ROLE keeper')).message).to.contain(
      "Invalid object privilege 'UPDATE'",
    );
    await client.rows('REVOKE ALL ON EVENT TABLE my_events FROM ROLE keeper');
    await client.rows('GRANT SELECT ON ALL TABLES IN SCHEMA d.s TO ROLE keeper');
    expect((await keeper.error('SELECT * FROM my_events')).message).to.contain('not authorized');
    await client.rows('GRANT SELECT ON ALL EVENT TABLES IN SCHEMA d.s TO ROLE keeper');
    await keeper.rows('SELECT * FROM my_events');
    await keeper.rows('DROP TABLE own');
    await keeper.close();
  });

  it('are there in every account: SNOWFLAKE.TELEMETRY.EVENTS, for ACCOUNTADMIN', async () => {
    expect(await client.value('SELECT COUNT(*) FROM snowflake.telemetry.events')).to.equal(0);
    await client.rows('TRUNCATE TABLE snowflake.telemetry.events');
    for (const sql of ['DROP TABLE snowflake.telemetry.events', 'DROP DATABASE snowflake'])
      expect((await client.error(sql)).message, sql).to.contain('Insufficient privileges');
    const sysadmin = await snowflake.connect({ role: 'SYSADMIN' });
    expect((await sysadmin.error('SELECT * FROM snowflake.telemetry.events')).message).to.contain(
      'not authorized',
    );
    await sysadmin.close();
  });

  it('survive a restart', async () => {
    await snowflake.restart();
    client = await snowflake.connect({ database: 'D', schema: 'S' });
    expect((await client.rows('SHOW EVENT TABLES IN ACCOUNT')).map(({ name }) => name)).to.deep.equal([
      'MY_EVENTS',
      'EVENTS',
    ]);
    expect(await client.value('DROP TABLE my_events')).to.equal('MY_EVENTS successfully dropped.');
  });
});
