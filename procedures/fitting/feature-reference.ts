import { featureValues } from '../dataset/feature-values.js';
import { datasetNames } from '../dataset/names.js';
import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { execute, transaction, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/**
 * Keeps what the training rows of a version look like, so that new admissions can be held against them
 * (procedures/watching). Once more for the same version gives the same.
 */
export function* keepReference(plan: Plan, version: Version): Work<void> {
  const { contract, settings } = plan;
  const target = qualify(settings, 'LOS_FEATURE_REFERENCE');
  const set = qualify(settings, datasetNames(contract).trainingSet);
  const values = featureValues(contract, Object.keys(contract.features), `${set} WHERE ROW_SIDE = 'train'`);
  yield* transaction(function* () {
    yield* execute(`DELETE FROM ${target} WHERE VERSION = ?`, [version.name]);
    yield* execute(sqlText(plan, 'evaluation/reference', { target, version: literal(version.name), values }));
  });
}
