import type { SqlSignature } from '../udfs/signature.js';
import { recorded, scalar } from './runs.js';

/** Derived from the dataset contract (deploy/dataset/feature-sql.ts) and compiled in. */
declare const PLAN: { dataset: string; champion: string; score: string; runLog: string };

export const signature = {
  name: 'SCORE_ADMISSIONS',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof scoreAdmissions>;

/**
 * Predicts the stay of every admission that has not been scored and logs it. One INSERT reads the stream,
 * asks the model and writes the log, so the stream's offset moves exactly when the predictions are kept.
 * Without a promoted version nothing is touched: the admissions wait in the stream.
 * @returns {rows, version, run}
 */
export default function scoreAdmissions() {
  const version = scalar(PLAN.champion);
  if (version === null) return { rows: 0, version: null, run: null };
  return recorded(PLAN.runLog, { kind: 'scoring', dataset: PLAN.dataset }, (run) => {
    const score = snowflake.createStatement({ sqlText: PLAN.score, binds: [run.id] });
    score.execute();
    return { rows: score.getNumRowsInserted(), version };
  });
}
