import { perform, speak } from '../ground/inside.js';
import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { type OpenResult, openRun, type RunRequest } from './open.js';

/** Compiled in; without SQL texts and bodies, which opening a run needs none of. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'TRAIN_MODEL',
    args: [['OPTIONS', 'OBJECT']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: ({ version }) => version([]),
} as const satisfies ProcedureObject<typeof trainModel>;

/**
 * Opens a training; STEP_TRAINING, which a task calls, goes on with it.
 * @param options promote (through the gates), force (over them), candidates, recentDays, learningCurve (what fewer rows would give), repeat (a version's name), resume (a failed
 *   run's id); NULL: none of them
 * @returns {run, opened}: the run's id in LOS_TRAINING_RUNS, and whether it is new
 */
export default function trainModel(options: RunRequest | null): OpenResult {
  try {
    return perform(PLAN.settings, openRun(PLAN, options || {}, 'snowflake'));
  } catch (error) {
    return speak(error);
  }
}
