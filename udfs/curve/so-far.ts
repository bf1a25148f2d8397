import { type Curve, goneBy } from './curve.js';

/**
 * How a predicted stay has gone so far, for a patient who was admitted some days ago, discharged or not; and how it was
 * expected to go, were the curve true. Both are about the same days, so they can be compared long before all patients have
 * left, without the first to leave (the short stays) weighing more than they should.
 */
export interface SoFar {
  /**
   * Continuous ranked probability score over the days seen: Σ (F(day) − [stay ≤ day])², in days. Proper under censoring, for it asks
   * of no day that nobody has seen (Avati et al., "Countdown Regression", UAI 2019, Survival-CRPS).
   */
  readonly score: number;
  /** What the curve expects of that score: Σ F (1 − F) over the same days. */
  readonly expectedScore: number;
  /** What it expects of the CRPS of the whole stay, in days. */
  readonly expectedCrps: number;
  /** What it expects of the absolute error of the prediction, in days. */
  readonly expectedError: number;
  /** Share of such patients that is expected to be gone by now. */
  readonly expectedGone: number;
  /** CRPS of the whole stay in days, where it has ended. */
  readonly crps: number | null;
}

/**
 * @param predicted the predicted stay in days
 * @param seen whole days since admission whose end has been seen, at least 0
 * @param stay days, if it ended within these; null: the patient is still in
 */
export function soFar(curve: Curve, predicted: number, seen: number, stay: number | null): SoFar {
  const { days } = curve;
  const last = days[days.length - 1] as number;
  const ended = stay === null ? Number.POSITIVE_INFINITY : Math.ceil(stay);
  let score = 0;
  let expectedScore = 0;
  let expectedCrps = 0;
  let expectedError = 0;
  let crps = 0;
  let before = 0;
  for (let day = 0; day <= Math.max(last, seen); day++) {
    const gone = day >= last ? 1 : goneBy(curve, day);
    const doubt = gone * (1 - gone);
    expectedCrps += doubt;
    expectedError += (gone - before) * Math.abs(day - predicted);
    const off = gone - (day >= ended ? 1 : 0);
    crps += off * off;
    if (day <= seen) {
      score += off * off;
      expectedScore += doubt;
    }
    before = gone;
  }
  return {
    score,
    expectedScore,
    expectedCrps,
    expectedError,
    expectedGone: goneBy(curve, seen),
    crps: stay === null ? null : crps,
  };
}
