import type { Group } from '../../equity/compare-groups.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import type { Row } from '../../ground/work.js';

/** Sums that sql/watching/performance.sql makes of a window or group. */
export interface PerformanceRow extends Row {
  readonly GROUPED_BY: string;
  readonly LEVEL: string;
  readonly FROM_DAY: string;
  readonly N: number;
  readonly PATIENTS: number;
  readonly ENDED: number;
  readonly SEEN: number;
  readonly SCORE: number;
  readonly EXPECTED: number;
  readonly SQUARES: number;
  readonly EXPECTED_GONE: number;
  readonly GONE_VARIANCE: number;
  readonly EXPECTED_CRPS: number;
  readonly EXPECTED_MAE: number;
  readonly MAE: number | null;
  readonly MAE_NOISE: number | null;
  readonly BIAS: number | null;
  readonly COVERAGE_80: number | null;
  readonly CRPS: number | null;
  readonly PREDICTED: number;
  readonly LONG_STAY: number | null;
  readonly UNSEEN: number | null;
  /** Columns of groups that are held to a stated tolerance. */
  readonly BIAS_ERROR?: number | null;
  readonly BOUNDED_BIAS?: number | null;
  readonly BOUNDED_BIAS_ERROR?: number | null;
  readonly COVERAGE_80_ERROR?: number | null;
  readonly MEAN_STAY?: number | null;
}

/** Figures that a group of four weeks is compared by. */
export type Compared = Pick<Group, 'bias' | 'bounded' | 'coverage' | 'meanStay'>;

/** Performance of the predictions of a window or group; errors in days. The columns of LOS_WATCH_PERFORMANCE say what each is. */
export interface Performance {
  readonly groupedBy: string;
  readonly level: string;
  readonly fromDay: string;
  readonly rows: number;
  readonly ended: number;
  readonly seen: number;
  readonly score: number;
  readonly expected: number;
  readonly squares: number;
  readonly ratio: number | null;
  readonly ratioLow: number | null;
  readonly ratioHigh: number | null;
  readonly expectedGone: number;
  readonly goneVariance: number;
  readonly expectedMae: number;
  readonly expectedCrps: number;
  readonly mae: number | null;
  readonly maeLow: number | null;
  readonly maeHigh: number | null;
  readonly crps: number | null;
  readonly bias: number | null;
  readonly coverage: number | null;
  readonly predicted: number;
  readonly longStay: number | null;
  readonly unseen: number | null;
  /** Figures that groups are compared by; null where nothing is stated, and until errors are told. */
  readonly compared: Compared | null;
}

/** Groups of fewer rows say little about the model. */
const FEWEST_ROWS = 30;
/** Errors are told once so much of the stays would have been seen to end: the rest are the longest. */
export const LEAST_SEEN = 0.95;
/** Two-sided 95 %. */
const Z95 = 1.959963984540054;

/** Performances that are told of each window and group; those of too few patients are left out. */
export function performances(rows: readonly PerformanceRow[]): Performance[] {
  const spoken = rows.filter(
    (row) =>
      Number(row.PATIENTS) >= FEWEST_PATIENTS && (row.GROUPED_BY === 'all' || Number(row.N) >= FEWEST_ROWS),
  );
  // A week of few patients is the difference between the weeks and the groups, which cover the same days.
  const small = rows.some((row) => row.GROUPED_BY === 'all' && Number(row.PATIENTS) < FEWEST_PATIENTS);
  return spoken.filter((row) => row.GROUPED_BY === 'all' || !small).map(performance);
}

function performance(row: PerformanceRow): Performance {
  const score = Number(row.SCORE);
  const expected = Number(row.EXPECTED);
  const squares = Number(row.SQUARES);
  const told = Number(row.SEEN) >= LEAST_SEEN;
  const figureOrNull = (value: unknown) =>
    told && value !== null && value !== undefined ? Number(value) : null;
  const mae = figureOrNull(row.MAE);
  const noise = Number(row.MAE_NOISE || 0);
  const ratio = ratioOf({ score, expected, squares }, Z95);
  const numberOrNull = (value: unknown) => (value === null || value === undefined ? null : Number(value));
  return {
    groupedBy: row.GROUPED_BY,
    level: row.LEVEL,
    fromDay: row.FROM_DAY,
    rows: Number(row.N),
    ended: Number(row.ENDED),
    seen: Number(row.SEEN),
    score,
    expected,
    squares,
    ratio: ratio === null ? null : ratio.ratio,
    ratioLow: ratio === null ? null : ratio.low,
    ratioHigh: ratio === null ? null : ratio.high,
    expectedGone: Number(row.EXPECTED_GONE),
    goneVariance: Number(row.GONE_VARIANCE),
    expectedMae: Number(row.EXPECTED_MAE),
    expectedCrps: Number(row.EXPECTED_CRPS),
    mae,
    maeLow: mae === null ? null : mae - Z95 * noise,
    maeHigh: mae === null ? null : mae + Z95 * noise,
    crps: figureOrNull(row.CRPS),
    bias: figureOrNull(row.BIAS),
    coverage: figureOrNull(row.COVERAGE_80),
    predicted: Number(row.PREDICTED),
    longStay: numberOrNull(row.LONG_STAY),
    unseen: numberOrNull(row.UNSEEN),
    compared: told ? estimatesIn(row) : null,
  };
}

