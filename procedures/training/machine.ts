import { BY_LEAKS } from '../dataset/leak.js';
import { HELD_LONGER, LET_GO, releaseLease, renewLease, takeLease } from '../ground/lease.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { withoutValues } from '../ground/without-values.js';
import { execute, Later, Refused, transaction, type Work } from '../ground/work.js';
import { setStatus } from '../versions/registry.js';
import { END, MOST_ATTEMPTS, type Run, type RunData, runOf, runTable, type StateName } from './run.js';

/**
 * The machine of a training. A run's row says which state it is in; a state is a function from that row to what is done
 * next, and to the row as it is afterwards. Everything that a state does may be done twice, so that a run which was
 * killed anywhere goes on with the state that it was in. What a state has found and where it leads to is written in one
 * transaction, which holds only if the caller still holds the run's lease.
 */
export type State = (plan: Plan, run: Run) => Work<Move>;

/** Those that are defined. */
export type States = Readonly<Partial<Record<StateName, State>>>;

/** End of a state; one that leads to itself has come a step further and keeps what it knows. */
export interface Move {
  readonly to: StateName | typeof END;
  /** Facts that are known now. */
  readonly data?: Partial<RunData>;
  /** Work in the same transaction; no DDL. */
  readonly also?: () => Work<void>;
  /** Seconds of SageMaker's instances that the state is billed for. */
  readonly billed?: number;
  /** Result for people. */
  readonly message?: string;
}

/** Result of a step; after all but `moved` the run is not held any more. */
export type Outcome = 'moved' | 'waits' | 'ended' | 'taken' | 'nothing new';

/**
 * Does what the run's state says, once.
 * @param lease under which the run is held
 * @returns taken: another holds the run by now, and nothing was changed
 */
export function* step(plan: Plan, states: States, id: string, lease: string): Work<Outcome> {
  const run = yield* runOf(plan.settings, id);
  return yield* stepRun(plan, states, run, lease);
}

/** The same of a run whose row was read under the lease; undefined: there is none. */
export function* stepRun(plan: Plan, states: States, run: Run | undefined, lease: string): Work<Outcome> {
  if (run?.status !== 'OPEN') return 'ended';
  const state = states[run.state as StateName];
  if (!state) throw new Error(`No procedure of this kind knows the state ${run.state}`);
  try {
    return yield* runState(plan, state, run, lease);
  } catch (error) {
    // It may have been taken before the state's end as before its wait or its failure were written.
    if (error instanceof LeaseTaken) return 'taken';
    throw error;
  }
}

/**
 * Tells whether a run still waits for what its row says that it waits for. Its state is asked, but only as far as it asks SageMaker how
 * something goes: a look at a job that is under way changes nothing, so it needs no lease, and nothing is written.
 */
export function* isStillWaiting(plan: Plan, states: States, run: Run): Work<boolean> {
  const state = states[run.state as StateName];
  // What is waited for with patience only has its time counted by being written.
  if (!state || run.waited > 0) return false;
  try {
    const work = state(plan, run);
    for (let next = work.next(); !next.done; ) {
      if (!('action' in next.value) || next.value.action.slice(0, 8) !== 'Describe') return false;
      next = work.next(yield next.value);
    }
    return false;
  } catch (error) {
    return error instanceof Later && error.patience === undefined && error.message === run.message;
  }
}

function* runState(plan: Plan, state: State, run: Run, lease: string): Work<Outcome> {
  try {
    const move = yield* state(plan, run);
    return yield* applyMove(plan, run, lease, move);
  } catch (error) {
    if (error instanceof LeaseTaken) throw error;
    if (error instanceof Later) return yield* waits(plan, run, lease, error);
    if (error instanceof Refused)
      return yield* failRun(plan, run, lease, error.message, error.next, error.by !== BY_LEAKS);
    return yield* recordError(plan, run, lease, error);
  }
}

/** Another holds the run. */
class LeaseTaken extends Error {}

function* applyMove(plan: Plan, run: Run, lease: string, move: Move): Work<Outcome> {
  const data: RunData = { ...run.data, ...move.data };
  const ends = move.to === END;
  if (move.to === run.state) {
    yield* write(
      plan,
      run,
      lease,
      `DATA = PARSE_JSON(?), MESSAGE = ?, ATTEMPTS = 0, WAITING_SINCE = NULL, ${HELD_LONGER}`,
      [JSON.stringify(data), move.message === undefined ? null : move.message],
    );
    return 'moved';
  }
  yield* transaction(function* () {
    yield* write(
      plan,
      run,
      lease,
      `STATE = ?, DATA = PARSE_JSON(?), STATUS = ?, VERSION = ?, MESSAGE = ?, NEXT_STEP = NULL, ATTEMPTS = 0, WAITING_SINCE = NULL,
  STATE_SINCE = CURRENT_TIMESTAMP()${ends ? `, ENDED_AT = CURRENT_TIMESTAMP(), ${LET_GO}` : `, ${HELD_LONGER}`}`,
      [
        move.to,
        JSON.stringify(data),
        ends ? 'DONE' : 'OPEN',
        data.number === undefined ? null : `${run.dataset}-v${data.number}`,
        move.message === undefined ? null : move.message,
      ],
      { outcome: 'DONE', billed: move.billed || 0, message: move.message || null },
    );
    if (move.also) yield* move.also();
  });
  return ends ? 'ended' : 'moved';
}

