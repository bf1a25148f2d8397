import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { hashBelow } from '../fitting/split.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { queryFirst, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import type { Refit } from './metrics.js';

/** Rows that are enough; more only cost requests. */
const MOST_ROWS = 5000;

/**
 * Holds a version's answers of now, from the refit, against those of the model that was judged on the holdout, which LOS_EVALUATION has.
 * The refit has learned from these rows, so its score is no measure of how good it is, only of whether its job went right.
 */
export function* compareRefit(
  { contract, settings }: Plan,
  version: Version,
  holdoutRows: number,
): Work<Refit> {
  const sample =
    holdoutRows > MOST_ROWS ? ` AND ${hashBelow(contract.id, MOST_ROWS / holdoutRows, 'sample')}` : '';
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N, SUM(WEIGHT * DAYS) / SUM(WEIGHT * PREDICTED_LOS) AS BED_DAYS, SUM(WEIGHT * CRPS) / SUM(WEIGHT) AS CRPS,
  SUM(WEIGHT * JUDGE_CRPS) / SUM(WEIGHT) AS JUDGE_CRPS
FROM (
  SELECT WEIGHT, PREDICTED_LOS, JUDGE_CRPS, D:days::FLOAT AS DAYS,
    ${qualify(settings, 'LOS_EVALUATE_CURVE')}(D:curve::OBJECT, LOS)[0]::FLOAT AS CRPS
  FROM (
    SELECT e.LOS, e.WEIGHT, e.PREDICTED_LOS, e.CRPS AS JUDGE_CRPS, s.D
    FROM (
      SELECT TO_VARCHAR(${contract.id}) AS CASE_ID, ${qualify(settings, version.predict)}(${featureObject(contract)}) AS D
      FROM ${qualify(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = 'holdout'${sample}
    ) AS s
    JOIN ${qualify(settings, 'LOS_EVALUATION')} AS e ON e.CASE_ID = s.CASE_ID AND e.VERSION = ? AND e.SIDE = 'holdout'
  )
)`,
    [version.name],
  );
  return {
    rows: Number(row?.N),
    bedDays: Number(row?.BED_DAYS),
    crps: Number(row?.CRPS),
    judgeCrps: Number(row?.JUDGE_CRPS),
  };
}
