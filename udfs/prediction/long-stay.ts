import { type Curve, shareGone } from '../curve/curve.js';

/**
 * The probability of a long stay: the share of such patients who are not gone by the end of the day before.
 * @param from days from which on a stay is long
 */
export function longStayProbability(curve: Curve, from: number): number {
  return 1 - shareGone(curve, from - 1);
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
