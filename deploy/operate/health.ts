import type { Contract } from '../../procedures/dataset/contract.js';
import { schemaPath } from '../../procedures/ground/names.js';
import { messageLine, withoutValues } from '../../procedures/ground/without-values.js';
import { absenceSentence } from '../../report/part.js';
import type { Health, Lag } from '../../report/results/operation.js';
import { count } from '../../report/text/count.js';
import { localTime } from '../../report/text/local-time.js';
import type { Row } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { awaitAll } from '../ground/await-all.js';
import { timesDue } from '../ground/schedule.js';
import { taskDeclarations } from '../headers/files.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import { lastRuns } from '../watching/last-runs.js';
import { describeRefusedEvents } from '../watching/refused.js';
import { type Ask, asking, type Champion } from './ask.js';
import { heartbeat } from './heartbeat.js';
import { heldChanges } from './held-changes.js';
import { describeMissingFeatures } from './missing-features.js';

/** Admissions may wait for the next run, and once more if that fails in passing. */
const SCHEDULES_TO_WAIT = 2;

/**
 * Tasks that run again by themselves, whatever their last run came to, and the kind of run that each writes down. Of one that failed before
 * it had called anything (no procedure, no warehouse, a stream that cannot be read) only the task history knows.
 */
const RECURRING = taskDeclarations().filter(
  ({ schedule, inGraph }) => inGraph || (schedule !== undefined && schedule !== 'triggered'),
);

/** Problem of a deployment that has no version although one answered before. */
const NO_VERSION =
  ' No version answers, and one has before. Next: los model list and los promote VERSION; where it has lost its rows, docs/runbook/tables.md.';

type Waiting = Health['waiting'];

/** Looks at queue, quarantine, the last runs and the task graph. Reads only; nothing deployed yet is no problem. */
export async function health(ctx: Context, contract: Contract): Promise<Health> {
  const unread: string[] = [];
  const ask = asking(ctx, contract, (question, error) =>
    unread.push(`${absenceSentence(`What sql/status/${question}.sql asks`, error)}.`),
  );
  const found = await awaitAll({
    waiting: waitingAdmissions(ask),
    quarantine: ask<{ admissions: number }>('quarantine'),
    watched: ask<NonNullable<Health['watched']>>('watched'),
    alarms: lastingAlarms(ctx, ask),
    lag: ask<Pick<Lag, 'built' | 'scored' | 'noticed'>>('lag'),
    unsent: ask<Pick<Lag, 'untold' | 'untoldSeconds'>>('unsent'),
    runs: ask<LoggedRun>('runs'),
    tasks: showOrNothing(ctx, `SHOW TASKS IN SCHEMA ${schemaPath(ctx.settings)}`),
    refused: describeRefusedEvents(ctx, contract),
    lost: describeMissingFeatures(ctx, contract),
    held: heldChanges(ctx, contract),
    now: ask<{ now: number }>('now'),
  });
  const lag = {
    ...(found.lag[0] ?? { built: null, scored: null }),
    ...(found.unsent[0] ?? { untold: 0, untoldSeconds: null }),
  };
  const alive = await heartbeat(ctx, Number(found.now[0]?.now));
  const late = await overdue(ctx, ask, contract, found.waiting);
  return {
    waiting: found.waiting,
    quarantined: found.quarantine[0]?.admissions ?? 0,
    watched: found.watched[0] ?? null,
    alarms: found.alarms,
    lag,
    problems: [
      ...found.alarms.filter(({ lookAt }) => lookAt === 'tables').map(({ message }) => message),
      ...(found.held === undefined ? [] : [`${found.held.what} ${found.held.next}`]),
      ...unread,
      ...alive.problems,
      ...runFailures(ctx, found.runs, lag.untold > 0),
      ...(await taskFailures(ctx, found.runs, found.tasks)),
      ...[late, found.refused, found.lost].filter((each) => each !== undefined),
    ],
  };
}

