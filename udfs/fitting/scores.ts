import { type Curve, shareGone } from '../curve/curve.js';

/**
 * Continuous ranked probability score of a curve and the stay that came of it, in days (lower is better): the sum over
 * the whole days from 0 on of (F(day) − [stay ≤ day])². Of a point mass it is the absolute error. (Gneiting, Raftery,
 * "Strictly Proper Scoring Rules, Prediction, and Estimation", JASA 2007, 4.2.)
 * @param stay in days, at least 0
 * @example
 * crps({ days: [2, 3], gone: [0.5, 1] }, 3); // 0.25
 */
export function crps({ days, gone }: Curve, stay: number): number {
  const first = days[0] as number;
  const last = days[days.length - 1] as number;
  const ended = Math.ceil(stay);
  // Before the first day the expected share gone is 0, after the last one 1.
  let sum = Math.max(0, first - ended) + Math.max(0, ended - 1 - last);
  let from = first - 1;
  let before = 0;
  for (let i = 0; i < days.length; i++) {
    const to = days[i] as number;
    const slope = ((gone[i] as number) - before) / (to - from);
    for (let day = from + 1; day <= to; day++) {
      const off = before + slope * (day - from) - (day >= ended ? 1 : 0);
      sum += off * off;
    }
    from = to;
    before = gone[i] as number;
  }
  return sum;
}

/**
 * Position of a stay in its predicted distribution, 0 to 1. Over many stays it is uniform if the distributions are
 * right. Whole days are lumps, so it is spread evenly over the day's own share (Czado, Gneiting, Held, "Predictive
 * Model Assessment for Count Data", Biometrics 2009).
 * @param v uniform from 0 to 1, for example from a hash of the case
 */
export function pit(curve: Curve, stay: number, v: number): number {
  const before = shareGone(curve, Math.ceil(stay) - 1);
  return before + v * (shareGone(curve, Math.ceil(stay)) - before);
}

/** A patient past the end of a curve has used up what it had: so much of it, at most. */
const MOST_GONE = 0.9995;

/**
 * The cumulative hazard that a stay has lived through by its curve: −log(1 − u), u uniform over its day's own share (Cox,
 * Snell, "A General Definition of Residuals", JRSS B 1968). Over many stays its mean is 1 where curves are right; above,
 * patients stay longer than predicted.
 * @param before share that was expected to be gone before the stay's last day
 * @param by share that was expected to be gone by its end
 */
export function exposure(before: number, by: number): number {
  const from = Math.min(before, MOST_GONE);
  const to = Math.min(by, MOST_GONE);
  const area = (u: number) => (1 - u) * Math.log(1 - u) + u;
  return to - from < 1e-6 ? -Math.log(1 - from) : (area(to) - area(from)) / (to - from);
}
