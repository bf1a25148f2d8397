import type { Random } from './random.js';

/** Values with the share of rows that each has. Shares need not sum to exactly 1. */
export interface Distribution<T> {
  readonly values: readonly T[];
  readonly shares: readonly number[];
  /** Draws one value. */
  draw(random: Random): T;
}

/** Builds a distribution from values and weights. */
export function distribution<T>(values: readonly T[], weights: readonly number[]): Distribution<T> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  let sum = 0;
  const cumulative = Float64Array.from(shares, (share) => {
    sum += share;
    return sum;
  });
  const last = values.length - 1;
  return {
    values,
    shares,
    draw(random) {
      const u = random.nextNumber();
      let i = 0;
      while (i < last && (cumulative[i] as number) <= u) i++;
      return values[i] as T;
    },
  };
}

/** A distribution over the keys of a {value: share} table. */
export function fromShares(shares: Readonly<Record<string, number>>): Distribution<string> {
  return distribution(Object.keys(shares), Object.values(shares));
}

/** The same for numeric keys ("2": .45 …), in ascending order. */
export function fromNumericShares(shares: Readonly<Record<string, number>>): Distribution<number> {
  const entries = Object.entries(shares).map(([value, share]) => [Number(value), share] as const);
  entries.sort((a, b) => a[0] - b[0]);
  return distribution(
    entries.map(([value]) => value),
    entries.map(([, share]) => share),
  );
}

/**
 * Exponential tilting: every share is multiplied by exp(slope × score(value)). It moves the mean of the
 * score while keeping the shape, which is how one column is made to depend on another.
 */
export function tilt<T>(base: Distribution<T>, score: (value: T) => number, slope: number): Distribution<T> {
  return distribution(
    base.values,
    base.values.map((value, i) => (base.shares[i] as number) * Math.exp(slope * score(value))),
  );
}

/** Mean of a score under a distribution. */
export function meanOf<T>(base: Distribution<T>, score: (value: T) => number): number {
  return base.values.reduce((sum, value, i) => sum + (base.shares[i] as number) * score(value), 0);
}

/** Tilts so that the mean of the score becomes `mean` (bisection; the mean rises with the slope). */
export function tiltToMean<T>(
  base: Distribution<T>,
  score: (value: T) => number,
  mean: number,
): Distribution<T> {
  let low = -5;
  let high = 5;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (meanOf(tilt(base, score, middle), score) < mean) low = middle;
    else high = middle;
  }
  return tilt(base, score, (low + high) / 2);
}
