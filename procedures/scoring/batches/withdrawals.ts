import { run } from '../../runs.js';
import type { BuildPlan } from '../plans.js';
import type { Tally } from './tally.js';

/**
 * Marks the admissions of a batch whose row is gone from the hospital's table. All withdrawals go through here, those of a
 * reconciliation as well, in the transaction of the caller.
 */
export function withdrawGone({ withdraw, unquarantine }: BuildPlan, total: Tally): void {
  total.withdrawn += run(withdraw).getNumRowsUpdated();
  run(unquarantine);
}

/** Marks the predictions of admissions of which neither raw nor feature row is left, after feature rows were lost and built again. */
export function withdrawLost({ all, rests }: BuildPlan, total: Tally): void {
  if (rests) run(rests.lost);
  total.actuals += run(all.lost).getNumRowsUpdated();
}
