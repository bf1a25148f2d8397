/** A level of a category among the training rows. */
export interface Level {
  readonly feature: string;
  /** null: the rows without a value. */
  readonly level: string | null;
  readonly rows: number; // summed weights, where rows are weighted
  /** Distinct patients of these rows; without a patient column their admissions. */
  readonly patients: number;
  /** Mean stay in days. */
  readonly mean: number;
  /** Variance of the stays within the level, in days²; needed of codes with thousands of levels. */
  readonly variance?: number;
  /** Statistics of its short stays, which are no longer than the mean of all: their share, and their days by the number of all its stays. */
  readonly short?: { readonly share: number; readonly days: number };
}

/** Weight of the overall mean in a level's statistic, in rows: rare levels stay near it. */
export const SMOOTHING = 20;
/** Bounds of a prior's weight, in rows. */
const PRIOR = [1, 500] as const;
/** Standard deviations by which levels must differ from what their means say. */
const BEYOND = 3;

/**
 * Tells whether levels differ by more than their mean stays: whether the share of short stays is another than the mean says, by a straight line
 * through all levels, more than chance would have it. What is left of each level's share is held against its variance within levels
 * (a sum of squares that is χ² with two degrees of freedom less than there are levels where means say all). Only then does a model need to know
 * which level it is: features of no use cost a little (bench/notes/curve.md).
 */
export function differBeyondMeans(
  levels: readonly Pick<Level, 'rows' | 'mean' | 'variance' | 'short'>[],
): boolean {
  const freedom = levels.length - 2;
  const sum = (
    of: (level: { rows: number; mean: number; variance: number; share: number; days: number }) => number,
  ) =>
    levels.reduce(
      (all, { rows, mean, variance = 0, short = { share: 0, days: 0 } }) =>
        all + of({ rows, mean, variance, ...short }),
      0,
    );
  const rows = sum((level) => level.rows);
  const mean = sum((level) => level.rows * level.mean) / rows;
  const share = sum((level) => level.rows * level.share) / rows;
  const spread = sum((level) => level.rows * (level.mean - mean) ** 2);
  if (freedom < 1 || !(spread > 0)) return false;
  const slope = sum((level) => level.rows * (level.mean - mean) * (level.share - share)) / spread;
  const left = sum((level) => level.rows * (level.share - share - slope * (level.mean - mean)) ** 2);
  const within =
    sum(
      (level) =>
        level.rows *
        (level.share * (1 - level.share) -
          2 * slope * (level.days - level.mean * level.share) +
          slope * slope * level.variance),
    ) /
    (rows - levels.length);
  return within > 0 && left / within > freedom + BEYOND * Math.sqrt(2 * freedom);
}

/**
 * Number of rows whose weight the overall mean has in the statistic of a level, so that its squared error is smallest: the variance
 * of stays within levels over that of the levels' means, by the method of moments for unequal levels (one-way random effects;
 * Searle, Casella, McCulloch, "Variance Components", 1992, 3.6). Where levels tell nothing, the most that is allowed.
 */
export function priorWeight(levels: readonly Pick<Level, 'rows' | 'mean' | 'variance'>[]): number {
  let rows = 0;
  let stays = 0;
  let squares = 0;
  let within = 0;
  for (const level of levels) {
    rows += level.rows;
    stays += level.rows * level.mean;
    squares += level.rows * level.rows;
    within += level.rows * (level.variance || 0);
  }
  const between = levels.reduce((sum, level) => sum + level.rows * (level.mean - stays / rows) ** 2, 0);
  const noise = within / (rows - levels.length);
  const spread = (between - (levels.length - 1) * noise) / (rows - squares / rows);
  const [least, most] = PRIOR;
  if (!(noise > 0) || !Number.isFinite(noise)) return SMOOTHING;
  return Math.round((spread > 0 ? Math.min(most, Math.max(least, noise / spread)) : most) * 1e4) / 1e4;
}
