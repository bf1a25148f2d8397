import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { dropTasks, graphsEnded, taskRuns, untilValue } from './runs.js';

describe('tasks', () => {
  const clock = new MovableClock({ at: Date.UTC(2026, 0, 5, 12, 0, 30), frozen: true });
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE WAREHOUSE w',
      'CREATE SCHEMA d.s',
      'CREATE TABLE log (who VARCHAR, what VARCHAR)',
      `CREATE PROCEDURE fail() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'throw "broken"'`,
    ])
      await client.rows(sql);
  });
  beforeEach(async () => {
    await dropTasks(client);
    await client.rows(
      `CREATE OR REPLACE PROCEDURE fail() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'throw "broken"'`,
    );
    await client.rows('TRUNCATE TABLE log');
  });
  after(() => snowflake.close());

  const logged = () => client.values('SELECT who FROM log ORDER BY 1').then((rows) => rows.flat());
  const note = (who: string) => `INSERT INTO log VALUES ('${who}', NULL)`;
  const history = (name: string) => taskRuns(client, name);
  const settled = () => graphsEnded(client);
  const runs = (name: string) =>
    untilValue(
      client,
      `SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => '${name}')) WHERE STATE = 'EXECUTING'`,
      1,
    );

  it('are suspended at first and run every interval once resumed', async () => {
    await client.rows(`CREATE TASK every WAREHOUSE = w SCHEDULE = '5 MINUTES' AS ${note('every')}`);
    clock.advance(600_000);
    await settled();
    expect(await logged()).to.deep.equal([]);
    await client.rows('ALTER TASK every RESUME');
    clock.advance(299_000);
    await settled();
    expect(await logged()).to.deep.equal([]);
    clock.advance(1_000);
    await settled();
    expect(await logged()).to.deep.equal(['every']);
    expect((await history('EVERY'))[0]).to.include({ STATE: 'SUCCEEDED', SCHEDULED_FROM: 'SCHEDULE' });
  });

  it('run again once their schema is back', async () => {
    await client.rows('CREATE SCHEMA d.gone');
    await client.rows(
      `CREATE TASK back WAREHOUSE = w SCHEDULE = '5 MINUTES' AS ${note('back').replace('log', 'd.s.log')}`,
    );
    await client.rows('ALTER TASK back RESUME');
    await client.rows('DROP SCHEMA d.gone');
    clock.advance(300_000);
    await client.rows('UNDROP SCHEMA d.gone');
    await client.rows('USE SCHEMA d.s');
    while ((await logged())[0] !== 'back') {
      clock.advance(60_000);
      await settled();
    }
    await client.rows('DROP SCHEMA d.gone');
  });

  it('follow cron in their own time zone', async () => {
    // 2026-01-05 12:20 UTC is 07:20 in New York.
    await client.rows(
      `CREATE TASK daily WAREHOUSE = w SCHEDULE = 'USING CRON 0 9 * * * America/New_York' AS ${note('daily')}`,
    );
    await client.rows('ALTER TASK daily RESUME');
    clock.advance(3_600_000);
    await settled();
    expect(await logged()).to.deep.equal([]);
    clock.advance(3_600_000);
    await settled();
    expect(await logged()).to.deep.equal(['daily']);
    expect(
      (await client.error(`CREATE TASK bad SCHEDULE = 'USING CRON 99 * * * * UTC' AS SELECT 1`)).message,
    ).to.contain('Invalid schedule');
  });

  it('run as a graph: each after all its predecessors, skipped by WHEN, the finalizer last', async () => {
    for (const sql of [
      `CREATE TASK root WAREHOUSE = w SCHEDULE = '60 MINUTES' CONFIG = '{"env":"test"}' AS INSERT INTO log SELECT 'root', SYSTEM$GET_TASK_GRAPH_CONFIG('env')`,
      `CREATE TASK a WAREHOUSE = w AFTER root AS CALL SYSTEM$SET_RETURN_VALUE('from a')`,
      `CREATE TASK b WAREHOUSE = w AFTER root WHEN 1 = 2 AS ${note('b')}`,
      `CREATE TASK c WAREHOUSE = w AFTER a, b AS INSERT INTO log SELECT 'c', SYSTEM$GET_PREDECESSOR_RETURN_VALUE('A')`,
      `CREATE TASK after_b WAREHOUSE = w AFTER b AS ${note('after_b')}`,
      `CREATE TASK last WAREHOUSE = w FINALIZE = root AS INSERT INTO log SELECT 'last', SYSTEM$CURRENT_USER_TASK_NAME()`,
      `SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('root')`,
      'EXECUTE TASK root',
    ])
      await client.rows(sql);
    await settled();
    expect(await client.values('SELECT * FROM log ORDER BY 1')).to.deep.equal([
      ['c', 'from a'],
      ['last', 'D.S.LAST'],
      ['root', 'test'],
    ]);
    expect((await history('B'))[0]).to.include({ STATE: 'SKIPPED' });
    expect((await history('A'))[0]).to.include({ STATE: 'SUCCEEDED', RETURN_VALUE: 'from a' });
    expect(await history('AFTER_B')).to.deep.equal([]);
    const graphs = await client.rows(
      `SELECT * FROM TABLE(INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS(ROOT_TASK_NAME => 'ROOT'))`,
    );
    expect(graphs[0]).to.include({
      STATE: 'SUCCEEDED',
      SCHEDULED_FROM: 'EXECUTE_TASK',
      CONFIG: '{"env":"test"}',
    });
  });

  it('stop what follows a failure, say why, and can be retried from there', async () => {
    await client.rows(`CREATE TASK root WAREHOUSE = w AS ${note('root')}`);
    await client.rows('CREATE TASK broken WAREHOUSE = w AFTER root AS CALL fail()');
    await client.rows(`CREATE TASK never WAREHOUSE = w AFTER broken AS ${note('never')}`);
    await client.rows('ALTER TASK never RESUME');
    await client.rows('ALTER TASK broken RESUME');
    await client.rows('EXECUTE TASK root');
    await settled();
    expect((await history('BROKEN'))[0]).to.include({ STATE: 'FAILED', ERROR_CODE: '100132' });
    expect(String((await history('BROKEN'))[0]!.ERROR_MESSAGE)).to.contain('Uncaught broken in FAIL');
    expect(await logged()).to.deep.equal(['root']);
    await client.rows(
      `CREATE OR REPLACE PROCEDURE fail() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'snowflake.execute({sqlText: "INSERT INTO log VALUES (?, NULL)", binds: ["mended"]}); return "";'`,
    );
    await client.rows('EXECUTE TASK root RETRY LAST');
    await settled();
    expect(await logged()).to.deep.equal(['mended', 'never', 'root']);
    const [first, retried] = (await history('NEVER')).concat(await history('BROKEN'));
    expect(retried).to.include({ SCHEDULED_FROM: 'MANUAL RETRY', ATTEMPT_NUMBER: 2 });
    expect(first!.GRAPH_RUN_GROUP_ID).to.equal(retried!.GRAPH_RUN_GROUP_ID);
    expect((await client.error('EXECUTE TASK root RETRY LAST')).message).to.contain('has not failed');
  });

  it('are retried automatically, and suspended after too many failures', async () => {
    await client.rows(
      `CREATE TASK bad WAREHOUSE = w SCHEDULE = '10 MINUTES' TASK_AUTO_RETRY_ATTEMPTS = 2 SUSPEND_TASK_AFTER_NUM_FAILURES = 2 AS CALL fail()`,
    );
    await client.rows('ALTER TASK bad RESUME');
    clock.advance(600_000);
    await settled();
    expect((await history('BAD')).map((row) => row.ATTEMPT_NUMBER)).to.have.members([1, 2, 3]);
    clock.advance(600_000);
    await settled();
    const states = (await history('BAD')).map((row) => row.STATE);
    expect(states).to.include('FAILED_AND_AUTO_SUSPENDED');
    expect((await client.rows(`SHOW TASKS LIKE 'bad'`))[0]).to.include({ state: 'suspended' });
    const inconstant = await client.error(
      `SELECT 1 FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => length(uuid_string())))`,
    );
    expect(inconstant.message).to.contain('RESULT_LIMIT that is no constant');
    const [terse] = await client.rows(`SHOW TERSE TASKS LIKE 'bad'`);
    expect(Object.keys(terse!).slice(1).join()).to.equal('name,kind,database_name,schema_name,schedule');
  });

  it('pass over a scheduled run while the last one still runs', async () => {
    await client.rows(
      `CREATE OR REPLACE PROCEDURE wait() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'do { var all = snowflake.execute({sqlText: "SELECT COUNT(*) FROM log"}); all.next(); } while (all.getColumnValue(1) === 0); return "";'`,
    );
    await client.rows(`CREATE TASK slow WAREHOUSE = w SCHEDULE = '1 MINUTE' AS CALL wait()`);
    await client.rows('ALTER TASK slow RESUME');
    clock.advance(60_000);
    await runs('SLOW');
    clock.advance(60_000);
    // What is scheduled next is so once the one that is due has been passed over.
    await untilValue(
      client,
      `SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'SLOW')) WHERE STATE = 'SCHEDULED' AND SCHEDULED_TIME > CURRENT_TIMESTAMP()`,
      1,
    );
    await client.rows(note('go on'));
    await settled();
    expect(await history('SLOW')).to.have.length(1);
  });

  it('end after USER_TASK_TIMEOUT_MS', async () => {
    await client.rows(
      `CREATE OR REPLACE PROCEDURE forever() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'while (true);'`,
    );
    await client.rows(`CREATE TASK endless WAREHOUSE = w USER_TASK_TIMEOUT_MS = 60000 AS CALL forever()`);
    await client.rows('EXECUTE TASK endless');
    await runs('ENDLESS');
    clock.advance(60_000);
    await settled();
    expect((await history('ENDLESS'))[0]).to.include({ STATE: 'FAILED', ERROR_CODE: '000630' });
  });

  it('change only while their root is suspended', async () => {
    await client.rows(`CREATE TASK root WAREHOUSE = w SCHEDULE = '60 MINUTES' AS SELECT 1`);
    await client.rows('CREATE TASK child WAREHOUSE = w AFTER root AS SELECT 2');
    await client.rows('ALTER TASK child RESUME');
    await client.rows('ALTER TASK root RESUME');
    for (const sql of [
      'ALTER TASK child SUSPEND',
      'ALTER TASK child MODIFY AS SELECT 3',
      "ALTER TASK root SET SCHEDULE = '5 MINUTES'",
      'CREATE OR REPLACE TASK child WAREHOUSE = w AFTER root AS SELECT 4',
      'CREATE TASK other WAREHOUSE = w AFTER root AS SELECT 5',
    ])
      expect((await client.error(sql)).message, sql).to.contain(
        'Unable to update graph with root task D.S.ROOT since that root task is not suspended',
      );
    await client.rows('ALTER TASK root SUSPEND');
    await client.rows(`ALTER TASK child SET COMMENT = 'now'`);
    expect((await client.error('ALTER TASK root ADD AFTER child')).message).to.contain('cycle');
    expect((await client.error('EXECUTE TASK child')).message).to.contain('not a root task');
  });

  it('are remembered, and go on, after a restart', async () => {
    await client.rows(`CREATE TASK lasting WAREHOUSE = w SCHEDULE = '10 MINUTES' AS ${note('lasting')}`);
    await client.rows('ALTER TASK lasting RESUME');
    clock.advance(600_000);
    await settled();
    await snowflake.restart();
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.s');
    expect((await history('LASTING')).map((row) => row.STATE)).to.deep.equal(['SUCCEEDED']);
    clock.advance(600_000);
    await settled();
    expect(await history('LASTING')).to.have.length(2);
  });

  it('need EXECUTE TASK for their owner, and run with the owner’s role', async () => {
    await client.rows('CREATE ROLE worker');
    await client.rows('GRANT ROLE worker TO USER admin');
    for (const grant of [
      'USAGE ON DATABASE d',
      'USAGE, CREATE TASK ON SCHEMA d.s',
      'USAGE ON WAREHOUSE w',
      'INSERT ON TABLE log',
    ])
      await client.rows(`GRANT ${grant} TO ROLE worker`);
    const worker = await snowflake.connect({ role: 'WORKER' });
    await worker.rows('USE SCHEMA d.s');
    await worker.rows(
      `CREATE TASK theirs WAREHOUSE = w SCHEDULE = '10 MINUTES' AS INSERT INTO log SELECT CURRENT_ROLE(), NULL`,
    );
    expect((await worker.error('ALTER TASK theirs RESUME')).message).to.contain(
      'EXECUTE TASK privilege must be granted to owner role',
    );
    await client.rows('GRANT EXECUTE TASK ON ACCOUNT TO ROLE worker');
    await worker.rows('ALTER TASK theirs RESUME');
    clock.advance(600_000);
    await settled();
    expect(await logged()).to.deep.equal(['WORKER']);
    await worker.close();
  });
});
