import { divisor } from '../curve/spread.js';
import type { Spread } from '../model.js';

/**
 * A validation row: what was predicted, what came of it (both in days), how many admissions it stands for, its fold; and a number
 * that tells it from others, for whoever asks about single rows.
 */
export type FitRow = readonly [predicted: number, stay: number, weight: number, fold: number, line?: number];

/** A stay of whole days is spread evenly over its day, at so many places, as F(d + ½) assumes. */
export const PLACES = 4;

/** Rows ascending by prediction, with what is found of them once and looked at from many predictions. */
export interface Ordered {
  readonly rows: readonly FitRow[];
  /** Each row's place among the predictions. */
  readonly places: readonly number[];
  spots(kind: Spread['kind']): Spots;
}

/** The places of rows' days as quotients or differences, ascending. Plain numbers side by side: millions are gone through. */
export interface Spots {
  readonly values: Float64Array;
  /** The number of each one's row. */
  readonly rows: Int32Array;
}

/** What is seen from one prediction, ascending, and what each weighs. */
export interface Seen {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** @param rows ascending by prediction */
export function ordered(rows: readonly FitRow[]): Ordered {
  const found: { [kind in Spread['kind']]?: Spots } = {};
  return {
    rows,
    places: ranks(rows),
    spots(kind) {
      const spots = found[kind] || spotsOf(rows, kind);
      found[kind] = spots;
      return spots;
    },
  };
}

/** A row's place among the predictions; rows of one prediction share the middle of theirs. */
function ranks(rows: readonly FitRow[]): number[] {
  const places: number[] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from;
    while (to < rows.length && (rows[to] as FitRow)[0] === (rows[from] as FitRow)[0]) to++;
    for (let i = from; i < to; i++) places.push((from + to) / 2);
    from = to;
  }
  return places;
}

function spotsOf(rows: readonly FitRow[], kind: Spread['kind']): Spots {
  const values = new Float64Array(rows.length * PLACES);
  const order: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const [predicted, stay] = rows[Math.floor(i / PLACES)] as FitRow;
    const days = stay - 0.5 + ((i % PLACES) + 0.5) / PLACES;
    values[i] = kind === 'quotient' ? days / divisor(predicted) : days - predicted;
    order.push(i);
  }
  order.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  return {
    values: Float64Array.from(order, (i) => values[i] as number),
    rows: Int32Array.from(order, (i) => Math.floor(i / PLACES)),
  };
}

/** @param near what each row weighs from there; 0: it is too far */
export function seenNear(spots: Spots, near: Float64Array): Seen {
  const values = new Float64Array(spots.values.length);
  const weights = new Float64Array(spots.values.length);
  let seen = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = near[spots.rows[i] as number] as number;
    if (weight <= 0) continue;
    values[seen] = spots.values[i] as number;
    weights[seen++] = weight;
  }
  return { values: values.subarray(0, seen), weights: weights.subarray(0, seen) };
}
