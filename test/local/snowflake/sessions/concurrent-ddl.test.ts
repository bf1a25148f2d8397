import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('DDL of several sessions at once', () => {
  let snowflake: TestSnowflake;
  let clients: Client[];

  before(async () => {
    snowflake = await withSnowflake();
    clients = await Promise.all(Array.from({ length: 8 }, () => snowflake.connect()));
    await clients[0]!.rows('CREATE DATABASE d');
    for (const client of clients) await client.rows('USE SCHEMA d.public');
  });
  after(() => snowflake.close());

  const everybody = (sql: (i: number) => string) =>
    Promise.all(
      clients.map((client, i) =>
        client.rows(sql(i)).then(
          () => 'done',
          (error: Error & { code?: string }) => String(error.code),
        ),
      ),
    );
  const done = new Array<string>(8).fill('done');
  const named = async (show: string) => (await clients[0]!.rows(show)).length;

  for (const [what, create, show] of [
    ['a role', 'CREATE ROLE IF NOT EXISTS r', "SHOW ROLES LIKE 'R'"],
    ['a warehouse', 'CREATE WAREHOUSE IF NOT EXISTS w', "SHOW WAREHOUSES LIKE 'W'"],
    ['a database', 'CREATE DATABASE IF NOT EXISTS e', "SHOW DATABASES LIKE 'E'"],
    ['a schema', 'CREATE SCHEMA IF NOT EXISTS d.s', "SHOW SCHEMAS LIKE 'S' IN DATABASE d"],
    ['a table', 'CREATE TABLE IF NOT EXISTS d.public.t (x INT)', "SHOW TABLES LIKE 'T' IN SCHEMA d.public"],
    [
      'a view',
      'CREATE VIEW IF NOT EXISTS d.public.v AS SELECT 1 AS x',
      "SHOW VIEWS LIKE 'V' IN SCHEMA d.public",
    ],
    ['a task', 'CREATE TASK IF NOT EXISTS d.public.k AS SELECT 1', "SHOW TASKS LIKE 'K' IN SCHEMA d.public"],
  ] as const)
    it(`makes ${what} once, IF NOT EXISTS`, async () => {
      expect(await everybody(() => create)).to.deep.equal(done);
      expect(await named(show)).to.equal(1);
    });

  it('lets one of them make an object, and tells the others that it exists', async () => {
    const outcomes = await everybody(() => 'CREATE TABLE d.public.once (x INT)');
    expect(outcomes.sort()).to.deep.equal([...new Array<string>(7).fill('002002'), 'done'].sort());
  });

  it('replaces an object as often as it is told to, and leaves one', async () => {
    expect(await everybody((i) => `CREATE OR REPLACE TABLE d.public.last AS SELECT ${i} AS x`)).to.deep.equal(
      done,
    );
    expect(await named("SHOW TABLES LIKE 'LAST' IN SCHEMA d.public")).to.equal(1);
    expect(await clients[0]!.values('SELECT COUNT(*) FROM d.public.last')).to.deep.equal([[1]]);
  });

  it('alters an object by one after the other, and loses no change', async () => {
    await clients[0]!.rows('CREATE OR REPLACE TABLE d.public.wide (x INT)');
    expect(await everybody((i) => `ALTER TABLE d.public.wide ADD COLUMN c${i} INT`)).to.deep.equal(done);
    expect(await named('SHOW COLUMNS IN TABLE d.public.wide')).to.equal(9);
    expect(await everybody((i) => `ALTER TASK d.public.k SET COMMENT = '${i}'`)).to.deep.equal(done);
    expect(
      await everybody((i) => `GRANT SELECT ON TABLE d.public.wide TO ROLE ${i % 2 ? 'r' : 'PUBLIC'}`),
    ).to.deep.equal(done);
  });

  it('drops an object once', async () => {
    expect(await everybody(() => 'DROP TASK IF EXISTS d.public.k')).to.deep.equal(done);
    expect(await everybody(() => 'DROP DATABASE IF EXISTS e')).to.deep.equal(done);
    expect(await named("SHOW DATABASES LIKE 'E'")).to.equal(0);
  });

  it('goes on beside DML that moves a stream and resumes a warehouse', async () => {
    const [writer, ...others] = clients as [Client, ...Client[]];
    await writer.rows('CREATE OR REPLACE TABLE d.public.src (x INT)');
    await writer.rows('CREATE OR REPLACE STREAM d.public.news ON TABLE d.public.src');
    await writer.rows('CREATE OR REPLACE TABLE d.public.copy (x INT)');
    await writer.rows('USE WAREHOUSE w');
    let busy = true;
    const ddl = others.map(async (client, i) => {
      for (let n = 0; busy; n++)
        await client.rows(`ALTER ${i % 2 ? 'WAREHOUSE w' : 'STREAM d.public.news'} SET COMMENT = '${n}'`);
    });
    for (let n = 0; n < 20; n++) {
      await writer.rows(`INSERT INTO d.public.src VALUES (${n})`);
      await writer.rows('INSERT INTO d.public.copy SELECT x FROM d.public.news');
      if (n % 5 === 0) await writer.rows('ALTER WAREHOUSE w SUSPEND');
    }
    busy = false;
    await Promise.all(ddl);
    expect(await writer.values('SELECT COUNT(*), COUNT(DISTINCT x) FROM d.public.copy')).to.deep.equal([
      [20, 20],
    ]);
  });
});
