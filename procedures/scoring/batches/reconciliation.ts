import { isStale } from '../../ground/stale.js';
import { queryValues, recordRun, run, runInTransaction, scalar } from '../../runs.js';
import type { BuildPlan } from '../plans.js';
import { VERY_FEW } from '../plausibility.js';
import { buildBatch } from './batch.js';
import { compareUnread, findDifferences } from './comparison.js';
import { compareSource, endHold, type Hold, readHold } from './hold.js';
import type { Source } from './source.js';
import { addTally, detailsOf, emptyTally, type Tally } from './tally.js';
import { withdrawLost } from './withdrawals.js';

/** Differences that a reconciliation found and mended. */
export interface Reconciliation {
  /** Admissions of the hospital's table without a feature row. */
  readonly missing: number;
  /** Feature rows whose admission is gone from the hospital's table, and rows beyond the first of an admission. */
  readonly superfluous: number;
  /** Feature rows that do not follow from it. */
  readonly different: number;
  /** Feature rows that were written. */
  readonly rebuilt: number;
  readonly withdrawn: number;
  /** Admissions that ought to have waited for their prediction and did not. */
  readonly queued: number;
  /** Predictions whose actual stay or withdrawal was another. */
  readonly actuals: number;
  /** Details that were out of the ordinary; `left`: it was cut short, and the next run of the task graph goes on. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface ReconcileOptions {
  /** Computes all features again, where otherwise the hashes of the rows say which. */
  readonly full?: boolean;
  /** Milliseconds after which no further piece is begun. */
  readonly within?: number;
  /** Changes since the last run of the task graph may not have been noticed yet: without a stream it would look like what was lost. */
  readonly unread?: boolean;
}

/** Counts of what pieces have found. */
interface Found {
  missing: number;
  different: number;
  /** Rows from before hashes were kept. */
  unmarked: number;
  left: boolean;
}

/**
 * Compares everything with everything, so that what a stream has missed, or an accident has taken, does not stay unseen: the
 * hospital's table with the features, features and log with the queue, and the log with the stays as they are known. What differs is
 * built as any batch is, in pieces of a transaction each, but for what is held. It writes its run into the run log.
 * @param hold what is held, where the caller knows
 */
export function reconcileAll(
  source: Source,
  { full = false, within = Number.POSITIVE_INFINITY, unread = false }: ReconcileOptions,
  hold: Hold = readHold(queryValues(source.plan.hold.open)),
): Reconciliation & { run: string } {
  const { plan } = source;
  return recordRun(plan.runLog, { kind: 'reconciliation', dataset: plan.dataset }, () => {
    const total = emptyTally();
    const doubled = dropDoubled(plan);
    const noticed = emptyTally();
    if (unread) compareUnread(source, noticed, hold);
    if (hold.open && !hold.compared) source.read(() => compareSource(source, hold));
    const found = rebuild(source, { full, within }, total, hold);
    total.unfitId = source.countUnfit('unfit');
    const waiting = runInTransaction(() => settle(source, found, hold, total));
    if (!found.left) endHold(plan.hold, hold);
    const repeated = Number(source.read(() => scalar(source.sql(plan.all.repeated))));
    const { rows, withdrawn, queued, actuals } = total;
    const { missing, unmarked, left } = found;
    const different =
      full && !hold.open ? Math.max(found.different, total.updated - unmarked) : found.different;
    const counts = { missing, superfluous: withdrawn + doubled, different, rebuilt: rows, queued, unmarked };
    const details: Record<string, unknown> = { ...detailsOf(total), withdrawn, waiting, actuals, repeated };
    for (const [name, count] of Object.entries(counts)) if (count > 0) details[name] = count;
    if (left) details.left = true;
    if (noticed.rows + noticed.withdrawn > 0) details.noticed = noticed.rows + noticed.withdrawn;
    return { ...counts, withdrawn, actuals, rows: rows + withdrawn + actuals, details };
  });
}

