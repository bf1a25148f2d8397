import { readFile } from 'node:fs/promises';
import { listMails } from '@local-cloud/cloud/mail/read.js';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { simulate } from '../../../demo/simulate/simulate.js';
import { callProcedure } from '../../../deploy/clients/call.js';
import { drive } from '../../../deploy/clients/drive.js';
import { command as watchCommand } from '../../../deploy/commands/watch.js';
import type { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { health } from '../../../deploy/operate/health.js';
import { plan } from '../../../deploy/operate/plan.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { notify } from '../../../deploy/watching/notify.js';
import { examine } from '../../../doctor/examine.js';
import { mailChecks } from '../../../doctor/hops/mail.js';
import type { Letter } from '../../../procedures/notifying/letter.js';
import { takeEvents } from '../../../procedures/notifying/outbox.js';
import { QUICK_ATTEMPTS, type Sending, sendNotifications } from '../../../procedures/notifying/send.js';
import type { ScoringCheck } from '../../../procedures/watching/pipe/look-at-scoring.js';
import type { WatchResult } from '../../../procedures/watching/watch.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';
import { expectWatchedRightly } from './again/again.js';

const { long, few } = longTests(import.meta.url);

describe('watching', () => {
  const cloud = hostedCloud(
    'mail: { to: [oncall@example.org], verified: [analyst@example.org], digestHour: null }\ntasks: { resumed: false }\nwatch: { retrain: false }',
    'trained',
  );
  let ctx: OpenContext;
  let journey: Journey;
  /** The last day that is known: arrivals end on it. */
  let last: string;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const one = async (sql: string) => Object.values((await query(sql))[0]!)[0];
  const watch = (day: string) => callProcedure<WatchResult>(ctx, 'WATCH_PREDICTIONS', [day]);
  const daysAfter = (day: string, days: number) =>
    new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

  before(async () => {
    ctx = await cloud.open();
    journey = new Journey(ctx);
    // Whom Snowflake may write to.
    await query("CREATE USER ANALYST EMAIL = 'analyst@example.org'");
    await apply(ctx);
    await simulate(ctx, journey.contract, { forecastEvery: 100 });
    last = String(await one("SELECT TO_VARCHAR(MAX(ADMISSION_DATE), 'YYYY-MM-DD') FROM HEALTH_ADMISSIONS"));
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('knows what the training rows looked like', async () => {
    const [row] = await query(`SELECT COUNT(DISTINCT FEATURE) AS FEATURES, MIN(N) AS LEAST, MAX(N) AS MOST
FROM (SELECT FEATURE, SUM(ROW_COUNT) AS N FROM LOS_FEATURE_REFERENCE WHERE VERSION = 'health-v1' GROUP BY FEATURE)`);
    expect(row!.LEAST).to.equal(row!.MOST);
    expect(Number(row!.FEATURES)).to.be.at.least(15);
  });

  it('finds nothing where nothing has changed, and keeps what it saw', async () => {
    const { alarms, champion, week, judgements, decision, notes, day } = await callProcedure<WatchResult>(
      ctx,
      'WATCH_PREDICTIONS',
      [],
    );
    // The table is of a year that is over: today's day would tell nothing.
    expect(day).to.equal(last);
    expect(notes).to.deep.equal([`The last admission is of ${last}: monitoring used the end of that day.`]);
    expect(champion).to.equal('health-v1');
    expect(alarms).to.deep.equal([]);
    expect(decision.what).to.equal('nothing');
    expect(judgements.find(({ groupedBy }) => groupedBy === 'all')!.ratio).to.be.within(0.6, 1.4);
    // Those of the calendar are not held against a year.
    const features = week.inputs.map(({ feature }) => feature);
    expect(features).to.include('AGE').and.not.to.include('ADMISSION_MONTH');
    expect(Number(await one("SELECT COUNT(*) FROM LOS_WATCH_INPUTS WHERE PERIOD = 'week'"))).to.equal(
      features.length,
    );
    expect(
      Number(await one("SELECT COUNT(*) FROM LOS_WATCH_PERFORMANCE WHERE GROUPED_BY = 'all'")),
    ).to.be.at.least(4);
    expect(Number(await one("SELECT COUNT(*) FROM LOS_EVENTS WHERE KIND = 'alarm'"))).to.equal(0);
  });

  it('is the same the second time', async () => {
    const all = async () => [
      await query('SELECT * FROM LOS_WATCH_INPUTS ORDER BY PERIOD, FEATURE, TEST'),
      await query(
        'SELECT * EXCLUDE WATCHED_ON FROM LOS_WATCH_PERFORMANCE ORDER BY PERIOD, FROM_DAY, GROUPED_BY, LEVEL',
      ),
    ];
    // Sums of floating point come in any order.
    const rounded = (tables: unknown) =>
      JSON.stringify(tables, (_, value) =>
        typeof value === 'number' ? Number(value.toPrecision(9)) : value,
      );
    const before = rounded(await all());
    await watch(last);
    expect(rounded(await all())).to.equal(before);
  });

  it('has written what follows from the hospital’s table, the training rows and the log alone', async () => {
    expect(await expectWatchedRightly(ctx, journey.contract, last)).to.be.at.least(60);
  });

  it('compares distribution functions as they are, but for cells of ten patients', async () => {
    const found = (await watch(last)).week.inputs.find(({ feature }) => feature === 'ADMISSION_DEPOSIT')!;
    const values = async (source: string) =>
      (await query(source)).map((row) => Number(row.V)).sort((a, b) => a - b);
    const [from, to] = (await query(
      "SELECT TO_VARCHAR(MAX(FROM_DAY), 'YYYY-MM-DD') AS A, TO_VARCHAR(MAX(TO_DAY), 'YYYY-MM-DD') AS B FROM LOS_WATCH_INPUTS WHERE PERIOD = 'week'",
    ).then(([row]) => [row!.A, row!.B])) as string[];
    const window = await values(
      `SELECT ADMISSION_DEPOSIT AS V FROM HEALTH_FEATURES WHERE ADMISSION_DATE BETWEEN '${from}' AND '${to}'`,
    );
    const training = await values(
      "SELECT ADMISSION_DEPOSIT AS V FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'train'",
    );
    const below = (sorted: number[], value: number) =>
      sorted.filter((each) => each <= value).length / sorted.length;
    const distance = Math.max(
      ...[...window, ...training].map((value) => Math.abs(below(window, value) - below(training, value))),
    );
    expect(found.shift).to.be.closeTo(distance, 20 / training.length);
    expect(found.rows).to.equal(window.length);
  });

  it('raises an alarm once, and ends it', async () => {
    // Two weeks long everybody is old, and comes twice as often.
    const monday = daysAfter(last, 8 - new Date(Date.parse(last)).getUTCDay());
    const sunday = daysAfter(monday, 13);
    await ctx.snowflake.execute(
      `INSERT INTO HEALTH_ADMISSIONS SELECT * REPLACE (CASE_ID + 5000000 AS CASE_ID, PATIENTID + 5000000 AS PATIENTID, '91-100' AS AGE,
  DATEADD(day, MOD(CASE_ID, 14), '${monday}'::DATE) AS ADMISSION_DATE, NULL AS DISCHARGE_DATE) FROM HEALTH_ADMISSIONS ORDER BY CASE_ID LIMIT 560`,
    );
    await runGraph(ctx, journey.contract);
    expect(
      (await watch(daysAfter(monday, 6))).alarms.map(({ subject }) => subject),
      'a single week',
    ).not.to.include('AGE');
    const first = await watch(sunday);
    const age = first.alarms.find(({ subject }) => subject === 'AGE')!;
    expect(age.message).to.match(/^AGE: the share of 91-100 has changed by (9\d|100) points since training/);
    expect(age.lookAt).to.equal('inputs');
    const again = await watch(daysAfter(sunday, 1));
    expect(Number(await one("SELECT COUNT(*) FROM LOS_ALARMS WHERE SUBJECT = 'AGE'"))).to.equal(1);
    expect(again.alarms.map(({ subject }) => subject)).to.include('AGE');
    // The next weeks no one comes, so nothing is flagged any more.
    expect((await watch(daysAfter(sunday, 7))).alarms.map(({ subject }) => subject)).to.include('AGE');
    const ended = await watch(daysAfter(sunday, 14));
    expect(ended.alarms.map(({ subject }) => subject)).not.to.include('AGE');
    const [row] = await query("SELECT BEGAN_ON, ENDED_ON FROM LOS_ALARMS WHERE SUBJECT = 'AGE'");
    expect(row!.BEGAN_ON).not.to.equal(null);
    expect(row!.ENDED_ON).not.to.equal(null);
    const told = await query("SELECT KIND FROM LOS_EVENTS WHERE SUBJECT = 'AGE' ORDER BY DAY");
    expect(told.map(({ KIND }) => KIND)).to.deep.equal(['alarm', 'alarm ended']);
    await watch(sunday).then(
      () => expect.fail('it went back in time'),
      (error: unknown) => expect((error as UserError).message).to.match(/cannot be monitored any more/),
    );
  });

  it('tells people, each event once, over SMTP', async () => {
    const waiting = Number(await one('SELECT COUNT(*) FROM LOS_EVENTS WHERE SENT_AT IS NULL'));
    const byMe = async () =>
      Number(await one('SELECT COUNT(*) FROM LOS_EVENTS WHERE SENT_BY = CURRENT_USER()'));
    const before = await byMe();
    expect(waiting).to.be.at.least(2);
    expect((await notify(ctx)).events).to.equal(waiting);
    expect(await notify(ctx)).to.deep.equal({ mails: 0, events: 0 });
    expect((await byMe()) - before).to.equal(waiting);
  });

  it('tells what can wait once a day, with a picture of how predictions turn out, in one conversation with what was told before', async () => {
    await ctx.snowflake.execute(
      "UPDATE LOS_EVENTS SET SENT_AT = NULL, SENT_BY = NULL, HAPPENED_AT = CURRENT_TIMESTAMP() WHERE SUBJECT = 'AGE'",
    );
    const now = await one("SELECT EXTRACT(hour FROM CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP()))");
    const plan = {
      place: { snowflake: ctx.settings.snowflake },
      dataset: 'health',
      zone: 'UTC',
      tasks: [],
      email: null,
    };
    const digest = { hour: Number(now), zone: 'UTC' };
    const due = async () => (await drive(ctx, takeEvents({ ...plan, digest }, 'a lease', 'notify'))).length;
    // Days begin with this hour: what has happened in it waits for that of tomorrow.
    expect(await due()).to.equal(0);
    await ctx.snowflake.execute(
      "UPDATE LOS_EVENTS SET HAPPENED_AT = DATEADD(hour, -2, HAPPENED_AT) WHERE SUBJECT = 'AGE'",
    );
    expect(await notify(ctx)).to.deep.equal({ mails: 1, events: 2 });
    const folder = ctx.target.mailFolder!;
    const mails = await Promise.all(
      listMails(folder).map(async (file) => simpleParser(await readFile(file))),
    );
    const digests = mails.filter((mail) => mail.headers.get('x-predict-los-event') === 'events');
    const last = digests.at(-1)!;
    expect(last.attachments.map(({ contentType }) => contentType)).to.deep.equal(['image/png', 'image/png']);
    expect(last.text).to.match(/Mean absolute error by week of admission: estimated \d+\.\d days/);
    // Of one alarm, as what was told of it before.
    expect(digests.slice(0, -1).flatMap(({ references }) => references ?? [])).to.include(last.inReplyTo);
    expect(last.subject).to.match(/Warning: AGE/);
  });

  it('keeps two senders from the same event, until one dies with it', async () => {
    await ctx.snowflake.execute("UPDATE LOS_EVENTS SET SENT_AT = NULL, SENT_BY = NULL WHERE SUBJECT = 'AGE'");
    const take = (lease: string) =>
      callProcedure<{ id: string }[]>(ctx, 'LOS_LEASE_EVENTS', [lease, 'notify']);
    const first = await take('a');
    expect(first).to.have.length(2);
    expect(await take('b')).to.deep.equal([]);
    await ctx.snowflake.execute(
      'UPDATE LOS_EVENTS SET LEASE_UNTIL = DATEADD(minute, -1, CURRENT_TIMESTAMP()) WHERE LEASE IS NOT NULL',
    );
    expect((await take('b')).map(({ id }) => id)).to.deep.equal(first.map(({ id }) => id));
    const sent = (lease: string) =>
      callProcedure<number>(ctx, 'LOS_MARK_EVENTS_SENT', [
        lease,
        { array: first.map(({ id }) => id) },
        { array: [] },
      ]);
    expect(await sent('a'), 'the one that came too late').to.equal(0);
    expect(await sent('b')).to.equal(2);
  });

  it('tells people from inside Snowflake, where the settings name whom it may write to', async () => {
    await ctx.snowflake.execute("UPDATE LOS_EVENTS SET SENT_AT = NULL WHERE SUBJECT = 'AGE'");
    const send = () => callProcedure<Sending>(ctx, 'SEND_NOTIFICATIONS', []);
    expect(await send()).to.deep.equal({ mails: 1, events: 2, setAside: 0, failure: null });
    expect(await send()).to.deep.equal({ mails: 0, events: 0, setAside: 0, failure: null });
  });

  long(
    'does not fail where mails do not leave, says so, and goes to sleep until a person looks',
    async () => {
      const send = () => callProcedure<Sending>(ctx, 'SEND_NOTIFICATIONS', []);
      const wakes = async () =>
        (await query("SELECT SYSTEM$STREAM_HAS_DATA('LOS_UNSENT_EVENTS') AS D"))[0]!.D;
      const problems = async () => (await health(ctx, journey.contract)).problems;
      const way = (enabled: boolean) =>
        ctx.snowflake.execute(
          `ALTER NOTIFICATION INTEGRATION ${ctx.settings.snowflake.integrations.mail} SET ENABLED = ${enabled}`,
        );
      await ctx.snowflake.execute("UPDATE LOS_EVENTS SET SENT_AT = NULL, ATTEMPTS = 0 WHERE SUBJECT = 'AGE'");
      await way(false);
      for (let attempt = 1; attempt < QUICK_ATTEMPTS; attempt++) {
        const { mails, events, failure } = await send();
        expect({ mails, events }).to.deep.equal({ mails: 0, events: 0 });
        expect(failure).to.contain('is not enabled');
        expect(await wakes(), `attempt ${attempt}`).to.equal(true);
      }
      await send();
      expect(await wakes()).to.equal(false);
      expect((await problems()).join()).to.match(
        /The last run of notify .* failed: Mails do not leave .* not enabled/,
      );
      // Who looks at the pipeline wakes it, whatever else there is to tell.
      await callProcedure<ScoringCheck>(ctx, 'WATCH_SCORING', []);
      expect(await wakes()).to.equal(true);
      await way(true);
      expect((await send()).failure).to.equal(null);
      expect(await one('SELECT COUNT(*) FROM LOS_EVENTS WHERE SENT_AT IS NULL')).to.equal(0);
      expect((await problems()).join()).not.to.contain('notify');
    },
  );

  long(
    'sets aside what is refused for good, tells the rest, and says that no one was told until los notify has',
    async () => {
      const email = {
        integration: ctx.settings.snowflake.integrations.mail,
        recipients: [...ctx.settings.mail.verified],
        restoreStream: '',
      };
      const plan = {
        ...{ place: { snowflake: ctx.settings.snowflake }, dataset: 'health', digest: null, email },
        ...{ zone: 'UTC', tasks: [], deployment: 'a test' },
      };
      await ctx.snowflake.execute(
        "UPDATE LOS_EVENTS SET SENT_AT = NULL, ATTEMPTS = 50, SEVERITY = 'critical' WHERE SUBJECT = 'AGE'",
      );
      const [first] = await query(
        "SELECT EVENT_ID FROM LOS_EVENTS WHERE SUBJECT = 'AGE' ORDER BY HAPPENED_AT",
      );
      // Larger than the mail server takes.
      const write = ({ events }: Letter) => ({
        subject: 'AGE',
        html: events[0]!.id === first!.EVENT_ID ? 'x'.repeat(26 * 2 ** 20) : 'told',
      });
      expect(await drive(ctx, sendNotifications(plan, write))).to.deep.equal({
        ...{ mails: 1, events: 1, setAside: 1, failure: null },
      });
      expect(await callProcedure<Sending>(ctx, 'SEND_NOTIFICATIONS', [])).to.include({ events: 0 });
      const { problems, lag } = await health(ctx, journey.contract);
      expect(problems.at(-1)).to.match(
        /^1 event was not sent, as SYSTEM\$SEND_EMAIL refuses the mail\. It is about AGE: .*could not be handed over.* los notify/,
      );
      expect(lag.untold).to.equal(0);
      const { findings } = await examine(ctx, journey.contract, mailChecks);
      expect(findings.find(({ check }) => check === 'told')).to.include({
        state: 'broken',
        fix: 'Run los notify.',
      });
      // Over SMTP, where it is of a size that is taken.
      expect(await notify(ctx)).to.deep.equal({ mails: 1, events: 1 });
      expect((await health(ctx, journey.contract)).problems.join()).not.to.contain(
        'SYSTEM$SEND_EMAIL refuses',
      );
    },
  );

  for (const [table, stream, procedure] of few([
    ['LOS_EVENTS', 'LOS_UNSENT_EVENTS', 'SEND_NOTIFICATIONS'],
    ['LOS_TRAINING_RUNS', 'LOS_OPEN_TRAININGS', 'STEP_TRAINING'],
  ] as const))
    it(`recreates the stream ${stream} where it went stale, as apply would have`, async () => {
      const [shown] = await query(`SHOW TABLES LIKE '${table}'`);
      await ctx.snowflake.execute(`CREATE OR REPLACE TABLE ${table} COPY GRANTS AS SELECT * FROM ${table}`);
      await ctx.snowflake.execute(`COMMENT ON TABLE ${table} IS '${shown!.comment}'`);
      const hasData = () => query(`SELECT SYSTEM$STREAM_HAS_DATA('${stream}') AS D`);
      await hasData().then(
        () => expect.fail('it is not stale'),
        () => undefined,
      );
      await query(`CALL ${procedure}()`);
      expect((await hasData())[0]!.D).to.equal(false);
      const { changes } = await plan(ctx);
      expect(changes.filter(({ id }) => id.includes(stream))).to.deep.equal([]);
      await apply(ctx);
    });

  it('looks every hour whether admissions get their predictions', async () => {
    const look = () => callProcedure<ScoringCheck>(ctx, 'WATCH_SCORING', []);
    expect((await look()).alarms).to.deep.equal([]);
    const before = await query('SELECT KIND, SUBJECT FROM LOS_ALARMS WHERE ENDED_ON IS NULL ORDER BY 1, 2');
    await ctx.snowflake.execute(
      'INSERT INTO HEALTH_SCORING_QUEUE (ID, SINCE, RESCORE) SELECT 7, DATEADD(hour, -30, CURRENT_TIMESTAMP()), FALSE',
    );
    // Two that look at the same time see the same, and one of them reports.
    const others = [await cloud.open(), await cloud.open()];
    const looks = await Promise.all(
      [ctx, ...others].map((each) => callProcedure<ScoringCheck>(each, 'WATCH_SCORING', [])),
    );
    for (const other of others) await other.close();
    for (const { alarms } of looks)
      expect(alarms[0]).to.include({ subject: 'waiting', severity: 'critical' });
    expect(looks.reduce((sum, { raised }) => sum + raised, 0)).to.equal(1);
    expect((await look()).raised, 'once').to.equal(0);
    expect(
      await one("SELECT COUNT(*) FROM LOS_EVENTS WHERE SUBJECT = 'waiting' AND KIND = 'alarm'"),
    ).to.equal(1);
    await ctx.snowflake.execute('DELETE FROM HEALTH_SCORING_QUEUE WHERE ID = 7');
    // Other alarms are none of its business.
    expect(
      await query(
        "SELECT KIND, SUBJECT FROM LOS_ALARMS WHERE ENDED_ON IS NULL AND SUBJECT <> 'waiting' ORDER BY 1, 2",
      ),
    ).to.deep.equal(before);
  });

  it('lets inputs leave the log two years later, and keeps the prediction', async () => {
    const kept =
      "SELECT COUNT(FEATURES) AS INPUTS, COUNT(PREDICTED_LOS) AS N FROM LOS_PREDICTION_LOG WHERE RUN_ID = 'old'";
    await ctx.snowflake.execute(
      `UPDATE LOS_PREDICTION_LOG SET RUN_ID = 'old', PREDICTED_AT = DATEADD(day, -731, CURRENT_TIMESTAMP())
WHERE CASE_ID IN (SELECT CASE_ID FROM LOS_PREDICTION_LOG WHERE ACTUAL_LOS IS NOT NULL ORDER BY CASE_ID LIMIT 5)
  OR CASE_ID IN (SELECT CASE_ID FROM LOS_PREDICTION_LOG WHERE ACTUAL_LOS IS NULL ORDER BY CASE_ID LIMIT 3)`,
    );
    const [before] = await query(kept);
    expect(before).to.deep.equal({ INPUTS: 8, N: 8 });
    await watch(daysAfter(last, 59));
    // Those who are still in may yet be corrected.
    expect((await query(kept))[0]).to.deep.equal({ INPUTS: 3, N: 8 });
  });

  it('lets go of old runs, forecasts, what a challenger said, and the holdout of versions that are gone', async () => {
    const old = 'DATEADD(day, -4000, CURRENT_TIMESTAMP())';
    for (const sql of [
      `INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT) SELECT 'ancient', 'features', 'health', 'SUCCEEDED', ${old}`,
      `INSERT INTO LOS_EVENTS (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE) SELECT 'ancient', 'health', ${old}, TO_DATE(${old}), 'alarm', 'info', 'AGE', 'No one was told.'`,
      `INSERT INTO LOS_SHADOW_LOG (VERSION, DATASET, CASE_ID, RUN_ID, PREDICTED_AT) SELECT 'health-v0', 'health', '1', 'ancient', ${old}`,
      `INSERT INTO LOS_BED_NIGHTS (DATASET, LEVEL, UNIT, NIGHT) SELECT 'health', 'all', 'ancient', TO_DATE(${old})`,
      `INSERT INTO LOS_TRAINING_RUNS (RUN_ID, DATASET, STATUS, STATE, DRIVER, DIGEST, OPENED_AT, STATE_SINCE, ENDED_AT) SELECT 'ancient', 'health', 'DONE', 'END', 'snowflake', '', ${old}, ${old}, ${old}`,
      `INSERT INTO LOS_TRAINING_STEPS (RUN_ID, STATE, OUTCOME, STARTED_AT, FINISHED_AT) SELECT 'ancient', 'DIVIDE', 'DONE', ${old}, ${old}`,
      `INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT) SELECT 'health-v0', 'health', 0, 'REMOVED', ${old}`,
      `INSERT INTO LOS_EVALUATION (VERSION, SIDE, CASE_ID, LOS) SELECT 'health-v0', 'holdout', '1', 3`,
      `UPDATE LOS_DEPLOYMENT_LOG SET ASKED_AT = ${old}, STARTED_AT = ${old} WHERE ACTION = 'apply'`,
      ...['ancient', 'under way'].map(
        (id) =>
          `INSERT INTO LOS_DEPLOYMENT_LOG (ID, ACTION, STATUS, ASKED_AT, STARTED_AT, ALIVE_UNTIL, USER_NAME) SELECT '${id}', 'train', 'RUNNING', ${old}, ${old}, DATEADD(hour, ${id === 'ancient' ? -1 : 1}, CURRENT_TIMESTAMP()), 'CI'`,
      ),
    ])
      await ctx.snowflake.execute(sql);
    const left = async () => {
      const [row] =
        await query(`SELECT (SELECT COUNT(*) FROM LOS_RUN_LOG WHERE RUN_ID = 'ancient') + (SELECT COUNT(*) FROM LOS_SHADOW_LOG WHERE RUN_ID = 'ancient')
  + (SELECT COUNT(*) FROM LOS_BED_NIGHTS WHERE UNIT = 'ancient')
  + (SELECT COUNT(*) FROM LOS_TRAINING_STEPS WHERE RUN_ID = 'ancient') + (SELECT COUNT(*) FROM LOS_EVALUATION WHERE VERSION = 'health-v0')
  + (SELECT COUNT(*) FROM LOS_EVENTS WHERE EVENT_ID = 'ancient') AS N`);
      return Number(row!.N);
    };
    const others = 'SELECT COUNT(*) AS N FROM LOS_EVALUATION';
    expect(await left()).to.equal(6);
    const [before] = await query(others);
    await watch(daysAfter(last, 59));
    expect(await left()).to.equal(0);
    expect(Number((await query(others))[0]!.N)).to.equal(Number(before!.N) - 1);
    const logged = await query('SELECT ID, ACTION FROM LOS_DEPLOYMENT_LOG ORDER BY ACTION');
    expect(logged.filter(({ ACTION }) => ACTION === 'apply')).to.have.length(1);
    expect(logged.map(({ ID }) => ID))
      .to.include('under way')
      .and.not.include('ancient');
    await ctx.snowflake.execute("DELETE FROM LOS_DEPLOYMENT_LOG WHERE ID = 'under way'");
    await ctx.snowflake.execute("DELETE FROM LOS_MODEL_REGISTRY WHERE VERSION = 'health-v0'");
  });

  it('refuses what is no day', async () => {
    await watch('tomorrow').then(
      () => expect.fail('it took it'),
      (error: unknown) => expect((error as UserError).message).to.equal('"tomorrow" is no day.'),
    );
    await watch('2023-02-29').then(
      () => expect.fail('it took it'),
      (error: unknown) => expect((error as UserError).message).to.equal('"2023-02-29" is no day.'),
    );
  });

  it('refuses a day to come: until then none could be watched any more', async () => {
    await watch('2226-01-01').then(
      () => expect.fail('it took it'),
      (error: unknown) =>
        expect((error as UserError).message).to.match(
          /^The day 2226-01-01 has not begun yet: the last that has ended is \d{4}/,
        ),
    );
  });

  it('is shown by los watch without a figure of fewer than ten patients', async () => {
    const watched = await watch(daysAfter(last, 60));
    const lines = watchCommand.print!(watched);
    expect(lines[0]).to.match(/alarms?/);
    expect(watched.performance.every(({ rows }) => rows >= 10)).to.equal(true);
  });
});
