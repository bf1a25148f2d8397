import { featureValues } from '../dataset/feature-values.js';
import { datasetNames } from '../dataset/names.js';
import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { FEWEST_PATIENTS, patientOf, SMALL_GROUPS } from '../ground/small-groups.js';
import { execute, transaction, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/**
 * Keeps what the training rows of a version look like, so that new admissions can be held against them
 * (procedures/watching): no cell of it is of fewer than ten patients. Once more for the same version gives the same.
 */
export function* keepReference(plan: Plan, version: Version): Work<void> {
  const { contract, settings } = plan;
  const target = qualify(settings, 'LOS_FEATURE_REFERENCE');
  const set = qualify(settings, datasetNames(contract).trainingSet);
  const rows = `(SELECT *, ${patientOf(contract)} AS LOS_PATIENT FROM ${set} WHERE ROW_SIDE = 'train')`;
  const values = featureValues(contract, Object.keys(contract.features), rows, ['LOS_PATIENT']);
  yield* transaction(function* () {
    yield* execute(`DELETE FROM ${target} WHERE VERSION = ?`, [version.name]);
    yield* execute(
      sqlText(plan, 'evaluation/reference', {
        target,
        version: literal(version.name),
        values,
        fewest: String(FEWEST_PATIENTS),
        small: literal(SMALL_GROUPS),
      }),
    );
  });
}