function estimatesIn(row: PerformanceRow): Compared | null {
  if (row.BIAS_ERROR === undefined || row.BIAS_ERROR === null) return null;
  const estimate = (mean: unknown, error: unknown) => ({ mean: Number(mean), error: Number(error) });
  return {
    bias: estimate(row.BIAS, row.BIAS_ERROR),
    bounded: estimate(row.BOUNDED_BIAS, row.BOUNDED_BIAS_ERROR),
    coverage: estimate(row.COVERAGE_80, row.COVERAGE_80_ERROR),
    meanStay: Number(row.MEAN_STAY),
  };
}

/** Sums over patients of the score so far, what their curves expected of it, and the squared differences. */
export type Scores = Pick<Performance, 'score' | 'expected' | 'squares'>;

/**
 * Ratio by which the score so far is worse than the curves expect, 1 where these are true: then the differences have mean zero for
 * each patient, discharged or not, and their squares say how much chance there is in their sum.
 * @param z how many standard errors
 */
function ratioOf(
  { score, expected, squares }: Scores,
  z: number,
): { ratio: number; low: number; high: number } | null {
  if (!(expected > 0)) return null;
  const noise = (z * Math.sqrt(squares)) / expected;
  const ratio = score / expected;
  return { ratio, low: ratio - noise, high: ratio + noise };
}

/** Judgement, from the predictions of several windows, of whether the curves are still true. */
export interface Judgement {
  readonly groupedBy: string;
  readonly level: string;
  readonly rows: number;
  readonly ratio: number;
  /** 99 % confidence. */
  readonly low: number;
  readonly gone: number;
  readonly expectedGone: number;
  /** By how much of what was expected more (or, negative, fewer) have left; 0 while that may be chance. */
  readonly pace: number;
  readonly verdict: 'fine' | 'worse' | 'much worse' | 'paced';
}

/** Two-sided 99 %; four standard errors where many groups are looked at. */
export const Z99 = 2.5758293035489;
const Z_GROUPS = 4;
/** Ratio to what is expected that is worth a word, and one that is bad enough to act. */
const WORSE = 1.05;
const MUCH_WORSE = 1.15;
/** So many more or fewer discharges than expected are worth a word. */
const PACED = 0.1;
/** A group of more than so many of all is no group. */
const MOST_OF_ALL = 0.9;
/** With fewer admissions nothing is judged. */
export const ENOUGH = 200;

/** The last weeks of everybody together, and each group over the same time. */
export function judgements(found: readonly Performance[], weeks: readonly string[]): Judgement[] {
  const recent = found.filter((one) => one.groupedBy === 'all' && weeks.indexOf(one.fromDay) >= 0);
  const groups = found.filter((one) => one.groupedBy !== 'all' && weeks.indexOf(one.fromDay) >= 0);
  if (recent.length === 0) return [];
  const whole = judge('all', 'all', recent, Z99);
  return [whole].concat(
    groups.map((one) => compareWithWhole(judge(one.groupedBy, one.level, [one], Z_GROUPS), whole)),
  );
}

/** A group is spoken of where it is otherwise than everybody: what all of them share is said once. */
function compareWithWhole(group: Judgement, whole: Judgement): Judgement {
  const alone = whole.verdict === 'fine' || group.low > whole.ratio;
  const another = group.rows < MOST_OF_ALL * whole.rows;
  return alone && another ? group : { ...group, verdict: 'fine' };
}

function judge(groupedBy: string, level: string, parts: readonly Performance[], z: number): Judgement {
  const sum = (of: (part: Performance) => number) => parts.reduce((total, part) => total + of(part), 0);
  const rows = sum((part) => part.rows);
  const scores = {
    score: sum((part) => part.score),
    expected: sum((part) => part.expected),
    squares: sum((part) => part.squares),
  };
  const found = ratioOf(scores, z) || { ratio: 1, low: 1, high: 1 };
  const gone = sum((part) => part.ended);
  const expectedGone = sum((part) => part.expectedGone);
  const off = Math.sqrt(sum((part) => part.goneVariance));
  const pace = Math.abs(gone - expectedGone) > Z_GROUPS * off ? gone / expectedGone - 1 : 0;
  let verdict: Judgement['verdict'] = 'fine';
  if (rows >= ENOUGH) {
    if (found.low > MUCH_WORSE) verdict = 'much worse';
    else if (found.low > WORSE) verdict = 'worse';
    else if (Math.abs(pace) > PACED) verdict = 'paced';
  }
  return { groupedBy, level, rows, ratio: found.ratio, low: found.low, gone, expectedGone, pace, verdict };
}
