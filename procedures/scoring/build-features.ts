import { sourceName, sourceOf } from '../dataset/raw.js';
import { qualify } from '../ground/names.js';
import { fill } from '../ground/plan.js';
import { isGone, isStale } from '../ground/stale.js';
import { messageLine, withoutValues } from '../ground/without-values.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { queryRunLog, queryValues, recordRun, run, runInTransaction, scalar } from '../runs.js';
import { buildBatch } from './batches/batch.js';
import { compareWithSource } from './batches/comparison.js';
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
/** The rights on an own table, which go with it where it is replaced: statements. */
declare const GRANTS: readonly string[];

/** Who may read patients' rows. */
type Granted = ScoringSettings & { readonly snowflake: { readonly roles: { readonly patients: string } } };

export const object = {
  signature: {
    name: 'BUILD_FEATURES',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ contract, settings, sql, restore }: PlanSource<Granted>) => ({
    PLAN: buildPlan(contract, settings, sql, restoreChanges(contract, restore)),
    SOURCE: {
      table: sourceName(contract),
      columns: Object.keys(contract.columns).map(
        (name) => (contract.origin ? contract.origin.columns[name] : undefined) || sourceOf(contract, name),
      ),
      others: contract.origin !== undefined,
    },
    GRANTS: contract.origin
      ? []
      : [
          `GRANT SELECT ON TABLE ${qualify(settings, contract.table)} TO ROLE ${settings.snowflake.roles.patients}`,
        ],
  }),
} as const satisfies ProcedureObject<typeof buildFeatures>;

/** Changes that a run has noticed, and how. */
interface Noticed {
  readonly by: 'stream' | 'comparison';
  /** Mark of a comparison, which tells the source as it was read, for the next run. */
  readonly mark?: string;
  /** The stream could not be read, and was recreated. */
  readonly streamRestored?: true;
  /** Why there is no stream although there should be. */
  readonly streamAway?: string;
}

/** Milliseconds after which a reconciliation leaves the rest to the next run, for new admissions wait meanwhile. */
const MOST_TIME = 600_000;

/**
 * Brings feature table, queue and prediction log up to date with the raw admissions. What has changed in them comes in a stream, or is found
 * by comparison, where there is none or it cannot be read; all that follows from it is one transaction: nothing is lost or doubled. The first
 * read of a stream gives only the rows that were there when it was made; what has come since takes a second round. Once a day everything is
 * compared with everything, so that a change that was missed does not stay unseen for ever. Changes that look like an
 * accident of a load are held: they are not applied until the rows are back or ACCEPT_CHANGES is called.
 * @returns {rows, inserted, updated, withdrawn, actuals, queued, details, run}
 * @example
 * CALL BUILD_FEATURES();
 */
export default function buildFeatures() {
  const [pending, id, due, lost, mark, ...held] = open();
  return recordRun(PLAN.runLog, { kind: 'features', dataset: PLAN.dataset, id: String(id) }, () => {
    const total = emptyTally();
    const hold = readHold(held);
    let noticed: Noticed;
    try {
      noticed = build(total, hold, {
        pending,
        isDue: due === true,
        isLost: lost === true,
        mark: String(mark),
      });
    } catch (error) {
      const sourceGone = whyGone(error);
      if (sourceGone === null) throw nameLostColumn(error, SOURCE);
      return { ...NOTHING, details: { sourceGone } };
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
        ...(noticed.by === 'comparison' && noticed),
        ...(hold.open && { held: hold.kinds }),
      },
    };
  });
}

/** Asks what a run begins with, whether there are changes first among it: undefined where that cannot be asked with the rest. */
function open(): unknown[] {
  if (PLAN.pending !== '')
    try {
      return queryValues(`${PLAN.pending} AS PENDING, o.* FROM (${PLAN.opening}) AS o`);
    } catch {
      // Stream and run log say one by one what it is.
    }
  return [undefined].concat(queryRunLog(PLAN.opening, PLAN.openingUnlogged) as undefined[]);
}

