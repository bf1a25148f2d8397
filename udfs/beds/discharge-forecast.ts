import { type Curve, isCurve } from '../curve/curve.js';
import { dischargeShares } from '../curve/remaining.js';
import type { FunctionObject } from '../signature.js';
import { scaleDailyHazards } from './remaining-patients.js';

/** Days that are looked ahead in the list of shares. */
const LISTED = 15;
/** Nearly all patients are discharged by then; only where one may not be is the rest looked at. */
const NEAR = 60;
const FAR = 400;

export const object = {
  signature: {
    name: 'LOS_DISCHARGE_FORECAST',
    args: [
      ['CURVE', 'OBJECT'],
      ['DAYS_SO_FAR', 'FLOAT'],
      ['FACTORS', 'ARRAY'],
      ['WEEKDAY', 'FLOAT'],
    ],
    returns: 'OBJECT',
    volatility: 'IMMUTABLE',
    nullInput: 'CALLED ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof leaves>;

/** When a patient who is still here leaves; days count from 1, the first on which it may be. */
export interface Leaves {
  /** The probability to have left by the end of that day, of the next, … */
  readonly gone: readonly number[];
  /** The day by which half of such patients are gone, and a tenth and nine tenths. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * By the curve, given that the patient is still here, with the factors that the beds' forecast has.
 * @param daysSoFar whole days whose end the patient has seen in hospital (curve/remaining.ts)
 * @param factors by what the hazard of leaving is multiplied on each day, from the Sunday before or on the first; after them the last seven repeat; empty: 1
 * @param weekday of the first day on which the patient may leave, 0: Sunday
 * @returns null for what is no curve
 * @example
 * SELECT CASE_ID, LOS_DISCHARGE_FORECAST(CURVE, 3, [0.6, 1, 1.1, 1.1, 1.1, 1.2, 0.8], 1) FROM LOS_PREDICTIONS LIMIT 10;
 */
export default function leaves(
  curve: Curve | null,
  daysSoFar: number | null,
  factors: number[] | null,
  weekday: number | null,
): Leaves | null {
  if (!isCurve(curve)) return null;
  const known = factors ?? [];
  const dischargesAhead = (days: number) => {
    const pace: number[] = [];
    for (let day = 0; day < days; day++) {
      const at = (weekday ?? 0) + day;
      const over = at - known.length;
      pace.push(known[over < 0 ? at : known.length - 7 + (over % 7)] ?? 1);
    }
    return scaleDailyHazards(dischargeShares(curve, daysSoFar ?? 0, days), pace);
  };
  let still = dischargesAhead(NEAR);
  if ((still[NEAR - 1] as number) > 0.1) still = dischargesAhead(FAR);
  const nightOf = (share: number) => {
    const day = still.findIndex((here) => here <= 1 - share);
    return day < 0 ? FAR : day + 1;
  };
  return {
    gone: still.slice(0, LISTED).map((here) => Math.round((1 - here) * 1e6) / 1e6),
    median: nightOf(0.5),
    low: nightOf(0.1),
    high: nightOf(0.9),
  };
}
