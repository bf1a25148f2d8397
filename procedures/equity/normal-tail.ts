/**
 * P(|Z| > z) of a standard normal Z, to a relative error of 1.2e-7 (Press et al., "Numerical Recipes", 6.2.2: erfc by a Chebyshev fit).
 * @example
 * normalTail(1.959964).toFixed(4); // "0.0500"
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const terms = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368, -1.26551223,
  ];
  return t * Math.exp(terms.reduce((sum, term) => sum * t + term, 0) - x * x);
}
