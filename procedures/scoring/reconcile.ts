import type { PlanSource, ProcedureObject } from '../object.js';
import { reconcileAll } from './batches/reconciliation.js';
import { Source } from './batches/source.js';
import type { BuildPlan, ScoringSettings } from './plans.js';
import { buildPlan, restoreChanges } from './statements/build.js';

/** Derived from the dataset contract (statements/build.ts) and compiled in. */
declare const PLAN: BuildPlan;

export const object = {
  signature: {
    name: 'RECONCILE',
    // FULL is a reserved word of Snowflake.
    args: [['WHOLE', 'BOOLEAN']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ contract, settings, sql, restore }: PlanSource<ScoringSettings>) => ({
    PLAN: buildPlan(contract, settings, sql, restoreChanges(contract, restore)),
  }),
} as const satisfies ProcedureObject<typeof reconcile>;

/**
 * Compares the hospital's table with everything that is derived from it, and builds again what is missing, superfluous or different:
 * features, queue, actual stays and withdrawals in the log. FALSE goes by the hash that is kept with each feature row, as
 * BUILD_FEATURES does once a day; TRUE computes the features of all admissions again. What has not changed is not written, and nothing is
 * predicted twice.
 * @returns {missing, superfluous, different, rebuilt, withdrawn, queued, actuals, details, run}
 * @example
 * CALL RECONCILE(FALSE);
 * CALL RECONCILE(TRUE);
 */
export default function reconcile(whole: boolean | null) {
  return reconcileAll(new Source(PLAN), { full: whole === true, unread: true });
}
