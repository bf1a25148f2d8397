import type { Estimate, Group } from '../equity/compare-groups.js';
import { flatMap } from '../ground/lists.js';
import { type Place, qualify } from '../ground/names.js';
import { SMALL_GROUPS } from '../ground/small-groups.js';
import { query, type Row, variant, type Work } from '../ground/work.js';
import type { Metrics } from './metrics.js';

/** A curve's shares have four decimals: what it gives less than this, it gives nothing that could be told from it. */
export const LEAST_CHANCE = 0.00005;

export const DECILE = 'decile of the prediction';
export const LONG_DECILE = 'decile of the long-stay probability';
export const LONG_STAY_LEVEL = 'level of a long stay';

/** Tells whether lines are of all rows, or of groups that the prediction itself makes, rather than of the contract's groups. */
export function isOfThePrediction(groupedBy: string): boolean {
  return ['all', DECILE, LONG_DECILE, LONG_STAY_LEVEL].indexOf(groupedBy) >= 0;
}

/** A line of LOS_EVALUATION_METRICS; null where a measure has no meaning for the predictor. */
export interface Measure {
  /** `model`, `mean`, `median`, or the version that was champion then. */
  readonly predictor: string;
  /** `all`, a group that the prediction makes (see above), or the contract's columns joined by ×. */
  readonly groupedBy: string;
  readonly level: string;
  readonly rows: number;
  /** Admissions that the rows stand for, and how many rows of equal weight would say as much. */
  readonly admissions: number;
  readonly effectiveRows: number;
  readonly rmse: number;
  readonly mae: number;
  /** Divided by the group's mean stay. */
  readonly relativeMae: number | null;
  readonly bias: number;
  readonly bedDaysPredicted: number;
  readonly bedDaysActual: number;
  readonly coverage: number | null;
  readonly width: number | null;
  readonly coverage95: number | null;
  readonly longStays: number;
  readonly longStaysPredicted: number | null;
  /** CRPS of the curves, in days; null for predictors without. */
  readonly crps: number | null;
  readonly maeOfMedian: number | null;
  /** Mean of −ln of the probability that the curve gave to the day of the stay's end. */
  readonly logScore: number | null;
  readonly brier: number | null;
  readonly pit: readonly number[] | null;
  /** Figures that groups are compared by; null for other predictors, for groups that the prediction makes, and for versions of 0.8.0 and before. */
  readonly compared: Pick<Group, 'bias' | 'bounded' | 'coverage' | 'goneBy7' | 'goneBy14'> | null;
}

/** The shares of stays in each tenth of their predicted distribution, as LOS_EVALUATION_METRICS has them. */
function pitOf(value: unknown): readonly number[] | null {
  if (value === null || value === undefined) return null;
  return variant<unknown[]>(value).map(Number);
}

/** Everything that was measured of a version, largest groups first. */
export function* measuresOf(place: Place, version: string, from = 'LOS_EVALUATION_METRICS'): Work<Measure[]> {
  const rows = yield* query(
    `SELECT * FROM ${qualify(place, from)} WHERE VERSION = ?
ORDER BY GROUPED_BY, IFF(GROUPED_BY LIKE 'decile%' OR GROUPED_BY = '${LONG_STAY_LEVEL}', LEVEL, NULL), ROW_COUNT DESC, LEVEL, PREDICTOR`,
    [version],
  );
  const numberOrNull = (value: unknown) => (value === null || value === undefined ? null : Number(value));
  return rows.map((row) => ({
    predictor: String(row.PREDICTOR),
    groupedBy: String(row.GROUPED_BY),
    level: String(row.LEVEL),
    rows: Number(row.ROW_COUNT),
    admissions: Number(row.ADMISSIONS),
    effectiveRows: Number(row.EFFECTIVE_ROWS),
    rmse: Number(row.RMSE),
    mae: Number(row.MAE),
    relativeMae: numberOrNull(row.RELATIVE_MAE),
    bias: Number(row.BIAS),
    bedDaysPredicted: Number(row.BED_DAYS_PREDICTED),
    bedDaysActual: Number(row.BED_DAYS_ACTUAL),
    coverage: numberOrNull(row.COVERAGE_80),
    width: numberOrNull(row.WIDTH_80),
    coverage95: numberOrNull(row.COVERAGE_95),
    longStays: Number(row.LONG_STAYS),
    longStaysPredicted: numberOrNull(row.LONG_STAYS_PREDICTED),
    crps: numberOrNull(row.CRPS),
    maeOfMedian: numberOrNull(row.MEDIAN_MAE),
    logScore: numberOrNull(row.LOG_SCORE),
    brier: numberOrNull(row.BRIER),
    pit: pitOf(row.PIT),
    compared: estimatesOf(row),
  }));
}

function estimatesOf(row: Row): Measure['compared'] {
  if (row.BOUNDED_BIAS === null || row.BOUNDED_BIAS === undefined) return null;
  const estimate = (name: string): Estimate => ({
    mean: Number(row[name]),
    error: Number(row[`${name}_ERROR`]),
  });
  const estimateOrNull = (name: string) => (row[name] === null ? null : estimate(name));
  return {
    bias: estimate('BIAS'),
    bounded: estimate('BOUNDED_BIAS'),
    coverage: estimate('COVERAGE_80'),
    goneBy7: estimateOrNull('GONE_7'),
    goneBy14: estimateOrNull('GONE_14'),
  };
}

/** Reads what a version's groups are compared by (procedures/equity/); null: it was measured without. */
export function groupsOf(
  measures: readonly Measure[],
): { readonly all: Group; readonly groups: Group[] } | null {
  const groups = flatMap(measures, (measure): Group[] => {
    const { predictor, compared, groupedBy, level, rows, admissions, effectiveRows, bedDaysActual } = measure;
    if (predictor !== 'model' || !compared || level === SMALL_GROUPS) return [];
    const meanStay = bedDaysActual / admissions;
    return [{ groupedBy, level, rows, admissions, effectiveRows, meanStay, ...compared }];
  });
  const all = groups.find(({ groupedBy }) => groupedBy === 'all');
  return all ? { all, groups: groups.filter((group) => group !== all) } : null;
}

/** Reads what LOS_EVALUATION_METRICS says of the curves. */
export function curveMetrics(
  own: Record<string, unknown> = {},
  mean: Record<string, unknown> = {},
): Pick<
  Metrics,
  'crps' | 'noFeaturesCrps' | 'logScore' | 'noFeaturesLogScore' | 'maeOfMedian' | 'brier' | 'pit'
> {
  const pit = pitOf(own.PIT);
  return {
    crps: Number(own.CRPS),
    noFeaturesCrps: Number(mean.CRPS),
    logScore: Number(own.LOG_SCORE),
    noFeaturesLogScore: Number(mean.LOG_SCORE),
    maeOfMedian: Number(own.MEDIAN_MAE),
    brier: Number(own.BRIER),
    ...(pit && { pit }),
  };
}
