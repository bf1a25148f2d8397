import type { Context } from '../../deploy/context.js';
import { realTime, type Time } from '../../deploy/ground/time.js';
import {
  areChildrenSuspended,
  callStep,
  FIRST_LOOK,
  type GraphState,
  LONGEST,
  lookAtHistory,
  requirePatience,
  type Step,
  startGraph,
} from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { graphSteps } from '../../procedures/scoring/graph-tasks.js';
import type { GraphRun } from '../../report/results/operation.js';
import {
  advanceMoment,
  type Moment,
  moment,
  type RunDurations,
  type RunLogState,
  readRunLog,
} from './logged.js';

/** A run that takes longer than the one before by this factor has perhaps come to another end than the run log tells of. */
const PUNCTUAL = 1.25;
/** Milliseconds between looks at least. */
const SHORTEST = 10;

/**
 * Runs the task graph at each call, as `runGraph` does once. How long a run takes is learned from the one before:
 * each look at the history is a query, so none is made before a run can have ended. From the first nothing is
 * learned: once a day a run compares everything with everything, and what the others find in caches is not there yet.
 *
 * A call may bring what is to be done once features are built, while they are scored: what comes into the raw table from then on is for
 * the next run. It is not done where the run builds nothing, or not by the task.
 */
export function graphRuns(
  ctx: Context,
  contract: Contract,
  time: Time = realTime,
): (meanwhile?: () => Promise<void>) => Promise<GraphRun> {
  let suspended: boolean | undefined;
  /** By the account's own history: by when it was noticed, a slow run would make all that follow look slow. */
  let usual: RunDurations = { built: 0, all: 0 };
  let first = true;
  /** The last question of the run before told it, so that the time need not be asked for. */
  let known: Moment | undefined;
  return async (meanwhile) => {
    const started = time.now();
    // Not what was told then: the graph may have run by its schedule meanwhile.
    const since = known ? advanceMoment(known, started) : await moment(ctx, time);
    known = undefined; // nothing is known of one that fails
    suspended ??= await areChildrenSuspended(ctx);
    let log: RunLogState | undefined;
    let left: readonly Step[] = graphSteps;
    if (!suspended) {
      await startGraph(ctx);
      const end = await follow(ctx, contract, since, usual, meanwhile, time);
      if (!first) usual = end.took;
      first = false;
      // A child may have been suspended since.
      ({ log, left } = end);
    }
    for (const step of left) await callStep(ctx, step);
    const { built, scored, now } = log ?? (await readRunLog(ctx, contract, since, time));
    known = now;
    return { built, scored, seconds: (time.now() - started) / 1000 };
  };
}

/** End of a run. */
interface End {
  readonly left: readonly Step[];
  readonly took: RunDurations;
  /** State of the run log that has told the whole end. */
  readonly log?: RunLogState;
}

/**
 * Follows the graph run that began after `since` until it has ended: by the run log as long as it takes no longer than the one before, then, or
 * where something failed, by TASK_HISTORY.
 * @param meanwhile done once the first task's procedure has ended
 */
async function follow(
  ctx: Context,
  contract: Contract,
  since: Moment,
  usual: RunDurations,
  meanwhile: (() => Promise<void>) | undefined,
  time: Time,
): Promise<End> {
  const begun = time.now();
  let ahead = meanwhile;
  let built = false;
  const usualEnd = () => (ahead ? usual.built : usual.all * 0.9);
  let wait = usual.all > 0 ? Math.max(SHORTEST, usualEnd()) : FIRST_LOOK;
  for (;;) {
    await time.sleep(wait, ctx.signal);
    const log =
      time.now() - begun < usual.all * PUNCTUAL ? await readRunLog(ctx, contract, since, time) : undefined;
    // What has not begun by the look after may have been skipped.
    const tells = log && !log.failed && (log.scoring || !built);
    const seen: GraphState = tells ? seeByLog(log) : await lookAtHistory(ctx, since.account);
    built ||= seen.built;
    if (seen.left) {
      // Of what has passed between that moment and this run nothing is learned.
      const { left, took } = seen;
      const before = begun - since.machine;
      return {
        left,
        took: { built: took.built - before, all: took.all - before },
        ...(tells && { log }),
      };
    }
    if (seen.built) {
      await ahead?.();
      ahead = undefined;
    }
    const past = time.now() - begun;
    requirePatience(past, seen.states);
    const late = past - usualEnd();
    const pace = ahead ? usual.built / 15 : usual.all / 20;
    wait = late < 0 ? Math.max(SHORTEST, -late) : Math.min(LONGEST, Math.max(SHORTEST, pace, late / 7));
  }
}

function seeByLog(log: RunLogState): GraphState {
  const { built, all } = log.took;
  return {
    built: built > 0,
    took: log.took,
    states: 'by the run log',
    ...(built > 0 && all > 0 && { left: [] }),
  };
}
