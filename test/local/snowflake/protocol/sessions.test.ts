import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type TestSnowflake, withSnowflake } from '../support.js';

const HOUR = 3_600_000;

describe('the life of a session', () => {
  const clock = new MovableClock();
  let snowflake: TestSnowflake;
  before(async () => {
    snowflake = await withSnowflake({ clock });
  });
  after(() => snowflake.close());

  it('is renewed by the driver when its token has expired', async () => {
    const client = await snowflake.connect();
    await client.rows("ALTER SESSION SET QUERY_TAG = 'mine'");
    clock.advance(HOUR + 1000);
    const [tag] = await client.rows("SHOW PARAMETERS LIKE 'QUERY_TAG'");
    expect(tag!.value).to.equal('mine');
  });

  it('ends when its master token has expired too', async () => {
    const client = await snowflake.connect();
    clock.advance(5 * HOUR);
    const error = await client.error('SELECT 1');
    expect(String((error as { code?: unknown }).code)).to.match(/407002|390114|405/);
  });

  it('is told the parameters at login, and may set them there', async () => {
    const client = await snowflake.connect({
      clientSessionKeepAlive: false,
      queryTag: 'from login',
    } as never);
    const [tag] = await client.rows("SHOW PARAMETERS LIKE 'QUERY_TAG'");
    expect(tag!.value).to.equal('from login');
  });

  it('follows USE, and reports where it stands', async () => {
    const client = await snowflake.connect();
    await client.rows('CREATE DATABASE a');
    await client.rows('CREATE SCHEMA inner_schema');
    await client.rows('CREATE WAREHOUSE w');
    expect(
      await client.values('SELECT CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_WAREHOUSE(), CURRENT_ROLE()'),
    ).to.deep.equal([['A', 'INNER_SCHEMA', 'W', 'ACCOUNTADMIN']]);
    await client.rows('USE SCHEMA a.public');
    expect(await client.value('SELECT CURRENT_SCHEMA()')).to.equal('PUBLIC');
    const error = await client.error('USE WAREHOUSE nowhere');
    expect([String(error.code), error.sqlState]).to.deep.equal(['002043', '02000']);
  });

  it('rolls back what was open when it ends', async () => {
    const first = await snowflake.connect({ database: 'A', schema: 'PUBLIC' });
    await first.rows('CREATE TABLE t (x NUMBER)');
    await first.rows('BEGIN');
    await first.rows('INSERT INTO t VALUES (1)');
    await first.close();
    const second = await snowflake.connect({ database: 'A', schema: 'PUBLIC' });
    expect(await second.value('SELECT count(*) FROM t')).to.equal(0);
    await second.rows('INSERT INTO t VALUES (2)');
  });

  it('opens a transaction by itself when AUTOCOMMIT is off', async () => {
    const client = await snowflake.connect({ database: 'A', schema: 'PUBLIC' });
    await client.rows('ALTER SESSION SET AUTOCOMMIT = FALSE');
    await client.rows('INSERT INTO t VALUES (3)');
    await client.rows('ROLLBACK');
    await client.rows('INSERT INTO t VALUES (4)');
    await client.rows('COMMIT');
    expect(await client.values('SELECT x FROM t ORDER BY x')).to.deep.equal([[2], [4]]);
  });
});
