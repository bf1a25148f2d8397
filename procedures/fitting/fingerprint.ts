import { datasetNames } from '../dataset/names.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { queryFirst, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { keepReference } from './feature-reference.js';

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
