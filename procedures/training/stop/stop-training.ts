import { perform, speak } from '../../ground/inside.js';
import type { Plan } from '../../ground/plan.js';
import type { ProcedureObject } from '../../object.js';
import { refuseHiddenTables } from '../../records/hidden-tables.js';
import { type StopResult, stopTraining } from './stop.js';

/** Compiled in; without SQL texts and bodies. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'STOP_TRAINING',
    args: [['RUN', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: ({ version }) => version([]),
} as const satisfies ProcedureObject<typeof stop>;

/**
 * Ends a training and its jobs in SageMaker; its version stays unfinished, and predict_los answers as before.
 * @param run its id in LOS_TRAINING_RUNS; NULL: the open one
 * @returns {run, version, status, stopped, jobs, left}: whether it was open, which jobs were going on, and what is still there
 * @example
 * CALL STOP_TRAINING('5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44');
 * CALL STOP_TRAINING(NULL);
 */
export default function stop(run: string | null | undefined): StopResult {
  try {
    perform(PLAN.settings, refuseHiddenTables(PLAN.settings, PLAN.contract));
    // NULL arrives as undefined.
    return perform(PLAN.settings, stopTraining(PLAN, run === undefined ? null : run));
  } catch (error) {
    return speak(error);
  }
}
