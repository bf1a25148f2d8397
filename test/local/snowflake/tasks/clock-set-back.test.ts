import { type Clock, MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type TestSnowflake, withSnowflake } from '../support.js';
import { graphsEnded } from './runs.js';

const HOUR = 3_600_000;

describe('a clock that is set back', () => {
  const passing = new MovableClock({ at: Date.UTC(2026, 0, 5, 12, 0, 30), frozen: true });
  let back = 0;
  const clock: Clock = { now: () => passing.now() - back, sleep: (ms, signal) => passing.sleep(ms, signal) };
  let snowflake: TestSnowflake;
  before(async () => {
    snowflake = await withSnowflake({ clock });
  });
  after(() => snowflake.close());

  it('stops no schedule until the old time is reached again', async () => {
    const client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE WAREHOUSE w',
      'CREATE TABLE log (who VARCHAR)',
      `CREATE TASK minutely WAREHOUSE = w SCHEDULE = '1 MINUTE' AS INSERT INTO log VALUES ('minutely')`,
      `CREATE TASK hourly WAREHOUSE = w SCHEDULE = 'USING CRON 0 * * * * UTC' AS INSERT INTO log VALUES ('hourly')`,
      'ALTER TASK minutely RESUME',
      'ALTER TASK hourly RESUME',
    ])
      await client.rows(sql);
    const logged = async () => (await client.values('SELECT DISTINCT who FROM log ORDER BY 1')).flat();
    passing.advance(60_000);
    await graphsEnded(client);
    expect(await logged()).to.deep.equal(['minutely']);
    back = 3 * HOUR;
    await client.rows('TRUNCATE TABLE log');
    for (let minute = 0; minute < 3; minute++) {
      passing.advance(60_000);
      await graphsEnded(client);
    }
    expect(await logged()).to.deep.equal(['minutely']);
    passing.advance(HOUR);
    await graphsEnded(client);
    expect(await logged()).to.deep.equal(['hourly', 'minutely']);
  });
});
