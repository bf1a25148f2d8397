import { CALLER, qualify } from '../../ground/names.js';
import type { Plan } from '../../ground/plan.js';
import { execute, Later, queryFirst, Refused, transaction, type Work } from '../../ground/work.js';
import { removeEndpoint, removeModel } from '../../jobs/endpoint.js';
import { stopJob } from '../../jobs/stop.js';
import { quote } from '../../options.js';
import { failUnfinished } from '../../versions/registry.js';
import { stateInWords } from '../machine.js';
import { versionOfRun } from '../of-run.js';
import { openRuns, type Run, type RunStatus, runOf, runTable, type StateName } from '../run.js';
import { runJobs } from '../states/run-jobs.js';

/** Result of STOP_TRAINING. */
export interface StopResult {
  readonly run: string;
  /** The version that it would have made; it stays unfinished. */
  readonly version: string | null;
  readonly status: RunStatus;
  /** false: the run was over before. */
  readonly stopped: boolean;
  /** Jobs that were going on. */
  readonly jobs: readonly string[];
  /** Rest that is still there, and what removes it; null: nothing. */
  readonly left: string | null;
}

/** States in which the version may have an endpoint, and is not finished. */
const SERVED: readonly StateName[] = [
  ...(['SERVE', 'CALIBRATE', 'JUDGE', 'STAY_ROWS', 'STAY_TRAIN', 'STAY_JUDGE', 'STAY_REFIT'] as const),
  ...(['REFIT', 'CHECK_REFIT', 'ENTER'] as const),
];

/**
 * Ends a training and what it has going on in SageMaker. The row is ended first: who steps the run cannot write any more then,
 * and makes nothing of what it was about to make. Called again it stops what is still going on, as after a call that failed half-way.
 * @param id of the run; null: the open one
 * @throws Refused where there is none, or where its version is being promoted at this moment
 */
export function* stopTraining(plan: Plan, id: string | null): Work<StopResult> {
  const { contract, settings } = plan;
  const run = id === null ? (yield* openRuns(settings, contract.name))[0] : yield* runOf(settings, id);
  if (!run || run.dataset !== contract.name)
    throw new Refused(
      id === null
        ? `No training of ${contract.name} is open.`
        : `There is no training ${quote(id)} of ${contract.name}.`,
      'LOS_TRAINING_RUNS has their ids.',
    );
  if (run.status === 'OPEN' && run.state === 'PROMOTE' && run.held)
    throw new Refused(
      `${run.version} is being promoted at this moment.`,
      'Wait a minute. CALL ROLL_BACK_MODEL() takes a promotion back.',
    );
  const stopped = run.status === 'OPEN' && (yield* close(plan, run));
  // As it was when it ended: who stepped it may have come further than what was read first.
  const now = (yield* runOf(settings, run.id)) || run;
  const cleared = now.status === 'DONE' ? { jobs: [], left: null } : yield* clearRun(plan, now);
  return { run: run.id, version: now.version, status: now.status, stopped, ...cleared };
}

/** @returns false where it has ended by itself meanwhile */
function* close({ settings }: Plan, { id, state }: Run): Work<boolean> {
  const caller = String((yield* queryFirst(`SELECT ${CALLER} AS CALLER`))?.CALLER);
  const message = `Stopped by ${caller}, in ${stateInWords(state)}`;
  return yield* transaction(function* () {
    yield* execute(
      `INSERT INTO ${qualify(settings, 'LOS_TRAINING_STEPS')} (RUN_ID, STATE, OUTCOME, STARTED_AT, FINISHED_AT, SECONDS, BILLED_SECONDS, MESSAGE)
SELECT RUN_ID, STATE, 'STOPPED', STATE_SINCE, CURRENT_TIMESTAMP(), DATEDIFF(millisecond, STATE_SINCE, CURRENT_TIMESTAMP()) / 1000, 0, ?
FROM ${runTable(settings)} WHERE RUN_ID = ? AND STATUS = 'OPEN'`,
      [message, id],
    );
    const changed = yield* execute(
      `UPDATE ${runTable(settings)} SET STATUS = 'STOPPED', MESSAGE = ?, NEXT_STEP = ?, ENDED_AT = CURRENT_TIMESTAMP(),
  STEPPED_AT = CURRENT_TIMESTAMP(), LEASE = NULL, LEASE_UNTIL = NULL WHERE RUN_ID = ? AND STATUS = 'OPEN'`,
      [message, `Resume it, if it is to go on: los train --resume ${id}`, id],
    );
    const version = changed === 1 ? (yield* runOf(settings, id))?.version : null;
    if (version) yield* failUnfinished(settings, version);
    return changed === 1;
  });
}

/**
 * Ends what a run that is over has going on in SageMaker, and removes the models and the endpoint of a version that is not
 * finished. Who steps a run that is stopped meanwhile calls it too, for what it has begun after that.
 */
export function* clearRun(plan: Plan, run: Run): Work<Pick<StopResult, 'jobs' | 'left'>> {
  const going: string[] = [];
  for (const name of runJobs(plan, run)) {
    const trains = yield* stopJob('TrainingJob', name);
    const predicts = yield* stopJob('TransformJob', name);
    if (trains || predicts) going.push(name);
    yield* removeModel(name);
  }
  if (SERVED.indexOf(run.state as StateName) < 0) return { jobs: going, left: null };
  const { endpoint, stayEndpoint } = versionOfRun(plan, run);
  try {
    yield* removeEndpoint(endpoint);
    if (run.data.stay) yield* removeEndpoint(stayEndpoint);
  } catch (error) {
    if (!(error instanceof Later)) throw error;
    return {
      jobs: going,
      left: `The endpoint ${endpoint} takes no change yet: CALL STOP_TRAINING('${run.id}') once more in some minutes removes it, as the next training does.`,
    };
  }
  return { jobs: going, left: null };
}
