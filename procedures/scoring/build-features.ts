import { sourceOf } from '../dataset/raw.js';
import { isStale } from '../ground/stale.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { queryValues, recordRun, run, runInTransaction, scalar } from '../runs.js';
import { buildBatch } from './batches/batch.js';
import { reconcileAll } from './batches/reconciliation.js';
import { detailsOf, emptyTally, type Tally } from './batches/tally.js';
import { nameLostColumn, type SourceColumns } from './lost-column.js';
import type { BuildPlan, ScoringSettings } from './plans.js';
import { buildPlan } from './statements/build.js';

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
    PLAN: buildPlan(contract, settings, sql, restore('<TABLE>_CHANGES')),
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
 * compared with everything, so that a change that a stream has missed does not stay unseen for ever.
 * @returns {rows, inserted, updated, withdrawn, actuals, queued, details, run}
 * @example
 * CALL BUILD_FEATURES();
 */
export default function buildFeatures() {
  const [id, due, lost] = queryValues(PLAN.opening);
  return recordRun(PLAN.runLog, { kind: 'features', dataset: PLAN.dataset, id: String(id) }, () => {
    const total = emptyTally();
    let restored = false;
    try {
      restored = build(total, { isDue: due === true, isLost: lost === true });
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
      details: { ...detailsOf(total), ...(restored && { streamRestored: true }) },
    };
  });
}

/**
 * @param when whether a reconciliation is due, and whether the feature table has lost all its rows
 * @returns whether the stream had to be recreated
 */
function build(total: Tally, { isDue, isLost }: { isDue: boolean; isLost: boolean }): boolean {
  let { pending, restored } = look();
  // Before what has changed is built as if it came in now: a table that is found again knows what has been logged of its rows.
  if (isLost) reconcile(total);
  for (let round = 0; round < 2 && pending; round++) {
    runInTransaction(() => buildBatch(PLAN, PLAN, total));
    pending = round === 0 && scalar(PLAN.pending) === true;
  }
  if (!isLost && (restored || isDue)) reconcile(total);
  return restored;
}

function reconcile(total: Tally): void {
  const { withdrawn, queued, actuals } = reconcileAll(PLAN, { within: MOST_TIME });
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
