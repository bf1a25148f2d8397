import { type Curve, isCurve } from '../curve/curve.js';
import { dischargeShares } from '../curve/remaining.js';
import type { FunctionObject } from '../signature.js';

/** A look into a realm's globals costs a microsecond, and this runs for every patient and night. */
const { round } = Math;

export const object = {
  signature: {
    name: 'LOS_REMAINING_PATIENTS',
    args: [
      ['CURVES', 'ARRAY'],
      ['PATIENTS', 'FLOAT'],
      ['DAYS_SO_FAR', 'FLOAT'],
      ['PACE', 'ARRAY'],
      ['OTHERWISE', 'ARRAY'],
      ['ONE_BY_ONE', 'BOOLEAN'],
      ['PARTS', 'ARRAY'],
    ],
    returns: 'OBJECT',
    volatility: 'IMMUTABLE',
    nullInput: 'CALLED ON NULL INPUT',
  },
  readers: 'run',
  formerly: ['LOS_REMAINING_PATIENTS(ARRAY, FLOAT, FLOAT, ARRAY, ARRAY, BOOLEAN, ARRAY, ARRAY, FLOAT)'],
} as const satisfies FunctionObject<typeof stayProbabilities>;

/** Distribution of current patients still in hospital, night by night. */
export interface RemainingPatients {
  readonly means: readonly number[];
  readonly variances: readonly number[];
  /** Third central moments. */
  readonly thirds: readonly number[];
  /** Each one's probability to be, by night; null: not asked for. */
  readonly stays: readonly (readonly number[])[] | null;
  /** Means by curves alone, and by past stays alone. */
  readonly curves: readonly number[];
  readonly past: readonly number[];
}

/**
 * Distribution of the patients of one day still in hospital over the coming nights: what each one's
 * curve says of leaving on each day, given that the patient has not left before, times how readily patients leave on
 * such a day (fewer on Sundays).
 * @param curves of those who have one
 * @param patients how many they are in all
 * @param daysSoFar whole days whose end they have seen in hospital (curve/remaining.ts)
 * @param pace for each night, by what the hazard of leaving before it is multiplied
 * @param otherwise for each night the probability by past stays, that of patients without a curve; null: unknown, so these do not
 *   leave, and all others leave by their curves
 * @param oneByOne whether each one's probability is asked for
 * @param parts for each night how far past stays count in the probability of who has a curve, 0 to 1; null: not at all
 * @example
 * SELECT LOS_REMAINING_PATIENTS([{'days': [1, 2, 7], 'gone': [0.1, 0.4, 1]}], 2, 1, [1, 0.6], [0.8, 0.6], FALSE, [0, 0.5]);
 */
export default function stayProbabilities(
  curves: Curve[] | null,
  patients: number | null,
  daysSoFar: number | null,
  pace: number[] | null,
  otherwise: number[] | null,
  oneByOne: boolean | null,
  parts: number[] | null,
): RemainingPatients {
  const paces = pace ?? [];
  const usual = otherwise ?? paces.map(() => 1);
  const means = paces.map(() => 0);
  const variances = paces.map(() => 0);
  const thirds = paces.map(() => 0);
  const byCurves = paces.map(() => 0);
  const past = paces.map(() => 0);
  const stays: number[][] | null = oneByOne ? paces.map(() => []) : null;
  const count = (still: readonly number[]) => {
    for (let night = 0; night < still.length; night++) {
      const own = still[night] as number;
      const general = otherwise ? (usual[night] as number) : own;
      const stay = own + ((parts ?? [])[night] ?? 0) * (general - own);
      byCurves[night] = (byCurves[night] as number) + own;
      past[night] = (past[night] as number) + general;
      means[night] = (means[night] as number) + stay;
      const variance = stay * (1 - stay);
      variances[night] = (variances[night] as number) + variance;
      thirds[night] = (thirds[night] as number) + variance * (1 - 2 * stay);
      if (stays) (stays[night] as number[]).push(stay);
    }
  };
  let known = 0;
  for (const curve of curves ?? [])
    if (isCurve(curve)) {
      count(scaleDailyHazards(dischargeShares(curve, daysSoFar ?? 0, paces.length), paces));
      known++;
    }
  for (; known < (patients ?? 0); known++) count(usual);
  return { means, variances, thirds, stays, curves: byCurves, past };
}

/**
 * @param gone share gone within one night, two, …
 * @param pace as above
 * @returns the probability to be still in, night by night, descending
 */
export function scaleDailyHazards(gone: readonly number[], pace: readonly number[]): number[] {
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
