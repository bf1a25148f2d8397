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
});
