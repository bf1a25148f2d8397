import { type Curve, isCurve } from '../curve/curve.js';
import { dischargeShares } from '../curve/remaining.js';
import type { FunctionObject } from '../signature.js';
import { scaleDailyHazards } from './remaining-patients.js';

export const object = {
  signature: {
    name: 'LOS_PLANNED_PATIENTS',
    args: [
      ['CURVES', 'ARRAY'],
      ['CHANCES', 'ARRAY'],
      ['PACE', 'ARRAY'],
      ['PAST', 'ARRAY'],
      ['PARTS', 'ARRAY'],
    ],
    returns: 'OBJECT',
    volatility: 'IMMUTABLE',
    nullInput: 'CALLED ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof plannedPatients>;

/** Distribution of planned patients in hospital, night by night. */
export interface PlannedPatients {
  readonly means: readonly number[];
  readonly variances: readonly number[];
  /** Third central moments. */
  readonly thirds: readonly number[];
  /** Each one's probability to be in, by night. */
  readonly stays: readonly (readonly number[])[];
  /** Number of patients that come on the day before each night. */
  readonly arriving: readonly number[];
}

/**
 * Distribution of planned patients in hospital over the coming nights: each one's chances to come on
 * each of the days, times the probability to stay from then on, by the patient's own curve and by past stays of the
 * kind.
 * @param curves of each; null: none, and past stays say all
 * @param chances of each, to come on the day before the first night, the second, …
 * @param pace for each night, by what the hazard of leaving before it is multiplied
 * @param past for each day of coming the probabilities to be in over the night after it, the next, …; null: unknown, so none leaves by them
 * @param parts for each night how far past stays count beside a curve, 0 to 1; null: not at all
 * @example
 * SELECT LOS_PLANNED_PATIENTS([{'days': [1, 7], 'gone': [0.1, 1]}], [[0, 0.9]], [1, 1, 0.6], [[0.9, 0.8, 0.7], [0.9, 0.8]], [0, 0.5, 0.5]);
 */
export default function plannedPatients(
  curves: (Curve | null)[] | null,
  chances: number[][] | null,
  pace: number[] | null,
  past: number[][] | null,
  parts: number[] | null,
): PlannedPatients {
  const paces = pace ?? [];
  const zeros = () => paces.map(() => 0);
  const [means, variances, thirds, arriving] = [zeros(), zeros(), zeros(), zeros()] as const;
  const stays: number[][] = paces.map(() => []);
  (chances ?? []).forEach((own, patient) => {
    const curve = (curves ?? [])[patient] ?? null;
    const present = zeros();
    own.forEach((chance, day) => {
      if (!(chance > 0) || day >= paces.length) return;
      arriving[day] = (arriving[day] as number) + chance;
      const usual = (past ?? [])[day] ?? [];
      const byCurve = isCurve(curve) ? probabilitiesFrom(curve, day, paces) : null;
      for (let night = day; night < paces.length; night++) {
        const general = usual[night - day] ?? 1;
        const stay =
          byCurve === null
            ? general
            : mix(byCurve[night - day] as number, general, (parts ?? [])[night] ?? 0);
        present[night] = (present[night] as number) + chance * stay;
      }
    });
    present.forEach((stay, night) => {
      const variance = stay * (1 - stay);
      means[night] = (means[night] as number) + stay;
      variances[night] = (variances[night] as number) + variance;
      thirds[night] = (thirds[night] as number) + variance * (1 - 2 * stay);
      (stays[night] as number[]).push(stay);
    });
  });
  return { means, variances, thirds, stays, arriving };
}

/** To be in over the night after the day of coming, the next, …; that day has no factor of its weekday. */
function probabilitiesFrom(curve: Curve, day: number, paces: readonly number[]): number[] {
  const own = paces.slice(day).map((factor, i) => (i === 0 ? 1 : factor));
  return scaleDailyHazards(dischargeShares(curve, -1, own.length), own);
}

function mix(own: number, general: number, part: number): number {
  return own + part * (general - own);
}
