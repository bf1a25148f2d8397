import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { dropTasks, graphsEnded, taskRuns } from './runs.js';

// docs: sql-reference/sql/create-task, alter-task, show-tasks
describe('the options of a task', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE WAREHOUSE w',
      'CREATE SCHEMA d.s',
      'CREATE TABLE log (x VARCHAR)',
    ])
      await client.rows(sql);
  });
  beforeEach(() => dropTasks(client));
  after(() => snowflake.close());

  const shown = async (name: string) => (await client.rows(`DESCRIBE TASK ${name}`))[0]!;
  const refused = async (cases: [sql: string, message: string][]) => {
    for (const [sql, message] of cases) expect((await client.error(sql)).message, sql).to.contain(message);
  };

  it('are refused where their values do not fit', async () => {
    const invalid = (option: string): [string, string] => [
      `CREATE TASK bad SCHEDULE = '1 HOUR' ${option} AS SELECT 1`,
      'invalid value',
    ];
    await refused(
      [
        'TASK_AUTO_RETRY_ATTEMPTS = 31',
        'TASK_AUTO_RETRY_ATTEMPTS = 1.5',
        'SUSPEND_TASK_AFTER_NUM_FAILURES = -1',
        'USER_TASK_TIMEOUT_MS = 604800001',
        'USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 9',
        "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'X3LARGE'",
        "SERVERLESS_TASK_MIN_STATEMENT_SIZE = 'TINY'",
        "TARGET_COMPLETION_INTERVAL = '25 HOURS'",
        "TARGET_COMPLETION_INTERVAL = 'soon'",
        'OVERLAP_POLICY = SOMETIMES',
        'ALLOW_OVERLAPPING_EXECUTION = 3',
        "TIMEZONE = 'Nowhere'",
        'WEEK_START = many',
      ].map(invalid),
    );
    await refused([
      [`CREATE TASK bad NONSENSE = 1 AS SELECT 1`, "invalid property 'NONSENSE'"],
      [`CREATE TASK bad CONFIG = '[1]' AS SELECT 1`, 'must be a JSON object'],
      ['CREATE TASK bad AUTOCOMMIT = FALSE AS SELECT 1', 'AUTOCOMMIT = false is not supported with Tasks'],
      [`CREATE TASK bad SEARCH_PATH = 'x' AS SELECT 1`, 'SEARCH_PATH is not supported with Tasks'],
      [
        'CREATE TASK bad ALLOW_OVERLAPPING_EXECUTION = TRUE OVERLAP_POLICY = NO_OVERLAP AS SELECT 1',
        'to different values in the same command',
      ],
      ["CREATE TASK bad WHEN LENGTH('x') = 1 AS SELECT 1", 'Invalid expression [LENGTH]'],
      ['CREATE TASK bad WHEN (SELECT TRUE) AS SELECT 1', 'Invalid expression [SELECT]'],
    ]);
  });

  it('that the local Snowflake does not have are refused by name', async () => {
    await refused(
      [
        'CREATE TASK bad ERROR_INTEGRATION = i AS SELECT 1',
        'CREATE TASK bad SUCCESS_INTEGRATION = i AS SELECT 1',
        'CREATE TASK bad EXECUTE AS USER admin AS SELECT 1',
        "CREATE TASK bad WITH TAG (t = 'v') AS SELECT 1",
        'CREATE TASK bad AS BEGIN SELECT 1; END',
      ].map((sql) => [sql, 'the local Snowflake does not support it']),
    );
  });

  it('of compute are for serverless tasks, in order of size, and shown', async () => {
    await client.rows(`CREATE TASK t SCHEDULE = '1 HOUR' TARGET_COMPLETION_INTERVAL = '30 MINUTES'
      USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'medium' SERVERLESS_TASK_MIN_STATEMENT_SIZE = 'X-SMALL'
      SERVERLESS_TASK_MAX_STATEMENT_SIZE = 'X2LARGE' AS SELECT 1`);
    expect(await shown('t')).to.include({
      warehouse: null,
      scheduling_mode: 'FLEXIBLE',
      target_completion_interval: '30 MINUTES',
    });
    await client.rows('ALTER TASK t UNSET TARGET_COMPLETION_INTERVAL');
    expect(await shown('t')).to.include({ scheduling_mode: 'FIXED', target_completion_interval: null });
    await refused([
      ["ALTER TASK t SET SERVERLESS_TASK_MIN_STATEMENT_SIZE = 'LARGE'", 'cannot be less than'],
      ["ALTER TASK t SET SERVERLESS_TASK_MAX_STATEMENT_SIZE = 'SMALL'", 'cannot be greater than'],
      ['ALTER TASK t SET WAREHOUSE = w', 'on a non-serverless task'],
      [
        "CREATE TASK bad WAREHOUSE = w USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'SMALL' AS SELECT 1",
        'Cannot set USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE on a non-serverless task',
      ],
    ]);
  });

  it('of a graph are its root’s', async () => {
    await client.rows(
      "CREATE TASK root WAREHOUSE = w SCHEDULE = '1 HOUR' OVERLAP_POLICY = ALLOW_ALL_OVERLAP AS SELECT 1",
    );
    await client.rows(`CREATE TASK other WAREHOUSE = w CONFIG = '{"a":1}' AS SELECT 1`);
    const child = (option: string) => `CREATE TASK child WAREHOUSE = w ${option} AFTER root AS SELECT 1`;
    await refused([
      [child('OVERLAP_POLICY = NO_OVERLAP'), 'Cannot set overlap policy on non-root task D.S.CHILD'],
      [
        child('ALLOW_OVERLAPPING_EXECUTION = TRUE'),
        'Cannot set allow_overlapping_execution on non-root task',
      ],
      [
        child('SUSPEND_TASK_AFTER_NUM_FAILURES = 3'),
        'Cannot set parameter SUSPEND_TASK_AFTER_NUM_FAILURES on non-root task CHILD. Non-root tasks use the parameter setting from their root task. Please set this on the root task for this task instead.',
      ],
      [
        child('TASK_AUTO_RETRY_ATTEMPTS = 1'),
        'Cannot set parameter TASK_AUTO_RETRY_ATTEMPTS on non-root task',
      ],
      [child(`CONFIG = '{"a":1}'`), 'cannot both be a non-root task and have a config'],
      [child("SCHEDULE = '1 HOUR'"), 'cannot have both a schedule and a predecessor'],
      ['ALTER TASK other ADD AFTER root', 'cannot both be a non-root task and have a config'],
      [
        "CREATE TASK fin WAREHOUSE = w SCHEDULE = '1 HOUR' FINALIZE = root AS SELECT 1",
        'be a finalizer task',
      ],
    ]);
    await client.rows(child(''));
    await client.rows('CREATE TASK fin WAREHOUSE = w FINALIZE = root AS SELECT 1');
    await refused([
      ['CREATE TASK fin2 WAREHOUSE = w FINALIZE = root AS SELECT 1', 'already have finalizer'],
      ['CREATE TASK fin2 WAREHOUSE = w FINALIZE = child AS SELECT 1', 'cannot finalize a non-root task'],
      [
        'CREATE TASK grandchild WAREHOUSE = w AFTER fin AS SELECT 1',
        'cannot have children as a finalizer task',
      ],
      ['ALTER TASK child REMOVE AFTER fin', 'does not have predecessor D.S.FIN'],
    ]);
    expect(await shown('root')).to.include({
      allow_overlapping_execution: 'true',
      task_relations: '{"Predecessors":[],"FinalizerTask":"D.S.FIN"}',
    });
    expect(await shown('child')).to.include({ allow_overlapping_execution: 'null', config: null });
    expect(await shown('fin')).to.include({
      task_relations: '{"Predecessors":[],"FinalizedRootTask":"D.S.ROOT"}',
    });
    const names = async (sql: string) => (await client.rows(sql)).map((row) => row.name);
    expect(await names('SHOW TASKS ROOT ONLY')).to.deep.equal(['OTHER', 'ROOT']);
    expect(await names("SHOW TASKS LIKE '%' STARTS WITH 'R' ROOT ONLY LIMIT 5")).to.deep.equal(['ROOT']);
  });

  it('say when and why a task was suspended, and when its version was set', async () => {
    await client.rows("CREATE TASK root WAREHOUSE = w SCHEDULE = '1 HOUR' AS SELECT 1");
    await client.rows('CREATE TASK child WAREHOUSE = w AFTER root AS SELECT 1');
    await client.rows('CREATE TASK fin WAREHOUSE = w FINALIZE = root AS SELECT 1');
    expect(await shown('root')).to.include({
      last_suspended_on: null,
      last_suspended_reason: null,
      last_committed_on: null,
    });
    await client.rows(`SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('root')`);
    expect(await shown('root')).to.include({ state: 'started' });
    expect((await shown('child')).last_committed_on).to.be.a('date');
    await client.rows('ALTER TASK root SUSPEND');
    expect(await shown('root')).to.include({ last_suspended_reason: 'USER_SUSPENDED' });
    expect((await shown('root')).last_suspended_on).to.be.a('date');
    await client.rows('ALTER TASK child REMOVE AFTER root');
    expect(await shown('child')).to.include({
      state: 'suspended',
      last_suspended_reason: 'CHILD_BECAME_ROOT',
    });
    await client.rows('DROP TASK root');
    expect(await shown('fin')).to.include({ last_suspended_reason: 'FINALIZER_BECAME_ROOT' });
  });

  // docs: user-guide/tasks-graphs, "Manage task graph ownership"
  it('stay with their graph when its owner changes as a whole, and are severed otherwise', async () => {
    await client.rows('CREATE ROLE IF NOT EXISTS heir');
    await client.rows('GRANT ROLE heir TO ROLE accountadmin');
    const graph = async () => {
      await dropTasks(client);
      await client.rows("CREATE TASK root WAREHOUSE = w SCHEDULE = '1 HOUR' AS SELECT 1");
      await client.rows('CREATE TASK child WAREHOUSE = w AFTER root AS SELECT 1');
      await client.rows('CREATE TASK grandchild WAREHOUSE = w AFTER child AS SELECT 1');
      await client.rows(`SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('root')`);
    };
    await graph();
    await client.rows('GRANT OWNERSHIP ON ALL TASKS IN SCHEMA d.s TO ROLE heir COPY CURRENT GRANTS');
    expect(await shown('child')).to.include({
      owner: 'HEIR',
      predecessors: '["D.S.ROOT"]',
      state: 'suspended',
      last_suspended_reason: 'GRANT_OWNERSHIP',
    });
    await client.rows('GRANT OWNERSHIP ON ALL TASKS IN SCHEMA d.s TO ROLE accountadmin COPY CURRENT GRANTS');
    await graph();
    await refused([['GRANT OWNERSHIP ON TASK child TO ROLE heir', 'is not suspended']]);
    await client.rows('ALTER TASK root SUSPEND');
    await client.rows('GRANT OWNERSHIP ON TASK child TO ROLE heir');
    expect(await shown('child')).to.include({ owner: 'HEIR', predecessors: '[]' });
    expect(await shown('grandchild')).to.include({
      predecessors: '[]',
      state: 'suspended',
      last_suspended_reason: 'CHILD_BECAME_ROOT',
    });
    await client.rows('GRANT OWNERSHIP ON TASK child TO ROLE accountadmin');
  });

  it('are copied by CLONE, and changed only while the task is suspended', async () => {
    await client.rows(
      `CREATE TASK root WAREHOUSE = w SCHEDULE = '1 HOUR' COMMENT = 'c' AS INSERT INTO log VALUES ('x')`,
    );
    await client.rows('CREATE TASK child WAREHOUSE = w AFTER root WHEN NOT FALSE AS SELECT 1');
    await client.rows('CREATE TASK copy CLONE child');
    expect(await shown('copy')).to.include({
      state: 'suspended',
      predecessors: '["D.S.ROOT"]',
      condition: 'NOT FALSE',
    });
    await client.rows('ALTER TASK root RESUME');
    await refused([
      ["CREATE OR ALTER TASK root WAREHOUSE = w SCHEDULE = '2 HOURS' AS SELECT 1", 'is not suspended'],
      ['CREATE TASK copy2 CLONE child', 'is not suspended'],
    ]);
    await client.rows("CREATE OR REPLACE TASK root WAREHOUSE = w SCHEDULE = '2 HOURS' AS SELECT 1");
    expect(await shown('root')).to.include({ state: 'suspended', schedule: '2 HOURS' });
  });

  it('that are session parameters hold while the task runs', async () => {
    await client.rows(`CREATE TASK t WAREHOUSE = w TIMEZONE = 'Asia/Tokyo' DATE_OUTPUT_FORMAT = 'DD/MM/YYYY'
      AS INSERT INTO log SELECT TO_VARCHAR('2026-01-02'::DATE) || ' ' || TO_VARCHAR('2026-01-02 00:00Z'::TIMESTAMP_LTZ, 'HH24')`);
    await client.rows("ALTER TASK t SET DATE_OUTPUT_FORMAT = 'MM/DD/YYYY'");
    await client.rows('EXECUTE TASK t');
    await graphsEnded(client);
    expect((await taskRuns(client, 'T'))[0]).to.include({ STATE: 'SUCCEEDED' });
    expect(await client.value('SELECT x FROM log')).to.equal('01/02/2026 09');
    await client.rows('ALTER TASK t UNSET DATE_OUTPUT_FORMAT, TIMEZONE');
  });
});
