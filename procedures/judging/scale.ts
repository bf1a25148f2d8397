import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import type { Candidate } from '../fitting/candidates.js';
import { hashBelow } from '../fitting/split.js';
import { qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { queryFirst, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** Rows that are enough; more only cost requests. */
const MOST_ROWS = 20_000;
/** Means that differ by less are the same. */
const SAME_MEAN = 0.001;
/**
 * Objectives under which predictions are scaled. Where trees shrink what makes patients different, patients who stay longer than predicted are predicted longer than others too. Of
 * squared errors the sum of predictions stays right then; these objectives balance relative errors, and theirs comes out too short.
 */
const RELATIVE = ['reg:gamma', 'reg:tweedie'];

/** Tells whether a candidate's predictions are means that add up to too few days. */
export function isRelative({ hyperparameters }: Candidate): boolean {
  return RELATIVE.indexOf(String(hyperparameters.objective)) >= 0;
}

/**
 * Factor that a version's predictions must be multiplied by, so that those of (at most 20,000 of) the rows it was fitted to add up to their
 * bed-days: on these alone that is not a matter of chance. Asked through its own external function.
 * @returns undefined where they do
 */
export function* fitScale(plan: Plan, version: Version, trainingRows: number): Work<number | undefined> {
  const { contract, settings } = plan;
  const row = yield* queryFirst(
    sqlText(plan, 'calibration/scale', {
      predict: qualify(settings, version.predict),
      object: featureObject(contract),
      set: qualify(settings, datasetNames(contract).trainingSet),
      sample: trainingRows > MOST_ROWS ? hashBelow(contract.id, MOST_ROWS / trainingRows, 'sample') : 'TRUE',
    }),
  );
  return scaleOf(Number(row?.SCALE));
}

/** @param ratio mean of the stays, divided by that of the predictions; what is not above 0 says nothing, as what SQL knows not comes as 0 */
export function scaleOf(ratio: number): number | undefined {
  return ratio > 0 && Math.abs(ratio - 1) > SAME_MEAN ? Math.round(ratio * 1e4) / 1e4 : undefined;
}
