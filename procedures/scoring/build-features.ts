import { sourceOf } from '../dataset/raw.js';
import { isStale } from '../ground/stale.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { queryRunLog, recordRun, run, runInTransaction, scalar } from '../runs.js';
import { buildBatch } from './batches/batch.js';
import { compareSource, type Hold, readHold } from './batches/hold.js';
import { reconcileAll } from './batches/reconciliation.js';
import { Source } from './batches/source.js';
import { addTally, detailsOf, emptyTally, type Tally } from './batches/tally.js';
import { nameLostColumn, type SourceColumns } from './lost-column.js';
import type { BuildPlan, ScoringSettings } from './plans.js';
import { buildPlan, restoreChanges } from './statements/build.js';

/** Derived from the dataset contract (statements/build.ts) and compiled in. */
declare const PLAN: BuildPlan;
declare const SOURCE: SourceColumns;

export const object = {
  signature: {
    name: 'BUILD_FEATURES',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ contract, settings, sql, restore }: PlanSource<ScoringSettings>) => ({
    PLAN: buildPlan(contract, settings, sql, restoreChanges(contract, restore)),
    SOURCE: {
      table: contract.table,
      columns: Object.keys(contract.columns).map((name) => sourceOf(contract, name)),
    },
  }),
} as const satisfies ProcedureObject<typeof buildFeatures>;

/** Milliseconds after which a reconciliation leaves the rest to the next run, for new admissions wait meanwhile. */
const MOST_TIME = 600_000;

/**
 * Brings feature table, queue and prediction log up to date with the raw admissions. Reading the stream and all
 * that follows from it is one transaction: nothing is lost or doubled. The first read of a stream gives only the
 * rows that were there when it was made; what has come since takes a second round. Once a day everything is
 * compared with everything, so that a change that a stream has missed does not stay unseen for ever. Changes that look like an
 * accident of a load are held: they are not applied until the rows are back or ACCEPT_CHANGES is called.
 * @returns {rows, inserted, updated, withdrawn, actuals, queued, details, run}
 * @example
 * CALL BUILD_FEATURES();
 */
export default function buildFeatures() {
  const [id, due, lost, ...held] = queryRunLog(PLAN.opening, PLAN.openingUnlogged);
  return recordRun(PLAN.runLog, { kind: 'features', dataset: PLAN.dataset, id: String(id) }, () => {
    const total = emptyTally();
    const hold = readHold(held);
    let restored = false;
    try {
      restored = build(total, hold, { isDue: due === true, isLost: lost === true });
    } catch (error) {
      throw nameLostColumn(error, SOURCE);
    }
    const { rows, inserted, updated, withdrawn, actuals, queued } = total;
    return {
      rows,
      inserted,
      updated,
      withdrawn,
      actuals,
      queued,
      details: {
        ...detailsOf(total),
        ...(restored && { streamRestored: true }),
        ...(hold.open && { held: hold.kinds }),
      },
    };
  });
}

/**
 * @param when whether a reconciliation is due, and whether the feature table has lost all its rows
 * @returns whether the stream had to be recreated
 */
function build(total: Tally, hold: Hold, { isDue, isLost }: { isDue: boolean; isLost: boolean }): boolean {
  const source = new Source(PLAN);
  let { pending, restored } = look();
  // Before what has changed is built as if it came in now: a table that is found again knows what has been logged of its rows.
  if (isLost) reconcile(source, total, hold);
  // A new stream has the rows that are there, and says nothing of those that are gone.
  else if (hold.open || restored) source.read((plan) => compareSource(plan.hold, hold));
  for (let round = 0; round < 2 && pending; round++) {
    const batch = emptyTally();
    source.read((plan) => runInTransaction(() => buildBatch(source, plan, batch, hold)));
    addTally(total, batch);
    pending = round === 0 && scalar(PLAN.pending) === true;
  }
  if (!isLost && (restored || isDue || hold.over !== null)) reconcile(source, total, hold);
  return restored;
}

function reconcile(source: Source, total: Tally, hold: Hold): void {
  const { withdrawn, queued, actuals } = reconcileAll(source, { within: MOST_TIME }, hold);
  total.withdrawn += withdrawn;
  total.queued += queued;
  total.actuals += actuals;
}

/**
 * Whether there are changes. A stream whose table was replaced, or that was not read for longer than changes are kept, can
 * only be recreated, which is `restored`. From all rows of the table nothing is lost: what has not changed changes nothing.
 */
function look(): { pending: boolean; restored: boolean } {
  try {
    return { pending: scalar(PLAN.pending) === true, restored: false };
  } catch (error) {
    if (!isStale(error)) throw error;
    run(PLAN.restoreStream);
    return { pending: scalar(PLAN.pending) === true, restored: true };
  }
}
