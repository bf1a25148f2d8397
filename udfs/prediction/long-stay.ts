import { type Curve, shareGone } from '../curve/curve.js';
import type { LongStay } from '../model.js';

/**
 * The probability of a long stay: the share of such patients who are not gone by the end of the day before.
 * @param days predicted, for versions without a curve
 * @param curve null: the version has none
 * @returns null where nothing is known of it: a version without a curve or points
 */
export function longStayProbability(days: number, curve: Curve | null, longStay: LongStay): number | null {
  if (curve) return 1 - shareGone(curve, longStay.days - 1);
  return longStay.points ? interpolate(days, longStay.points) : null;
}

/** The line through the points at which a version without curves was measured, level beyond its ends. */
function interpolate(days: number, points: NonNullable<LongStay['points']>): number | null {
  const after = points.findIndex(([predicted]) => predicted >= days);
  const next = points[after];
  const before = after < 0 ? points[points.length - 1] : points[after - 1];
  if (!next || !before) {
    const end = next ?? before;
    return end ? end[1] : null;
  }
  const share = (days - before[0]) / (next[0] - before[0]);
  return before[1] + share * (next[1] - before[1]);
}

/**
 * Level 1 (hardly ever a long stay) to 5 of a probability.
 * @param levels probabilities from which on levels 2, 3, 4 and 5 begin, ascending
 */
export function levelOf(probability: number, levels: readonly number[]): number {
  let level = 1;
  for (const from of levels) if (probability >= from) level++;
  return level;
}
