import { perform, speak } from '../ground/inside.js';
import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { refuseHiddenTables } from '../records/hidden-tables.js';
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
 * @param options promote (through the gates), propose (to a person, if it passes them), force (over them), candidates, recentDays, learningCurve (what fewer rows would give), without (columns: what they are worth, beside the champion), repeat (a version's name), resume (a failed
 *   run's id); NULL: none of them
 * @returns {run, opened}: the run's id in LOS_TRAINING_RUNS, and whether it is new
 * @example
 * CALL TRAIN_MODEL({'promote': TRUE});
 * CALL TRAIN_MODEL({'recentDays': 730, 'learningCurve': TRUE});
 * CALL TRAIN_MODEL({'without': ['SEVERITY_OF_ILLNESS']});
 * CALL TRAIN_MODEL({'resume': '5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44'});
 */
export default function trainModel(options: RunRequest | null): OpenResult {
  try {
    perform(PLAN.settings, refuseHiddenTables(PLAN.settings, PLAN.contract));
    return perform(PLAN.settings, openRun(PLAN, options, 'snowflake'));
  } catch (error) {
    return speak(error);
  }
}
