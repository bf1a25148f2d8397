import type { Difference } from '../../report/results/deployment.js';
/**
 * Properties that can be compared, in the platform's own words: `WAREHOUSE_SIZE` → `XSMALL`. `undefined`: the listing
 * does not show it (then it is not compared); '' : it is not set.
 */
export type Properties = Readonly<Record<string, string | undefined>>;

/**
 * Compares what is declared with what lives. Properties that only one side knows are left out: what is not
 * declared is not ours to judge, and what a listing does not show cannot be judged.
 */
export function differencesOf(declared: Properties, live: Properties): Difference[] {
  return Object.entries(declared).flatMap(([property, wanted]) => {
    const found = live[property];
    if (wanted === undefined || found === undefined || wanted === found) return [];
    return [{ property, live: found || undefined, declared: wanted || undefined }];
  });
}
