import { type Curve, isCurve } from '../curve/curve.js';
import { goneWithin } from '../curve/remaining.js';
import type { SqlSignature } from '../signature.js';

/** A look into a realm's globals costs a microsecond, and this runs for every patient and night. */
const { round } = Math;

export const signature = {
  name: 'LOS_STILL_HERE',
  args: [
    ['CURVE', 'OBJECT'],
    ['DAYS_SO_FAR', 'FLOAT'],
    ['PACE', 'ARRAY'],
  ],
  returns: 'ARRAY',
  volatility: 'IMMUTABLE',
  nullInput: 'RETURNS NULL ON NULL INPUT',
} as const satisfies SqlSignature<typeof stillHere>;

/**
 * The probability that a patient who is here now is still in over the first of the nights to come, the second, …: what the
 * curve says of leaving on each day, given that the patient has not left before, times how readily patients leave on such
 * a day (fewer on Sundays).
 * @param daysSoFar whole days whose end the patient has seen in hospital (curve/remaining.ts)
 * @param pace for each night, by what the hazard of leaving before it is multiplied
 * @returns one probability for each night, descending; null for what is no curve
 */
export default function stillHere(curve: Curve, daysSoFar: number, pace: number[]): number[] | null {
  return isCurve(curve) ? paced(goneWithin(curve, daysSoFar, pace.length), pace) : null;
}

/**
 * @param gone share gone within one night, two, …
 * @param pace as above
 */
export function paced(gone: readonly number[], pace: readonly number[]): number[] {
  const still: number[] = [];
  let before = 1;
  let here = 1;
  for (let i = 0; i < pace.length; i++) {
    const left = 1 - (gone[i] as number);
    const hazard = (before > 0 ? (before - left) / before : 1) * (pace[i] as number);
    if (hazard >= 1) here = 0;
    else if (hazard > 0) here *= 1 - hazard;
    still.push(round(here * 1e6) / 1e6);
    before = left;
  }
  return still;
}
