import { numbers, run } from '../runs.js';
import { computeOneByOne } from './fragile-features.js';
import type { BuildPlan } from './plans.js';
import type { Tally } from './tally.js';
import { withdrawGone } from './withdrawals.js';

/**
 * Brings features, queue and log up to date with the admissions that `collect` finds, in the transaction of the caller: changed ones of
 * the stream, or a piece of what a reconciliation has found to differ.
 * @param find collects them into the table of changed admissions, one row each; `choose` says which row of an admission counts,
 *   where it has several
 * @returns how many admissions they were
 */
export function buildBatch(
  plan: BuildPlan,
  find: { readonly collect: string; readonly choose: string },
  total: Tally,
): number {
  const found = run(find.collect).getNumRowsInserted();
  let counted = numbers(plan.count);
  if ((counted[1] ?? 0) > 0) {
    run(find.choose);
    counted = numbers(plan.count);
  }
  const [withoutId = 0, severalRows = 0, gone = 0, negativeStays = 0] = counted;
  total.withoutId += withoutId;
  total.severalRows += severalRows;
  total.negativeStays += negativeStays;
  // First of all: a scoring run that is under way ends before, so that the log below holds what it writes.
  run(plan.queue.clear);
  const merge = mergeRows(plan, total);
  total.inserted += merge.getNumRowsInserted();
  total.updated += merge.getNumRowsUpdated();
  total.rows += merge.getNumRowsInserted() + merge.getNumRowsUpdated();
  if (gone > 0) {
    withdrawGone(plan, 'batch', total);
    run(plan.unquarantine);
  }
  total.queued += run(plan.queue.fill).getNumRowsInserted();
  total.actuals += run(plan.actuals).getNumRowsUpdated();
  run(plan.empty);
  return found;
}

/** The MERGE; where an expression fails on some row, once more with what can be computed. */
function mergeRows(plan: BuildPlan, total: Tally) {
  try {
    return run(plan.merge);
  } catch (error) {
    const failed = computeOneByOne(plan.oneByOne);
    if (failed.length === 0) throw error;
    let text = plan.merge;
    for (const { feature, rows } of failed) {
      total.notComputed[feature.name] = (total.notComputed[feature.name] || 0) + rows;
      text = text.split(feature.derived).join(feature.kept);
    }
    return run(text);
  }
}