/** That admissions have waited longer than two schedules, in a sentence; undefined: none has. */
export async function lateAdmissions(ctx: Context, contract: Contract): Promise<string | undefined> {
  const ask = asking(ctx, contract);
  return overdue(ctx, ask, contract, await waitingAdmissions(ask));
}

async function waitingAdmissions(ask: Ask): Promise<Waiting> {
  return (await ask<Waiting>('waiting'))[0] ?? { admissions: 0, seconds: null };
}

async function lastingAlarms({ settings }: Context, ask: Ask): Promise<Health['alarms']> {
  type Alarm = Record<'severity' | 'kind' | 'began' | 'raised' | 'message' | 'lookAt', string>;
  return (await ask<Alarm>('alarms')).map(({ severity, kind, began, raised, message, lookAt }) => ({
    severity,
    // The others are about the days of whole weeks; until noon what is looked at every hour counts for the day before.
    since: kind === 'scoring' ? localTime(raised, settings.timeZone) : began,
    message,
    lookAt,
  }));
}

/** The last run of a kind, as it is written in the run log. */
interface LoggedRun {
  readonly kind: string;
  readonly status: string;
  readonly message: string;
  readonly started: string;
}

/**
 * Finds kinds whose last run failed or never ended. A message in the run log holds no value of a row.
 * @param untold whether events wait to be mailed: where none does, it has been made good that a mail did not leave
 */
function runFailures({ settings }: Context, runs: readonly LoggedRun[], untold: boolean): string[] {
  const zone = settings.timeZone;
  return runs
    .filter(({ kind }) => kind !== 'notify' || untold)
    .flatMap(({ kind, status, message, started }) => {
      const run = `The last run of ${kind} (${localTime(started, zone)} ${zone})`;
      if (status === 'FAILED') return [`${run} failed: ${messageLine(message)}`];
      return status === 'RUNNING' ? [`${run} was killed: it never ended.`] : [];
    });
}

/**
 * Recurring tasks whose last run failed, of which the run log does not tell: it has that run's own failure, or a later run that went well,
 * called by hand.
 */
async function taskFailures(
  ctx: Context,
  runs: readonly LoggedRun[],
  tasks: readonly Row[],
): Promise<string[]> {
  const zone = ctx.settings.timeZone;
  const recurring = RECURRING.filter(({ name }) => tasks.some((shown) => shown.name === name));
  const last = await lastRuns(
    ctx,
    recurring.map(({ name }) => name),
    { skipped: false },
  );
  return last.flatMap(({ name, state, completed, error }) => {
    const kind = RECURRING.find((task) => task.name === name)?.run;
    const logged = runs.find((run) => run.kind === kind);
    const isTold =
      logged && (logged.status === 'FAILED' || Date.parse(logged.started) >= Date.parse(completed));
    if (!state.startsWith('FAILED') || isTold) return [];
    const why = messageLine(withoutValues(new Error(error ?? 'it left no message')).message);
    return [`The last run of the task ${name} (${localTime(completed, zone)} ${zone}) failed: ${why}`];
  });
}

/** Before the first version is promoted everybody waits, as it should be. */
async function overdue(
  { settings }: Context,
  ask: Ask,
  contract: Contract,
  { admissions, seconds }: Waiting,
): Promise<string | undefined> {
  const { schedule, resumed } = settings.tasks;
  if (seconds === null || !resumed) return undefined;
  const champions = await ask<Champion>('champion');
  const answers = champions.some(({ dataset }) => dataset === contract.name);
  if (!answers && ((await ask<{ known: number }>('answered'))[0]?.known ?? 0) === 0) return undefined;
  const now = Date.now();
  if (timesDue(schedule, now - seconds * 1000, now, SCHEDULES_TO_WAIT) < SCHEDULES_TO_WAIT) return undefined;
  const patience = schedule === 'triggered' ? 'half an hour' : `two times of the schedule ${schedule}`;
  return `${count(admissions, 'admission waits', 'admissions wait')} to be scored, one for ${Math.floor(seconds / 60)} minutes: longer than ${patience}.${answers ? '' : NO_VERSION}`;
}
