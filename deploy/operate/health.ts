import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { literal, qualified, schemaPath, shared } from '../../procedures/ground/names.js';
import { briefly, withoutValues } from '../../procedures/ground/without-values.js';
import { graphEnd, graphSteps } from '../../procedures/scoring/graph-tasks.js';
import { NOT_REFUSED } from '../../procedures/watching/events.js';
import { localTime } from '../../report/text/local-time.js';
import type { Row } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { timesDue } from '../ground/schedule.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import { type LastRun, lastRuns } from '../scoring/last-runs.js';
import { refusedEvents } from '../watching/refused.js';
import { lostFeatures } from './lost-features.js';

/** Seconds since features were built and admissions scored last (null: never), and events that wait to be mailed. */
export interface Lag {
  readonly built: number | null;
  readonly scored: number | null;
  readonly untold: number;
  readonly untoldSeconds: number | null;
}

/** How scoring is doing: whether somebody has to look. */
export interface Health {
  /** Admissions that wait to be scored, and how long the first of them has waited, in seconds; null: nobody waits. */
  readonly waiting: { readonly admissions: number; readonly seconds: number | null };
  /** Admissions that the model refused; they are tried again when they change. */
  readonly quarantined: number;
  /** When a watch ended well last, and the alarms that last; null: none has yet. */
  readonly watched: { readonly day: string; readonly at: string } | null;
  readonly alarms: readonly {
    readonly severity: string;
    readonly since: string;
    readonly message: string;
    /** Page of docs/runbook/ that says what to do. */
    readonly lookAt: string;
  }[];
  /** How far behind it is. */
  readonly lag: Lag;
  /** What must not stay so, in sentences; none: all is well. */
  readonly problems: readonly string[];
}

/** A run that has not ended after an hour was killed: Snowflake's own limit (USER_TASK_TIMEOUT_MS) is that long. */
const LONGEST_RUN_SECONDS = 3600;
/** Admissions may wait for the next run, and once more if that fails in passing. */
const SCHEDULES_TO_WAIT = 2;

/** The kinds of runs that go by themselves. What somebody calls by hand tells him itself how it ended. */
const KINDS = ['features', 'reconciliation', 'scoring', 'shadow', 'beds', 'watch', 'look', 'notify'];
/**
 * Tasks that run again by themselves, whatever their last run came to, and the kind of run that each writes down. Of one that failed before
 * it had called anything (no procedure, no warehouse, a stream that cannot be read) only the task history knows.
 */
const RECURRING: readonly { readonly task: string; readonly run?: string }[] = [
  ...graphSteps,
  graphEnd,
  { task: 'LOS_FORECAST', run: 'beds' },
  { task: 'LOS_WATCH', run: 'watch' },
  { task: 'LOS_LOOK', run: 'look' },
];

/** Looks at queue, quarantine, the last runs and the task graph. Reads only; nothing deployed yet is no problem. */
export async function health(ctx: Context, contract: Contract): Promise<Health> {
  const [waiting, quarantined, watched, alarms, lag, runs, tasks, refused, lost] = await Promise.all([
    waitingAdmissions(ctx, contract),
    quarantinedAdmissions(ctx, contract),
    lastWatch(ctx, contract),
    lastingAlarms(ctx, contract),
    lagOf(ctx, contract),
    lastRunOfEach(ctx, contract),
    tasksOf(ctx),
    refusedEvents(ctx, contract),
    lostFeatures(ctx, contract),
  ]);
  const late = await overdue(ctx, contract, waiting);
  return {
    waiting,
    quarantined,
    watched,
    alarms,
    lag,
    problems: [
      ...suspendedTasks(ctx, tasks),
      ...failedRuns(ctx, runs, lag.untold > 0),
      ...failedTasks(ctx, runs, await failuresOf(ctx, tasks)),
      ...[late, refused, lost].filter((each) => each !== undefined),
    ],
  };
}

/** That admissions have waited longer than two schedules, in a sentence; undefined: none has. */
export async function lateAdmissions(ctx: Context, contract: Contract): Promise<string | undefined> {
  return overdue(ctx, contract, await waitingAdmissions(ctx, contract));
}

async function waitingAdmissions(ctx: Context, contract: Contract): Promise<Health['waiting']> {
  const [row] = await showOrNothing(
    ctx,
    `SELECT COUNT(DISTINCT ID) AS N, DATEDIFF(second, MIN(SINCE), CURRENT_TIMESTAMP()) AS SECONDS
FROM ${qualified(ctx.settings, datasetNames(contract).waiting)}`,
  );
  const seconds = row?.SECONDS ?? null;
  return { admissions: Number(row?.N ?? 0), seconds: seconds === null ? null : Number(seconds) };
}

