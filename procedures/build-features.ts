import { inTransaction, recorded } from './runs.js';

/** Derived from the dataset contract (deploy/dataset/feature-sql.ts) and compiled in. */
declare const PLAN: { dataset: string; merge: string; actuals: string; runLog: string };

export const signature = {
  name: 'BUILD_FEATURES',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const;

/**
 * Brings the feature table up to date with the raw admissions and fills in the actual stays of logged
 * predictions. Reading the stream and writing the features is one transaction: nothing is lost or doubled.
 * @returns {rows, inserted, updated, actuals, run}
 */
export default function buildFeatures() {
  return recorded(PLAN.runLog, { kind: 'features', dataset: PLAN.dataset }, () =>
    inTransaction(() => {
      const merge = snowflake.createStatement({ sqlText: PLAN.merge });
      merge.execute();
      const actuals = snowflake.createStatement({ sqlText: PLAN.actuals });
      actuals.execute();
      const inserted = merge.getNumRowsInserted();
      const updated = merge.getNumRowsUpdated();
      return { rows: inserted + updated, inserted, updated, actuals: actuals.getNumRowsUpdated() };
    }),
  );
}
