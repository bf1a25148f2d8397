import type { FunctionObject } from '../signature.js';
import { type Curve, isCurve } from './curve.js';

export const object = {
  signature: {
    name: 'LOS_SHIFT_CURVE',
    args: [
      ['CURVE', 'OBJECT'],
      ['DAYS', 'FLOAT'],
    ],
    returns: 'OBJECT',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof shiftCurve>;

/**
 * A curve that counts from another moment: of a curve since the morning of day 5 of a stay, moved by 4 days, `PREDICT_LOS_REMAINING(…, 4)` is
 * that curve, as it would be of one since admission.
 * @param days by which it begins earlier; a fraction does not count
 * @returns null for what is no curve
 * @example
 * SELECT LOS_SHIFT_CURVE({'days': [1, 3], 'gone': [0.5, 1]}, 4);
 */
export default function shiftCurve(curve: Curve, days: number): Curve | null {
  if (!isCurve(curve)) return null;
  return { days: curve.days.map((day) => day + Math.floor(days)), gone: curve.gone };
}