async function quarantinedAdmissions(ctx: Context, contract: Contract): Promise<number> {
  const [row] = await showOrNothing(
    ctx,
    `SELECT COUNT(*) AS N FROM ${qualified(ctx.settings, 'LOS_QUARANTINE')} WHERE DATASET = ${literal(contract.name)}`,
  );
  return Number(row?.N ?? 0);
}

async function lastWatch(ctx: Context, contract: Contract): Promise<Health['watched']> {
  const [row] = await showOrNothing(
    ctx,
    `SELECT DETAILS:day::VARCHAR AS DAY, FINISHED_AT::VARCHAR AS ENDED FROM ${qualified(ctx.settings, 'LOS_RUN_LOG')}
WHERE DATASET = ${literal(contract.name)} AND KIND = 'watch' AND STATUS = 'SUCCEEDED' ORDER BY FINISHED_AT DESC LIMIT 1`,
  );
  return row ? { day: String(row.DAY), at: String(row.ENDED) } : null;
}

async function lastingAlarms(ctx: Context, contract: Contract): Promise<Health['alarms']> {
  const rows = await showOrNothing(
    ctx,
    `SELECT SEVERITY, KIND, BEGAN_ON::VARCHAR AS BEGAN, RAISED_AT::VARCHAR AS RAISED, MESSAGE, LOOK_AT FROM ${qualified(ctx.settings, 'LOS_ALARMS')}
WHERE DATASET = ${literal(contract.name)} AND ENDED_ON IS NULL ORDER BY SEVERITY, RAISED_AT`,
  );
  return rows.map((row) => ({
    severity: String(row.SEVERITY),
    // The others are about the days of whole weeks; until noon what is looked at every hour counts for the day before.
    since: row.KIND === 'scoring' ? localTime(String(row.RAISED), ctx.settings.timeZone) : String(row.BEGAN),
    message: String(row.MESSAGE),
    lookAt: String(row.LOOK_AT),
  }));
}

async function lagOf(ctx: Context, contract: Contract): Promise<Lag> {
  const dataset = literal(contract.name);
  const [runs] = await showOrNothing(
    ctx,
    `SELECT DATEDIFF(second, MAX(IFF(KIND = 'features', FINISHED_AT, NULL)), CURRENT_TIMESTAMP()) AS BUILT,
  DATEDIFF(second, MAX(IFF(KIND = 'scoring', FINISHED_AT, NULL)), CURRENT_TIMESTAMP()) AS SCORED
FROM ${qualified(ctx.settings, 'LOS_RUN_LOG')} WHERE DATASET = ${dataset} AND STATUS = 'SUCCEEDED'`,
  );
  const [events] = await showOrNothing(
    ctx,
    `SELECT COUNT(*) AS N, DATEDIFF(second, MIN(HAPPENED_AT), CURRENT_TIMESTAMP()) AS SECONDS
FROM ${qualified(ctx.settings, 'LOS_EVENTS')} WHERE DATASET = ${dataset} AND SENT_AT IS NULL AND ${NOT_REFUSED}`,
  );
  const number = (value: unknown) => (value === null || value === undefined ? null : Number(value));
  return {
    built: number(runs?.BUILT),
    scored: number(runs?.SCORED),
    untold: Number(events?.N ?? 0),
    untoldSeconds: number(events?.SECONDS),
  };
}

/** Whether a version answers: before the first one is promoted everybody waits, as it should be. */
async function isLive(ctx: Context, contract: Contract): Promise<boolean> {
  const rows = await showOrNothing(
    ctx,
    `SELECT VERSION FROM ${qualified(ctx.settings, 'LOS_MODEL_REGISTRY')}
WHERE DATASET = ${literal(contract.name)} AND STATUS = 'CHAMPION'`,
  );
  return rows.length > 0;
}

/** The last run of each kind, as it is written in the run log; one that was refused, as somebody asked for what cannot be, is none. */
interface LoggedRun {
  readonly kind: string;
  readonly status: string;
  readonly message: string;
  readonly started: string;
}

