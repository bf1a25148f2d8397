import { qualify } from '../ground/names.js';
import { withoutValues } from '../ground/without-values.js';
import { execute, Later, Refused, transaction, type Work } from '../ground/work.js';
import type { BackfillPlan } from './plan.js';
import { type Backfill, type BackfillData, backfillOf, backfillTable } from './run.js';
import { type Move, release, restartForChampion, states } from './states.js';

/** What a step came to. */
export type Outcome = 'moved' | 'waits' | 'ended' | 'taken';

/** Failures of a state that may pass by themselves, before what waits is left to the endpoint. */
const MOST_ATTEMPTS = 3;

/** Another holds the run. */
class LeaseTaken extends Error {}

/**
 * Does what a run's state says, once. What the state has found and where it leads to is one transaction, which holds only
 * if the caller still holds the run's lease.
 * @param lease under which the run is held
 * @returns taken: another holds it by now, and nothing was changed
 */
export function* stepBackfill(plan: BackfillPlan, id: string, lease: string): Work<Outcome> {
  const run = yield* backfillOf(plan.settings, id);
  if (run?.status !== 'OPEN') return 'ended';
  try {
    return yield* advance(plan, run, lease);
  } catch (error) {
    if (error instanceof LeaseTaken) return 'taken';
    throw error;
  }
}

function* advance(plan: BackfillPlan, run: Backfill, lease: string): Work<Outcome> {
  try {
    const move =
      (run.state === 'CLEAN_UP' ? undefined : yield* restartForChampion(plan, run)) ||
      (yield* states[run.state](plan, run));
    return yield* applyMove(plan, run, lease, move);
  } catch (error) {
    if (error instanceof LeaseTaken) throw error;
    const { message } = withoutValues(error);
    if (error instanceof Later) {
      yield* write(plan, run, lease, 'MESSAGE = ?', [message]);
      return 'waits';
    }
    if (!(error instanceof Refused) && run.attempts + 1 < MOST_ATTEMPTS) {
      yield* write(plan, run, lease, 'MESSAGE = ?, ATTEMPTS = COALESCE(ATTEMPTS, 0) + 1', [message]);
      return 'waits';
    }
    // What is left behind of a run that is over costs nothing.
    return run.state === 'CLEAN_UP'
      ? yield* ends(plan, run, lease)
      : yield* recordFailure(plan, run, lease, message);
  }
}

function* applyMove(plan: BackfillPlan, run: Backfill, lease: string, move: Move): Work<Outcome> {
  const { to, version = run.version, message = null, transact } = move;
  if (to === 'END') return yield* ends(plan, run, lease);
  yield* transaction(function* () {
    const found = transact ? yield* transact() : {};
    const data: BackfillData = Object.assign({}, run.data, move.data, found);
    yield* write(
      plan,
      run,
      lease,
      'STATE = ?, VERSION = ?, DATA = PARSE_JSON(?), MESSAGE = ?, ATTEMPTS = 0',
      [to, version, JSON.stringify(data), message],
    );
  });
  return 'moved';
}

/** Nothing was logged: the claimed admissions wait again, for the endpoint. */
function* recordFailure(plan: BackfillPlan, run: Backfill, lease: string, failure: string): Work<Outcome> {
  yield* transaction(function* () {
    const released = yield* release(plan, run);
    const data: BackfillData = Object.assign({}, run.data, { failure, released });
    yield* write(plan, run, lease, `STATE = 'CLEAN_UP', DATA = PARSE_JSON(?), MESSAGE = ?, ATTEMPTS = 0`, [
      JSON.stringify(data),
      failure,
    ]);
  });
  return 'moved';
}

function* ends(plan: BackfillPlan, run: Backfill, lease: string): Work<Outcome> {
  const { failure, logged = 0, released = 0, replaced = [] } = run.data;
  const status = failure === undefined ? 'DONE' : 'FAILED';
  const before = replaced.map(({ version }) => version);
  const instead =
    before.length > 0 ? `, by ${run.version}, promoted instead of ${before.join(', ')} meanwhile` : '';
  const message =
    failure === undefined ? `${logged} admissions logged, ${released} wait again${instead}` : failure;
  yield* transaction(function* () {
    yield* write(
      plan,
      run,
      lease,
      'STATUS = ?, MESSAGE = ?, ENDED_AT = CURRENT_TIMESTAMP(), LEASE = NULL, LEASE_UNTIL = NULL',
      [status, message],
    );
    yield* execute(
      `UPDATE ${qualify(plan.settings, 'LOS_RUN_LOG')} SET STATUS = ?, FINISHED_AT = CURRENT_TIMESTAMP(), ROW_COUNT = ?::NUMBER(38,0),
  MESSAGE = ?, DETAILS = PARSE_JSON(?) WHERE RUN_ID = ?`,
      [
        failure === undefined ? 'SUCCEEDED' : 'FAILED',
        logged,
        failure === undefined ? null : failure,
        JSON.stringify({
          version: run.version,
          claimed: run.rows,
          released,
          ...(before.length > 0 && { replaced: before }),
        }),
        run.id,
      ],
    );
  });
  return 'ended';
}

/** Changes the run's row, if it is still held. @throws Taken where it is not */
function* write(
  { settings }: BackfillPlan,
  run: Backfill,
  lease: string,
  set: string,
  binds: readonly (string | null)[],
): Work<void> {
  const changed = yield* execute(
    `UPDATE ${backfillTable(settings)} SET ${set}, STEPPED_AT = CURRENT_TIMESTAMP() WHERE RUN_ID = ? AND STATUS = 'OPEN' AND LEASE = ?`,
    [...binds, run.id, lease],
  );
  if (changed !== 1) throw new LeaseTaken();
}
