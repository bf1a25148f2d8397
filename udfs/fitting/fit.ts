import { daysAround } from '../curve/residual-distribution.js';
import type { ResidualDistribution, ResidualsAround } from '../model.js';
import {
  type FitRow,
  type Neighbourhood,
  type OrderedRows,
  orderRows,
  PLACES,
  partOf,
  rowsNear,
} from './spots.js';

/** Accuracy of a description of the spread on other rows. */
export interface FitChoice {
  readonly kind: ResidualDistribution['kind'];
  /** Share of all rows that counts on each side of a prediction; 1: all rows everywhere. */
  readonly reach: number;
  /** Mean CRPS in days, cross-fitted. */
  readonly crps: number;
}

export interface ResidualFit {
  readonly spread: ResidualDistribution;
  readonly considered: readonly FitChoice[];
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
/** Predictions around which stays are looked at, one in each of so many bands of equally many rows. */
const BANDS = 12;
/**
 * Reaches of such a band over the others, in shares of all rows on each side: rows far from its middle count less.
 * Hard bands of few rows are noisy at their tails, one band of all rows is wrong at short and long predictions.
 */
const REACHES: readonly number[] = [1 / 4, 1 / 12];
/** The rows that count around a prediction must weigh as much as so many. */
const ROWS_AROUND = 150;
export const FOLDS = 4;
/** The choice is made on at most about so many rows, evenly along the predictions: more would not change it. */
const CHOOSING_ROWS = 5000;
/** Rows that an end must rest on: no figure is about fewer than ten patients. */
const FEWEST_ROWS = 10;

/**
 * Fits the spread of stays around predictions, as quotients or as differences, from the rows with predictions near by.
 * Which of the two, and how near, is chosen by the mean CRPS of rows whose fold had no part in what predicts them; the
 * spread itself is then taken from all rows.
 * @param given at least one row, in any order; stays in whole days
 */
export function fitResiduals(given: readonly FitRow[]): ResidualFit {
  const rows = sortRows(given);
  const considered = consider(rows);
  const best = leastOff(considered);
  return {
    spread: { kind: best.kind, shares: SHARES, around: spreadAround(orderRows(rows), best.kind, best.reach) },
    considered: considered.map(({ kind, reach, crps }) => ({ kind, reach, crps: round4(crps) })),
  };
}

/** Ascending by prediction; the order in which rows are aggregated must not show in the result. */
function sortRows(given: readonly FitRow[]): FitRow[] {
  return given.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
}

/** A way of describing the spread, and the rows that it was tried on. */
interface FitTrial extends FitChoice {
  readonly judged: readonly ScoredRow[];
}

/** A row and its CRPS in days. */
type ScoredRow = readonly [row: FitRow, crps: number];

/** @param rows ascending by prediction */
function consider(rows: readonly FitRow[]): FitTrial[] {
  const enough = REACHES.filter((reach) => rows.length * reach >= ROWS_AROUND);
  const reaches = enough.length > 0 ? enough : [1];
  const step = stepOf(rows);
  const choosing = step > 1 ? rows.filter((_, i) => i % step === 0) : rows;
  const folds = foldsOf(choosing);
  const tried: FitTrial[] = [];
  for (const kind of KINDS)
    for (const reach of reaches) {
      const judged = crossFitted(folds, kind, reach);
      tried.push({ kind, reach, crps: meanCrps(judged), judged });
    }
  return tried;
}

/** One in so many rows is chosen by. */
function stepOf(rows: readonly FitRow[]): number {
  return Math.max(1, Math.floor(rows.length / CHOOSING_ROWS));
}

function leastOff<T extends FitChoice>(considered: readonly T[]): T {
  return considered.reduce((least, each) => (each.crps < least.crps ? each : least));
}

/** Infinite where there is no row. */
function meanCrps(judged: readonly ScoredRow[]): number {
  let sum = 0;
  let weights = 0;
  for (const [[, , weight], crps] of judged) {
    sum += weight * crps;
    weights += weight;
  }
  return weights > 0 ? sum / weights : Number.POSITIVE_INFINITY;
}

/**
 * CRPS of each row in days, of the best way of describing the spread, each row predicted by others than itself: what a version
 * with these predictions is worth before it is calibrated.
 * @param given at least one row, of finite predictions
 */
export function judgeResiduals(given: readonly FitRow[]): readonly ScoredRow[] {
  const rows = sortRows(given);
  const best = leastOff(consider(rows));
  return stepOf(rows) === 1 ? best.judged : crossFitted(foldsOf(rows), best.kind, best.reach);
}

/** Rows that have no part in what predicts them, and those that do. */
interface Fold {
  readonly inside: readonly FitRow[];
  readonly others: OrderedRows;
}

/** @param rows ascending by prediction */
function foldsOf(rows: readonly FitRow[]): Fold[] {
  const whole = orderRows(rows);
  const folds: Fold[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const inside = rows.filter((row) => row[3] % FOLDS === fold);
    if (inside.length > 0 && inside.length < rows.length)
      folds.push({ inside, others: partOf(whole, rows, (row) => row[3] % FOLDS !== fold) });
  }
  return folds;
}

/** Rows of all folds, each predicted from the others. */
function crossFitted(folds: readonly Fold[], kind: ResidualDistribution['kind'], reach: number): ScoredRow[] {
  const judged: ScoredRow[] = [];
  const ends: number[] = [];
  for (const { inside, others } of folds) {
    const spread = { kind, around: spreadAround(others, kind, reach) };
    for (const row of inside) judged.push([row, crpsOf(daysAround(spread, row[0], ends), row[1])]);
  }
  return judged;
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

function spreadAround(
  { predicted: days, weights: own, places, spots }: OrderedRows,
  kind: ResidualDistribution['kind'],
  reach: number,
): ResidualsAround[] {
  const around: ResidualsAround[] = [];
  const rows = days.length;
  const bands = reach < 1 ? BANDS : 1;
  const far = bands === 1 ? Number.POSITIVE_INFINITY : rows * reach;
  const near = new Float64Array(rows);
  for (let band = 0; band < bands; band++) {
    weigh(near, own, places, (rows * (band + 0.5)) / bands, far);
    const weights = sumOf(near);
    if (weights <= 0) continue;
    const predicted = round4(sumOfProducts(near, days) / weights);
    const before = around[around.length - 1];
    // Bands of one and the same prediction would be no line.
    if (before && before.predicted >= predicted) continue;
    around.push({ predicted, values: quantiles(rowsNear(spots(kind), near)).map(round4) });
  }
  return around;
}

/** Weights of rows by their distance from a place: less the further it is, and nothing from so far on. Loops of their own, see spots.ts. */
function weigh(
  near: Float64Array,
  own: Float64Array,
  places: Float64Array,
  middle: number,
  far: number,
): void {
  for (let i = 0; i < near.length; i++) {
    const share = 1 - Math.abs((places[i] as number) - middle) / far;
    near[i] = share > 0 ? (own[i] as number) * share : 0;
  }
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}

function sumOfProducts(values: Float64Array, others: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (others[i] as number);
  return sum;
}

/**
 * Weighted quantiles at SHARES, each row in the middle of its own weight (Hazen), between two rows a straight line. The
 * ends beyond which there are fewer than ten rows are not the rows' own: they would tell single patients' stays, and
 * the next band's or year's would be others. Above, the excess goes on exponentially with the mean that it has (peaks
 * over a threshold; Coles, "An Introduction to Statistical Modeling of Extreme Values", 2001, 4), below evenly.
 */
function quantiles(seen: Neighbourhood): number[] {
  const { values: places, weights } = seen;
  const total = sumOf(weights);
  const values: number[] = [];
  const last = places.length - 1;
  let i = 0;
  let passed = 0;
  let at = (weights[0] as number) / 2 / total;
  let before: readonly [share: number, value: number] | undefined;
  for (const share of SHARES) {
    if (at < share && i < last) {
      let earlier = at;
      while (at < share && i < last) {
        earlier = at;
        passed += weights[i++] as number;
        at = (passed + (weights[i] as number) / 2) / total;
      }
      before = [earlier, places[i - 1] as number];
    }
    const value = places[i] as number;
    if (!before || share >= at) values.push(value);
    else values.push(before[1] + ((value - before[1]) * (share - before[0])) / (at - before[0]));
  }
  return smoothEnds(values, seen);
}

function smoothEnds(values: number[], seen: Neighbourhood): number[] {
  const places = Math.min(seen.values.length >> 1, FEWEST_ROWS * PLACES);
  const top = seen.values[seen.values.length - places] as number;
  const bottom = seen.values[places - 1] as number;
  let upper = values.length - 1;
  while (upper > 0 && (values[upper] as number) > top) upper--;
  let lower = 0;
  while (lower < upper && (values[lower] as number) < bottom) lower++;
  const high = values[upper] as number;
  const low = values[lower] as number;
  const excess = meanBeyond(seen, high);
  const lack = meanBelow(seen, low);
  const left = 1 - (SHARES[upper] as number);
  const last = values.length - 1;
  for (let k = upper + 1; k < last; k++)
    values[k] = high + excess * Math.log(left / (1 - (SHARES[k] as number)));
  // A patient beyond the last quantile exceeds it by the mean excess again, spread evenly.
  if (upper < last) values[last] = (values[last - 1] as number) + 2 * excess;
  const reach = SHARES[lower] as number;
  for (let k = 0; k < lower; k++) values[k] = low - 2 * lack * (1 - (SHARES[k] as number) / reach);
  return values;
}

/** Weighted mean of what values exceed an end by; 0 where none does. */
function meanBeyond({ values, weights: own }: Neighbourhood, end: number): number {
  let from = values.length;
  while (from > 0 && (values[from - 1] as number) > end) from--;
  let sum = 0;
  let weights = 0;
  for (let i = from; i < values.length; i++) {
    sum += (own[i] as number) * ((values[i] as number) - end);
    weights += own[i] as number;
  }
  return weights > 0 ? sum / weights : 0;
}

/** Weighted mean of what values lie below an end by; 0 where none does. */
function meanBelow({ values, weights: own }: Neighbourhood, end: number): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < values.length && (values[i] as number) < end; i++) {
    sum += (own[i] as number) * (end - (values[i] as number));
    weights += own[i] as number;
  }
  return weights > 0 ? sum / weights : 0;
}

function round4(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
