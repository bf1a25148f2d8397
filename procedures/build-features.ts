import type { SqlSignature } from '../udfs/signature.js';
import { inTransaction, recorded, scalar } from './runs.js';

/** Derived from the dataset contract (deploy/dataset/feature-sql.ts) and compiled in. */
declare const PLAN: { dataset: string; pending: string; merge: string; actuals: string; runLog: string };

export const signature = {
  name: 'BUILD_FEATURES',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof buildFeatures>;

/**
 * Brings the feature table up to date with the raw admissions and fills in the actual stays of logged
 * predictions. Reading the stream and writing the features is one transaction: nothing is lost or doubled.
 * The first read of a stream gives only the rows that were there when it was made; what has come since takes
 * a second round.
 * @returns {rows, inserted, updated, actuals, run}
 */
export default function buildFeatures() {
  return recorded(PLAN.runLog, { kind: 'features', dataset: PLAN.dataset }, () => {
    const total = { rows: 0, inserted: 0, updated: 0, actuals: 0 };
    for (let round = 0; round < 2 && scalar(PLAN.pending) === true; round++) {
      const { inserted, updated, actuals } = inTransaction(oneRound);
      total.rows += inserted + updated;
      total.inserted += inserted;
      total.updated += updated;
      total.actuals += actuals;
    }
    return total;
  });
}

function oneRound() {
  const merge = snowflake.createStatement({ sqlText: PLAN.merge });
  merge.execute();
  const actuals = snowflake.createStatement({ sqlText: PLAN.actuals });
  actuals.execute();
  return {
    inserted: merge.getNumRowsInserted(),
    updated: merge.getNumRowsUpdated(),
    actuals: actuals.getNumRowsUpdated(),
  };
}
