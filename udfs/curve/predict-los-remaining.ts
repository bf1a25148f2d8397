import type { FunctionObject } from '../signature.js';
import { type Curve, isCurve } from './curve.js';
import { describeRemaining, type Remaining } from './remaining.js';

export const object = {
  signature: {
    name: 'PREDICT_LOS_REMAINING',
    args: [
      ['CURVE', 'OBJECT'],
      ['DAYS_SO_FAR', 'FLOAT'],
    ],
    returns: 'OBJECT',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'read',
} as const satisfies FunctionObject<typeof predictRemaining>;

/**
 * Remaining stay of a patient who is still here, from the curve that was predicted on admission.
 * @param curve of predict_los_detail or LOS_PREDICTION_LOG
 * @param daysSoFar whole days whose end the patient has seen in hospital (remaining.ts)
 * @returns null for what is no curve
 * @example
 * SELECT CASE_ID, PREDICT_LOS_REMAINING(CURVE, 3) FROM LOS_PREDICTIONS LIMIT 10;
 */
export default function predictRemaining(curve: Curve, daysSoFar: number): Remaining | null {
  return isCurve(curve) ? describeRemaining(curve, daysSoFar) : null;
}
