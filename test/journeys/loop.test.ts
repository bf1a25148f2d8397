import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { ChangingHospital, twoDrifts } from '../../demo/simulate/hospital.js';
import type { HospitalTables } from '../../demo/simulate/hospital-tables.js';
import { trueErrors } from '../../demo/simulate/true-error.js';
import type { OpenContext } from '../../deploy/open.js';
import { tasksAtRest } from '../deploy/tasks-at-rest.js';
import { FIRST, type KnownHospital, knownHospital } from './known-hospital.js';
import { mailedEvents } from './told.js';

/** LOS_LOOP_DAYS=182 for half a year; by default what CI has time for. The drifts come at a seventh and at a third. */
const DAYS = Number(process.env.LOS_LOOP_DAYS ?? 84);
const SEED = Number(process.env.LOS_LOOP_SEED ?? 1);
const A_DAY = 120;
/** Days before the simulation whose patients are there to be trained on. */
const HISTORY = 120;
const MINUTE = 60_000;
const STEP = 180 * MINUTE;
const drifts = { inputs: Math.round(DAYS / 7), effect: Math.round(DAYS / 3) };

/** No one runs los here. A hospital's table changes, the clock runs, and tasks do the rest. */
describe(`${DAYS} days of a hospital that changes, without an operator`, () => {
  const clock = new MovableClock({ at: FIRST - 60 * MINUTE });
  const hospital = new ChangingHospital(SEED, twoDrifts(drifts));
  let known: KnownHospital;
  let ctx: OpenContext;
  let tables: HospitalTables;
  const promoted: { day: number; version: string; previous: string; error: number; before: number }[] = [];

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);

  before(async () => {
    known = await knownHospital(
      `mail: { to: [], verified: [oncall@example.org] }
tasks: { schedule: USING CRON 0 4 * * * UTC, watch: USING CRON 0 13 * * * UTC, look: USING CRON 0 5 1 1 * UTC, beds: USING CRON 0 5 1 1 * UTC }
training: { candidates: [squared-error], featureSelection: { enabled: false }, longStayDays: 14 }
watch: { retrain: promote, promoteWithinShift: 1, retrainAfterDays: null }`,
      clock,
      hospital,
      { history: HISTORY, aDay: A_DAY },
    );
    ({ ctx, tables } = known);
    await query('CALL BUILD_FEATURES()');
    await query("CALL TRAIN_MODEL(OBJECT_CONSTRUCT('promote', TRUE, 'force', TRUE))");
    await trained();
  });
  after(() => known.close());

  /** Moves the clock, once no task runs that it would overtake. */
  async function advance(ms: number): Promise<void> {
    await tasksAtRest(known.cloud.cloud);
    clock.advance(ms);
  }

  /** Moves the clock to an hour of a day, and waits until a task has run then. */
  async function until(day: number, hour: number, kind: string): Promise<void> {
    const due = FIRST + day * 86_400_000 + hour * 60 * MINUTE;
    // A session that no one uses for four hours ends.
    for (let left = due - clock.now(); left > STEP; left = due - clock.now()) {
      await advance(STEP);
      await query('SELECT 1');
    }
    await tasksAtRest(known.cloud.cloud);
    const before = await count(kind);
    clock.advance(Math.max(0, due - clock.now()) + 1000);
    for (const end = Date.now() + 600_000; (await count(kind)) === before; ) {
      if (Date.now() > end)
        throw new Error(
          `${kind} did not run on day ${day} (${new Date(clock.now()).toISOString()}): ${JSON.stringify(
            await query(
              `SELECT NAME, STATE, SCHEDULED_TIME::VARCHAR AS AT, ERROR_MESSAGE FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => 12)) ORDER BY SCHEDULED_TIME DESC`,
            ),
          )}`,
        );
      await sleep(20);
    }
  }

  const count = async (kind: string) =>
    Number(
      (
        await query(`SELECT COUNT(*) AS N FROM LOS_RUN_LOG WHERE KIND = '${kind}' AND STATUS <> 'RUNNING'`)
      )[0]!.N,
    );

  /** Lets the task go on with an open training until it is over. */
  async function trained(): Promise<void> {
    for (;;) {
      const [open] = await query("SELECT 1 FROM LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'");
      if (!open) return;
      // A job runs by the machine's time.
      await sleep(50);
      await advance(2 * MINUTE);
    }
  }

  /** Lets mails go out and runs end: a statement over which hours pass would be cancelled. */
  async function settled(): Promise<void> {
    for (const end = Date.now() + 600_000; ; await advance(MINUTE / 2)) {
      await tasksAtRest(known.cloud.cloud);
      const [unsent] = await query('SELECT COUNT(*) AS N FROM LOS_EVENTS WHERE SENT_AT IS NULL');
      if (Number(unsent!.N) === 0) return;
      if (Date.now() > end) throw new Error('Events are not mailed');
    }
  }

  /** How much more than who knows the truth a version errs on patients of a day. */
  const excess = async (version: string, day: number) =>
    (await trueErrors(ctx, [version], hospital.worldOf(day)))[0]!;

  it('goes on by itself', async () => {
    let champion = 'health-v1';
    for (let day = 0; day < DAYS; day++) {
      await tables.discharge(day - 1);
      await tables.admit(hospital.admissions(day, A_DAY));
      await until(day, 4, 'scoring');
      await settled();
      await tables.discharge(day);
      // Yesterday is watched: of today's discharges the features know nothing before the next run.
      await until(day, 13, 'watch');
      await trained();
      await settled();
      const [now] = await query("SELECT VERSION FROM LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'");
      const version = String(now!.VERSION);
      if (version !== champion)
        promoted.push({
          day,
          version,
          previous: champion,
          error: await excess(version, day),
          before: await excess(champion, day),
        });
      champion = version;
    }
    const failed = await query("SELECT KIND, MESSAGE FROM LOS_RUN_LOG WHERE STATUS = 'FAILED'");
    expect(failed).to.deep.equal([]);
    if (process.env.LOS_LOOP_DAYS !== undefined) {
      for (const event of await query(
        'SELECT DAY, KIND, SEVERITY, SUBJECT, MESSAGE FROM LOS_EVENTS ORDER BY HAPPENED_AT',
      ))
        console.log(JSON.stringify(event));
      console.log(JSON.stringify(promoted));
    }
  });

  const told = async (where: string) =>
    await query(
      `SELECT DATEDIFF(day, '${tables.dateOf(0)}', DAY) AS DAY, KIND, SUBJECT, MESSAGE FROM LOS_EVENTS WHERE ${where} ORDER BY HAPPENED_AT`,
    );

  it('has raised no alarm before anything changed', async () => {
    // Where hours pass in a moment, runs look as if they hung; that is the clock's doing.
    const early = (await told("KIND = 'alarm' AND DETAILS:alarm <> 'scoring'")).filter(
      ({ DAY }) => Number(DAY) < drifts.inputs,
    );
    expect(early).to.deep.equal([]);
  });

  it('has noticed that other patients come', async () => {
    const [alarm] = await told("KIND = 'alarm' AND SUBJECT = 'AGE'");
    expect(alarm, 'no alarm about AGE').not.to.equal(undefined);
    expect(Number(alarm!.DAY)).to.be.within(drifts.inputs, drifts.inputs + 21);
  });

  it('has noticed that the same patients stay longer, which inputs do not show', async () => {
    const alarms = (
      await told("KIND = 'alarm' AND (SUBJECT LIKE '%all patients%' OR SUBJECT LIKE '%Extreme%')")
    ).filter(({ DAY }) => Number(DAY) >= drifts.effect);
    expect(alarms.length).to.be.at.least(1);
    expect(Number(alarms[0]!.DAY)).to.be.at.most(drifts.effect + 28);
  });

  it('has retrained, and promoted only what is better by the truth', async () => {
    const ends = await told("KIND IN ('promoted', 'not promoted')");
    expect((await told("KIND = 'retraining'")).length).to.be.at.least(2);
    for (const { MESSAGE } of ends) expect(String(MESSAGE).length).to.be.greaterThan(20);
    for (const { error, before, day, version } of promoted)
      expect(error, `${version} on day ${day}, before ${before}`).to.be.at.most(before * 1.01);
    if (DAYS >= 180) expect(promoted.some(({ day }) => day >= drifts.effect)).to.equal(true);
  });

  it('knows the changed hospital nearly as well as a model that has always known it', async () => {
    const [now] = await query("SELECT VERSION FROM LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'");
    const first = await excess('health-v1', DAYS);
    const last = await excess(String(now!.VERSION), DAYS);
    if (process.env.LOS_LOOP_DAYS !== undefined) console.log(`health-v1 ${first}, ${now!.VERSION} ${last}`);
    // In so few days there are hardly stays of the changed hospital to learn from.
    expect(last).to.be.at.most(DAYS >= 180 ? 1.05 : first * 1.01);
  });

  it('has told people everything, in order', async () => {
    // 'rolling back' is written down for the next watch alone.
    const events = await query(
      "SELECT EVENT_ID, TO_VARCHAR(HAPPENED_AT, 'YYYY-MM-DD HH24') AS HAPPENED, SENT_AT FROM LOS_EVENTS WHERE KIND <> 'rolling back'",
    );
    expect(events.filter(({ SENT_AT }) => SENT_AT === null)).to.deep.equal([]);
    const mails = await mailedEvents(ctx.target.mailFolder!);
    expect(mails.flat().sort()).to.deep.equal(events.map(({ EVENT_ID }) => String(EVENT_ID)).sort());
    // What is critical has a mail before the others of its hour.
    const hours = new Map(events.map(({ EVENT_ID, HAPPENED }) => [String(EVENT_ID), String(HAPPENED)]));
    const told = mails.filter((ids) => ids.length > 0).map((ids) => ids.map((id) => hours.get(id)!).sort());
    for (const [i, mail] of told.slice(1).entries())
      expect(mail[0]! >= told[i]!.at(-1)!, `${mail[0]} after ${told[i]!.at(-1)}`).to.equal(true);
  });
});