/** @returns how many feature rows were more than one of an admission */
function dropDoubled({ all }: BuildPlan): number {
  if (Number(scalar(all.doubled)) === 0) return 0;
  return runInTransaction(() => {
    run(all.keepOne);
    const dropped = run(all.dropOthers).getNumRowsDeleted();
    return dropped - run(all.unmark).getNumRowsUpdated();
  });
}

/** Builds what differs, piece by piece in the order of ids, so that it ends whatever comes of a piece. */
function rebuild(
  source: Source,
  { full, within }: { readonly full: boolean; readonly within: number },
  total: Tally,
  hold: Hold,
): Found {
  const sum: Found = { missing: 0, different: 0, unmarked: 0, left: false };
  const until = Date.now() + within;
  let after: string | null = null;
  do {
    if (Date.now() > until) return { ...sum, left: true };
    const piece: Piece = source.read(() => runInTransaction(() => buildPiece(source, full, after, hold)));
    sum.missing += piece.missing;
    sum.different += piece.different;
    sum.unmarked += piece.unmarked;
    addTally(total, piece.tally);
    after = piece.last;
  } while (after !== null);
  return sum;
}

/** Result of a piece. */
interface Piece extends Omit<Found, 'left'> {
  readonly tally: Tally;
  /** The last id of a piece after which there may be more; null: there are not. */
  readonly last: string | null;
}

function buildPiece(source: Source, full: boolean, after: string | null, hold: Hold): Piece {
  const { plan } = source;
  const { all } = plan;
  const tally = emptyTally();
  run(plan.empty);
  const text = findDifferences(source, full, after === null ? 'TRUE' : all.after) + all.first;
  const rows = run(text, after === null ? [] : [after, after]).getNumRowsInserted();
  if (rows === 0) return { missing: 0, different: 0, unmarked: 0, tally, last: null };
  const [missing, different, unmarked, last] = countFound(source);
  // As few as that are always believed, and to compare the whole costs as much as to have found them.
  if (!hold.compared && rows >= VERY_FEW) compareSource(source, hold);
  buildBatch(source, all, tally, hold);
  return {
    missing: Number(missing),
    // What a hold keeps back, or lets come once it is over, was changed by no hand.
    different: hold.open || hold.over !== null ? 0 : Number(different),
    unmarked: Number(unmarked),
    tally,
    last: rows < all.pieceRows ? null : String(last),
  };
}

/** Tells whether predictions are lost that may come back. Without the table of counts nothing is known of it. @param sql see `lostLogSql` */
export function isLogLost(sql: string): boolean {
  try {
    return scalar(sql) === true;
  } catch (error) {
    if (!/does not exist/i.test(String((error as Error).message))) throw error;
    return false;
  }
}

/** Counts differences. What waits in the stream is none, for the next batch takes it. A stream that cannot be read says of nothing that it waits. */
function countFound(source: Source): unknown[] {
  const { all } = source.plan;
  try {
    return queryValues(source.sql(all.found));
  } catch (error) {
    if (!isStale(error) && !/does not exist/i.test(String((error as Error).message))) throw error;
    return queryValues(all.foundAlone);
  }
}

/** Finds queue, actual stays and withdrawals of the log again. @returns how many admissions wait */
function settle(source: Source, { missing, left }: Found, hold: Hold, total: Tally): number {
  const { plan } = source;
  const { queue, quarantined, unchanged, actuals } = plan.all;
  if (plan.rests) run(source.sql(plan.rests.all));
  const isLost = isLogLost(plan.all.lostLog);
  // Who waits goes on waiting; who else ought to, only the log can say.
  const cleared = isLost ? 0 : run(queue.clear).getNumRowsDeleted();
  if (missing > 0 && !left && hold.kinds.length === 0) withdrawLost(plan, total);
  run(quarantined);
  if (isLost) {
    total.actuals += run(actuals).getNumRowsUpdated();
    return 0;
  }
  let waiting = run(queue.fill).getNumRowsInserted();
  if (waiting > 0 && run(unchanged).getNumRowsUpdated() > 0) {
    run(queue.clear);
    waiting = run(queue.fill).getNumRowsInserted();
  }
  total.queued += Math.max(0, waiting - cleared);
  total.actuals += run(actuals).getNumRowsUpdated();
  return waiting;
}
