import { featureValues } from '../dataset/feature-values.js';
import { datasetNames } from '../dataset/names.js';
import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { FEWEST_PATIENTS, patientOf, SMALL_GROUPS } from '../ground/small-groups.js';
import { execute, queryFirst, transaction, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** Result of featureValues for no features. */
const EMPTY =
  'SELECT NULL::VARCHAR AS FEATURE, NULL::VARCHAR AS LEVEL, NULL::FLOAT AS VALUE, NULL::VARCHAR AS LOS_PATIENT WHERE FALSE';

/**
 * Keeps what the training rows of a version look like, so that new admissions can be held against them
 * (procedures/watching): no cell of it is of fewer than ten patients. Once more for the same version gives the same.
 */
export function* keepReference(plan: Plan, version: Version): Work<void> {
  const { contract, settings } = plan;
  const target = qualify(settings, 'LOS_FEATURE_REFERENCE');
  const set = qualify(settings, datasetNames(contract).trainingSet);
  const rows = `(SELECT *, ${patientOf(contract)} AS LOS_PATIENT FROM ${set} WHERE ROW_SIDE = 'train')`;
  const [numbers, categories] = [true, false].map((wanted) =>
    Object.keys(contract.features).filter((name) => (contract.features[name]?.type === 'numeric') === wanted),
  ) as [string[], string[]];
  const valuesOf = (names: readonly string[]) =>
    names.length > 0 ? featureValues(contract, names, rows, ['LOS_PATIENT']) : EMPTY;
  const levels = categories.map(
    (name) =>
      `SELECT ${literal(name)} AS FEATURE, ${name}::VARCHAR AS LEVEL, COUNT(*) AS N, COUNT(DISTINCT LOS_PATIENT) AS PATIENTS FROM ${rows} GROUP BY ${name}`,
  );
  yield* transaction(function* () {
    yield* execute(`DELETE FROM ${target} WHERE VERSION = ?`, [version.name]);
    yield* execute(
      sqlText(plan, 'evaluation/reference', {
        target,
        version: literal(version.name),
        numbers: valuesOf(numbers),
        levels:
          levels.join('\n  UNION ALL ') || `SELECT FEATURE, LEVEL, 0 AS N, 0 AS PATIENTS FROM (${EMPTY})`,
        values: valuesOf(categories),
        fewest: String(FEWEST_PATIENTS),
        small: literal(SMALL_GROUPS),
      }),
    );
  });
}

/**
 * A number that stands for the labelled rows, their sides and their weights, whatever their order: the same number, the same
 * contract, code and parameters train the same model. HASH_AGG is Snowflake's own and stable within a release.
 */
export function* dataFingerprint({ contract, settings }: Plan): Work<string> {
  const columns = [contract.id, ...Object.keys(contract.features), 'LOS', 'ROW_SIDE', 'ROW_WEIGHT'];
  const row = yield* queryFirst(
    `SELECT TO_VARCHAR(HASH_AGG(${columns.join(', ')})) AS FINGERPRINT
FROM ${qualify(settings, datasetNames(contract).trainingSet)}`,
  );
  return String(row?.FINGERPRINT);
}

/** Keeps what a version's training rows look like. @returns the fingerprint of all that it is made of */
export function* referenceAndFingerprint(plan: Plan, version: Version): Work<string> {
  yield* keepReference(plan, version);
  return yield* dataFingerprint(plan);
}

/** A number that stands for what a candidate predicts of the validation rows: the same number, the same model. */
export function* predictionsFingerprint({ settings }: Plan, run: string, candidate: string): Work<string> {
  const row = yield* queryFirst(
    `SELECT TO_VARCHAR(HASH_AGG(LINE_NUMBER, PREDICTED_LOS)) AS FINGERPRINT
FROM ${qualify(settings, 'LOS_CANDIDATE_PREDICTIONS')} WHERE RUN_ID = ? AND CANDIDATE = ?`,
    [run, candidate],
  );
  return String(row?.FINGERPRINT);
}
