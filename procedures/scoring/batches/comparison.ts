import { isGone, isStale } from '../../ground/stale.js';
import { queryValues, run, runInTransaction, scalar } from '../../runs.js';
import type { BuildPlan } from '../plans.js';
import { buildBatch } from './batch.js';
import type { Hold } from './hold.js';
import type { Source } from './source.js';
import { addTally, emptyTally, type Tally } from './tally.js';

/** Result of comparing the source with what was read of it last. */
export interface Comparison {
  /** Mark that tells the source as it was read from any other state of it. */
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
  const { plan } = source;
  const [read, withoutId] = source.read(() => queryValues(source.sql(plan.comparison.mark)));
  const mark = String(read);
  // What is held differs although nothing has changed since, and may have been accepted.
  if (mark === known && !hold.open && take === null) return { mark, same: true };
  const tally = emptyTally();
  const compare = () => {
    source.read(() =>
      runInTransaction(() => {
        run(plan.empty);
        if (take !== null) run(source.sql(take));
        if (run(findDifferences(source, false)).getNumRowsInserted() === 0) return;
        buildBatch(source, { ...plan.all, remember: plan.comparison.remember, isNew: true }, tally, hold);
      }),
    );
    tally.unfitId = source.countUnfit('unfit');
  };
  // What a stream gives away must be in what is read after it.
  if (take === null) source.keep(compare);
  else compare();
  tally.withoutId = Math.max(0, Number(withoutId) - tally.unfitId);
  addTally(total, tally);
  return { mark, same: false };
}

/**
 * Notices what has changed since the last run of the task graph, where no stream says what of it waits. Where the features have lost all rows
 * nothing is new: they are built again.
 */
export function compareUnread(source: Source, total: Tally, hold: Hold): void {
  const { plan } = source;
  if (isStreamReadable(plan)) return;
  const [known, isEmpty] = queryValues(plan.comparison.known);
  // Where nothing has ever been compared, it is the first load.
  if (isEmpty !== true || known === '') compareWithSource(source, String(known), total, hold);
}

function isStreamReadable({ pending }: BuildPlan): boolean {
  if (pending === '') return false;
  try {
    scalar(pending);
    return true;
  } catch (error) {
    if (!isStale(error) && !isGone(String((error as Error).message))) throw error;
    return false;
  }
}

/** The statement that puts ids of admissions into the table of changed ones. @param after a condition on ids */
export function findDifferences(source: Source, full: boolean, after = 'TRUE'): string {
  return source.sql(source.plan.all.differences, { after, all: full ? 'TRUE' : 'FALSE' });
}
