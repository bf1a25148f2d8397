import { run, scalar } from '../runs.js';
import { findFailing } from './failing.js';
import type { FragileFeature } from './plans.js';

/** A feature that failed, and on how many admissions of the batch. */
export interface NotComputed {
  readonly feature: FragileFeature;
  readonly rows: number;
}

/**
 * Statements that one feature may take. Rows with the same inputs are one place, so a few bad values take a few dozen;
 * where a column is full of different ones, good neighbours of bad rows go without the feature as well.
 */
const MOST_PROBES = 200;

/**
 * Finds which expressions fail on the batch, and on which rows; computes them for the others and keeps the values
 * in the batch. A text that is no number, or a division by zero, then costs one admission one feature.
 * @returns the features that failed; none when the trouble is something else
 */
export function computeOneByOne(features: readonly FragileFeature[]): NotComputed[] {
  const failed: NotComputed[] = [];
  for (const feature of features) {
    run(feature.place);
    const last = Number(scalar(feature.places));
    const computes = (from: number, to: number) => {
      try {
        scalar(feature.probe, [from, to]);
        return true;
      } catch (error) {
        // What no row can be blamed for is not to be looked for among them.
        if (/SQL compilation error|does not exist|not authorized|cancel/i.test((error as Error).message))
          throw error;
        // Which row it is shows only by halving: Snowflake's message names a value at most.
        return false;
      }
    };
    const failing = findFailing(last, computes, MOST_PROBES);
    if (failing.length === 0) continue;
    const places = failing.map(({ from, to }) => `LOS_PLACE BETWEEN ${from} AND ${to}`).join(' OR ');
    run(feature.compute.split('/*places*/').join(places));
    failed.push({ feature, rows: run(feature.mark.split('/*places*/').join(places)).getNumRowsUpdated() });
  }
  return failed;
}
