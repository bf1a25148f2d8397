import { MovableClock } from '@local-cloud/kit/clock.js';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { dropTasks, graphsEnded, taskRuns, untilValue } from './runs.js';

describe('graph runs', () => {
  const clock = new MovableClock({ at: Date.UTC(2026, 0, 5, 12), frozen: true });
  const faults = new Faults();
  let snowflake: TestSnowflake;
  let client: Client;

  const connected = async () => {
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.s');
  };
  before(async () => {
    snowflake = await withSnowflake({ clock, faults });
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE WAREHOUSE w',
      'CREATE SCHEMA d.s',
      'CREATE TABLE log (who VARCHAR, what VARCHAR)',
      'CREATE TABLE gate (open BOOLEAN)',
      `CREATE PROCEDURE fail() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'throw "broken"'`,
      // Ends when a row stands in the table gate.
      `CREATE PROCEDURE held() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS
        'while (true) { var r = snowflake.execute({sqlText: "SELECT COUNT(*) FROM gate"}); r.next(); if (r.getColumnValue(1) > 0) return ""; }'`,
    ])
      await client.rows(sql);
  });
  beforeEach(async () => {
    await dropTasks(client);
    await client.rows('TRUNCATE TABLE log');
    await client.rows('TRUNCATE TABLE gate');
  });
  after(() => snowflake.close());

  const open = () => client.rows('INSERT INTO gate VALUES (TRUE)');
  const graphs = (which: string, args = '') =>
    client.rows(`SELECT * FROM TABLE(INFORMATION_SCHEMA.${which}_TASK_GRAPHS(${args}))`);
  const executing = (name: string) =>
    untilValue(
      client,
      `SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => '${name}')) WHERE STATE = 'EXECUTING'`,
      1,
    );

  // docs: sql-reference/parameters, SUSPEND_TASK_AFTER_NUM_FAILURES
  it('count failures in a row over restarts, from the last resumption on', async () => {
    await client.rows(
      `CREATE TASK bad WAREHOUSE = w SCHEDULE = '10 MINUTES' SUSPEND_TASK_AFTER_NUM_FAILURES = 3 AS CALL fail()`,
    );
    const state = async () => (await client.rows("SHOW TASKS LIKE 'bad'"))[0]!;
    const run = async () => {
      clock.advance(600_000);
      await graphsEnded(client);
    };
    await client.rows('ALTER TASK bad RESUME');
    await run();
    await run();
    await client.rows('ALTER TASK bad SUSPEND');
    await client.rows('ALTER TASK bad RESUME');
    await run();
    await run();
    expect(await state()).to.include({ state: 'started' });
    await snowflake.restart();
    await connected();
    await run();
    expect(await state()).to.include({
      state: 'suspended',
      last_suspended_reason: 'SUSPENDED_DUE_TO_ERRORS',
    });
    expect((await taskRuns(client, 'BAD'))[0]).to.include({ STATE: 'FAILED_AND_AUTO_SUSPENDED' });
  });

  // docs: sql-reference/sql/execute-task, "Use a dynamic CONFIG"; functions/system_get_task_graph_config
  it('merge a configuration given to EXECUTE TASK into the default one', async () => {
    await client.rows(`CREATE TASK root WAREHOUSE = w SCHEDULE = '1 HOUR'
      CONFIG = $$${'{"environment": "production", "output_paths": {"logs": "/prod/logs", "results": "/prod/results"}, "a.b": [1, {"c": "deep"}]}'}$$
      AS INSERT INTO log SELECT SYSTEM$GET_TASK_GRAPH_CONFIG('output_paths.results'),
        SYSTEM$GET_TASK_GRAPH_CONFIG('environment') || SYSTEM$GET_TASK_GRAPH_CONFIG('"a.b"[1].c')`);
    await client.rows(
      `EXECUTE TASK root USING CONFIG = $$${'{"output_paths": {"results": "/temp/testing"}}'}$$`,
    );
    await graphsEnded(client);
    expect(await client.values('SELECT * FROM log')).to.deep.equal([['/temp/testing', 'productiondeep']]);
    expect(JSON.parse(String((await taskRuns(client, 'ROOT'))[0]!.CONFIG))).to.deep.include({
      environment: 'production',
      output_paths: { logs: '/prod/logs', results: '/temp/testing' },
    });
  });

  it('wait for a running one, the last EXECUTE TASK in place of those before it', async () => {
    await client.rows(`CREATE TASK queued WAREHOUSE = w CONFIG = '{"n": 0}' AS CALL held()`);
    await client.rows('EXECUTE TASK queued');
    await executing('queued');
    for (const n of [1, 2]) await client.rows(`EXECUTE TASK queued USING CONFIG = '{"n": ${n}}'`);
    expect((await graphs('CURRENT')).map((row) => row.STATE)).to.have.members(['EXECUTING', 'SCHEDULED']);
    await open();
    await graphsEnded(client);
    expect((await taskRuns(client, 'QUEUED')).map((row) => row.CONFIG)).to.have.members([
      '{"n": 0}',
      '{"n":2}',
    ]);
  });

  // docs: user-guide/tasks-graphs, "Overlap task graph runs"
  it('overlap as far as OVERLAP_POLICY lets them', async () => {
    for (const [policy, roots] of [
      ['NO_OVERLAP', 1],
      ['ALLOW_CHILD_OVERLAP', 2],
      ['ALLOW_ALL_OVERLAP', 2],
    ] as const) {
      await client.rows('TRUNCATE TABLE gate');
      const root = policy.toLowerCase();
      await client.rows(
        `CREATE TASK ${root} WAREHOUSE = w SCHEDULE = '10 MINUTES' OVERLAP_POLICY = ${policy} AS SELECT 1`,
      );
      await client.rows(`CREATE TASK ${root}_child WAREHOUSE = w AFTER ${root} AS CALL held()`);
      await client.rows(`SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('${root}')`);
      clock.advance(600_000);
      await executing(`${root}_child`);
      clock.advance(600_000);
      await untilValue(
        client,
        `SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => '${root}')) WHERE STATE = 'SUCCEEDED'`,
        roots,
      );
      await client.rows(`ALTER TASK ${root} SUSPEND`);
      await open();
      await graphsEnded(client);
      expect(await taskRuns(client, root), policy).to.have.length(roots);
    }
  });

  // docs: sql-reference/functions/system_user_task_cancel_ongoing_executions
  it('are cancelled task by task', async () => {
    const cancel = (name: string) =>
      client.value(`SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('${name}')`);
    await client.rows('CREATE TASK root WAREHOUSE = w AS SELECT 1');
    await client.rows('CREATE TASK endless WAREHOUSE = w AFTER root AS CALL held()');
    await client.rows('ALTER TASK endless RESUME');
    expect(await cancel('root')).to.match(/^Task ROOT has no currently running executions\./);
    await client.rows('EXECUTE TASK root');
    await executing('endless');
    expect(await cancel('endless')).to.match(/^Marked 1 task runs for cancellation\./);
    await graphsEnded(client);
    expect((await taskRuns(client, 'ENDLESS'))[0]).to.include({ STATE: 'CANCELLED' });
    expect((await taskRuns(client, 'ROOT'))[0]).to.include({ STATE: 'SUCCEEDED' });
    expect((await graphs('COMPLETE', "ROOT_TASK_NAME => 'root', ERROR_ONLY => TRUE"))[0]).to.include({
      STATE: 'CANCELLED',
    });
  });

  // docs: user-guide/tasks-graphs, "Task graph timeouts"
  it('end at the root’s USER_TASK_TIMEOUT_MS, but for children with one of their own', async () => {
    await client.rows('CREATE TASK root WAREHOUSE = w USER_TASK_TIMEOUT_MS = 60000 AS SELECT 1');
    await client.rows('CREATE TASK short WAREHOUSE = w AFTER root AS CALL held()');
    await client.rows(
      'CREATE TASK long WAREHOUSE = w USER_TASK_TIMEOUT_MS = 120000 AFTER root AS CALL held()',
    );
    for (const task of ['short', 'long']) await client.rows(`ALTER TASK ${task} RESUME`);
    await client.rows('EXECUTE TASK root');
    await executing('short');
    await executing('long');
    clock.advance(60_000);
    await untilValue(
      client,
      `SELECT MAX(STATE) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'short'))`,
      'FAILED',
    );
    expect((await taskRuns(client, 'SHORT'))[0]).to.include({ ERROR_CODE: '000630' });
    await executing('long');
    await open();
    await graphsEnded(client);
    expect((await taskRuns(client, 'LONG'))[0]).to.include({ STATE: 'SUCCEEDED' });
  });

  // docs: sql-reference/functions/system_task_runtime_info, system_get_predecessor_return_value
  it('tell their tasks about themselves and their predecessors', async () => {
    const info = (what: string) => `SYSTEM$TASK_RUNTIME_INFO('${what}')`;
    await client.rows(`CREATE TASK root WAREHOUSE = w AS CALL SYSTEM$SET_RETURN_VALUE('from the root')`);
    await client.rows('CREATE TASK middle WAREHOUSE = w AFTER root AS SELECT 1');
    await client.rows(`CREATE TASK last WAREHOUSE = w AFTER middle
      WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('ROOT') = 'from the root'
      AS INSERT INTO log SELECT SYSTEM$GET_PREDECESSOR_RETURN_VALUE('ROOT') || NVL(SYSTEM$GET_PREDECESSOR_RETURN_VALUE(), ' and nothing'),
        ${info('current_task_name')} || ' ' || ${info('CURRENT_ROOT_TASK_NAME')} || ' ' || NVL(${info('LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID')}, 'none')`);
    await client.rows(
      `CREATE TASK wrong WAREHOUSE = w AFTER middle AS SELECT SYSTEM$GET_PREDECESSOR_RETURN_VALUE('root')`,
    );
    for (const task of ['middle', 'last']) await client.rows(`ALTER TASK ${task} RESUME`);
    const run = async () => {
      await client.rows('EXECUTE TASK root');
      await graphsEnded(client);
    };
    await run();
    const [first] = await taskRuns(client, 'ROOT');
    clock.advance(60_000);
    await client.rows('ALTER TASK wrong RESUME');
    await run();
    expect(await client.values('SELECT * FROM log')).to.have.deep.members([
      ['from the root and nothing', 'D.S.LAST D.S.ROOT none'],
      ['from the root and nothing', `D.S.LAST D.S.ROOT ${first!.GRAPH_RUN_GROUP_ID}`],
    ]);
    expect((await taskRuns(client, 'WRONG'))[0]!.ERROR_MESSAGE).to.contain("no enabled predecessor 'root'");
    expect((await client.error(`SELECT ${info('CURRENT_TASK_NAME')}`)).message).to.contain('within a task');
  });

  // docs: sql-reference/sql/execute-task
  it('are retried by group, from what failed, unless the graph was changed', async () => {
    await client.rows("CREATE TASK again WAREHOUSE = w AS INSERT INTO log VALUES ('root', NULL)");
    await client.rows('CREATE TASK broken WAREHOUSE = w AFTER again AS INSERT INTO missing VALUES (1)');
    await client.rows('ALTER TASK broken RESUME');
    await client.rows('EXECUTE TASK again');
    await graphsEnded(client);
    const group = (await taskRuns(client, 'AGAIN'))[0]!.GRAPH_RUN_GROUP_ID;
    clock.advance(60_000);
    await client.rows('CREATE TABLE missing (x INT)');
    await client.rows('EXECUTE TASK again');
    await graphsEnded(client);
    expect((await client.error('EXECUTE TASK again RETRY LAST')).message).to.contain('has not failed');
    await client.rows(`EXECUTE TASK again RETRY GRAPH RUN GROUP '${group}'`);
    await graphsEnded(client);
    expect((await taskRuns(client, 'BROKEN'))[0]).to.include({
      STATE: 'SUCCEEDED',
      ATTEMPT_NUMBER: 2,
      SCHEDULED_FROM: 'MANUAL RETRY',
      GRAPH_RUN_GROUP_ID: group,
    });
    expect(await client.value('SELECT COUNT(*) FROM log')).to.equal(2);
    expect((await client.error("EXECUTE TASK again RETRY GRAPH RUN GROUP 'none'")).message).to.contain(
      "no graph run group 'none'",
    );
    await client.rows('DROP TABLE missing');
    await client.rows('EXECUTE TASK again');
    await graphsEnded(client);
    await client.rows('ALTER TASK broken MODIFY AS SELECT 1');
    expect((await client.error('EXECUTE TASK again RETRY LAST')).message).to.contain('has been modified');
    await client.rows('EXECUTE TASK again');
    await graphsEnded(client);
    const versions = (await taskRuns(client, 'AGAIN')).map((row) => row.GRAPH_VERSION);
    expect([Math.min(...(versions as number[])), Math.max(...(versions as number[]))]).to.deep.equal([1, 2]);
  });

  // docs: sql-reference/functions/task_history, current_task_graphs, complete_task_graphs, task_dependents
  it('are listed with the documented columns, the scheduled ones among them', async () => {
    await client.rows(`CREATE TASK root WAREHOUSE = w SCHEDULE = '10 MINUTES' AS SELECT 1`);
    await client.rows('CREATE TASK child WAREHOUSE = w AFTER root AS SELECT 2');
    await client.rows('CREATE TASK grandchild WAREHOUSE = w AFTER child AS SELECT 3');
    await client.rows('ALTER TASK root RESUME');
    await untilValue(
      client,
      `SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'root', DATABASE_NAME => 'd', SCHEMA_NAME => 's')) WHERE STATE = 'SCHEDULED' AND QUERY_ID IS NULL`,
      1,
    );
    const [current] = await graphs('CURRENT', "ROOT_TASK_NAME => 'root'");
    expect(current).to.include({ STATE: 'SCHEDULED', SCHEDULED_FROM: 'SCHEDULE' });
    const columns =
      'ROOT_TASK_NAME,DATABASE_NAME,SCHEMA_NAME,STATE,SCHEDULED_FROM,FIRST_ERROR_TASK_NAME,FIRST_ERROR_CODE,FIRST_ERROR_MESSAGE,SCHEDULED_TIME,QUERY_START_TIME,NEXT_SCHEDULED_TIME,ROOT_TASK_ID,GRAPH_VERSION,RUN_ID,ATTEMPT_NUMBER,CONFIG,GRAPH_RUN_GROUP_ID,BACKFILL_INFO';
    expect(Object.keys(current!).join()).to.equal(columns);
    clock.advance(600_000);
    await graphsEnded(client);
    expect(Object.keys((await graphs('COMPLETE', "ROOT_TASK_NAME => 'root'"))[0]!).join()).to.equal(
      columns.replace('NEXT_SCHEDULED_TIME,', 'NEXT_SCHEDULED_TIME,COMPLETED_TIME,'),
    );
    expect(Object.keys((await taskRuns(client, 'ROOT'))[0]!).join()).to.equal(
      'QUERY_ID,NAME,DATABASE_NAME,SCHEMA_NAME,QUERY_TEXT,CONDITION_TEXT,STATE,ERROR_CODE,ERROR_MESSAGE,SCHEDULED_TIME,QUERY_START_TIME,NEXT_SCHEDULED_TIME,COMPLETED_TIME,ROOT_TASK_ID,GRAPH_VERSION,RUN_ID,RETURN_VALUE,SCHEDULED_FROM,ATTEMPT_NUMBER,CONFIG,QUERY_HASH,QUERY_HASH_VERSION,QUERY_PARAMETERIZED_HASH,QUERY_PARAMETERIZED_HASH_VERSION,GRAPH_RUN_GROUP_ID,BACKFILL_INFO,SPCS_JOB_ID',
    );
    const history = "TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'root', RESULT_LIMIT => 1))";
    await client.rows(
      `MERGE INTO log USING ${history} AS h ON log.who = h.NAME WHEN NOT MATCHED THEN INSERT VALUES (h.NAME, h.QUERY_TEXT)`,
    );
    const [run] = await taskRuns(client, 'ROOT');
    const told = [['ROOT', run!.QUERY_TEXT]];
    expect(await client.values("SELECT * FROM log WHERE who = 'ROOT'")).to.deep.equal(told);
    expect(
      await client.values(
        `WITH h AS (SELECT * FROM ${history}) SELECT VALUE::VARCHAR, QUERY_TEXT FROM h, LATERAL FLATTEN(ARRAY_CONSTRUCT(NAME))`,
      ),
    ).to.deep.equal(told);
    const dependents = async (args: string) =>
      (await client.rows(`SELECT NAME FROM TABLE(INFORMATION_SCHEMA.TASK_DEPENDENTS(${args}))`)).map(
        (row) => row.NAME,
      );
    expect(await dependents("TASK_NAME => 'd.s.root'")).to.deep.equal(['ROOT', 'CHILD', 'GRANDCHILD']);
    expect(await dependents("TASK_NAME => 'root', RECURSIVE => FALSE")).to.deep.equal(['ROOT', 'CHILD']);
    clock.advance(61 * 60_000);
    await client.rows('ALTER TASK root SUSPEND');
    await graphsEnded(client);
    for (const [call, message] of [
      ['TASK_HISTORY(RESULT_LIMIT => 0)', 'between 1 and 10000'],
      ["TASK_HISTORY(SCHEMA_NAME => 's')", 'needs DATABASE_NAME'],
    ])
      expect((await client.error(`SELECT * FROM TABLE(INFORMATION_SCHEMA.${call})`)).message).to.contain(
        message,
      );
  });

  it('go wrong on command', async () => {
    await client.rows("CREATE TASK unlucky WAREHOUSE = w AS INSERT INTO log VALUES ('unlucky', NULL)");
    const run = async (fault: string) => {
      faults.add(parseFault(fault));
      await client.rows('TRUNCATE TABLE log');
      clock.advance(60_000);
      await client.rows('EXECUTE TASK unlucky');
    };
    const outcome = async () => [
      (await taskRuns(client, 'UNLUCKY'))[0]!.STATE,
      await client.value('SELECT COUNT(*) FROM log'),
    ];
    await run('snowflake:TASK=fail');
    await graphsEnded(client);
    expect(await outcome()).to.deep.equal(['FAILED', 0]);
    await run('snowflake:TASK=lose');
    await graphsEnded(client);
    expect(await outcome()).to.deep.equal(['FAILED', 1]);
    await run('snowflake:TASK=slow');
    await executing('unlucky');
    expect(await client.value('SELECT COUNT(*) FROM log')).to.equal(0);
    clock.advance(10_000);
    await graphsEnded(client);
    expect(await outcome()).to.deep.equal(['SUCCEEDED', 1]);
  });
});
