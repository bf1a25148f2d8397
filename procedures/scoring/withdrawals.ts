import { run } from '../runs.js';
import type { BuildPlan } from './plans.js';
import type { Tally } from './tally.js';

/**
 * Marks admissions whose row is gone from the hospital's table: of a batch, or of everything in a reconciliation. All withdrawals go
 * through here, in the transaction of the caller.
 * @returns how many
 */
export function withdrawGone({ withdraw, all }: BuildPlan, which: 'batch' | 'all', total: Tally): number {
  const withdrawn = run(which === 'all' ? all.withdraw : withdraw).getNumRowsUpdated();
  total.withdrawn += withdrawn;
  return withdrawn;
}

/** Marks the predictions of admissions of which neither raw nor feature row is left, after feature rows were lost and built again. */
export function withdrawLost({ all }: BuildPlan, total: Tally): void {
  total.actuals += run(all.lost).getNumRowsUpdated();
}
