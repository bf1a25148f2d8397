import type { Random } from '../health/random.js';

/** A standard normal number (Box and Muller). */
export function drawNormal(stream: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.nextNumber()));
  return radius * Math.cos(2 * Math.PI * stream.nextNumber());
}

/** A Poisson number, by multiplying uniform ones (Knuth); for means up to some tens. */
export function drawPoisson(mean: number, stream: Random): number {
  const end = Math.exp(-mean);
  let count = 0;
  for (let product = stream.nextNumber(); product > end; product *= stream.nextNumber()) count++;
  return count;
}

/** Distribution function of the standard normal distribution (Abramowitz and Stegun 7.1.26, error below 2e-7). */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const erf =
    1 -
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
      t *
      Math.exp(-z * z);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
