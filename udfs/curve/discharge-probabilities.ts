import type { FunctionObject } from '../signature.js';
import { type Curve, isCurve } from './curve.js';
import { dischargeShares } from './remaining.js';

export const object = {
  signature: {
    name: 'LOS_DISCHARGE_PROBABILITIES',
    args: [
      ['CURVE', 'OBJECT'],
      ['DAYS_SO_FAR', 'FLOAT'],
      ['NIGHTS', 'FLOAT'],
    ],
    returns: 'ARRAY',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'read',
} as const satisfies FunctionObject<typeof shareGoneWithin>;

/**
 * The probability that a patient who is still here will be gone after one more night, two, … One call for all nights,
 * because to read the curve costs more than to use it.
 * @param daysSoFar whole days whose end the patient has seen in hospital (remaining.ts)
 * @returns one share for each night, ascending; null for what is no curve
 * @example
 * SELECT CASE_ID, LOS_DISCHARGE_PROBABILITIES(CURVE, 3, 14) FROM LOS_PREDICTIONS LIMIT 10;
 */
export default function shareGoneWithin(curve: Curve, daysSoFar: number, nights: number): number[] | null {
  return isCurve(curve) ? dischargeShares(curve, daysSoFar, nights) : null;
}
