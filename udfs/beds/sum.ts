/**
 * Distribution of the number of patients still in hospital: entry n is the probability that it is
 * n of them. Poisson-binomial by dynamic programming, exact: one patient after the other is stayed with or left.
 * (Hong, "On computing the distribution function for the Poisson binomial distribution", CSDA 2013, has the
 * recursion.)
 * @param stays each one's probability to be still in, 0 to 1, independent of each other
 * @returns shares that add up to 1, one more than there are patients
 * @example
 * poissonBinomial([0.5, 0.25]); // [0.375, 0.5, 0.125]
 */
export function poissonBinomial(stays: readonly number[]): number[] {
  const shares: number[] = [1];
  for (const stay of stays) {
    const leave = 1 - stay;
    shares.push((shares[shares.length - 1] as number) * stay);
    // From above, so that each patient is counted once.
    for (let n = shares.length - 2; n > 0; n--)
      shares[n] = (shares[n] as number) * leave + (shares[n - 1] as number) * stay;
    shares[0] = (shares[0] as number) * leave;
  }
  return shares;
}

/** Probability below which a Poisson distribution's tail is cut. */
const TAIL = 1e-13;

/**
 * Poisson distribution: entry n is the probability of n arrivals.
 * @param mean at least 0
 * @returns shares up to the number beyond which fewer than 1e-13 are left
 */
export function poisson(mean: number): number[] {
  if (!(mean > 0)) return [1];
  const shares: number[] = [];
  // Where e^-mean is 0 for a computer its logarithm is still a number.
  let logarithm = -mean;
  let sum = 0;
  for (let n = 0; n < mean || 1 - sum > TAIL; n++) {
    if (n > 0) logarithm += Math.log(mean / n);
    const share = Math.exp(logarithm);
    shares.push(share);
    sum += share;
    // Rounding may keep the sum from 1 for ever.
    if (n > mean + 40 * Math.sqrt(mean) + 40) break;
  }
  return shares;
}

/** The distribution of the sum of two independent counts. */
export function convolve(a: readonly number[], b: readonly number[]): number[] {
  const sum: number[] = new Array(a.length + b.length - 1).fill(0);
  for (let i = 0; i < a.length; i++) {
    const share = a[i] as number;
    // Far from the middle nothing is left that a double could add.
    if (share < 1e-300) continue;
    for (let j = 0; j < b.length; j++) sum[i + j] = (sum[i + j] as number) + share * (b[j] as number);
  }
  return sum;
}