function* waits(plan: Plan, run: Run, lease: string, { message, patience }: Later): Work<Outcome> {
  if (patience !== undefined && run.waited > patience)
    return yield* failRun(
      plan,
      run,
      lease,
      `${message} (for ${run.waited} seconds)`,
      'Look at what it waits for.',
    );
  yield* write(
    plan,
    run,
    lease,
    `MESSAGE = ?, ${LET_GO}, WAITING_SINCE = ${patience === undefined ? 'NULL' : 'COALESCE(WAITING_SINCE, CURRENT_TIMESTAMP())'}`,
    [message],
  );
  return 'waits';
}

/** An unforeseen error may pass: a lost connection, a warehouse that was suspended. */
function* recordError(plan: Plan, run: Run, lease: string, error: unknown): Work<Outcome> {
  const { message } = withoutValues(error);
  if (run.attempts + 1 >= MOST_ATTEMPTS)
    return yield* failRun(
      plan,
      run,
      lease,
      `${stateInWords(run.state)} failed ${MOST_ATTEMPTS} times, at last: ${message}`,
      'Run los doctor.',
    );
  yield* write(plan, run, lease, `MESSAGE = ?, ATTEMPTS = COALESCE(ATTEMPTS, 0) + 1, ${LET_GO}`, [message]);
  return 'waits';
}

/**
 * Ends a run without a version. Its version's row must not say TRAINING for ever.
 * @param mend what a person can do about it
 * @param goesOn whether the run can go on then: one that was divided and encoded with a feature that must not be in it cannot
 */
function* failRun(
  plan: Plan,
  run: Run,
  lease: string,
  message: string,
  mend: string,
  goesOn = true,
): Work<Outcome> {
  const next = goesOn ? `${mend} Then resume it: los train --resume ${run.id}` : mend;
  yield* transaction(function* () {
    yield* write(
      plan,
      run,
      lease,
      `STATUS = 'FAILED', MESSAGE = ?, NEXT_STEP = ?, ENDED_AT = CURRENT_TIMESTAMP(), ${LET_GO}`,
      [message, next],
      { outcome: 'FAILED', billed: 0, message },
    );
    if (run.version !== null) yield* setStatus(plan.settings, run.version, 'FAILED');
  });
  return 'ended';
}

interface StepLine {
  readonly outcome: 'DONE' | 'FAILED';
  readonly billed: number;
  readonly message: string | null;
}

/**
 * Changes the run's row, if it is still held.
 * @param line what goes into LOS_TRAINING_STEPS
 * @throws Taken where it is not
 */
function* write(
  { settings }: Plan,
  run: Run,
  lease: string,
  set: string,
  binds: readonly (string | null)[],
  line?: StepLine,
): Work<void> {
  const table = runTable(settings);
  if (line)
    yield* execute(
      `INSERT INTO ${qualify(settings, 'LOS_TRAINING_STEPS')} (RUN_ID, STATE, OUTCOME, STARTED_AT, FINISHED_AT, SECONDS, BILLED_SECONDS, MESSAGE)
SELECT RUN_ID, STATE, ?, STATE_SINCE, CURRENT_TIMESTAMP(), DATEDIFF(millisecond, STATE_SINCE, CURRENT_TIMESTAMP()) / 1000, ?::FLOAT, ?
FROM ${table} WHERE RUN_ID = ? AND LEASE = ?`,
      [line.outcome, line.billed, line.message, run.id, lease],
    );
  const changed = yield* execute(
    `UPDATE ${table} SET ${set}, STEPPED_AT = CURRENT_TIMESTAMP() WHERE RUN_ID = ? AND STATUS = 'OPEN' AND LEASE = ?`,
    [...binds, run.id, lease],
  );
  if (changed !== 1) throw new LeaseTaken();
}

/** `SELECT_FEATURES` → `select features`. */
export function stateInWords(state: string): string {
  return state.toLowerCase().split('_').join(' ');
}

/** Takes an open run that no other holds. @returns false: another holds it */
export function* takeRun({ settings }: Plan, id: string, lease: string): Work<boolean> {
  return yield* takeLease(runTable(settings), id, lease);
}

/** Holds a run for longer. */
export function* renewRun({ settings }: Plan, id: string, lease: string): Work<void> {
  yield* renewLease(runTable(settings), id, lease);
}

/** Lets go of a run. */
export function* releaseRun({ settings }: Plan, id: string, lease: string): Work<void> {
  yield* releaseLease(runTable(settings), id, lease);
}
