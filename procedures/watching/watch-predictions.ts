import type { PlanSource, ProcedureObject } from '../object.js';
import { dailyPlan, type WatchedSettings } from './make-plan.js';
import type { DailyPlan } from './plan.js';
import { runWatch } from './run-watch.js';

/** Compiled in (make-plan.ts). */
declare const PLAN: DailyPlan;

export const object = {
  signature: {
    name: 'WATCH_PREDICTIONS',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: (from: PlanSource<WatchedSettings>) => ({ PLAN: dailyPlan(from) }),
} as const satisfies ProcedureObject<typeof watchPredictionsNow>;

/**
 * Looks at inputs, predictions and the pipeline up to the end of the last day that is over, raises and ends alarms, and has a
 * version trained or taken back where that is due.
 * @returns what was found (watch.ts)
 * @example
 * CALL WATCH_PREDICTIONS();
 */
export default function watchPredictionsNow() {
  return runWatch(PLAN, null);
}
