import { queryValues, run, runInTransaction } from '../../runs.js';
import { buildBatch } from './batch.js';
import type { Hold } from './hold.js';
import { findDifferences } from './reconciliation.js';
import type { Source } from './source.js';
import { addTally, emptyTally, type Tally } from './tally.js';

/** What a comparison of the source with what was read of it last came to. */
export interface Comparison {
  /** What tells the source as it was read from any other state of it. */
  readonly mark: string;
  /** It is what it was, so that nothing had to be compared. */
  readonly same: boolean;
}

/**
 * Notices changes without a stream: nothing where the source is what it was the last time; else every row is held against the features
 * that were built of it, and what differs is a batch as that of a stream. One transaction, like that.
 * @param known the mark of the last comparison; '': none
 * @param take takes what a new stream has, which is in the comparison as well; null: there is none
 */
export function compareWithSource(
  source: Source,
  known: string,
  total: Tally,
  hold: Hold,
  take: string | null = null,
): Comparison {
  const [read, withoutId] = source.read(({ comparison }) => queryValues(comparison.mark));
  const mark = String(read);
  // What is held differs although nothing has changed since, and may have been accepted.
  if (mark === known && !hold.open && take === null) return { mark, same: true };
  const tally = emptyTally();
  source.read((plan) =>
    runInTransaction(() => {
      run(plan.empty);
      if (take !== null) run(take);
      if (run(findDifferences(plan, false)).getNumRowsInserted() === 0) return;
      buildBatch(source, { ...plan.all, remember: plan.comparison.remember, isNew: true }, tally, hold);
    }),
  );
  tally.unfitId = source.countUnfit('unfit');
  tally.withoutId = Math.max(0, Number(withoutId) - tally.unfitId);
  addTally(total, tally);
  return { mark, same: false };
}
