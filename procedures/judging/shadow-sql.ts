import type { Contract } from '../dataset/contract.js';
import { literal, type Place, qualify } from '../ground/names.js';
import type { Version } from '../versions/version.js';

/**
 * INSERT of what a version predicts for logged admissions that it has not predicted yet and did not answer
 * itself, from the inputs that were logged then. Only what was logged since the version was trained: earlier
 * patients may be among those that it learned from.
 * @param log the prediction log, or a stream on it
 */
export function shadowSql(
  contract: Contract,
  settings: Place,
  version: Pick<Version, 'name' | 'predict'>,
  log: string,
): string {
  const target = qualify(settings, 'LOS_SHADOW_LOG');
  const name = literal(version.name);
  return `INSERT INTO ${target} (VERSION, DATASET, CASE_ID, RUN_ID, PREDICTED_AT, PREDICTED_LOS, CURVE)
SELECT ${name}, DATASET, CASE_ID, RUN_ID, CURRENT_TIMESTAMP(), DETAIL:days::FLOAT, GET(DETAIL, 'curve')::OBJECT
FROM (SELECT DATASET, CASE_ID, RUN_ID, ${qualify(settings, version.predict)}(FEATURES) AS DETAIL
FROM (SELECT l.DATASET, l.CASE_ID, l.RUN_ID, l.FEATURES FROM ${log} AS l
  JOIN ${qualify(settings, 'LOS_MODEL_REGISTRY')} AS r ON r.VERSION = ${name} AND l.PREDICTED_AT >= r.CREATED_AT
  LEFT JOIN ${target} AS s ON s.CASE_ID = l.CASE_ID AND s.RUN_ID = l.RUN_ID AND s.VERSION = ${name}
  WHERE l.DATASET = ${literal(contract.name)} AND l.MODEL_VERSION <> ${name} AND s.VERSION IS NULL))`;
}
