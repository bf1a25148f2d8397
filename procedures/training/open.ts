import { checkCandidates } from '../fitting/candidates.js';
import { requireDates } from '../fitting/recent-days.js';
import { hasOwn } from '../ground/lists.js';
import { CALLER } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { execute, queryFirst, Refused, transaction, type Work } from '../ground/work.js';
import { readOptions } from '../options.js';
import { setStatus, versions } from '../versions/registry.js';
import {
  type CandidateRun,
  openRuns,
  type RefitRun,
  type Run,
  type RunData,
  runOf,
  runTable,
  type StateName,
  type StayRun,
  type TrainOptions,
} from './run.js';
import { settingsToRepeat } from './states/divide.js';
import { requireWithout } from './without.js';

/** A run that was opened, or that was open already. */
export interface OpenResult {
  readonly run: string;
  /** false: it was open, asked for in the same words. */
  readonly opened: boolean;
}

/** Request for a run: its options, and what may be asked for beside them. */
export interface RunRequest extends TrainOptions {
  /** Stands for the contract, settings and code that the caller has before them; left out: whatever is deployed. */
  readonly digest?: string;
}

/** Fewer days hold no week to be judged on. */
const FEWEST_DAYS = 28;

/**
 * Opens a training. It does nothing of it: STEP_TRAINING does. There is one at a time for a dataset, because they would
 * write the same training set; called again with the same options, as after a call that was cut off, the open run
 * is what was asked for.
 * @param driver who will step it
 * @throws Refused where another run is open, or what is asked for does not fit what is deployed
 */
export function* openRun(plan: Plan, asked: RunRequest | null, driver: Run['driver']): Work<OpenResult> {
  const { contract, settings } = plan;
  const { digest, resume, ...options } = readOptions<RunRequest>(
    'TRAIN_MODEL',
    asked,
    {
      promote: 'boolean',
      propose: 'boolean',
      force: 'boolean',
      candidates: 'list',
      recentDays: 'whole number',
      learningCurve: 'boolean',
      without: 'list',
      repeat: 'text',
      resume: 'text',
      digest: 'text',
    },
    ['repeat', 'resume'],
  );
  const { recentDays } = options;
  if (recentDays !== undefined && recentDays < FEWEST_DAYS)
    throw new Refused(
      `recentDays is ${JSON.stringify(recentDays)}.`,
      `Write a whole number of days, at least ${FEWEST_DAYS}, or leave it out.`,
    );
  requireDates(contract, recentDays === undefined ? settings.training.recentDays : recentDays);
  if (digest !== undefined && digest !== plan.digest)
    throw new Refused(
      'The procedures in Snowflake come from other settings, another contract or other code than this folder.',
      'Run los apply first.',
    );
  if (resume !== undefined) return yield* resumeRun(plan, resume, driver);
  yield* requireWithout(plan, options);
  if (options.repeat !== undefined) yield* settingsToRepeat(plan, options.repeat);
  else checkCandidates(settings, options.candidates);
  const row = yield* queryFirst(
    `SELECT UUID_STRING() AS ID, TO_VARCHAR(CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ, 'YYYYMMDDHH24MISSFF3') AS STAMP`,
  );
  const id = String(row?.ID);
  const data: RunData = { stamp: String(row?.STAMP) };
  const text = JSON.stringify(options);
  // Two who open at once: a MERGE waits for the other's, and then finds a run, or else stepAside does.
  yield* execute(
    `MERGE INTO ${runTable(settings)} AS t USING (
  SELECT ? AS RUN_ID, ? AS DATASET, ? AS DRIVER, ? AS DIGEST, PARSE_JSON(?) AS OPTIONS, ${CALLER} AS OPENED_BY, PARSE_JSON(?) AS DATA
) AS n ON t.DATASET = n.DATASET AND t.STATUS = 'OPEN'
WHEN NOT MATCHED THEN INSERT (RUN_ID, DATASET, STATUS, STATE, DRIVER, DIGEST, OPTIONS, OPENED_BY, DATA, ATTEMPTS, OPENED_AT, STATE_SINCE)
VALUES (n.RUN_ID, n.DATASET, 'OPEN', 'MAKE_ROOM', n.DRIVER, n.DIGEST, n.OPTIONS, n.OPENED_BY, n.DATA, 0, CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP())`,
    [id, contract.name, driver, plan.digest, text, JSON.stringify(data)],
  );
  const all = yield* openRuns(settings, contract.name);
  const own = all.find((run) => run.id === id);
  const open = all.find((run) => run.id !== id);
  if (own && open) yield* stepAside(plan, id, open.id);
  else if (own) return { run: id, opened: true };
  if (!open) throw new Refused('The run that was opened is over already.', 'Look at LOS_TRAINING_RUNS.');
  if (open.driver === driver && open.digest === plan.digest && sameOptions(open.options, options))
    return { run: open.id, opened: false };
  throw isOpen(contract.name, open);
}

/**
 * Takes back a run that was opened while another was: no page says that a MERGE which had to wait for another's looks again
 * at what it matches. Nothing has been done for it yet.
 */
function* stepAside({ settings, contract }: Plan, id: string, other: string): Work<void> {
  yield* execute(`DELETE FROM ${runTable(settings)} WHERE RUN_ID = ? AND STATUS = 'OPEN'`, [id]);
  const open = yield* openRuns(settings, contract.name);
  if (!open.some((run) => run.id === other))
    throw new Refused(
      `Two trainings of ${contract.name} started at the same moment, and each gave way to the other.`,
      'Call it once more.',
    );
}

