import type { FunctionObject } from '../signature.js';
import { QUANTILES } from './occupancy.js';

export const object = {
  signature: {
    name: 'LOS_BED_FORECAST_CDF',
    args: [
      ['QUANTILES', 'ARRAY'],
      ['BEDS', 'FLOAT'],
    ],
    returns: 'FLOAT',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof bedsBelow>;

/**
 * The share that a kept forecast puts below a number of beds; n beds are spread over n ± ½, so pass n − ½ and n + ½ for the
 * probability integral transform of a night on which n were taken.
 * @param quantiles of LOS_BED_FORECASTS
 * @returns 0 to 1
 * @example
 * SELECT UNIT, NIGHT, LOS_BED_FORECAST_CDF(QUANTILES, 29.5) FROM LOS_BED_FORECASTS LIMIT 10;
 */
export default function bedsBelow(quantiles: number[], beds: number): number {
  const last = QUANTILES.length - 1;
  if (beds < (quantiles[0] as number)) return (QUANTILES[0] as number) / 2;
  if (beds >= (quantiles[last] as number)) return 1 - (1 - (QUANTILES[last] as number)) / 2;
  let i = 1;
  while ((quantiles[i] as number) <= beds) i++;
  const from = quantiles[i - 1] as number;
  const to = quantiles[i] as number;
  const share = QUANTILES[i - 1] as number;
  return share + (((QUANTILES[i] as number) - share) * (beds - from)) / (to - from);
}
