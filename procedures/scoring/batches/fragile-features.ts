import { fill } from '../../ground/plan.js';
import { run, scalar } from '../../runs.js';
import type { FragileFeature, OneByOnePlan } from '../plans.js';
import { findFailing } from './failing.js';

/** A feature that failed, and on how many admissions of the batch. */
export interface FailedFeature {
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
export function computeOneByOne(plan: OneByOnePlan): FailedFeature[] {
  const failed: FailedFeature[] = [];
  for (const feature of plan.features) {
    const { expression, inputs, name } = feature;
    run(fill(plan.place, { inputs }));
    const last = Number(scalar(plan.places));
    const probe = fill(plan.probe, { inner: plan.inner, expression });
    const computes = (from: number, to: number) => {
      try {
        scalar(probe, [from, to]);
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
    const values = { inner: plan.inner, name: `'${name}'`, places, expression };
    run(fill(plan.compute, values));
    failed.push({ feature, rows: run(fill(plan.mark, values)).getNumRowsUpdated() });
  }
  return failed;
}
