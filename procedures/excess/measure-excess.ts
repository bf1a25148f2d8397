import { perform, speak } from '../ground/inside.js';
import { qualify } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { refuseHiddenTables } from '../records/hidden-tables.js';
import { recordRun } from '../runs.js';
import { measureExcess } from './measure.js';
import { type ExcessPlan, type ExcessSettings, excessPlan } from './plan.js';

/** Derived from the dataset contract (plan.ts) and compiled in. */
declare const PLAN: ExcessPlan;

export const object = {
  signature: { name: 'MEASURE_EXCESS', args: [], returns: 'VARIANT', executeAs: 'OWNER' },
  callers: 'run',
  only: 'excess',
  needs: ['LOS_EVENTS', 'LOS_PUBLICATIONS', 'LOS_PUBLISHED_ROWS', 'LOS_PUBLISHED_STAYS', 'LOS_RUN_LOG'],
  plan: (from: PlanSource<ExcessSettings>) => ({ PLAN: excessPlan(from) }),
} as const satisfies ProcedureObject<typeof measure>;

/**
 * Compares what stays took with what the case mix of their patients lets expect, by the units of the contract's excess:, and publishes the
 * months that are over into LOS_EXCESS, each once. Refuses a reference that knows the unit.
 * @returns {dataset, month, published, run}
 * @example
 * CALL MEASURE_EXCESS();
 */
export default function measure() {
  const { place, contract } = PLAN;
  try {
    const { result, run } = recordRun(
      qualify(place, 'LOS_RUN_LOG'),
      { kind: 'excess', dataset: contract.name },
      () => {
        perform(place, refuseHiddenTables(place, contract));
        const made = perform(place, measureExcess(PLAN));
        return { rows: made.published.length, details: { month: made.month }, result: made };
      },
    );
    return { ...result, run };
  } catch (error) {
    return speak(error);
  }
}
