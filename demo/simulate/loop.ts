import { callProcedure } from '../../deploy/clients/call.js';
import type { Context } from '../../deploy/context.js';
import { UserError } from '../../deploy/errors.js';
import { championOf } from '../../deploy/model/registry.js';
import { trainVersion } from '../../deploy/model/train.js';
import { apply } from '../../deploy/operate/apply.js';
import { notify } from '../../deploy/watching/notify.js';
import { watch } from '../../deploy/watching/watch.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { isDay } from '../../procedures/ground/days.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { STATUS_KINDS } from '../../procedures/notifying/record.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { graphRuns } from './graph-runs.js';
import { ChangingHospital, twoDrifts, type World } from './hospital.js';
import { HospitalTables } from './hospital-tables.js';
import { type DriftKind, type LoopResult, mailLoop, type Promotion } from './loop-tables.js';
import { trueErrors } from './true-error.js';

export interface LoopOptions {
  /** First and last day, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  readonly drift: DriftKind;
  /** Admissions on a usual day. */
  readonly perDay: number;
  readonly seed: number;
}

const DAY = 86_400_000;
/** Days before the first whose patients are there to be trained on. */
const HISTORY = 120;
/** A third of the way something changes. */
const DRIFTS_AT = 1 / 3;
/** Sundays are quiet, Mondays are not; from Monday on. */
const WEEKDAYS = [1.15, 1.08, 1.04, 1.02, 1.0, 0.84, 0.87];
/** More come in winter than in summer, by so much to either side. */
const SEASON = 0.1;

/**
 * Lets months pass in a made-up hospital of which everything is known, a day at a time: patients leave, entries are corrected, others
 * come, more of them in winter and on Mondays; the task graph's procedures run, the look, the watch and what it has trained; mails go
 * out. From a third of the way on something is otherwise, as `drift` says. It needs a deployment of its own, with data to throw away.
 * @throws UserError where there are admissions already, or the days are none
 */
export async function simulateLoop(
  context: Context,
  contract: Contract,
  options: LoopOptions,
): Promise<LoopResult> {
  const days = requireDays(options);
  requireHospital(context, contract);
  // Its tasks would run by the real clock, among days that are long over.
  const { settings } = context;
  const ctx: Context = {
    ...context,
    settings: {
      ...settings,
      tasks: { ...settings.tasks, resumed: false },
      mail: { ...settings.mail, digestHour: null },
      // There is no one to say yes.
      watch: {
        ...settings.watch,
        ...(settings.watch.retrain && { retrain: 'promote', promoteWithinShift: 1 }),
      },
    },
  };
  await apply(ctx);
  await requireEmpty(ctx);
  const start = Date.parse(options.from);
  const at = Math.round(days * DRIFTS_AT);
  const hospital = new ChangingHospital(options.seed, worldsOf(options.drift, at));
  const tables = await HospitalTables.create(ctx, start);
  await history(ctx, contract, hospital, tables, options.perDay);
  ctx.signal.throwIfAborted();
  const championNow = async () => requireValue(await championOf(ctx, contract.name), 'a champion').version;
  const first = await championNow();
  const promotions: Promotion[] = [];
  const total = { admitted: 0, scored: 0, mails: 0 };
  const graph = graphRuns(ctx, contract);
  let champion = first;
  await ctx.progress.step('Let months pass', async (step) => {
    for (let day = 0; day < days; day++) {
      ctx.signal.throwIfAborted();
      const patients = hospital.admissions(day, admissionsOn(start, day, options.perDay));
      await tables.discharge(day - 1);
      await tables.admit(patients);
      await corrections(ctx, tables, day);
      total.admitted += patients.length;
      total.scored += (await graph()).scored;
      await tables.discharge(day);
      await callProcedure(ctx, 'BUILD_FEATURES', []);
      await callProcedure(ctx, 'WATCH_SCORING', []);
      await watch(ctx, contract, tables.dateOf(day));
      if (await goOn(ctx)) await watch(ctx, contract, tables.dateOf(day));
      total.mails += (await notify(ctx)).mails;
      const version = await championNow();
      if (version !== champion) {
        const errors = await trueErrors(ctx, [version, champion], hospital.worldOf(day));
        promotions.push({
          day: tables.dateOf(day),
          version,
          previous: champion,
          error: itemAt(errors, 0),
          before: itemAt(errors, 1),
        });
        champion = version;
      }
      step.update(
        `${tables.dateOf(day)}: ${total.scored} scored, ${champion} answers (${day + 1} of ${days})`,
      );
    }
  });
  const errors = await trueErrors(ctx, [first, champion], hospital.worldOf(days));
  const story = await storyOf(ctx, contract);
  const driftedOn = options.drift === 'none' ? null : tables.dateOf(at);
  const seen = story.filter(({ alarm }) => alarm === 'inputs' || alarm === 'performance');
  const noticed = driftedOn === null ? undefined : seen.find(({ day }) => day >= driftedOn);
  await ctx.snowflake.execute(`DROP TABLE IF EXISTS ${qualify(settings, 'TRUTH')}`);
  const result: LoopResult = {
    days,
    ...total,
    drift: options.drift,
    driftedOn,
    noticedAfter: noticed && driftedOn ? (Date.parse(noticed.day) - Date.parse(driftedOn)) / DAY : null,
    falseAlarms: seen.filter(({ day }) => driftedOn === null || day < driftedOn).length,
    trainings: story.filter(({ kind }) => kind === 'retraining').length,
    promotions,
    first: itemAt(errors, 0),
    last: itemAt(errors, 1),
    champion,
    story,
  };
  await mailLoop(ctx, result);
  return result;
}

