import type { Curve } from './curve.js';

/**
 * A share nearer to 0 or 1 than curves are told (four decimals) is one: its log-odds would have no end. SQL makes log-odds so
 * (procedures/judging/intervals.ts: errorSql), by which ends are told because a step has about the same meaning near 0, near 1 and in the middle.
 */
const EDGE = 1e-4;
/** Difference below which values count as the same. */
const NEAR = 1e-9;

/**
 * The interval on a patient's own curve between two shares gone, in days: it holds the stays by whose end the curve says that at least
 * the one and at most the other share is gone (distributional conformal prediction; Chernozhukov, Wüthrich, Zhu, PNAS 2021).
 * Between two days of the curve a straight line.
 * @param low log-odds of the one
 * @param high log-odds of the other, not below `low`
 */
export function daysBetween(curve: Curve, low: number, high: number): [from: number, to: number] {
  const { days, gone } = curve;
  const [least, most] = [shareOf(low) - NEAR, shareOf(high) + NEAR];
  // Curves cannot tell these from 0 and from 1.
  const from = least < EDGE ? -1 : gone.findIndex((share) => share >= least);
  const to = most > 1 - EDGE ? -1 : gone.findIndex((share) => share > most);
  return [
    from < 0 ? (days[0] as number) - 1 : dayOf(curve, from, least),
    to < 0 ? (days[days.length - 1] as number) : dayOf(curve, to, most),
  ];
}

/** When a share is gone that is reached at a point of the curve, and not at the one before. */
function dayOf({ days, gone }: Curve, i: number, share: number): number {
  const day = days[i] as number;
  const before = i > 0 ? (gone[i - 1] as number) : 0;
  const from = i > 0 ? (days[i - 1] as number) : day - 1;
  return from + ((share - before) / ((gone[i] as number) - before)) * (day - from);
}

function shareOf(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
