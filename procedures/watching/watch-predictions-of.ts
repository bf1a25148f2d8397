import type { PlanSource, ProcedureObject } from '../object.js';
import { dailyPlan, type WatchedSettings } from './make-plan.js';
import type { DailyPlan } from './plan.js';
import { runWatch } from './run-watch.js';

declare const PLAN: DailyPlan;

export const object = {
  signature: {
    name: 'WATCH_PREDICTIONS',
    args: [['DAY', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: (from: PlanSource<WatchedSettings>) => ({ PLAN: dailyPlan(from) }),
} as const satisfies ProcedureObject<typeof watchPredictionsOf>;

/**
 * The same as at the end of a past day: for days without monitoring, in their order.
 * @param day YYYY-MM-DD; what is dated later is not looked at
 * @example
 * CALL WATCH_PREDICTIONS('2026-11-20');
 */
export default function watchPredictionsOf(day: string) {
  return runWatch(PLAN, day);
}
