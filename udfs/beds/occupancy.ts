import { convolve, poisson, poissonBinomial } from './sum.js';

/** Beds occupied on one night of a ward, as a distribution. */
export interface Occupancy {
  /** Shares of `QUANTILES`, in beds; between two of them straight lines. */
  readonly quantiles: readonly number[];
  /** At least so many beds are taken with a probability of 90 % and of 70 %. */
  readonly atLeast90: number;
  readonly atLeast70: number;
  /** Probability that more beds are taken than there are; null: how many there are is not known. */
  readonly over: number | null;
}

/** Quantiles at which the distribution is written down. */
export const QUANTILES: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
  0.85, 0.9, 0.95, 0.975, 0.99, 0.995,
];

export interface ExpectedOccupancy {
  /** Each patient's probability to be still in; null: too many, the moments stand for them. */
  readonly stays: readonly number[] | null;
  /** Census of the current patients: mean, variance and third central moment. */
  readonly mean: number;
  readonly variance: number;
  readonly third: number;
  /** Mean number of future patients on the night. */
  readonly coming: number;
  /** Factor by which past errors exceed the theory: distances from the mean are multiplied by it. */
  readonly spread: number;
  readonly capacity: number | null;
}

/** Share below a number of beds, between whole numbers too: n beds are spread evenly over n ± ½. */
type Cdf = (beds: number) => number;

/**
 * The sum of those who are still in and those who will have come, widened about its mean as the past was.
 */
export function occupancy(expected: ExpectedOccupancy): Occupancy {
  const { coming, spread, capacity } = expected;
  const mean = expected.mean + coming;
  const { cdf, quantile } = expected.stays
    ? discrete(convolve(poissonBinomial(expected.stays), poisson(coming)))
    : cornishFisher(mean, expected.variance + coming, expected.third + coming);
  const widen = (share: number) => Math.max(0, mean + spread * (quantile(share) - mean));
  const shrink = (beds: number) => cdf(mean + (beds - mean) / spread);
  return {
    quantiles: QUANTILES.map((share) => Math.round(widen(share) * 1e4) / 1e4),
    atLeast90: Math.max(0, Math.floor(widen(0.1) + 0.5)),
    atLeast70: Math.max(0, Math.floor(widen(0.3) + 0.5)),
    over: capacity === null ? null : Math.round((1 - shrink(capacity + 0.5)) * 1e6) / 1e6,
  };
}

/** Quantiles of a distribution over whole numbers. */
function discrete(shares: readonly number[]): { cdf: Cdf; quantile: Cdf } {
  const sums: number[] = [];
  let sum = 0;
  for (const share of shares) {
    sum += share;
    sums.push(sum);
  }
  return {
    cdf(beds) {
      const n = Math.floor(beds + 0.5);
      if (n < 0) return 0;
      if (n >= shares.length) return 1;
      const before = n > 0 ? (sums[n - 1] as number) : 0;
      return Math.min(1, before + (shares[n] as number) * (beds + 0.5 - n));
    },
    quantile(share) {
      let low = 0;
      let high = sums.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sums[middle] as number) < share) low = middle + 1;
        else high = middle;
      }
      const before = low > 0 ? (sums[low - 1] as number) : 0;
      const own = shares[low] as number;
      return low - 0.5 + (own > 0 ? Math.min(1, (share - before) / own) : 0);
    },
  };
}

/**
 * Cornish-Fisher quantiles of the sum of many patients: their sum is normal but for its skewness (Cornish and Fisher,
 * "Moments and cumulants in the specification of distributions", 1938, the first term; from three standard deviations
 * on it grows no more, so that shares ascend).
 */
function cornishFisher(mean: number, variance: number, third: number): { cdf: Cdf; quantile: Cdf } {
  const sd = Math.sqrt(variance);
  const skewness = sd > 0 ? Math.max(-0.9, Math.min(0.9, third / (sd * variance))) : 0;
  const standard = (share: number) => {
    const z = deviate(share);
    return z + (skewness * (Math.min(9, z * z) - 1)) / 6;
  };
  return {
    quantile: (share) => mean + sd * standard(share),
    cdf(beds) {
      if (!(sd > 0)) return beds < mean ? 0 : 1;
      const wanted = (beds - mean) / sd;
      // The inverse of `standard`, by halving the share's logit.
      let low = -40;
      let high = 40;
      for (let i = 0; i < 60; i++) {
        const middle = (low + high) / 2;
        if (standard(1 / (1 + Math.exp(-middle))) < wanted) low = middle;
        else high = middle;
      }
      return 1 / (1 + Math.exp(-low));
    },
  };
}

/**
 * Quantile of the standard normal distribution, to 5e-4 (Abramowitz, Stegun, "Handbook of Mathematical Functions", 26.2.23).
 */
function deviate(share: number): number {
  const tail = Math.max(1e-300, Math.min(share, 1 - share));
  const t = Math.sqrt(-2 * Math.log(tail));
  const z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return share < 0.5 ? -z : z;
}