async function lastRunOfEach(ctx: Context, contract: Contract): Promise<LoggedRun[]> {
  const rows = await showOrNothing(
    ctx,
    `SELECT KIND, STATUS, MESSAGE, STARTED_AT::VARCHAR AS STARTED FROM ${qualified(ctx.settings, 'LOS_RUN_LOG')}
WHERE DATASET = ${literal(contract.name)} AND KIND IN (${KINDS.map(literal).join(', ')})
  AND (STATUS <> 'RUNNING' OR STARTED_AT < DATEADD(second, -${LONGEST_RUN_SECONDS}, CURRENT_TIMESTAMP()))
  AND (KIND = 'backfill' OR NOT COALESCE(DETAILS:refused::BOOLEAN, FALSE))
QUALIFY ROW_NUMBER() OVER (PARTITION BY KIND ORDER BY STARTED_AT DESC) = 1
ORDER BY KIND`,
  );
  return rows.map(({ KIND, STATUS, MESSAGE, STARTED }) => ({
    kind: String(KIND),
    status: String(STATUS),
    message: String(MESSAGE ?? 'it left no message'),
    started: String(STARTED),
  }));
}

/**
 * Where the last run of a kind failed or never ended. A message in the run log holds no value of a row.
 * @param untold whether events wait to be mailed: where none does, it has been made good that a mail did not leave
 */
function failedRuns({ settings }: Context, runs: readonly LoggedRun[], untold: boolean): string[] {
  const zone = settings.timeZone;
  return runs
    .filter(({ kind }) => kind !== 'notify' || untold)
    .flatMap(({ kind, status, message, started }) => {
      const run = `The last run of ${kind} (${localTime(started, zone)} ${zone})`;
      if (status === 'FAILED') return [`${run} failed: ${briefly(message)}`];
      return status === 'RUNNING' ? [`${run} was killed: it never ended.`] : [];
    });
}

function tasksOf(ctx: Context): Promise<Row[]> {
  return showOrNothing(ctx, `SHOW TASKS IN SCHEMA ${schemaPath(ctx.settings)}`);
}

/** Tasks that ought to run by themselves and do not: of those that names.ts calls …Task. */
function suspendedTasks({ settings }: Context, tasks: readonly Row[]): string[] {
  if (!settings.tasks.resumed) return [];
  const own: readonly unknown[] = Object.entries(shared).flatMap(([key, name]) =>
    key.endsWith('Task') ? [name] : [],
  );
  return tasks
    .filter(({ name, state }) => own.includes(name) && String(state).toLowerCase() !== 'started')
    .map(({ name }) => `The task ${name} is suspended.`);
}

/** Recurring tasks whose last run failed. */
async function failuresOf(ctx: Context, tasks: readonly Row[]): Promise<LastRun[]> {
  const there = RECURRING.filter(({ task }) => tasks.some(({ name }) => name === task));
  const runs = await lastRuns(
    ctx,
    there.map(({ task }) => task),
    { skipped: false },
  );
  return runs.filter(({ state }) => state.startsWith('FAILED'));
}

/** Those of which the run log does not tell: it has that run's own failure, or a later run that went well, called by somebody. */
function failedTasks(
  { settings }: Context,
  runs: readonly LoggedRun[],
  failures: readonly LastRun[],
): string[] {
  const zone = settings.timeZone;
  return failures
    .filter(({ name, completed }) => {
      const kind = RECURRING.find(({ task }) => task === name)?.run;
      const logged = runs.find((run) => run.kind === kind);
      return !logged || (logged.status !== 'FAILED' && Date.parse(logged.started) < Date.parse(completed));
    })
    .map(
      ({ name, completed, error }) =>
        `The last run of the task ${name} (${localTime(completed, zone)} ${zone}) failed: ${briefly(withoutValues(new Error(error ?? 'it left no message')).message)}`,
    );
}

async function overdue(
  ctx: Context,
  contract: Contract,
  { admissions, seconds }: Health['waiting'],
): Promise<string | undefined> {
  const { schedule, resumed } = ctx.settings.tasks;
  if (seconds === null || !resumed || !(await isLive(ctx, contract))) return undefined;
  const now = Date.now();
  if (timesDue(schedule, now - seconds * 1000, now, SCHEDULES_TO_WAIT) < SCHEDULES_TO_WAIT) return undefined;
  const patience = schedule === 'triggered' ? 'ten minutes' : `two times of the schedule ${schedule}`;
  return `${admissions.toLocaleString('en-US')} admission${admissions === 1 ? ' waits' : 's wait'} to be scored, one for ${Math.floor(seconds / 60)} minutes: longer than ${patience}.`;
}