function isOpen(dataset: string, { id, state, driver }: Run): Refused {
  return new Refused(
    `A training of ${dataset} is open: ${id}, in the state ${state}${driver === 'los' ? ', stepped by los train --drive' : ''}.`,
    driver === 'los'
      ? 'Wait until it has ended (LOS_TRAINING_RUNS); if no process drives it any more, continue it with the same los train --drive.'
      : 'Wait until it has ended (LOS_TRAINING_RUNS), or call STEP_TRAINING() to continue it.',
  );
}

/** A VARIANT sorts an object's keys. */
function sameOptions(a: TrainOptions, b: TrainOptions): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const object = value as Record<string, unknown>;
  const members = Object.keys(object)
    .filter((key) => hasOwn(object, key))
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`);
  return `{${members.join()}}`;
}

/** Opens a failed or stopped run again, in the state in which it failed, or in that which starts the job that failed. */
function* resumeRun(plan: Plan, id: string, driver: Run['driver']): Work<OpenResult> {
  const { contract, settings } = plan;
  const run = yield* runOf(settings, id);
  if (!run || run.dataset !== contract.name)
    throw new Refused(`There is no training ${id} of ${contract.name}.`, 'LOS_TRAINING_RUNS has their ids.');
  if (run.status === 'OPEN' && run.driver === driver) return { run: id, opened: false };
  if (run.status === 'OPEN') throw isOpen(contract.name, run);
  if (run.status === 'DONE')
    throw new Refused(`The training ${id} has ended in ${run.version}.`, 'Open a new one: los train.');
  const open = (yield* openRuns(settings, contract.name))[0];
  if (open)
    throw new Refused(
      `Another training of ${contract.name} is open: ${open.id}.`,
      'Wait until it has ended.',
    );
  const entry = (yield* versions(settings)).find(({ version }) => version === run.version);
  if (entry && entry.status === 'REMOVED')
    throw new Refused(
      `${entry.version} was removed since the training ${id} ended.`,
      'Open a new one: los train.',
    );
  const row = yield* queryFirst(
    `SELECT TO_VARCHAR(CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ, 'YYYYMMDDHH24MISSFF3') AS STAMP`,
  );
  const data = withNewNames(run.data, String(row?.STAMP));
  yield* transaction(function* () {
    yield* execute(
      `UPDATE ${runTable(settings)} SET STATUS = 'OPEN', DRIVER = ?, STATE = ?, DATA = PARSE_JSON(?), DIGEST = ?, MESSAGE = NULL, NEXT_STEP = NULL,
  ATTEMPTS = 0, WAITING_SINCE = NULL, ENDED_AT = NULL, STATE_SINCE = CURRENT_TIMESTAMP(), LEASE = NULL, LEASE_UNTIL = NULL
WHERE RUN_ID = ? AND STATUS = ?`,
      [driver, beginning(run), JSON.stringify(data), plan.digest, id, run.status],
    );
    // One that is finished, and whose promotion was stopped, stays what it is.
    if (entry && entry.status === 'FAILED') yield* setStatus(settings, entry.version, 'TRAINING');
  });
  return { run: id, opened: true };
}

/** The state that starts what a state waits for. */
function beginning({ state: ended, status }: Run): StateName {
  const state = ended as StateName;
  if (state === 'PERMUTE' || state === 'SELECT_FEATURES') return 'SCREEN';
  // What it waits for is its endpoint.
  if (['CALIBRATE', 'JUDGE', 'REFIT', 'CHECK_REFIT'].indexOf(state) >= 0 || state.slice(0, 5) === 'STAY_')
    return 'SERVE';
  // What was stopped has lost it.
  return state === 'ENTER' && status === 'STOPPED' ? 'SERVE' : state;
}

/** SageMaker never forgets a name: what has failed is tried under another, what was answered stands. */
function withNewNames(data: RunData, stamp: string): RunData {
  const renameJobs = (some: readonly CandidateRun[]) =>
    some.map((one) => {
      if (one.stage === 'answered') return one;
      const { training: _, why: __, again: ___, ...rest } = one;
      return { ...rest, job: one.job.split(data.stamp).join(stamp), stage: 'waiting' as const };
    });
  const renameRefit = (refit: RefitRun): RefitRun => {
    if (refit.serves) return refit;
    const { job, location, stops, training } = refit;
    // Where it had gone, the endpoint of the model that was judged is made again.
    return training
      ? { job, location, stops, training }
      : { job: job.split(data.stamp).join(stamp), location, stops };
  };
  // What has been judged stands; what has not begins again with its rows.
  const keepStay = ({ refitLost: _, ...stay }: StayRun): StayRun => {
    if (!stay.metrics && stay.none === undefined) return {};
    const { refitJob, refitTraining } = stay;
    return refitJob && !refitTraining ? { ...stay, refitJob: refitJob.split(data.stamp).join(stamp) } : stay;
  };
  const { again: _, ...kept } = data;
  return {
    ...kept,
    stamp,
    ...(data.candidateRuns && { candidateRuns: renameJobs(data.candidateRuns) }),
    ...(data.pilots && { pilots: renameJobs(data.pilots) }),
    ...(data.learning && { learning: renameJobs(data.learning) }),
    ...(data.refit && { refit: renameRefit(data.refit) }),
    ...(data.stay && { stay: keepStay(data.stay) }),
  };
}