function requireDays({ from, to }: LoopOptions): number {
  const days = isDay(from) && isDay(to) ? (Date.parse(to) - Date.parse(from)) / DAY + 1 : 0;
  if (days < 28 || Date.parse(to) > Date.now())
    throw new UserError(`From ${from} to ${to} are not four weeks or more that are over.`, {
      next: 'Write --from and --to as 2026-01-05: four weeks at least, up to yesterday.',
    });
  return days;
}

/** The made-up patients have the columns of one table, and go into it. */
function requireHospital({ target }: Context, contract: Contract): void {
  if (!target.dataIsDisposable)
    throw new UserError('A simulation of the loop fills the table of admissions with made-up patients.', {
      next: 'Run it on the local cloud: leave --target cloud out.',
    });
  if (contract.name !== 'health')
    throw new UserError(`The made-up hospital has the columns of health, not of ${contract.name}.`, {
      next: 'Leave --dataset out.',
    });
}

async function requireEmpty({ snowflake, settings }: Context): Promise<void> {
  const [row] = await snowflake.query<{ N: number }>(
    `SELECT COUNT(*) AS N FROM ${qualify(settings, 'HEALTH_ADMISSIONS')}`,
  );
  if (Number(row?.N) > 0)
    throw new UserError(`There are ${row?.N} admissions already, which would be among the made-up ones.`, {
      next: 'Give the simulation a state of its own: LOS_STATE=.los-simulation los simulate --drift effect.',
    });
}

/** Twice as many old patients, extreme illness that takes twice as long, or both, from a day on. */
function worldsOf(drift: DriftKind, at: number): (day: number) => World {
  const from = (...kinds: DriftKind[]) => (kinds.includes(drift) ? at : Number.POSITIVE_INFINITY);
  return twoDrifts({ inputs: from('inputs', 'both'), effect: from('effect', 'both') });
}

/** Number of admissions on a day. */
function admissionsOn(start: number, day: number, usual: number): number {
  const date = new Date(start + day * DAY);
  const ofYear = (date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY;
  const season = 1 + SEASON * Math.cos((2 * Math.PI * ofYear) / 365);
  return Math.round(usual * season * itemAt(WEEKDAYS, (date.getUTCDay() + 6) % 7));
}

/** Patients who came before, and the first champion, which has learnt from them. */
async function history(
  ctx: Context,
  contract: Contract,
  hospital: ChangingHospital,
  tables: HospitalTables,
  perDay: number,
): Promise<void> {
  await ctx.progress.step('Make up a hospital', async (step) => {
    for (let day = -HISTORY; day < 0; day++) await tables.admit(hospital.admissions(day, perDay));
    await tables.discharge(-1);
    await callProcedure(ctx, 'BUILD_FEATURES', []);
    step.update(`${HISTORY * perDay} admissions of ${HISTORY} days`);
  });
  await trainVersion(ctx, contract, { promote: true, force: true });
}

/** One in fifty entries is corrected a day later, one discharge in a hundred three days later. */
async function corrections({ snowflake }: Context, tables: HospitalTables, day: number): Promise<void> {
  await snowflake.execute(
    `UPDATE HEALTH_ADMISSIONS SET ADMISSION_DEPOSIT = ADMISSION_DEPOSIT + 100 WHERE ADMISSION_DATE = '${tables.dateOf(day - 1)}'::DATE AND MOD(CASE_ID, 50) = 0`,
  );
  const setDischarge = (when: number, date: string) =>
    snowflake.execute(
      `UPDATE HEALTH_ADMISSIONS AS r SET DISCHARGE_DATE = ${date} FROM TRUTH AS t
WHERE t.CASE_ID = r.CASE_ID AND t.LEAVES = '${tables.dateOf(when)}'::DATE AND MOD(r.CASE_ID, 100) = 1 AND t.LEAVES > r.ADMISSION_DATE`,
    );
  await setDischarge(day - 1, 'DATEADD(day, -1, t.LEAVES)');
  await setDischarge(day - 4, 't.LEAVES');
}

/** Goes on with an open training until it is over, as its task would. @returns whether there was one */
async function goOn(ctx: Context): Promise<boolean> {
  let any = false;
  for (;;) {
    const told = await callProcedure<readonly { status: string }[]>(ctx, 'STEP_TRAINING', []);
    if (told.length === 0) return any;
    any = true;
    ctx.signal.throwIfAborted();
  }
}

async function storyOf({ snowflake, settings }: Context, contract: Contract) {
  const rows = await snowflake.query<Record<string, string | null>>(
    `SELECT TO_VARCHAR(DAY, 'YYYY-MM-DD') AS DAY, KIND, SUBJECT, MESSAGE, DETAILS:alarm::VARCHAR AS ALARM
FROM ${qualify(settings, 'LOS_EVENTS')} WHERE DATASET = ${literal(contract.name)} AND KIND NOT IN (${STATUS_KINDS.map(literal).join(', ')}) ORDER BY HAPPENED_AT, EVENT_ID`,
  );
  return rows.map((row) => ({
    day: String(row.DAY),
    kind: String(row.KIND),
    subject: String(row.SUBJECT),
    message: String(row.MESSAGE),
    alarm: row.KIND === 'alarm' ? row.ALARM : null,
  }));
}
