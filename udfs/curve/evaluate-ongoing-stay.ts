import type { FunctionObject } from '../signature.js';
import { type Curve, isCurve } from './curve.js';
import { soFar } from './so-far.js';

export const object = {
  signature: {
    name: 'LOS_EVALUATE_ONGOING_STAY',
    args: [
      ['CURVE', 'OBJECT'],
      ['PREDICTED', 'FLOAT'],
      ['SEEN', 'FLOAT'],
      ['STAY', 'FLOAT'],
    ],
    returns: 'ARRAY',
    volatility: 'IMMUTABLE',
    nullInput: 'CALLED ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof staySoFar>;

/**
 * Progress of a predicted stay so far, and its expected progress (so-far.ts).
 * @param seen whole days since admission whose end has been seen
 * @param stay days; null: the patient is still in
 * @returns score so far, expected score so far, CRPS and absolute error of the whole stay as they are to be expected by now (all in
 *   days), share expected to be gone by now, CRPS of the whole stay where it has ended; null for what is no curve
 * @example
 * SELECT CASE_ID, LOS_EVALUATE_ONGOING_STAY(CURVE, PREDICTED_LOS, 3, NULL) FROM LOS_PREDICTIONS LIMIT 10;
 */
export default function staySoFar(
  curve: Curve | null,
  predicted: number | null,
  seen: number | null,
  stay: number | null,
): (number | null)[] | null {
  if (!isCurve(curve) || predicted === null || seen === null || !(seen >= 0)) return null;
  const { score, expectedScore, expectedCrps, expectedError, expectedGone, crps } = soFar(
    curve,
    predicted,
    seen,
    stay === undefined ? null : stay,
  );
  return [score, expectedScore, expectedCrps, expectedError, expectedGone, crps];
}