const NOTHING = { rows: 0, inserted: 0, updated: 0, withdrawn: 0, actuals: 0, queued: 0 };

/**
 * Says why rows that others own are gone, or not to be read: dropped, renamed, or replaced without the right to SELECT. That is a state
 * which ends by itself, so what is known stays, and monitoring says so where it lasts. @returns what Snowflake says; null: it is not that
 */
function whyGone(error: unknown): string | null {
  if (!SOURCE.others || !isGone(String((error as Error).message))) return null;
  try {
    scalar(fill(PLAN.comparison.probe, PLAN.source.rows));
    return null;
  } catch (again) {
    if (!isGone(String((again as Error).message))) throw again;
    return messageLine(withoutValues(again).message).slice(0, 200);
  }
}

/**
 * @param when whether there are changes, where that is known, whether a reconciliation is due, whether the feature table has lost all its rows, and the mark of the last comparison
 */
function build(
  total: Tally,
  hold: Hold,
  {
    pending: asked,
    isDue,
    isLost,
    mark,
  }: { pending: unknown; isDue: boolean; isLost: boolean; mark: string },
): Noticed {
  const source = new Source(PLAN);
  let { pending, ...noticed }: Noticed & { pending: boolean } =
    asked === undefined ? look() : { by: 'stream', pending: asked === true };
  // Before what has changed is built as if it came in now: a table that is found again knows what has been logged of its rows.
  if (isLost) reconcile(source, total, hold);
  else if (hold.open) source.read(() => compareSource(source, hold));
  if (noticed.by === 'comparison') {
    // A new stream has the rows that are there, and says nothing of those that are gone.
    const take = noticed.streamRestored ? PLAN.comparison.take : null;
    noticed = { ...noticed, mark: compareWithSource(source, mark, total, hold, take).mark };
    pending = noticed.streamRestored === true && scalar(PLAN.pending) === true;
  }
  for (let round = 0; round < 2 && pending; round++) {
    const batch = emptyTally();
    source.read(() => runInTransaction(() => buildBatch(source, PLAN, batch, hold)));
    addTally(total, batch);
    pending = round === 0 && scalar(PLAN.pending) === true;
  }
  if (!isLost && (isDue || hold.over !== null)) reconcile(source, total, hold);
  return noticed;
}

function reconcile(source: Source, total: Tally, hold: Hold): void {
  const { withdrawn, queued, actuals } = reconcileAll(source, { within: MOST_TIME }, hold);
  total.withdrawn += withdrawn;
  total.queued += queued;
  total.actuals += actuals;
}

/**
 * Looks for changes. A stream whose table was replaced, that was not read for longer than changes are kept, or that is gone,
 * can only be recreated. Where this role may not, for the table is another's, it stays away and the comparison goes on without it.
 */
function look(): Noticed & { pending: boolean } {
  if (PLAN.pending === '') return { by: 'comparison', pending: false };
  try {
    return { by: 'stream', pending: scalar(PLAN.pending) === true };
  } catch (error) {
    if (!isStale(error) && !isGone(String((error as Error).message))) throw error;
  }
  try {
    run(PLAN.restoreStream);
    grantAgain();
    return { by: 'comparison', pending: false, streamRestored: true };
  } catch (error) {
    return {
      by: 'comparison',
      pending: false,
      streamAway: messageLine(withoutValues(error).message).slice(0, 200),
    };
  }
}

/** Messages by which Snowflake refuses a grant: the table is another's now, or there is no such role. */
const NOT_GRANTED = /insufficient privileges|not authorized|does not exist/i;

/** A table that was replaced has lost its grants, and a swapped one has those of the other; a stream goes with its table, so it tells both. */
function grantAgain(): void {
  for (const grant of GRANTS)
    try {
      run(grant);
    } catch (error) {
      // Then its owner has to: los plan says which are missing.
      if (!NOT_GRANTED.test(String((error as Error).message))) throw error;
    }
}
