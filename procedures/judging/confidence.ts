import { datasetNames } from '../dataset/names.js';
import { type Block, blockOf, bootstrap, total } from '../ground/bootstrap.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { query, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import type { Metrics } from './metrics.js';

const SUMS = [
  ...(['N', 'Y', 'YY', 'PREDICTED', 'PP', 'PY', 'EE', 'AE', 'IN80', 'IN95'] as const),
  ...(['CRPS', 'BEFORE_CRPS', 'BEFORE_EE', 'BEFORE_AE'] as const),
] as const;
type Sums = Block<(typeof SUMS)[number]>;

/** Bootstrap over up to 256 blocks of patients (or admissions); the weights are taken as given. */
export function* confidence(
  { contract, settings }: Plan,
  version: Version,
  compared: boolean,
): Work<Pick<Metrics, 'slope' | 'confidence'>> {
  const set = qualify(settings, datasetNames(contract).trainingSet);
  const blocks = yield* query(
    `SELECT SUM(WEIGHT) AS N, SUM(WEIGHT * LOS) AS Y, SUM(WEIGHT * LOS * LOS) AS YY, SUM(WEIGHT * P) AS PREDICTED,
  SUM(WEIGHT * P * P) AS PP, SUM(WEIGHT * P * LOS) AS PY,
  SUM(WEIGHT * POWER(P - LOS, 2)) AS EE, SUM(WEIGHT * ABS(P - LOS)) AS AE,
  SUM(IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, WEIGHT, 0)) AS IN80,
  SUM(IFF(LOS BETWEEN LOW95_LOS AND HIGH95_LOS, WEIGHT, 0)) AS IN95,
  COALESCE(SUM(WEIGHT * CRPS), 0) AS CRPS, COALESCE(SUM(WEIGHT * BEFORE_CRPS), 0) AS BEFORE_CRPS,
  COALESCE(SUM(WEIGHT * POWER(BEFORE_LOS - LOS, 2)), 0) AS BEFORE_EE,
  COALESCE(SUM(WEIGHT * ABS(BEFORE_LOS - LOS)), 0) AS BEFORE_AE
FROM (SELECT e.*, e.PREDICTED_LOS AS P, SUBSTR(MD5('block ' || TO_VARCHAR(s.${contract.patient ?? contract.id})), 1, 2) AS BLOCK
  FROM ${qualify(settings, 'LOS_EVALUATION')} AS e
  JOIN ${set} AS s ON TO_VARCHAR(s.${contract.id}) = e.CASE_ID
  WHERE e.VERSION = ? AND e.SIDE = 'holdout')
GROUP BY BLOCK ORDER BY BLOCK`,
    [version.name],
  );
  const sums = blocks.map((row) => blockOf(row, SUMS));
  const rmse = (s: Sums) => Math.sqrt(s.EE / s.N);
  const mae = (s: Sums) => s.AE / s.N;
  const crps = (s: Sums) => s.CRPS / s.N;
  const slope = (s: Sums) => (s.PY - (s.PREDICTED * s.Y) / s.N) / (s.PP - (s.PREDICTED * s.PREDICTED) / s.N);
  const intervals = bootstrap(sums, {
    rmse,
    slope,
    mae,
    r2: (s: Sums) => 1 - s.EE / (s.YY - (s.Y * s.Y) / s.N),
    bias: (s: Sums) => (s.PREDICTED - s.Y) / s.N,
    bedDays: (s: Sums) => s.PREDICTED / s.Y,
    crps,
    coverage: (s: Sums) => s.IN80 / s.N,
    coverage95: (s: Sums) => s.IN95 / s.N,
    ...(compared && {
      rmseGain: (s: Sums) => Math.sqrt(s.BEFORE_EE / s.N) - rmse(s),
      maeGain: (s: Sums) => s.BEFORE_AE / s.N - mae(s),
      crpsGain: (s: Sums) => s.BEFORE_CRPS / s.N - crps(s),
    }),
  });
  return { slope: slope(total(sums)), confidence: intervals };
}
