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
