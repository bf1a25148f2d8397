import type { Expected, Stay } from './expectation.js';

/** Groups of stays of alike expectation, each with a spread of its own. */
const GROUPS = 10;

/** Distance of a stay from its expectation by chance: second and third moment of the difference. */
export interface Spread {
  readonly variance: number;
  readonly third: number;
}

/** The spread of each stay: that of the tenth of all stays whose expectations are nearest. */
export function spreadsOf(expected: readonly Expected[]): Spread[] {
  const order = expected.map((_, i) => i).sort((a, b) => meanOf(expected, a) - meanOf(expected, b) || a - b);
  const spreads: Spread[] = new Array(expected.length);
  for (let group = 0; group < GROUPS; group++) {
    const from = Math.floor((group * order.length) / GROUPS);
    const members = order.slice(from, Math.floor(((group + 1) * order.length) / GROUPS));
    const moment = (power: number) =>
      members.reduce((sum, i) => sum + residual(expected, i) ** power, 0) / members.length;
    const spread = { variance: moment(2), third: moment(3) };
    for (const i of members) spreads[i] = spread;
  }
  return spreads;
}

/**
 * Likeness of one patient's stays beyond what is expected of each: correlation of what is left, over the pairs of each patient,
 * and over patients by their stays; 0 where they are no more alike than others.
 */
export function likenessOf(
  stays: readonly Pick<Stay, 'patient'>[],
  expected: readonly Expected[],
  spreads: readonly Spread[],
): number {
  const patients = new Map<string, { n: number; sum: number; squares: number }>();
  stays.forEach(({ patient }, i) => {
    const left = residual(expected, i) / Math.sqrt((spreads[i] as Spread).variance || 1);
    const { n, sum, squares } = patients.get(patient) || { n: 0, sum: 0, squares: 0 };
    patients.set(patient, { n: n + 1, sum: sum + left, squares: squares + left * left });
  });
  let again = 0;
  let products = 0;
  patients.forEach(({ n, sum, squares }) => {
    if (n < 2) return;
    again += n;
    products += (sum * sum - squares) / (n - 1);
  });
  return again > 0 ? Math.min(1, Math.max(0, products / again)) : 0;
}

const meanOf = (expected: readonly Expected[], i: number) => (expected[i] as Expected).expected;
/** Days beyond the expectation. */
const residual = (expected: readonly Expected[], i: number) =>
  (expected[i] as Expected).days - meanOf(expected, i);
