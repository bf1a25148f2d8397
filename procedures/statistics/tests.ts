/** Two-sample tests and what follows from them. Everything is a plain function of counts, so that it can be held against SciPy. */

import { type Counts, total } from './stability-index.js';

/**
 * P(K > x) of the Kolmogorov distribution, the limit of √(nm/(n+m)) · D for two samples of the same distribution
 * (Kolmogorov 1933; scipy.stats.kstwobign.sf). Values that tie make the test conservative, never liberal.
 */
export function kolmogorovTail(x: number): number {
  if (!(x > 0)) return 1;
  if (x < 1.18) {
    // The other series of the same theta function, which converges where x is small.
    const first = Math.exp(-(Math.PI * Math.PI) / (8 * x * x));
    const sum = first + first ** 9 + first ** 25 + first ** 49;
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  const first = Math.exp(-2 * x * x);
  return Math.max(0, 2 * (first - first ** 4 + first ** 9 - first ** 16));
}

/** P(X > x) of chi-square with so many degrees of freedom (scipy.stats.chi2.sf). */
export function chiSquareTail(x: number, degrees: number): number {
  if (degrees <= 0 || !(x > 0)) return 1;
  return upperGamma(degrees / 2, x / 2);
}

/** P(|Z| > |z|) of a standard normal Z. */
export function normalTail(z: number): number {
  return chiSquareTail(z * z, 1);
}

/**
 * The regularized upper incomplete gamma function Q(a, x): its series below a + 1, its continued fraction by Lentz's
 * method above (Press et al., "Numerical Recipes", 6.2; NIST DLMF 8.7, 8.9).
 */
function upperGamma(a: number, x: number): number {
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; Math.abs(term) > Math.abs(sum) * 1e-16; n++) {
      term *= x / n;
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** ln Γ(a), a > 0 (Lanczos, g = 7, n = 9: 15 digits). */
function logGamma(a: number): number {
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (a < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * a)) - logGamma(1 - a);
  const x = a - 1;
  let sum = c[0] as number;
  for (let i = 1; i < 9; i++) sum += (c[i] as number) / (x + i);
  const t = x + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}

export interface ChiSquare {
  readonly statistic: number;
  readonly degrees: number;
  readonly p: number;
}

/** Cells below this expected count are counted together: the limit distribution does not hold for them (Cochran 1954). */
const LEAST_EXPECTED = 5;

/**
 * Pearson's test that window and reference have the same levels equally often; levels that are too rare for it are counted
 * together (scipy.stats.chi2_contingency of that table, without continuity correction).
 */
export function chiSquare(levels: readonly Counts[]): ChiSquare {
  const window = total(levels, 'window');
  const reference = total(levels, 'reference');
  const all = window + reference;
  const none = { statistic: 0, degrees: 0, p: 1 };
  if (window === 0 || reference === 0) return none;
  const smaller = Math.min(window, reference) / all;
  const isRare = (one: Counts) => (one.window + one.reference) * smaller < LEAST_EXPECTED;
  const rare = levels.filter(isRare);
  let cells = levels.filter((one) => !isRare(one) && one.window + one.reference > 0);
  if (rare.length > 0) {
    const together = { window: total(rare, 'window'), reference: total(rare, 'reference') };
    // Where even together they are rare, they join the smallest of the others.
    if (!isRare(together)) cells = cells.concat(together);
    else if (cells.length > 0) {
      const least = cells.reduce((a, b) => (a.window + a.reference <= b.window + b.reference ? a : b));
      cells = cells.map((one) =>
        one === least
          ? { window: one.window + together.window, reference: one.reference + together.reference }
          : one,
      );
    }
  }
  if (cells.length < 2) return none;
  let statistic = 0;
  for (const cell of cells) {
    const both = cell.window + cell.reference;
    const inWindow = (both * window) / all;
    const inReference = (both * reference) / all;
    statistic += (cell.window - inWindow) ** 2 / inWindow + (cell.reference - inReference) ** 2 / inReference;
  }
  const degrees = cells.length - 1;
  return { statistic, degrees, p: chiSquareTail(statistic, degrees) };
}

/** The size of both samples that a test of two is about: nm / (n + m). */
export function effectiveSize(window: number, reference: number): number {
  return window > 0 && reference > 0 ? (window * reference) / (window + reference) : 0;
}

/**
 * Which hypotheses may be rejected so that at most a share `rate` of the rejected are true ones, over all of them together
 * (Benjamini and Hochberg 1995). Where all are true, that is the chance of any false alarm.
 * @returns for each the smallest rate at which it is rejected
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[b] as number) - (ps[a] as number));
  const result = ps.slice();
  let least = 1;
  order.forEach((i, place) => {
    least = Math.min(least, ((ps[i] as number) * ps.length) / (ps.length - place));
    result[i] = least;
  });
  return result;
}

/** z of the two-sided 99 % and the one-sided 80 %: what a test at 1 % finds with a power of 80 %. */
const FOUND = 2.5758293035489 + 0.8416212335729;

/**
 * The smallest shift of a mean, in standard deviations, that samples of this size would find in four of five cases, at a level
 * of 1 % of a single test: two-sample z test.
 */
export function findableShift(window: number, reference: number): number {
  const size = effectiveSize(window, reference);
  return size > 0 ? FOUND / Math.sqrt(size) : Number.POSITIVE_INFINITY;
}
