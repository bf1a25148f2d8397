import { isStale } from '../ground/stale.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { numbers, queryValues, recordRun, run, runInTransaction, scalar } from '../runs.js';
import { computeOneByOne } from './fragile-features.js';
import type { BuildPlan, ScoringSettings } from './plans.js';
import { buildPlan } from './statements/build.js';

/** Derived from the dataset contract (statements/build.ts) and compiled in. */
declare const PLAN: BuildPlan;

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
  }),
} as const satisfies ProcedureObject<typeof buildFeatures>;

/** Counts of a run, for LOS_RUN_LOG.DETAILS; what is 0 is left out there. */
interface Tally {
  rows: number;
  inserted: number;
  updated: number;
  withdrawn: number;
  actuals: number;
  queued: number;
  /** Raw rows that nothing identifies: they can be neither corrected nor found again, and are left out. */
  withoutId: number;
  /** Admissions of which the raw table has several rows. */
  severalRows: number;
  negativeStays: number;
  /** Feature → admissions for which its expression failed. */
  notComputed: Record<string, number>;
}

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
  const [id, due] = queryValues(PLAN.opening);
  return recordRun(PLAN.runLog, { kind: 'features', dataset: PLAN.dataset, id: String(id) }, () => {
    const total: Tally = {
      rows: 0,
      inserted: 0,
      updated: 0,
      withdrawn: 0,
      actuals: 0,
      queued: 0,
      withoutId: 0,
      severalRows: 0,
      negativeStays: 0,
      notComputed: {},
    };
    let { pending, restored } = look();
    for (let round = 0; round < 2 && pending; round++) {
      runInTransaction(() => oneRound(total));
      pending = round === 0 && scalar(PLAN.pending) === true;
    }
    if (restored || due === true) reconcile(total);
    const { rows, inserted, updated, withdrawn, actuals, queued } = total;
    return { rows, inserted, updated, withdrawn, actuals, queued, details: detailsOf(total, restored) };
  });
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

function oneRound(total: Tally): void {
  run(PLAN.collect);
  let counted = numbers(PLAN.count);
  if ((counted[1] ?? 0) > 0) {
    run(PLAN.choose);
    counted = numbers(PLAN.count);
  }
  const [withoutId = 0, severalRows = 0, gone = 0, negativeStays = 0] = counted;
  total.withoutId += withoutId;
  total.severalRows += severalRows;
  total.negativeStays += negativeStays;
  // First of all: a scoring run that is under way ends before, so that the log below holds what it writes.
  run(PLAN.queue.clear);
  const merge = mergeRows(total);
  total.inserted += merge.getNumRowsInserted();
  total.updated += merge.getNumRowsUpdated();
  total.rows += merge.getNumRowsInserted() + merge.getNumRowsUpdated();
  if (gone > 0) {
    total.withdrawn += run(PLAN.withdraw).getNumRowsUpdated();
    run(PLAN.unquarantine);
  }
  total.queued += run(PLAN.queue.fill).getNumRowsInserted();
  total.actuals += run(PLAN.actuals).getNumRowsUpdated();
  run(PLAN.empty);
}

/** The MERGE; where an expression fails on some row, once more with what can be computed. */
function mergeRows(total: Tally) {
  try {
    return run(PLAN.merge);
  } catch (error) {
    const failed = computeOneByOne(PLAN.oneByOne);
    if (failed.length === 0) throw error;
    let text = PLAN.merge;
    for (const { feature, rows } of failed) {
      total.notComputed[feature.name] = (total.notComputed[feature.name] || 0) + rows;
      text = text.split(feature.derived).join(feature.kept);
    }
    return run(text);
  }
}

function reconcile(total: Tally): void {
  recordRun(PLAN.runLog, { kind: 'reconciliation', dataset: PLAN.dataset }, () =>
    runInTransaction(() => {
      const { withdraw, queue, actuals } = PLAN.all;
      run(queue.clear);
      const withdrawn = run(withdraw).getNumRowsUpdated();
      const queued = run(queue.fill).getNumRowsInserted();
      const settled = run(actuals).getNumRowsUpdated();
      total.withdrawn += withdrawn;
      total.queued += queued;
      total.actuals += settled;
      return { rows: withdrawn + settled, details: { withdrawn, waiting: queued, actuals: settled } };
    }),
  );
}

function detailsOf(total: Tally, restored: boolean): Record<string, unknown> {
  const details: Record<string, unknown> = {};
  if (total.withoutId > 0) details.withoutId = total.withoutId;
  if (total.severalRows > 0) details.severalRows = total.severalRows;
  if (total.negativeStays > 0) details.negativeStays = total.negativeStays;
  if (total.withdrawn > 0) details.withdrawn = total.withdrawn;
  if (Object.keys(total.notComputed).length > 0) details.notComputed = total.notComputed;
  if (restored) details.streamRestored = true;
  return details;
}
