import { queryValues, run } from '../../runs.js';
import { computeOneByOne } from './fragile-features.js';
import { dropHeld, type Hold, judgeBatch } from './hold.js';
import type { Source } from './source.js';
import type { Tally } from './tally.js';
import { withdrawGone } from './withdrawals.js';

/** A batch, and how it is found. */
export interface Batch {
  /** Collects its admissions into the table of changed ones, one row each. */
  readonly collect: string;
  /** Says which row of an admission counts, where it has several. */
  readonly choose: string;
  /** Fate, in a comparison, of the ids that it had found of the ids that it had found, and what the log remembers of them. */
  readonly collected?: string;
  readonly remember?: string;
  /** Marks that what it finds missing was not there before, as in a stream: no reconciliation, which brings back what was lost. */
  readonly isNew?: boolean;
}

/**
 * Brings features, queue and log up to date with the admissions of a batch, in the transaction of the caller: changed ones of the
 * stream, or what a comparison or a piece of a reconciliation has found to differ.
 * @param hold what looks like an accident is taken out again
 */
export function buildBatch(source: Source, batch: Batch, total: Tally, hold: Hold): void {
  const { plan } = source;
  const fromStream = batch.collected === undefined;
  const isAgain = !fromStream && batch.isNew !== true;
  run(source.sql(batch.collect));
  if (batch.collected !== undefined) run(batch.collected);
  let counted = queryValues(plan.count);
  if (Number(counted[1]) > 0) {
    run(source.sql(batch.choose));
    counted = queryValues(plan.count);
  }
  const [withoutId = 0, severalRows = 0, gone = 0, negativeStays = 0] = counted.slice(0, 4).map(Number);
  // A piece says nothing of the whole, which a reconciliation has looked at.
  if (!isAgain) judgeBatch(plan.hold, hold, counted.slice(4));
  dropHeld(plan.hold, hold);
  source.markUnfit(total);
  const unfit = fromStream ? source.countUnfit('unfitNow') : 0;
  total.unfitId += unfit;
  total.withoutId += withoutId - unfit;
  total.severalRows += severalRows;
  total.negativeStays += negativeStays;
  // First of all: a scoring run that is under way ends before, so that the log below holds what it writes.
  run(plan.queue.clear);
  const merge = mergeRows(source, isAgain, total);
  const inserted = merge.getNumRowsInserted();
  const updated = merge.getNumRowsUpdated();
  total.inserted += inserted;
  total.updated += updated;
  total.rows += inserted + updated;
  if (batch.remember !== undefined && inserted + (isAgain ? updated : 0) > 0) run(batch.remember);
  if (gone > 0) withdrawGone(plan, total);
  total.queued += run(plan.queue.fill).getNumRowsInserted();
  total.actuals += run(plan.actuals).getNumRowsUpdated();
  if (plan.rests) run(plan.rests.batch);
  run(plan.empty);
}

/**
 * The MERGE; where an expression fails on some row, once more with what can be computed.
 * @param again whether rows that are not there were, as a rule, and were lost
 */
function mergeRows(source: Source, again: boolean, total: Tally) {
  const { merge, first, oneByOne } = source.plan;
  let text = source.sql(merge, {
    first_built: again ? first.built : 'CURRENT_TIMESTAMP()',
    seen_open: again ? first.open : 'n.LOS IS NULL',
  });
  try {
    return run(text);
  } catch (error) {
    const failed = computeOneByOne(oneByOne);
    if (failed.length === 0) throw error;
    for (const { feature, rows } of failed) {
      total.notComputed[feature.name] = (total.notComputed[feature.name] || 0) + rows;
      text = text.split(feature.derived).join(feature.kept);
    }
    return run(text);
  }
}
