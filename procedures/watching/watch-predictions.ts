import type { SqlSignature } from '../../udfs/signature.js';
import type { WatchPlan } from './plan.js';
import { runWatch } from './said.js';

/** Compiled in (deploy/stack/watching.ts). */
declare const PLAN: WatchPlan;

export const signature = {
  name: 'WATCH_PREDICTIONS',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof watchPredictionsNow>;

/**
 * Looks at inputs, predictions and the pipe up to the end of the last day that is over, raises and ends alarms, and has a
 * version trained or taken back where that is due.
 * @returns what was found (watch.ts)
 */
export default function watchPredictionsNow() {
  return runWatch(PLAN, null);
}
