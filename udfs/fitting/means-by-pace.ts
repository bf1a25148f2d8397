import { type Curve, isCurve, meanOf } from '../curve/curve.js';
import { scaleHazard } from '../curve/hazards.js';
import type { FunctionObject } from '../signature.js';

export const object = {
  signature: {
    name: 'LOS_MEANS_BY_PACE',
    args: [
      ['CURVE', 'OBJECT'],
      ['PACES', 'ARRAY'],
    ],
    returns: 'ARRAY',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof meansByHazard>;

/**
 * The mean stay by a curve if patients left at other paces.
 * @param paces how many times as fast they would leave (hazards.ts: paced)
 * @returns days, one number for each pace; null for what is no curve
 * @example
 * SELECT CASE_ID, LOS_MEANS_BY_PACE(CURVE, [0.9, 1, 1.1]) FROM LOS_PREDICTIONS LIMIT 10;
 */
export default function meansByHazard(curve: Curve, paces: readonly number[]): number[] | null {
  if (!isCurve(curve)) return null;
  return paces.map((pace) => meanOf(scaleHazard(curve, pace)));
}
