/**
 * Rounding of figures: as far as their population asks for. A mean in days keeps a decimal fewer than the number of its stays has
 * digits (10 to 99 stays: one), so that the sum behind it is never known to less than a day; a share keeps one more.
 */

/** SQL of a mean in days, rounded. @param n SQL of the number of stays */
export function roundDays(mean: string, n: string): string {
  return `ROUND(${mean}, LENGTH(TO_VARCHAR(${n})) - 1)`;
}

/** SQL of a share, rounded. @param n SQL of the number of stays */
export function roundShare(share: string, n: string): string {
  return `ROUND(${share}, LENGTH(TO_VARCHAR(${n})))`;
}

/** The same of figures that grow by the stay and are not published, in mails and answers: a sum behind a mean is known to five days and more. */
export function coarseFigures<T>(value: T, n: number): T {
  return roundFigures(value, Math.floor(n / 10)) as T;
}

/**
 * A mean in days, in a sentence: with three decimals at most, as people read no more.
 * @example
 * daysInWords(3.14159, 500); // "3.14"
 */
export function daysInWords(mean: number, n: number): string {
  const digits = Math.max(0, Math.min(3, String(n).length - 1));
  // Without the sign of a zero.
  return (Number(mean.toFixed(digits)) || 0).toFixed(digits);
}

/** The ends of an interval of days, in a sentence: as digits of a mean of so many stays. */
export function intervalInWords(ends: readonly number[], n: number): string {
  return `95 % interval: ${ends.map((end) => daysInWords(end, n)).join(' to ')}`;
}

/** Settings, which are no figures. */
const SETTINGS = /^(hyperparameters|parameters)$/;
/** Figures of a version's holdout that are shares, ratios of sums or scores of probabilities, and those that are sums. */
const SHARE = /within|coverage|^r2$|brier|pit|log_?score|relative|long_?stays|long_?stay|share|^bed_?days$/i;
const SUM = /bed_?days_?(predicted|actual)/i;

/**
 * The same of figures in an object, and in those within it; what is no number stays.
 * @param n how many stays they are about
 * @example
 * roundFigures({ mae: 3.14159, coverage: 0.81234, rows: 250 }, 250); // {"mae": 3.14, "coverage": 0.812, "rows": 250}
 */
export function roundFigures(value: unknown, n: number, name = ''): unknown {
  if (SETTINGS.test(name)) return value;
  if (Array.isArray(value)) return value.map((each) => roundFigures(each, n, name));
  if (value !== null && typeof value === 'object') {
    const rounded: Record<string, unknown> = {};
    for (const key of Object.keys(value))
      rounded[key] = roundFigures((value as Record<string, unknown>)[key], n, key);
    return rounded;
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || Number.isInteger(value)) return value;
  const digits = SUM.test(name) ? 0 : String(n).length - (SHARE.test(name) ? 0 : 1);
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
