import { expect } from 'chai';
import { type TestSnowflake, withSnowflake } from '../support.js';

describe('temporary objects', () => {
  let snowflake: TestSnowflake;
  before(async () => {
    snowflake = await withSnowflake();
    await (await snowflake.connect()).rows('CREATE DATABASE d');
  });
  after(() => snowflake.close());

  it('go with their session: stages, file formats and views', async () => {
    const first = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    await first.rows('CREATE TEMPORARY STAGE s');
    await first.rows('CREATE TEMP FILE FORMAT f TYPE = CSV');
    await first.rows('CREATE TEMPORARY VIEW v AS SELECT 1 AS x');
    await first.rows('CREATE STAGE kept');
    expect(await first.value('SELECT x FROM v')).to.equal(1);
    await first.close();
    const second = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    expect((await second.rows('SHOW STAGES')).map(({ name }) => name)).to.deep.equal(['KEPT']);
    expect(await second.rows('SHOW FILE FORMATS')).to.deep.equal([]);
    expect(await second.rows('SHOW VIEWS IN SCHEMA d.public')).to.deep.equal([]);
    expect((await second.error('SELECT * FROM v')).code).to.match(/2003$/);
  });

  it('do not take the place of permanent ones', async () => {
    const client = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    const error = await client.error('CREATE OR REPLACE TEMPORARY STAGE kept');
    expect(error.message).to.match(/a temporary STAGE with the name of a permanent one/);
    expect(await client.rows("SHOW STAGES LIKE 'KEPT'")).to.have.length(1);
  });

  it('hide a permanent table only from sessions of its owner, as BCR-427 says', async () => {
    const admin = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    for (const sql of [
      'CREATE TABLE stays AS SELECT 1 AS x',
      'CREATE TABLE seen AS SELECT 1 AS x',
      'CREATE ROLE guest',
      'GRANT USAGE ON DATABASE d TO ROLE guest',
      'GRANT USAGE ON SCHEMA d.public TO ROLE guest',
      'GRANT SELECT ON TABLE d.public.seen TO ROLE guest',
      'GRANT ROLE guest TO ROLE accountadmin',
    ])
      await admin.rows(sql);
    const guest = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    await guest.rows('USE ROLE guest');
    for (const how of ['(x INT)', 'AS SELECT 2 AS x', 'LIKE seen', 'CLONE seen'])
      for (const head of ['TEMPORARY TABLE', 'TEMP TABLE IF NOT EXISTS', 'VOLATILE TABLE']) {
        const replaced = await guest.error(`CREATE ${head} d.public.seen ${how}`);
        expect(replaced.code, `${head} ${how}`).to.match(/3001$/);
        expect(replaced.message).to.contain("Insufficient privileges to operate on table 'SEEN'");
        const unseen = await guest.error(`CREATE ${head} stays ${how}`);
        expect(unseen.code).to.match(/3041$/);
        expect(unseen.message).to.contain('already exists, but current role has no privileges on it');
      }
    await guest.rows('CREATE TEMPORARY TABLE own (x INT)');
    await admin.rows('CREATE TEMPORARY TABLE stays AS SELECT 2 AS x');
    expect(await admin.value('SELECT x FROM stays')).to.equal(2);
    await admin.rows('DROP TABLE stays');
    expect(await admin.value('SELECT x FROM stays')).to.equal(1);
  });
});
