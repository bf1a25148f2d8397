import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { command } from '../../../deploy/commands/status.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { health } from '../../../deploy/operate/health.js';
import { type Heartbeat, heartbeat } from '../../../deploy/operate/heartbeat.js';
import { status } from '../../../deploy/operate/status.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import type { Status } from '../../../report/results/operation.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long, few } = longTests(import.meta.url);

/** What is wrong, the exit code and what a person reads. */
const shown = (found: Status) => ({
  ...found.health,
  code: command.exitCode!(found),
  text: command.print!(found).join('\n'),
});

describe('los status of an account in which nothing is deployed', () => {
  long('ends with 0', async () => {
    const cloud = hostedCloud();
    const ctx = await cloud.open();
    try {
      expect(shown(await status(ctx))).to.deep.include({ problems: [], code: 0 });
    } finally {
      await ctx.close();
      cloud.remove();
    }
  });
});

describe('los status', () => {
  const cloud = hostedCloud('', 'applied');
  let ctx: OpenContext;
  const run = (sql: string) => ctx.snowflake.execute(sql);
  let whole: Status;
  const lookAtAll = async () => {
    whole = await status(ctx);
    return shown(whole);
  };
  /** How scoring does now, beside what else was to be seen when all was looked at. */
  const look = async (context = ctx) =>
    shown({ ...whole, health: await health(context, forDataset(context).contract) });
  const logged = (kind: string, state: string, minutesAgo: number, message = 'NULL') =>
    run(`INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, MESSAGE)
      SELECT UUID_STRING(), '${kind}', 'health', '${state}', DATEADD(minute, -${minutesAgo}, CURRENT_TIMESTAMP()), ${message}`);
  const waiting = (id: number, minutes: number) =>
    run(`INSERT INTO HEALTH_SCORING_QUEUE (ID, SINCE, RESCORE)
      SELECT ${id}, DATEADD(minute, -${minutes}, CURRENT_TIMESTAMP()), FALSE`);
  const champion = () =>
    run(`INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT)
      SELECT 'health-v1', 'health', 1, 'CHAMPION', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP()`);

  before(async () => {
    ctx = await cloud.open();
    await lookAtAll();
  });
  beforeEach(async () => {
    // No run of the graph's own in between.
    await run('ALTER TASK LOS_BUILD_FEATURES SUSPEND');
    for (const table of [
      'LOS_ALARMS',
      'LOS_RUN_LOG',
      'HEALTH_SCORING_QUEUE',
      'LOS_QUARANTINE',
      'LOS_MODEL_REGISTRY',
    ])
      await run(`DELETE FROM ${table}`);
    await run('ALTER TASK LOS_BUILD_FEATURES RESUME');
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  long('ends with 0 after the first apply', async () => {
    const { text, ...sound } = await lookAtAll();
    expect(sound).to.deep.include({
      waiting: { admissions: 0, seconds: null },
      quarantined: 0,
      watched: null,
      alarms: [],
      problems: [],
      code: 0,
    });
    expect(text).to.contain('Waiting    0 admissions, 0 in quarantine').and.not.to.contain('doctor');
  });

  long('says what matters first, and folds the tables into a line behind the costs', async () => {
    await run(
      "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT) SELECT 'r', 'eda', 'health', 'SUCCEEDED', CURRENT_TIMESTAMP()",
    );
    const { text } = await lookAtAll();
    const lines = text.split('\n');
    const place = (label: string) => lines.findIndex((line) => line.startsWith(label));
    expect(lines[0]).to.match(/^Model {6}/);
    expect(place('Rows')).to.be.above(place('30 days')).and.above(place('Costs'));
    expect(lines.filter((line) => /^(Rows|Table)/.test(line))).to.have.length(1);
    expect(lines[place('Rows')])
      .to.match(/LOS_RUN_LOG 1.*; \d+ tables are empty$/)
      .and.not.to.match(/ 0[,;]/);
  });

  it('counts who waits and who is in quarantine', async () => {
    await champion();
    await waiting(1, 4);
    await waiting(2, 1);
    await run(`INSERT INTO LOS_QUARANTINE (DATASET, CASE_ID, MODEL_VERSION, SINCE, RUN_ID)
      SELECT 'health', '3', 'health-v1', CURRENT_TIMESTAMP(), 'r'`);
    const { text, code } = await look();
    expect(text).to.contain('Waiting    2 admissions, the first for 4 minutes, 1 in quarantine');
    expect(code).to.equal(0);
  });

  it('ends with 1 and points to the doctor when the last run failed, until one succeeds', async () => {
    await logged('scoring', 'SUCCEEDED', 30);
    await logged('scoring', 'FAILED', 10, "'Request failed for external function: 503'");
    await logged('erasure', 'FAILED', 1, "'FORGET_ADMISSION needs the id of an admission.'");
    const { problems, code, text } = await look();
    expect(code).to.equal(1);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/^The last run of scoring \(.+\) failed: Request failed .*503$/);
    expect(text).to.match(/WRONG {6}The last run of scoring.*\nNext: los doctor/);
    await logged('scoring', 'RUNNING', 1);
    expect((await look()).code).to.equal(1);
    await logged('scoring', 'SUCCEEDED', 0);
    expect((await look()).code).to.equal(0);
  });

  it('tells what failed also where the events are not there to be read', async () => {
    await logged('scoring', 'FAILED', 10, "'503'");
    await run('ALTER TABLE LOS_EVENTS RENAME TO AWAY');
    expect((await look()).problems).to.have.length(1);
    await run('ALTER TABLE AWAY RENAME TO LOS_EVENTS');
  });

  it('ends with 1 when a run was killed', async () => {
    await logged('features', 'RUNNING', 5);
    expect((await look()).code).to.equal(0);
    await run('DELETE FROM LOS_RUN_LOG');
    await logged('features', 'RUNNING', 61);
    expect((await look()).problems[0]).to.match(/^The last run of features .* was killed/);
  });

  it('ends with 1 when the graph is suspended although the settings want it resumed', async () => {
    await run('ALTER TASK LOS_BUILD_FEATURES SUSPEND');
    expect(await look()).to.deep.include({
      problems: ['The task LOS_BUILD_FEATURES is suspended.'],
      code: 1,
    });
    const tasks = { ...ctx.settings.tasks, resumed: false };
    expect((await look({ ...ctx, settings: { ...ctx.settings, tasks } })).code).to.equal(0);
  });

  it('ends with 1 when admissions wait longer than two schedules, but not before a version is promoted', async () => {
    await waiting(1, 29);
    await waiting(2, 31);
    expect((await look()).code).to.equal(0);
    await champion();
    const { problems } = await look();
    expect(problems).to.deep.equal([
      '2 admissions wait to be scored, one for 31 minutes: longer than two times of the schedule 15 MINUTE.',
    ]);
    await run('DELETE FROM HEALTH_SCORING_QUEUE WHERE ID = 2');
    expect((await look()).code).to.equal(0);
  });

  it('tells which version answers, how far behind it all is, and what the month has cost', async () => {
    expect((await lookAtAll()).text).to.contain('Model      none promoted yet');
    await champion();
    await run(`INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT)
      SELECT 'f', 'features', 'health', 'SUCCEEDED', CURRENT_TIMESTAMP(), DATEADD(minute, -7, CURRENT_TIMESTAMP())`);
    await run(`INSERT INTO LOS_TRAINING_STEPS (RUN_ID, STATE, OUTCOME, STARTED_AT, FINISHED_AT, BILLED_SECONDS)
      SELECT 't', 'TRAIN_CANDIDATES', 'DONE', CURRENT_TIMESTAMP(), $1, $2 FROM VALUES (CURRENT_TIMESTAMP(), 3600), (DATEADD(day, -40, CURRENT_TIMESTAMP()), 99)`);
    const { text, lag } = await lookAtAll();
    expect(text).to.match(/Model {6}health-v1, since /);
    expect(text).to.contain('Lag        features built 7 min ago, scored never');
    expect(text).to.match(/30 days .* trainings 3,600 s of instances \(\$0\.23\)/);
    expect(lag).to.include({ scored: null, untold: 0 });
    await run('DELETE FROM LOS_TRAINING_STEPS');
  });

  long('ends with 1 when the version that answers reads what the contract no longer has', async () => {
    await run(`INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT, MODEL)
      SELECT $4, $1, 2, $2, CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), PARSE_JSON($3) FROM VALUES
      ('health', 'CHAMPION', '{"features": [{"name": "AGE"}, {"name": "BLOOD_GROUP"}, {"name": "BLOOD_GROUP"}]}', 'health-v2'),
      ('health', 'RETIRED', '{"features": [{"name": "WEEK"}]}', 'health-v3'), ('other', 'CHAMPION', '{"features": [{"name": "YEAR"}]}', 'other-v2')`);
    const { problems, code } = await look();
    expect(problems).to.deep.equal([
      'health-v2 answers and reads BLOOD_GROUP, which the contract no longer has: it is missing in every prediction.',
    ]);
    expect(code).to.equal(1);
    const said: string[] = [];
    await apply({ ...ctx, progress: { ...ctx.progress, warn: (text) => said.push(text) } });
    expect(said[0]).to.equal(`${problems[0]} Next: los train --promote`);
    // It has no functions, and nothing to make them of.
    expect(said[1]).to.match(/^health-v2 does not answer \(.*\)\. Next: Train a new version/);
  });

  long(
    'tells the last run of a task that runs once a day, however often those of others ran meanwhile',
    async () => {
      await run('CREATE TASK LOS_OTHERS WAREHOUSE = LOS_WH AS SELECT 1');
      await run('EXECUTE TASK LOS_FORECAST_BEDS');
      const runs = async (name: string) =>
        (
          await ctx.snowflake.query(
            `SELECT 1 FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => '${name}', RESULT_LIMIT => 1000)) WHERE COMPLETED_TIME IS NOT NULL`,
          )
        ).length;
      while ((await runs('LOS_FORECAST_BEDS')) === 0) await sleep(20);
      // More than any limit that is asked for without a name, but for the largest.
      while ((await runs('LOS_OTHERS')) <= 200)
        for (let i = 0; i < 40; i++) {
          await run('EXECUTE TASK LOS_OTHERS');
          await sleep(5);
        }
      const { tasks } = await status(ctx);
      expect(tasks.find(({ name }) => name === 'LOS_FORECAST_BEDS')!.lastRun).to.be.a('string');
      expect(tasks.find(({ name }) => name === 'LOS_WATCH')!.lastRun).to.equal(null);
      await run('DROP TASK LOS_OTHERS');
    },
  );

  it('tells of the last watch, and of alarms that last', async () => {
    expect((await look()).text).to.contain('Watched    not yet');
    await run(`INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT, DETAILS)
      SELECT 'w', 'watch', 'health', 'SUCCEEDED', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), PARSE_JSON('{"day": "2026-06-30"}')`);
    await run(`INSERT INTO LOS_ALARMS (ALARM_ID, DATASET, KIND, SUBJECT, SEVERITY, BEGAN_ON, LAST_ON, ENDED_ON, RAISED_AT, MESSAGE, LOOK_AT)
      SELECT $1, 'health', 'inputs', $1, 'warning', '2026-06-29'::DATE, '2026-06-30'::DATE, $2::DATE, CURRENT_TIMESTAMP(), $1 || ' has shifted.', 'inputs'
      FROM VALUES ('AGE', NULL), ('BED_GRADE', '2026-06-30')`);
    await run(`INSERT INTO LOS_ALARMS (ALARM_ID, DATASET, KIND, SUBJECT, SEVERITY, BEGAN_ON, LAST_ON, RAISED_AT, MESSAGE, LOOK_AT)
      SELECT 's', 'health', 'scoring', 'waiting', 'warning', '2026-06-29'::DATE, '2026-06-29'::DATE, '2026-06-30 03:12:00 +0000'::TIMESTAMP_LTZ, 'A person waits.', 'scoring'`);
    const { text, code } = await look();
    expect(text).to.match(/Watched {4}2026-06-30, at /);
    expect(text)
      .to.contain('Alarm      warning since 2026-06-29: AGE has shifted.')
      .and.contain('Alarm      warning since 2026-06-30 03:12: A person waits.')
      .and.not.to.contain('BED_GRADE');
    expect(code, 'alarms are no failure of the deployment').to.equal(0);
  });

  it('ends with 1 when a task failed before it had called anything, until its work has gone well', async () => {
    await run('ALTER PROCEDURE BUILD_FEATURES() RENAME TO AWAY');
    await run(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, ADMISSION_DATE) SELECT 1, '2026-11-01'`);
    const { contract } = forDataset(ctx);
    await runGraph(ctx, contract).catch(() => undefined);
    const { problems, code } = await look();
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(
      /^The last run of the task LOS_BUILD_FEATURES \(.+ UTC\) failed: .*procedure .*BUILD_FEATURES/,
    );
    expect(code).to.equal(1);
    await run('ALTER PROCEDURE AWAY() RENAME TO BUILD_FEATURES');
    await run('CALL BUILD_FEATURES()');
    expect((await look()).code).to.equal(0);
    await run('DELETE FROM LOS_RUN_LOG');
    expect((await look()).code).to.equal(1);
    await runGraph(ctx, contract);
    expect((await look()).code).to.equal(0);
  });
});

describe('los status, where nothing inside Snowflake can tell', () => {
  const cloud = hostedCloud('mail: { verified: [analyst@example.org] }', 'applied');
  let ctx: OpenContext;
  const run = (sql: string) => ctx.snowflake.execute(sql);

  before(async () => {
    ctx = await cloud.open();
    await run("CREATE USER ANALYST EMAIL = 'analyst@example.org'");
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  for (const [what, breaking, mending, words] of few([
    [
      'a table',
      'ALTER TABLE LOS_EVENTS RENAME TO GONE',
      'ALTER TABLE GONE RENAME TO LOS_EVENTS',
      /RENAME TO PREDICT_LOS\.LOS\.LOS_EVENTS;/,
    ],
    [
      'the run log',
      'ALTER TABLE LOS_RUN_LOG RENAME TO GONE',
      'ALTER TABLE GONE RENAME TO LOS_RUN_LOG',
      /RENAME TO PREDICT_LOS\.LOS\.LOS_RUN_LOG;/,
    ],
    [
      'a warehouse that does not resume',
      'ALTER WAREHOUSE LOS_WH SET AUTO_RESUME = FALSE',
      'ALTER WAREHOUSE LOS_WH SET AUTO_RESUME = TRUE',
      /LOS_WH does not resume by itself.*SET AUTO_RESUME = TRUE/,
    ],
    ['a monitor', 'DROP PROCEDURE WATCH_SCORING()', null, /WATCH_SCORING\(\) is missing.*los apply/],
    ['the way mails leave', 'DROP INTEGRATION LOS_MAIL', null, /LOS_MAIL is missing/],
    ['roles', 'DROP ROLE LOS_READ', null, /LOS_READ is missing/],
    ['the warehouse', 'DROP WAREHOUSE LOS_WH', null, /LOS_WH is missing/],
  ] as const))
    it(`ends with 1 at once, and names what is gone: ${what}`, async () => {
      await run(breaking);
      const { problems, code, text } = shown(await status(ctx));
      expect(problems.join('\n')).to.match(words);
      expect(code).to.equal(1);
      expect(text).to.match(words);
      if (mending === null) await apply(ctx);
      else await run(mending);
      expect(shown(await status(ctx))).to.deep.include({ problems: [], code: 0 });
    });

  it('names a warehouse that sleeps for good, without which it can ask nothing', async () => {
    await run('ALTER WAREHOUSE LOS_WH SET AUTO_RESUME = FALSE');
    await run('ALTER WAREHOUSE LOS_WH SUSPEND');
    await status(ctx).then(
      () => expect.fail('it saw nothing'),
      (error: UserError) => {
        expect(error.message).to.match(/^The warehouse LOS_WH is suspended and does not resume by itself/);
        expect(error.next).to.contain('ALTER WAREHOUSE LOS_WH SET AUTO_RESUME = TRUE;');
      },
    );
    await run('ALTER WAREHOUSE LOS_WH SET AUTO_RESUME = TRUE');
    expect(shown(await status(ctx)).code).to.equal(0);
  });

  it('ends with 1 where the hourly sign of life has not come, and wakes nothing to see it with --heartbeat', async () => {
    const HOUR = 3_600_000;
    const now = Date.now();
    const beat = (ago: number) => new Date(now - ago * HOUR).toISOString().replace(/\.\d+/, '');
    const comment = (text: string) =>
      run(`COMMENT ON TABLE LOS_RUN_LOG IS '${text}predict-los/los 0123456789abcdef'`);
    const silent = (hours: number) => [
      `Monitoring has given no sign of life for ${hours} hours: see docs/runbook/sign-of-life.md.`,
    ];
    // The first comes with the first daily monitor.
    expect(await heartbeat(ctx, now + 36 * HOUR)).to.deep.equal({ alive: null, problems: [] });
    expect((await heartbeat(ctx, now + 40 * HOUR)).problems.join()).to.match(
      /no sign of life for \d\d hours/,
    );
    await comment(`Monitoring is alive at ${beat(2)} `);
    expect((await health(ctx, forDataset(ctx).contract)).problems).to.deep.equal([]);
    await comment(`Monitoring is alive at ${beat(5)} `);
    expect((await health(ctx, forDataset(ctx).contract)).problems).to.deep.equal(silent(5));

    const awake = async () =>
      (await ctx.snowflake.query("SHOW WAREHOUSES LIKE 'LOS_WH'")).map(({ state }) => state).join();
    await run('ALTER WAREHOUSE LOS_WH SUSPEND');
    const { run: runCommand } = command as { run(ctx: OpenContext, args: object): Promise<Heartbeat> };
    const found = await runCommand(ctx, { heartbeat: true });
    expect(found).to.deep.equal({ alive: beat(5), problems: silent(5) });
    expect(await awake()).to.equal('SUSPENDED');
    expect(command.exitCode!(found)).to.equal(1);
    expect(command.print!(found)).to.deep.equal([`Alive      ${beat(5)}`, ...silent(5)]);
    await run('ALTER TASK LOS_WATCH SUSPEND');
    expect((await heartbeat(ctx, now)).problems).to.include('The task LOS_WATCH is suspended.');
    await run('ALTER TASK LOS_WATCH RESUME');
    await run('ALTER WAREHOUSE LOS_WH RENAME TO AWAY_WH');
    expect((await heartbeat(ctx, now)).problems).to.include('There is no warehouse LOS_WH.');
    await run('ALTER WAREHOUSE AWAY_WH RENAME TO LOS_WH');
    await comment(`Monitoring is alive at ${beat(0)} `);
  });

  it('ends with 1 while admissions wait and no version answers that has before', async () => {
    const { contract } = forDataset(ctx);
    await run(
      `INSERT INTO HEALTH_SCORING_QUEUE (ID, SINCE, RESCORE) SELECT 1, DATEADD(minute, -31, CURRENT_TIMESTAMP()), FALSE`,
    );
    expect((await health(ctx, contract)).problems, 'before the first promotion').to.deep.equal([]);
    await run(`INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT)
      SELECT 'health-v1', 'health', 1, 'RETIRED', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP()`);
    expect((await health(ctx, contract)).problems.join()).to.match(
      /^1 admission waits to be scored, one for 31 minutes.* No version answers, and one has before\. Next: .*los promote/,
    );
  });
});
