import { run, scalar } from '../runs.js';
import { type Failing, findFailing } from './failing.js';
import type { FragileFeature } from './plans.js';

/** A feature that failed, and on how many admissions of the batch. */
export interface NotComputed {
  readonly feature: FragileFeature;
  readonly rows: number;
}

/**
 * Statements that one feature may take. Rows with like inputs stand together, so a few bad values take a few
 * dozen; where a whole column is full of them, good neighbours of bad rows go without the feature as well.
 */
const MOST_PROBES = 400;

/**
 * Finds which expressions fail on the batch, and on which rows; computes them for the others and keeps the values
 * in the batch. A text that is no number, or a division by zero, then costs one admission one feature.
 * @returns the features that failed; none when the trouble is something else
 */
export function computeOneByOne(features: readonly FragileFeature[]): NotComputed[] {
  const failed: NotComputed[] = [];
  for (const feature of features) {
    const last = run(feature.place).getNumRowsUpdated();
    const computes = (from: number, to: number) => {
      try {
        scalar(feature.probe, [from, to]);
        return true;
      } catch {
        // Which row it is shows only by halving: Snowflake's message names a value at most.
        return false;
      }
    };
    const failing = findFailing(last, computes, MOST_PROBES);
    if (failing.length === 0) continue;
    const places = failing.map(({ from, to }) => `LOS_PLACE BETWEEN ${from} AND ${to}`).join(' OR ');
    run(feature.compute.split('/*places*/').join(places));
    run(feature.mark.split('/*places*/').join(places));
    failed.push({ feature, rows: size(failing) });
  }
  return failed;
}

function size(ranges: readonly Failing[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
