import type { Spread } from '../model.js';
import { type Curve, compact, thinned } from './curve.js';

/** A curve has at most so many points: it is logged with every prediction. */
export const MOST_POINTS = 40;
/** A quotient by a prediction near 0 would say nothing. */
const LEAST_DAYS = 0.5;

/** What a stay is divided by where its quotient is looked at. */
export function divisor(predicted: number): number {
  return Math.max(predicted, LEAST_DAYS);
}

/**
 * Where stays lie around a prediction: the spread's values, between two of its predictions on straight lines from one's
 * to the other's.
 * @returns quotients or differences, one for each share
 */
function valuesAt({ around }: Pick<Spread, 'around'>, predicted: number): readonly number[] {
  let i = 0;
  while (i < around.length && (around[i] as Spread['around'][0]).predicted < predicted) i++;
  const next = around[i];
  const before = around[i - 1];
  if (!next || !before) return ((next ?? before) as Spread['around'][0]).values;
  const part = (predicted - before.predicted) / (next.predicted - before.predicted);
  const from = before.values;
  const to = next.values;
  const values: number[] = [];
  for (let k = 0; k < from.length; k++) {
    const value = from[k] as number;
    values.push(value + part * ((to[k] as number) - value));
  }
  return values;
}

/** The spread's values as days of stay at a prediction, not in whole days yet. */
export function daysAround(spread: Omit<Spread, 'shares'>, predicted: number): number[] {
  const values = valuesAt(spread, predicted);
  const scale = spread.kind === 'quotient' ? divisor(predicted) : 1;
  const shift = spread.kind === 'quotient' ? 0 : predicted;
  const ends: number[] = [];
  for (let k = 0; k < values.length; k++) ends.push((values[k] as number) * scale + shift);
  return ends;
}

/**
 * The curve of a prediction. A stay of d days has gone where the spread, which is continuous, is at most d + ½.
 * @param predicted days, at least the floor
 * @param floor shortest stay of the training rows, in days: nobody is gone before
 */
export function curveOf(predicted: number, spread: Spread, floor: number): Curve {
  const { shares } = spread;
  const ends = daysAround(spread, predicted);
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
  return compact(thinned({ days, gone }, MOST_POINTS));
}
