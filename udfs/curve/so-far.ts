import { type Curve, shareGone } from './curve.js';

/**
 * Progress of a predicted stay so far, for a patient who was admitted some days ago, discharged or not; and how it
 * was expected to go, were the curve true. Both are about the same days, so they can be compared long before all
 * patients have left, without the first to leave (the short stays) weighing more than they should.
 */
export interface SoFar {
  /**
   * Continuous ranked probability score over the days seen: Σ (F(day) − [stay ≤ day])², in days. Proper under censoring, for it asks
   * of no day that was not observed (Avati et al., "Countdown Regression", UAI 2019, Survival-CRPS).
   */
  readonly score: number;
  /** Score that the curve expects: Σ F (1 − F) over the same days. */
  readonly expectedScore: number;
  /**
   * Expected CRPS of the whole stay, in days: where it has ended, what it is; otherwise what the curve says of it,
   * given that the patient is still in.
   */
  readonly expectedCrps: number;
  /** The same of the absolute error of the prediction, in days. */
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
  const goneSeen = shareGone(curve, seen);
  const left = 1 - goneSeen;
  let score = 0;
  let expectedScore = 0;
  let still = 0;
  let stillError = 0;
  let crps = 0;
  let before = goneSeen;
  let next = 0;
  for (let day = 0; day <= Math.max(last, seen); day++) {
    while ((days[next] as number) <= day) next++;
    const gone = shareGone(curve, day, next);
    const off = gone - (day >= ended ? 1 : 0);
    crps += off * off;
    if (day <= seen) {
      score += off * off;
      expectedScore += gone * (1 - gone);
    } else {
      // Of those who were in on the last day seen.
      const goneSince = (gone - goneSeen) / left;
      still += gone * gone * (1 - goneSince) + (1 - gone) * (1 - gone) * goneSince;
      stillError += ((gone - before) / left) * Math.abs(day - predicted);
      before = gone;
    }
  }
  // Who has outlived the curve is thought to leave on the next day.
  if (last <= seen) stillError = Math.abs(seen + 1 - predicted);
  return {
    score,
    expectedScore,
    expectedCrps: stay === null ? score + still : crps,
    expectedError: stay === null ? stillError : Math.abs(stay - predicted),
    expectedGone: goneSeen,
    crps: stay === null ? null : crps,
  };
}
