import { divisor } from '../curve/residual-distribution.js';
import type { ResidualDistribution } from '../model.js';

/**
 * A validation row: what was predicted, what came of it (both in days), how many admissions it stands for, its fold; and a number
 * that tells it from others, for questions about single rows.
 */
export type FitRow = readonly [predicted: number, stay: number, weight: number, fold: number, line?: number];

/** A stay of whole days is spread evenly over its day, at so many places, as F(d + ½) assumes. */
export const PLACES = 4;

/** Rows ascending by prediction, with what is found of them once and looked at from many predictions. */
export interface OrderedRows {
  readonly predicted: Float64Array;
  readonly weights: Float64Array;
  /** Each row's place among the predictions. */
  readonly places: Float64Array;
  spots(kind: ResidualDistribution['kind']): Spots;
}

/** The places of rows' days as quotients or differences, ascending. Plain numbers side by side: millions are gone through. */
export interface Spots {
  readonly values: Float64Array;
  /** The number of each one's row. */
  readonly rows: Int32Array;
}

/** Stays around one prediction, ascending, and what each weighs. */
export interface Neighbourhood {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/**
 * @param rows ascending by prediction
 * @param find their places; left out: they are looked for and put in order
 */
export function orderRows(
  rows: readonly FitRow[],
  find = (kind: ResidualDistribution['kind']) => spotsOf(rows, kind),
): OrderedRows {
  const found: { [kind in ResidualDistribution['kind']]?: Spots } = {};
  return {
    predicted: Float64Array.from(rows, (row) => row[0]),
    weights: Float64Array.from(rows, (row) => row[2]),
    places: ranks(rows),
    spots(kind) {
      const spots = found[kind] || find(kind);
      found[kind] = spots;
      return spots;
    },
  };
}

/**
 * Some of the rows, whose places need not be put in order again.
 * @param rows those that `whole` is of
 */
export function partOf(
  whole: OrderedRows,
  rows: readonly FitRow[],
  isIn: (row: FitRow) => boolean,
): OrderedRows {
  const numbers = new Int32Array(rows.length).fill(-1);
  const part = rows.filter(isIn);
  let next = 0;
  for (let i = 0; i < rows.length; i++) if (rows[i] === part[next]) numbers[i] = next++;
  return orderRows(part, (kind) => {
    const all = whole.spots(kind);
    const values = new Float64Array(part.length * PLACES);
    const owners = new Int32Array(values.length);
    let at = 0;
    for (let i = 0; i < all.values.length; i++) {
      const number = numbers[all.rows[i] as number] as number;
      if (number < 0) continue;
      values[at] = all.values[i] as number;
      owners[at++] = number;
    }
    return { values, rows: owners };
  });
}

/** A row's place among the predictions; rows of one prediction share the middle of theirs. */
function ranks(rows: readonly FitRow[]): Float64Array {
  const places = new Float64Array(rows.length);
  for (let from = 0; from < rows.length; ) {
    let to = from;
    while (to < rows.length && (rows[to] as FitRow)[0] === (rows[from] as FitRow)[0]) to++;
    places.fill((from + to) / 2, from, to);
    from = to;
  }
  return places;
}

/** Equal ones are in the order of their rows. */
function spotsOf(rows: readonly FitRow[], kind: ResidualDistribution['kind']): Spots {
  const found = new Float64Array(rows.length * PLACES);
  for (let row = 0; row < rows.length; row++) {
    const [predicted, stay] = rows[row] as FitRow;
    for (let place = 0; place < PLACES; place++) {
      const days = stay - 0.5 + (place + 0.5) / PLACES;
      found[row * PLACES + place] = kind === 'quotient' ? days / divisor(predicted) : days - predicted;
    }
  }
  // Numbers sort many times as fast as what a function compares; which row each is of, their places tell.
  const sorted = found.slice().sort();
  const values = new Float64Array(found.length);
  const owners = new Int32Array(found.length);
  const taken = new Int32Array(found.length);
  for (let i = 0; i < found.length; i++) {
    const value = found[i] as number;
    const first = firstOf(sorted, value);
    const at = first + (taken[first] as number);
    taken[first] = (taken[first] as number) + 1;
    values[at] = value;
    owners[at] = Math.floor(i / PLACES);
  }
  return { values, rows: owners };
}

/** Index at which a value begins among ascending ones. */
function firstOf(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Buffer of `rowsNear`, kept because it is called for each prediction that is looked from. */
let seenValues = new Float64Array(0);
let seenWeights = new Float64Array(0);

/**
 * @param near what each row weighs from there; 0: it is too far
 * @returns what holds until the next call
 */
export function rowsNear(spots: Spots, near: Float64Array): Neighbourhood {
  const most = spots.values.length;
  if (seenValues.length < most) {
    seenValues = new Float64Array(most);
    seenWeights = new Float64Array(most);
  }
  const seen = fill(spots, near, seenValues, seenWeights);
  return { values: seenValues.subarray(0, seen), weights: seenWeights.subarray(0, seen) };
}

/** A loop of its own, for V8 leaves its quick code where something follows that it has not seen yet. @returns how many are seen */
function fill(spots: Spots, near: Float64Array, values: Float64Array, weights: Float64Array): number {
  const { values: all, rows } = spots;
  let seen = 0;
  for (let i = 0; i < all.length; i++) {
    const weight = near[rows[i] as number] as number;
    if (weight <= 0) continue;
    values[seen] = all[i] as number;
    weights[seen++] = weight;
  }
  return seen;
}
