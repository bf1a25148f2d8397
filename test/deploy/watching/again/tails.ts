/** Tails of distributions, each by another way than the product's. */

/** P(K > x), Kolmogorov: the alternating series, as far as it has anything to say. */
export function kolmogorovAbove(x: number): number {
  if (x <= 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 200; k++) sum += 2 * (k % 2 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.max(0, sum);
}

/** P(X > x), chi-square: from one or two degrees upwards, two at a time (Abramowitz and Stegun 26.4.4 and 26.4.5). */
export function chiSquareAbove(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  const odd = degrees % 2 === 1;
  let p = odd ? erfc(Math.sqrt(x / 2)) : Math.exp(-x / 2);
  let term = odd ? Math.sqrt((2 * x) / Math.PI) * Math.exp(-x / 2) : (x / 2) * Math.exp(-x / 2);
  for (let d = odd ? 3 : 4; d <= degrees; d += 2) {
    p += term;
    term *= x / d;
  }
  return p;
}

/** The integral of 2/√π exp(−t²) from x on, by Simpson's rule; what lies beyond x + 8 is nothing. */
function erfc(x: number): number {
  const steps = 20_000;
  const width = 8 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const t = x + i * width;
    sum += Math.exp(-t * t) * (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2);
  }
  return ((2 / Math.sqrt(Math.PI)) * sum * width) / 3;
}
