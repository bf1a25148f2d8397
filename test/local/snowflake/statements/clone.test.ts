import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// docs: user-guide/object-clone
describe('CLONE', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE ROLE reader');
  });
  beforeEach(async () => {
    await client.rows('CREATE OR REPLACE DATABASE d');
    await client.rows('CREATE SCHEMA s');
    await client.rows('CREATE TABLE t (id INT AUTOINCREMENT, x INT, PRIMARY KEY (id))');
    await client.rows('INSERT INTO t (x) VALUES (10), (20)');
    await client.rows('GRANT SELECT ON TABLE t TO ROLE reader');
  });
  after(() => snowflake.close());

  it('copies a table, which goes on with its own numbers and without grants', async () => {
    await client.rows('CREATE TABLE u CLONE t');
    await client.rows('INSERT INTO u (x) VALUES (30)');
    expect(await client.values('SELECT id, x FROM u ORDER BY id')).to.deep.equal([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(2);
    expect((await client.rows('SHOW GRANTS ON TABLE u')).map((row) => row.privilege)).to.deep.equal([
      'OWNERSHIP',
    ]);
    await client.rows('CREATE TABLE granted CLONE t COPY GRANTS');
    expect((await client.rows('SHOW GRANTS ON TABLE granted')).map((row) => row.privilege)).to.include(
      'SELECT',
    );
    await client.rows('CREATE TABLE empty LIKE t');
    await client.rows('INSERT INTO empty (x) VALUES (1)');
    expect(await client.values('SELECT id, x FROM empty')).to.deep.equal([[1, 1]]);
  });

  it('copies a schema: tables, views, sequences, streams that begin anew, suspended tasks, and grants on them', async () => {
    await client.rows('CREATE VIEW v AS SELECT SUM(x) AS total FROM t');
    await client.rows('CREATE SEQUENCE q');
    await client.rows('SELECT q.NEXTVAL');
    await client.rows('CREATE STREAM r ON TABLE t');
    await client.rows('INSERT INTO t (x) VALUES (30)');
    await client.rows("CREATE TASK k SCHEDULE = '1 HOUR' AS SELECT 1");
    await client.rows('CREATE TASK k2 AFTER k AS SELECT 1');
    await client.rows('ALTER TASK k RESUME');
    await client.rows('CREATE TABLE child (id INT REFERENCES t (id))');
    await client.rows('CREATE STAGE internal');
    await client.rows('CREATE FILE FORMAT f TYPE = CSV');
    await client.rows('CREATE SCHEMA c CLONE s');
    await client.rows('INSERT INTO c.t (x) VALUES (40)');
    expect(await client.value('SELECT total FROM c.v')).to.equal(100);
    expect(await client.value('SELECT total FROM s.v')).to.equal(60);
    expect(await client.value('SELECT c.q.NEXTVAL')).to.equal(2);
    expect(await client.values('SELECT x FROM c.r')).to.deep.equal([[40]]);
    expect(await client.values('SELECT x FROM s.r')).to.deep.equal([[30]]);
    const tasks = await client.rows('SHOW TASKS IN SCHEMA c');
    expect(tasks.map((row) => row.state)).to.deep.equal(['suspended', 'suspended']);
    expect(tasks[1]!.predecessors).to.contain('D.C.K');
    const [key] = await client.rows('SHOW IMPORTED KEYS IN c.child');
    expect(key).to.include({ pk_schema_name: 'C', fk_schema_name: 'C' });
    expect(await client.rows('SHOW STAGES IN SCHEMA c')).to.have.length(0);
    expect(await client.rows('SHOW FILE FORMATS IN SCHEMA c')).to.have.length(1);
    const grants = (await client.rows('SHOW GRANTS TO ROLE reader')).map((row) => row.name);
    expect(grants).to.include.members(['D.S.T', 'D.C.T']);
    await client.rows('ALTER TASK s.k SUSPEND');
  });

  it('copies a database with all its schemas', async () => {
    await client.rows('CREATE SCHEMA other');
    await client.rows('CREATE TABLE other.w (id INT REFERENCES s.t (id))');
    await client.rows('CREATE OR REPLACE DATABASE e CLONE d');
    expect((await client.rows('SHOW SCHEMAS IN DATABASE e')).map((row) => row.name)).to.deep.equal([
      'INFORMATION_SCHEMA',
      'OTHER',
      'PUBLIC',
      'S',
    ]);
    expect(await client.value('SELECT SUM(x) FROM e.s.t')).to.equal(30);
    expect((await client.rows('SHOW IMPORTED KEYS IN e.other.w'))[0]).to.include({ pk_database_name: 'E' });
    await client.rows('DROP DATABASE e');
  });

  it('refuses what needs a past', async () => {
    expect((await client.error('CREATE SCHEMA c CLONE s AT (OFFSET => -60)')).message).to.contain(
      "Unsupported feature 'CLONE … AT | BEFORE'",
    );
    expect((await client.error('CREATE DATABASE c FROM SHARE x.y')).message).to.contain('shared');
  });
});
