import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import type { OpenContext } from '../../../deploy/open.js';
import { plan } from '../../../deploy/operate/plan.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { longTests } from '../../long.js';
import { embeddedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';
import { tasksAtRest } from '../tasks-at-rest.js';

const { long, few } = longTests(import.meta.url);

describe('a run of the task graph', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;
  let admitted = 0;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const told = async () =>
    (
      await query('SELECT KIND, SEVERITY, SUBJECT, MESSAGE FROM LOS_EVENTS ORDER BY HAPPENED_AT, KIND DESC')
    ).map(({ KIND, SUBJECT }) => `${KIND}: ${SUBJECT}`);
  const now = async () => String((await query('SELECT CURRENT_TIMESTAMP()::VARCHAR AS AT'))[0]!.AT);
  /** How often REPORT_GRAPH_RUN has asked the task history since then. */
  const historyAsked = async (since: string) =>
    (
      await query(
        `SELECT QUERY_TEXT FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 1000))
WHERE START_TIME >= '${since}'::TIMESTAMP_LTZ AND QUERY_TEXT LIKE 'SELECT NAME, ERROR_MESSAGE, %FROM (%'`,
      )
    ).length;
  const admit = () => journey.admit(3, 1_000_000 * ++admitted);

  /** Runs the graph as its schedule would, and waits for what finalizes it. */
  async function round(): Promise<void> {
    await runGraph(ctx, journey.contract).catch(() => undefined);
    await tasksAtRest(cloud.cloud);
  }

  before(async () => {
    cloud = await embeddedCloud(
      'mail: { to: [] }\ntasks: { schedule: USING CRON 0 4 1 1 * UTC, look: USING CRON 0 4 1 1 * UTC, watch: USING CRON 0 4 1 1 * UTC }',
      {},
      'trained',
    );
    ctx = await cloud.open();
    journey = new Journey(ctx);
    await round();
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });
  beforeEach(async () => {
    await query('DELETE FROM LOS_EVENTS');
    // Or that is a loss.
    await query('DELETE FROM LOS_TABLE_COUNTS');
  });

  it('says nothing where it went well', async () => {
    const since = await now();
    await admit();
    await round();
    expect(await told()).to.deep.equal([]);
    // Nor does it ask the task history, where both procedures have written down that they ended well.
    expect(await historyAsked(since)).to.equal(0);
  });

  it('asks the task history of a task that has never called its procedure', async () => {
    const since = await now();
    await query('ALTER PROCEDURE SCORE_ADMISSIONS() RENAME TO SCORE_AWAY');
    await admit();
    await round();
    expect(await told()).to.deep.equal(['graph failed: LOS_SCORE']);
    expect(await historyAsked(since)).to.equal(1);
    await query('ALTER PROCEDURE SCORE_AWAY() RENAME TO SCORE_ADMISSIONS');
    await round();
    expect(await told()).to.deep.equal(['graph failed: LOS_SCORE', 'graph recovered: task graph']);
  });

  /** The alarms that last. */
  const open = async () =>
    (await query('SELECT SUBJECT, SEVERITY FROM LOS_ALARMS WHERE ENDED_ON IS NULL ORDER BY 1')).map(
      ({ SUBJECT, SEVERITY }) => `${SEVERITY}: ${SUBJECT}`,
    );
  const breakModel = () => query('ALTER FUNCTION LOS_INVOKE_ENDPOINT_DETAIL(OBJECT) RENAME TO AWAY');
  const mendModel = () => query('ALTER FUNCTION AWAY(OBJECT) RENAME TO LOS_INVOKE_ENDPOINT_DETAIL');

  it('is told when it fails, as critical when it fails again, and once when it goes through again, which ends the alarm', async () => {
    await breakModel();
    await admit();
    await round();
    expect(await told()).to.deep.equal(['graph failed: LOS_SCORE']);
    // The hourly look has nothing to add to the first failure, however soon it comes.
    await callProcedure(ctx, 'WATCH_SCORING', []);
    expect(await told()).to.deep.equal(['graph failed: LOS_SCORE']);
    await round();
    await round();
    await callProcedure(ctx, 'WATCH_SCORING', []);
    const outage = ['graph failed: LOS_SCORE', 'alarm: task graph runs'];
    expect(await told()).to.deep.equal(outage);
    expect(await open()).to.deep.equal(['critical: task graph runs']);
    const [alarm] = await query("SELECT MESSAGE, NEXT_STEP FROM LOS_EVENTS WHERE KIND = 'alarm'");
    expect(alarm!.MESSAGE).to.match(/more than once in a row, now in LOS_SCORE: .*no prediction/);
    expect(alarm!.NEXT_STEP).to.equal('los doctor finds what is broken. See docs/runbook/scoring.md.');
    await mendModel();
    await round();
    expect(await told()).to.deep.equal([...outage, 'graph recovered: task graph']);
    expect(await open()).to.deep.equal([]);
    await round();
    await callProcedure(ctx, 'WATCH_SCORING', []);
    expect(await told()).to.have.length(3);
  });

  long(
    'that fails again soon after it went through is one outage, until it has gone through for an hour',
    async () => {
      for (let i = 0; i < 3; i++) {
        await breakModel();
        await admit();
        await round();
        await mendModel();
        await round();
        await callProcedure(ctx, 'WATCH_SCORING', []);
      }
      // The first was over; the next began at once, and is still told of as one.
      expect(await told()).to.deep.equal([
        'graph failed: LOS_SCORE',
        'graph recovered: task graph',
        'graph failed: LOS_SCORE',
        'alarm: task graph runs',
      ]);
      expect(await open()).to.deep.equal(['critical: task graph runs']);
      for (const [table, time] of [
        ['LOS_RUN_LOG', 'STARTED_AT'],
        ['LOS_EVENTS', 'HAPPENED_AT'],
      ])
        await query(`UPDATE ${table} SET ${time} = DATEADD(hour, -1, ${time})`);
      // Soon after midnight these rows are of another day now than when they were counted.
      await query('DELETE FROM LOS_TABLE_COUNTS');
      await callProcedure(ctx, 'WATCH_SCORING', []);
      expect((await told()).at(-1)).to.equal('graph recovered: task graph');
      expect(await open()).to.deep.equal([]);
    },
  );

  it('is told with the name of a column that the hospital has renamed', async () => {
    await query('ALTER TABLE HEALTH_ADMISSIONS RENAME COLUMN AGE TO AGE_GROUP');
    await admit();
    await round();
    const [event] = await query(
      "SELECT MESSAGE FROM LOS_EVENTS WHERE KIND = 'graph failed' ORDER BY HAPPENED_AT DESC LIMIT 1",
    );
    expect(event!.MESSAGE).to.match(/failed in LOS_BUILD_FEATURES: .*has no column AGE/);
    await query('ALTER TABLE HEALTH_ADMISSIONS RENAME COLUMN AGE_GROUP TO AGE');
    await round();
  });

  for (const [name, breaking] of few([
    ['HEALTH_ADMISSIONS_CHANGES', 'DROP STREAM HEALTH_ADMISSIONS_CHANGES'],
    ['HEALTH_UNSCORED', 'DROP STREAM HEALTH_UNSCORED'],
  ] as const))
    it(`that fails at its condition, because ${name} is gone, is told, and the next one goes through`, async () => {
      const before = await journey.logged();
      await query(breaking);
      await admit();
      await round();
      expect((await told()).sort()).to.deep.equal([
        'graph failed: LOS_BUILD_FEATURES',
        `stream restored: ${name}`,
      ]);
      await round();
      expect((await told()).sort()).to.deep.equal([
        'graph failed: LOS_BUILD_FEATURES',
        'graph recovered: task graph',
        `stream restored: ${name}`,
      ]);
      const after = await journey.logged();
      expect(after).to.deep.equal({ rows: before.rows + 3, twice: 0 });
      const { changes } = await plan(ctx);
      expect(changes.filter(({ id }) => id.includes(name))).to.deep.equal([]);
    });

  long('is not needed for a stream to be recreated: the hourly look does it too', async () => {
    await query('DROP STREAM HEALTH_ADMISSIONS_CHANGES');
    await query('DROP STREAM LOS_OPEN_TRAININGS');
    await callProcedure(ctx, 'WATCH_SCORING', []);
    await callProcedure(ctx, 'WATCH_SCORING', []);
    expect((await told()).filter((one) => one.startsWith('stream')).sort()).to.deep.equal([
      'stream restored: HEALTH_ADMISSIONS_CHANGES',
      'stream restored: LOS_OPEN_TRAININGS',
    ]);
    await round();
  });

  long('sees who is in a table that was swapped in: the look puts the stream on it', async () => {
    const before = await journey.logged();
    await query('CREATE TABLE OTHER LIKE HEALTH_ADMISSIONS');
    await query(
      'INSERT INTO OTHER SELECT * FROM HEALTH_ADMISSIONS UNION ALL SELECT * REPLACE (CASE_ID + 90000000 AS CASE_ID, NULL AS DISCHARGE_DATE) FROM (SELECT * FROM HEALTH_ADMISSIONS ORDER BY CASE_ID LIMIT 3)',
    );
    await query('ALTER TABLE HEALTH_ADMISSIONS SWAP WITH OTHER');
    await round();
    expect(await journey.logged()).to.deep.equal(before);
    await callProcedure(ctx, 'WATCH_SCORING', []);
    await callProcedure(ctx, 'WATCH_SCORING', []);
    await round();
    expect(await told()).to.deep.equal([]);
    expect(await journey.logged()).to.deep.equal({ rows: before.rows + 3, twice: 0 });
    await query('DROP TABLE OTHER');
  });

  long('is missed where a task is suspended: the next look names it, and ends that', async () => {
    await query('ALTER TASK LOS_BUILD_FEATURES SUSPEND');
    await admit();
    await query(
      "UPDATE LOS_RUN_LOG SET FINISHED_AT = DATEADD(hour, -1000, FINISHED_AT), STARTED_AT = DATEADD(hour, -1000, STARTED_AT) WHERE KIND IN ('features', 'scoring')",
    );
    await callProcedure(ctx, 'WATCH_SCORING', []);
    await callProcedure(ctx, 'WATCH_SCORING', []);
    // That no one reads what has changed follows from it.
    expect((await told()).filter((one) => /^alarm: (task|LOS_BUILD)/.test(one))).to.deep.equal([
      'alarm: LOS_BUILD_FEATURES',
    ]);
    const [event] = await query("SELECT MESSAGE FROM LOS_EVENTS WHERE SUBJECT = 'LOS_BUILD_FEATURES'");
    expect(event!.MESSAGE).to.equal(
      'The task LOS_BUILD_FEATURES is suspended. What it does: Builds features of new and changed admissions; the root of the scoring graph.',
    );
    await query('ALTER TASK LOS_BUILD_FEATURES RESUME');
    await callProcedure(ctx, 'WATCH_SCORING', []);
    // It is resumed, and what has changed still waits until a run reads it.
    const ofTask = async () => (await told()).filter((one) => /task|LOS_BUILD/.test(one)).sort();
    const resumed = ['alarm ended: LOS_BUILD_FEATURES', 'alarm: LOS_BUILD_FEATURES', 'alarm: task graph'];
    expect(await ofTask()).to.deep.equal(resumed);
    await round();
    await callProcedure(ctx, 'WATCH_SCORING', []);
    expect(await ofTask()).to.deep.equal([...resumed, 'alarm ended: task graph'].sort());
  });

  it('says that no one looks, where the hourly look has been silent: at its end, and who sends mails', async () => {
    const look = () => callProcedure(ctx, 'WATCH_SCORING', []);
    await look();
    for (const tell of [
      () => callProcedure(ctx, 'REPORT_GRAPH_RUN', []),
      () => callProcedure(ctx, 'LOS_LEASE_EVENTS', ['a lease', 'notify']),
    ]) {
      await query('DELETE FROM LOS_EVENTS');
      await query(
        "UPDATE LOS_RUN_LOG SET FINISHED_AT = DATEADD(hour, -9000, FINISHED_AT), STARTED_AT = DATEADD(hour, -9000, STARTED_AT) WHERE KIND = 'look'",
      );
      await query('DELETE FROM LOS_TABLE_COUNTS');
      await tell();
      await tell();
      const silent = ['alarm: LOS_MONITOR_HOURLY'];
      expect(await told()).to.deep.equal(silent);
      await look();
      expect(await told()).to.deep.equal([...silent, 'alarm ended: LOS_MONITOR_HOURLY']);
    }
  });
});
