import type { ResidualDistribution, ResidualsAround } from '../model.js';
import { type Curve, compact, MOST_POINTS, simplify } from './curve.js';

/** A quotient by a prediction near 0 would say nothing. */
const LEAST_DAYS = 0.5;

/** Divisor of a stay for its quotient. */
export function divisor(predicted: number): number {
  return Math.max(predicted, LEAST_DAYS);
}

/**
 * Places of stays around a prediction, not in whole days yet: the spread's values there, between two of its
 * predictions on straight lines from one's to the other's, as days of stay.
 * @param days receives them, one for each share
 */
export function daysAround(
  { kind, around }: Omit<ResidualDistribution, 'shares'>,
  predicted: number,
  days: number[] = [],
): number[] {
  let i = 0;
  while (i < around.length && (around[i] as ResidualsAround).predicted < predicted) i++;
  const next = around[i] ?? (around[i - 1] as ResidualsAround);
  const before = around[i - 1] ?? next;
  const part = before === next ? 0 : (predicted - before.predicted) / (next.predicted - before.predicted);
  const from = before.values;
  const to = next.values;
  const scale = kind === 'quotient' ? divisor(predicted) : 1;
  const shift = kind === 'quotient' ? 0 : predicted;
  days.length = from.length;
  for (let k = 0; k < from.length; k++) {
    const value = from[k] as number;
    days[k] = (value + part * ((to[k] as number) - value)) * scale + shift;
  }
  return days;
}

/** Places of a curve's spread; kept because a curve is made for every row. */
const ends: number[] = [];

/**
 * The curve of a prediction. A stay of d days has gone where the spread, which is continuous, is at most d + ½.
 * @param predicted days, at least the floor
 * @param floor shortest stay of the training rows, in days: no one is gone before
 */
export function curveOf(predicted: number, spread: ResidualDistribution, floor: number): Curve {
  const { shares } = spread;
  daysAround(spread, predicted, ends);
  const most = ends.length - 1;
  const start = Math.max(0, Math.ceil(floor));
  const days: number[] = [];
  const gone: number[] = [];
  let reached = 0;
  const add = (day: number) => {
    const end = day + 0.5;
    while (reached <= most && (ends[reached] as number) <= end) reached++;
    days.push(day);
    if (reached === 0) gone.push(0);
    else if (reached > most) gone.push(1);
    else {
      const from = ends[reached - 1] as number;
      const share = shares[reached - 1] as number;
      gone.push(
        share + (((shares[reached] as number) - share) * (end - from)) / ((ends[reached] as number) - from),
      );
    }
  };
  // The days nearest to the spread's own values: where patients leave, every day; in the tail, few.
  let day = Math.max(start, Math.floor((ends[0] as number) - 0.5));
  const last = Math.max(day, Math.ceil((ends[most] as number) - 0.5));
  add(day);
  for (let k = 1; k < most; k++) {
    const near = Math.round((ends[k] as number) - 0.5);
    if (near <= day || near >= last) continue;
    day = near;
    add(day);
  }
  if (last > day) add(last);
  gone[gone.length - 1] = 1;
  return compact(simplify({ days, gone }, MOST_POINTS));
}
