import { benjaminiHochberg, normalTail } from '../statistics/tests.js';

/** The stays of a group: sums that add up over months. */
export interface Group {
  readonly stays: number;
  readonly days: number;
  readonly expected: number;
  /** Variance of the days by chance, as of all stays that are expected to be as long, with what a patient's stays have in common. */
  readonly variance: number;
  /** Third central moment, likewise. */
  readonly third: number;
  /** Squares of the days that each patient stayed beyond what was expected. */
  readonly squares: number;
}

export interface Judgement {
  /** Observed ÷ expected days, and the ends of its 95 % interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Distance from 1 in standard deviations; and as of a normal distribution, the skewness of stays taken out. */
  readonly deviations: number;
  readonly z: number;
  /** False discovery rate at which the group is found among its family, by itself for groups above 1 and for those below. */
  readonly rate: number;
  /** Ends of the funnel: of 1,000 groups that differ as these commonly do, 2 lie beyond. */
  readonly funnelLow: number;
  readonly funnelHigh: number;
}

/** Standard deviations of the 95 % interval, and of the funnel's 99.8 %. */
const INTERVAL = 1.959964;
const FUNNEL = 3.090232;
/** As many stays of all units weigh in a group's variance beside its own: it is not known of few stays. */
const PRIOR = 20;
/** Distance at which the correction for skewness ends, in standard deviations, and its largest skewness: beyond, it would turn the order of groups. */
const FAR = 3;
const MOST_SKEWED = 0.5;
/** Share of the groups at each end that count as no further off, where it is measured how far groups commonly differ. */
const ENDS = 0.1;

/**
 * Groups of one family, as all wards: which have more or fewer days than expected, beyond chance.
 * @returns in the order of the groups
 * @example
 * const [ward] = judgeGroups([{ stays: 400, days: 2200, expected: 2000, variance: 4800, third: 26000, squares: 5200 }]);
 */
export function judgeGroups(groups: readonly Group[]): Judgement[] {
  const sds = groups.map(deviationOf);
  const distances = groups.map(({ days, expected }, i) => (days - expected) / (sds[i] as number));
  const zs = distances.map((distance, i) => distance + shift(groups[i] as Group, distance));
  const above = benjaminiHochberg(zs.map(tailOf));
  const below = benjaminiHochberg(zs.map((z) => tailOf(-z)));
  const between = groupVariance(groups, sds, zs);
  return groups.map((group, i) => {
    const { days, expected } = group;
    const z = zs[i] as number;
    const sd = (sds[i] as number) / expected;
    const funnel = FUNNEL * Math.sqrt(sd * sd + between);
    const middle = days / expected + sd * shift(group, INTERVAL);
    return {
      ratio: days / expected,
      low: middle - INTERVAL * sd,
      high: middle + INTERVAL * sd,
      deviations: distances[i] as number,
      z,
      rate: (z > 0 ? above : below)[i] as number,
      funnelLow: Math.max(0, 1 - funnel),
      funnelHigh: 1 + funnel,
    };
  });
}

/**
 * Part that the skewness of stays adds to a distance. By a group's own standard deviation, which is large where its stays are long, groups of long
 * stays seem nearer than they are (N. J. Johnson, JASA 73, 1978); by that of all stays they seem further (Cornish and Fisher, 1938).
 */
function shift({ stays, variance, third }: Group, distance: number): number {
  const skewness = variance > 0 ? Math.max(0, Math.min(MOST_SKEWED, third / variance ** 1.5)) : 0;
  const square = Math.min(FAR, Math.abs(distance)) ** 2;
  return (skewness * (stays * (1 + 2 * square) + PRIOR * (1 - square))) / (6 * (stays + PRIOR));
}

/** Standard deviation of the days. */
function deviationOf({ stays, days, expected, variance, squares }: Group): number {
  const own = Math.max(0, squares - (days - expected) ** 2 / stays);
  return Math.sqrt((stays * own + PRIOR * variance) / (stays + PRIOR));
}

/** P(Z > z) of the normal distribution. */
function tailOf(z: number): number {
  const half = normalTail(z) / 2;
  return z > 0 ? half : 1 - half;
}

/**
 * Variance of the ratios of groups beyond chance, where these commonly differ (D. J. Spiegelhalter, Statistics in Medicine 24, 2005):
 * by moments of the distances from 1, the ends drawn in, so that the few that stand out do not hide themselves.
 */
function groupVariance(groups: readonly Group[], sds: readonly number[], zs: readonly number[]): number {
  const n = groups.length;
  const sorted = zs.slice().sort((a, b) => a - b);
  const low = sorted[Math.floor(ENDS * (n - 1))] as number;
  const high = sorted[Math.ceil((1 - ENDS) * (n - 1))] as number;
  const squares = zs.reduce((sum, z) => sum + Math.min(high, Math.max(low, z)) ** 2, 0);
  const weights = groups.map(({ expected }, i) => (expected / (sds[i] as number)) ** 2);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const left = sum - weights.reduce((all, weight) => all + weight ** 2, 0) / sum;
  return left > 0 ? Math.max(0, (squares - (n - 1)) / left) : 0;
}
