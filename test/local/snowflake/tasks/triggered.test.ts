import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { taskEngine } from '@local-cloud/snowflake/tasks/engine/engine.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { dropTasks, graphsEnded, taskRuns, untilValue } from './runs.js';

const HOUR = 3_600_000;

// docs: user-guide/tasks-triggered
describe('triggered tasks', () => {
  const clock = new MovableClock({ at: Date.UTC(2026, 0, 5), frozen: true });
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
    for (const sql of ['CREATE DATABASE d', 'CREATE WAREHOUSE w', 'CREATE SCHEMA d.s'])
      await client.rows(sql);
  });
  beforeEach(async () => {
    await dropTasks(client);
    await client.rows('CREATE OR REPLACE TABLE t (id INT)');
    await client.rows('CREATE OR REPLACE TABLE log (id INT)');
    await client.rows('CREATE OR REPLACE STREAM changes ON TABLE t');
  });
  after(() => snowflake.close());

  const create = (name: string, options = '') =>
    client.rows(`CREATE TASK ${name} WAREHOUSE = w ${options} WHEN SYSTEM$STREAM_HAS_DATA('changes')
      AS INSERT INTO log SELECT id FROM changes`);
  const count = 'SELECT COUNT(*) FROM log';

  it('run when their stream has data, and at once for what it had when they were resumed', async () => {
    await client.rows('INSERT INTO t VALUES (1)');
    await create('eager');
    await client.rows('ALTER TASK eager RESUME');
    await untilValue(client, count, 1);
    await graphsEnded(client);
    clock.advance(30_000);
    await client.rows('INSERT INTO t VALUES (2)');
    await untilValue(client, count, 2);
    await graphsEnded(client);
    const runs = await taskRuns(client, 'EAGER');
    expect(runs.map(({ STATE, SCHEDULED_FROM: from }) => [STATE, from])).to.deep.equal([
      ['SUCCEEDED', 'TRIGGER'],
      ['SUCCEEDED', 'TRIGGER'],
    ]);
    expect((await client.rows('SHOW TASKS'))[0]).to.include({ schedule: null });
  });

  it('run no sooner after each other than the minimum interval, for all that came meanwhile', async () => {
    await create('patient', 'USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 60');
    await client.rows('ALTER TASK patient RESUME');
    await client.rows('INSERT INTO t VALUES (1)');
    await untilValue(client, count, 1);
    await graphsEnded(client);
    await client.rows('INSERT INTO t VALUES (2)');
    await client.rows('INSERT INTO t VALUES (3)');
    clock.advance(59_000);
    await graphsEnded(client);
    expect(await client.value(count)).to.equal(1);
    clock.advance(1_000);
    await untilValue(client, count, 3);
    await graphsEnded(client);
    expect(await taskRuns(client, 'PATIENT')).to.have.length(2);
  });

  it('leave the engine idle once they have ended, and until the clock lets them run again', async () => {
    const engine = taskEngine(snowflake.server.internals);
    await create('brief');
    await client.rows('ALTER TASK brief RESUME');
    await client.rows('INSERT INTO t VALUES (1)');
    while (!engine.isIdle) await sleep(5);
    expect(await client.value(count)).to.equal(1);
    await client.rows('INSERT INTO t VALUES (2)');
    while (!engine.isIdle) await sleep(5);
    expect(await client.value(count)).to.equal(1);
    clock.advance(30_000);
    await setImmediate();
    expect(engine.isIdle).to.equal(false);
    while (!engine.isIdle) await sleep(5);
    expect(await client.value(count)).to.equal(2);
  });

  it('look for data every twelve hours, and are skipped without any', async () => {
    await create('quiet');
    await client.rows('ALTER TASK quiet RESUME');
    await graphsEnded(client);
    expect(await taskRuns(client, 'QUIET')).to.deep.equal([]);
    // Sessions do not outlive half a day.
    await client.close();
    clock.advance(12 * HOUR);
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.s');
    await untilValue(
      client,
      `SELECT MAX(STATE) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'quiet'))`,
      'SKIPPED',
    );
  });

  it('fail visibly when their stream is gone, and do nothing while suspended', async () => {
    await create('lost');
    await client.rows('INSERT INTO t VALUES (1)');
    await graphsEnded(client);
    expect(await taskRuns(client, 'LOST')).to.deep.equal([]);
    await client.rows('DROP STREAM changes');
    await client.rows('ALTER TASK lost RESUME');
    await untilValue(
      client,
      `SELECT MAX(STATE) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'lost'))`,
      'FAILED',
    );
    expect((await taskRuns(client, 'LOST'))[0]!.ERROR_MESSAGE).to.contain('CHANGES');
  });

  it('need a target for their completion without a warehouse', async () => {
    const serverless = (option: string) =>
      `CREATE TASK serverless ${option} WHEN SYSTEM$STREAM_HAS_DATA('changes') AS INSERT INTO log SELECT id FROM changes`;
    expect((await client.error(serverless(''))).message).to.contain('TARGET_COMPLETION_INTERVAL');
    await client.rows(serverless("TARGET_COMPLETION_INTERVAL = '15 MINUTES'"));
    await client.rows('ALTER TASK serverless RESUME');
    await client.rows('INSERT INTO t VALUES (1)');
    await untilValue(client, count, 1);
  });
});
