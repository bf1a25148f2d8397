/** Gaussian process regression, the model of Bayesian search (Rasmussen and Williams 2006, algorithm 2.1). */

const LENGTHS = [0.1, 0.2, 0.4, 0.8, 1.6];
/** Variance of the noise, as a share of the signal's. */
const NOISES = [1e-6, 1e-3, 1e-1];

type Vector = number[];

/** A function known at some points, with its uncertainty everywhere. */
export class GaussianProcess {
  private constructor(
    private readonly points: Vector[],
    private readonly length: number,
    /** The lower triangular factor of the covariances. */
    private readonly factor: Vector[],
    private readonly weights: Vector,
    private readonly mean: number,
    private readonly scale: number,
    private readonly likelihood: number,
  ) {}

  /**
   * Fits the process to values at points, choosing length scale and noise by the marginal likelihood.
   *
   * @param points coordinates, of the order of 1
   */
  static fit(points: Vector[], values: Vector): GaussianProcess {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const scale = Math.sqrt(variance) || 1;
    const standard = values.map((value) => (value - mean) / scale);
    const fits = LENGTHS.flatMap((length) =>
      NOISES.map((noise) => GaussianProcess.#fit(points, standard, length, noise, mean, scale)),
    );
    return fits.reduce((best, other) => (other.likelihood > best.likelihood ? other : best));
  }

  static #fit(
    points: Vector[],
    standard: Vector,
    length: number,
    noise: number,
    mean: number,
    scale: number,
  ): GaussianProcess {
    const covariances = points.map((a, i) =>
      points.slice(0, i + 1).map((b, j) => matern(a, b, length) + (i === j ? noise + 1e-9 : 0)),
    );
    const factor = cholesky(covariances);
    const half = solveLower(factor, standard);
    const weights = solveUpper(factor, half);
    const fit = half.reduce((sum, value) => sum + value * value, 0);
    const volume = factor.reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
    return new GaussianProcess(points, length, factor, weights, mean, scale, -fit / 2 - volume);
  }

  /** The expected value at a point, and its standard deviation. */
  predict(point: Vector): { mean: number; deviation: number } {
    const covariances = this.points.map((other) => matern(point, other, this.length));
    const mean = covariances.reduce((sum, value, i) => sum + value * this.weights[i]!, 0);
    const half = solveLower(this.factor, covariances);
    const variance = Math.max(0, 1 - half.reduce((sum, value) => sum + value * value, 0));
    return { mean: this.mean + this.scale * mean, deviation: this.scale * Math.sqrt(variance) };
  }
}

/** By how much each point is expected to fall below the best value found (Mockus 1978). */
export function improvements(process: GaussianProcess, points: Vector[], best: number): number[] {
  return points.map((point) => {
    const { mean, deviation } = process.predict(point);
    if (deviation === 0) return Math.max(0, best - mean);
    const z = (best - mean) / deviation;
    return deviation * (z * normalBelow(z) + Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
  });
}

/** The Matérn kernel with ν = 5/2: smooth, but not implausibly so. */
function matern(a: Vector, b: Vector, length: number): number {
  let square = 0;
  for (let i = 0; i < a.length; i += 1) square += (a[i]! - b[i]!) ** 2;
  const d = Math.sqrt(5 * square) / length;
  return (1 + d + (d * d) / 3) * Math.exp(-d);
}

/** The lower triangular L with L·Lᵀ = the matrix, of which only the lower triangle is read. */
function cholesky(matrix: Vector[]): Vector[] {
  const lower: Vector[] = [];
  for (const [i, row] of matrix.entries()) {
    const out: Vector = [];
    lower.push(out);
    for (let j = 0; j <= i; j += 1) {
      let sum = row[j]!;
      for (let k = 0; k < j; k += 1) sum -= out[k]! * lower[j]![k]!;
      out.push(i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j]![j]!);
    }
  }
  return lower;
}

function solveLower(lower: Vector[], right: Vector): Vector {
  const out: Vector = [];
  for (const [i, row] of lower.entries()) {
    let sum = right[i]!;
    for (let k = 0; k < i; k += 1) sum -= row[k]! * out[k]!;
    out.push(sum / row[i]!);
  }
  return out;
}

function solveUpper(lower: Vector[], right: Vector): Vector {
  const out = [...right];
  for (let i = lower.length - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < lower.length; k += 1) out[i]! -= lower[k]![i]! * out[k]!;
    out[i]! /= lower[i]![i]!;
  }
  return out;
}

/** The standard normal distribution function (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (poly * Math.exp(-x * x)) / 2;
  return z < 0 ? tail : 1 - tail;
}
