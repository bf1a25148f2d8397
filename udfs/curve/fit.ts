import type { Spread, SpreadAround } from '../model.js';
import { daysAround, divisor } from './spread.js';

/** A validation row: what was predicted, what came of it (both in days), how many admissions it stands for, its fold. */
export type FitRow = readonly [predicted: number, stay: number, weight: number, fold: number];

/** How well a way of describing the spread predicts rows that it was not taken from. */
export interface Considered {
  readonly kind: Spread['kind'];
  readonly bands: number;
  /** Mean CRPS in days, cross-fitted. */
  readonly crps: number;
}

export interface Fitted {
  readonly spread: Spread;
  readonly considered: readonly Considered[];
}

/** Shares that are told: every fortieth, finer towards the ends, where a line between two would hide the tail. */
export const SHARES: readonly number[] = (() => {
  const low = [0, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08];
  const middle: number[] = [];
  for (let i = 4; i <= 36; i++) middle.push(i / 40);
  const high = [0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.9975, 1];
  return [...low, ...middle, ...high];
})();

const KINDS = ['quotient', 'difference'] as const;
const BANDS: readonly number[] = [1, 2, 4, 6, 8, 12];
/** A band's tails are order statistics of its rows. */
const ROWS_PER_BAND = 200;
export const FOLDS = 4;
/** The choice is made on at most about so many rows, evenly along the predictions: more would not change it. */
const CHOOSING_ROWS = 5000;
/** A stay of whole days is spread evenly over its day, at so many places, as F(d + ½) assumes. */
const PLACES = 4;

/**
 * Fits the spread of stays around predictions: in bands of equally many predictions, as quotients or as differences.
 * Which of the two, and how many bands, is chosen by the mean CRPS of rows whose fold had no part in what predicts
 * them; the spread itself is then taken from all rows.
 * @param given at least one row, in any order; stays in whole days
 */
export function fitSpread(given: readonly FitRow[]): Fitted {
  // The order in which rows are aggregated must not show in the result.
  const rows = given.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  const counts = BANDS.filter((bands) => bands === 1 || rows.length >= bands * ROWS_PER_BAND);
  const step = Math.max(1, Math.floor(rows.length / CHOOSING_ROWS));
  const choosing = step > 1 ? rows.filter((_, i) => i % step === 0) : rows;
  const considered: Considered[] = [];
  for (const kind of KINDS)
    for (const bands of counts) considered.push({ kind, bands, crps: crossFitted(choosing, kind, bands) });
  let best = considered[0] as Considered;
  for (const each of considered) if (each.crps < best.crps) best = each;
  return {
    spread: { kind: best.kind, shares: SHARES, around: spreadAround(rows, best.kind, best.bands) },
    considered: considered.map((each) => ({ ...each, crps: rounded(each.crps) })),
  };
}

/** Mean CRPS in days over all folds, each predicted from the others. */
function crossFitted(rows: readonly FitRow[], kind: Spread['kind'], bands: number): number {
  let sum = 0;
  let weights = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const inside = rows.filter((row) => row[3] % FOLDS === fold);
    const others = rows.filter((row) => row[3] % FOLDS !== fold);
    if (inside.length === 0 || others.length === 0) continue;
    const around = spreadAround(others, kind, bands);
    for (const [predicted, stay, weight] of inside) {
      sum += weight * crpsOf(daysAround({ kind, around }, predicted), stay);
      weights += weight;
    }
  }
  return weights > 0 ? sum / weights : Number.POSITIVE_INFINITY;
}

/** CRPS of the whole distribution, before it is written down as a curve (scores.ts). */
function crpsOf(ends: readonly number[], stay: number): number {
  const last = Math.max(stay, Math.ceil((ends[ends.length - 1] as number) - 0.5));
  let sum = 0;
  let reached = 0;
  for (let day = 0; day < last; day++) {
    const end = day + 0.5;
    while (reached < ends.length && (ends[reached] as number) <= end) reached++;
    let share = reached > 0 ? 1 : 0;
    if (reached > 0 && reached < ends.length) {
      const from = ends[reached - 1] as number;
      const before = SHARES[reached - 1] as number;
      share =
        before + (((SHARES[reached] as number) - before) * (end - from)) / ((ends[reached] as number) - from);
    }
    const off = share - (day >= stay ? 1 : 0);
    sum += off * off;
  }
  return sum;
}

/** @param rows ascending by prediction */
function spreadAround(rows: readonly FitRow[], kind: Spread['kind'], bands: number): SpreadAround[] {
  const around: SpreadAround[] = [];
  for (let band = 0; band < bands; band++) {
    const from = Math.floor((rows.length * band) / bands);
    const to = Math.floor((rows.length * (band + 1)) / bands);
    let weights = 0;
    let predictions = 0;
    const seen: Seen[] = [];
    for (let i = from; i < to; i++) {
      const [predicted, stay, weight] = rows[i] as FitRow;
      weights += weight;
      predictions += weight * predicted;
      for (let place = 0; place < PLACES; place++) {
        const days = stay - 0.5 + (place + 0.5) / PLACES;
        seen.push([kind === 'quotient' ? days / divisor(predicted) : days - predicted, weight]);
      }
    }
    if (weights <= 0) continue;
    const predicted = rounded(predictions / weights);
    const before = around[around.length - 1];
    // Bands of one and the same prediction would be no line.
    if (before && before.predicted >= predicted) continue;
    around.push({ predicted, values: quantiles(seen).map(rounded) });
  }
  return around;
}

type Seen = readonly [value: number, weight: number];

/** Weighted quantiles at SHARES, each row in the middle of its own weight (Hazen), between two rows a straight line. */
function quantiles(seen: Seen[]): number[] {
  seen.sort((a, b) => a[0] - b[0]);
  let total = 0;
  for (const [, weight] of seen) total += weight;
  const values: number[] = [];
  let i = 0;
  let passed = 0;
  const middle = () => (passed + (seen[i] as Seen)[1] / 2) / total;
  let at = middle();
  let before: readonly [share: number, value: number] | undefined;
  for (const share of SHARES) {
    while (at < share && i < seen.length - 1) {
      before = [at, (seen[i] as Seen)[0]];
      passed += (seen[i] as Seen)[1];
      i++;
      at = middle();
    }
    const value = (seen[i] as Seen)[0];
    if (!before || share >= at) values.push(value);
    else values.push(before[1] + ((value - before[1]) * (share - before[0])) / (at - before[0]));
  }
  return values;
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
