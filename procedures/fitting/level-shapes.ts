import type { Level } from './encoder.js';

/** Standard deviations by which levels must differ from what their means say. */
const BEYOND = 3;

/**
 * Whether levels differ by more than their mean stays: whether the share of short stays is another than the mean says, by a straight line
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
