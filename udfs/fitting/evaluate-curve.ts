import { type Curve, isCurve, shareGone } from '../curve/curve.js';
import type { FunctionObject } from '../signature.js';
import { crps } from './scores.js';

export const object = {
  signature: {
    name: 'LOS_EVALUATE_CURVE',
    args: [
      ['CURVE', 'OBJECT'],
      ['STAY', 'FLOAT'],
    ],
    returns: 'ARRAY',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof judgeCurve>;

/**
 * Accuracy of a predicted curve, once the stay is known.
 * @param stay days, at least 0
 * @returns CRPS in days; the shares that were expected to be gone before the stay's last day and by its end (the
 *   probability integral transform lies between these two), by day 7 and by day 14; null for what is no curve
 * @example
 * SELECT CASE_ID, LOS_EVALUATE_CURVE(CURVE, ACTUAL_LOS) FROM LOS_PREDICTIONS WHERE ACTUAL_LOS IS NOT NULL LIMIT 10;
 */
export default function judgeCurve(curve: Curve, stay: number): number[] | null {
  if (!isCurve(curve)) return null;
  const ended = Math.ceil(stay);
  return [crps(curve, stay), ...[ended - 1, ended, 7, 14].map((day) => shareGone(curve, day))];
}
