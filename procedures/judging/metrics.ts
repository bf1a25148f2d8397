import type { Interval } from '../ground/bootstrap.js';
import type { StayMetrics } from '../mornings/judging.js';

/** Answers of the refit that serves about holdout rows, which it has learned from, beside the model that was judged on them. */
export interface Refit {
  readonly rows: number;
  /** Bed-days that it predicts, divided by those that the other predicted. */
  readonly bedDays: number;
  readonly crps: number;
  readonly judgeCrps: number;
}

/**
 * Figures of a version on rows that nothing of it has seen. All errors are in days. Rows count with their
 * weights, so that stays which the cut-off hides are represented.
 */
export interface Metrics {
  readonly rows: number;
  /** Admissions that the rows stand for; without weights their number. */
  readonly admissions: number;
  /** Number of rows of equal weight that would say as much. */
  readonly effectiveRows: number;
  /** Validation rows that the intervals rest on. */
  readonly calibrationRows: number;
  readonly rmse: number;
  readonly mae: number;
  /** `mae` divided by the mean stay. */
  readonly relativeMae: number;
  /** Median of |predicted − actual|. */
  readonly medianError: number;
  /** Share of predictions at most 1, 2, 3 days off. */
  readonly within1: number;
  readonly within2: number;
  readonly within3: number;
  readonly r2: number;
  /** Predicted minus actual, mean. */
  readonly bias: number;
  /** Slope of actual over predicted stays: below 1, predictions are too extreme. */
  readonly slope: number;
  readonly bedDaysPredicted: number;
  readonly bedDaysActual: number;
  /** Share of rows inside their 80 % and 95 % interval, and the intervals' mean width. */
  readonly coverage: number;
  readonly width: number;
  readonly coverage95: number;
  readonly width95: number;
  /** Share of long stays, and what was predicted of it. */
  readonly longStays: number;
  readonly longStaysPredicted: number;
  /**
   * Figures of the predicted curves: CRPS in days, and that of the training rows' stays for everybody; mean of −ln of the
   * probability that a curve gave to the day of the stay's end, and the same of these stays; mean absolute error of the
   * curves' medians; mean squared error of the probability of a long stay; the shares of stays in each tenth of their
   * predicted distribution, left out where a tenth is of fewer than ten patients.
   */
  readonly crps: number;
  readonly noFeaturesCrps: number;
  readonly logScore: number;
  readonly noFeaturesLogScore: number;
  readonly maeOfMedian: number;
  readonly brier: number;
  readonly pit?: readonly number[];
  /** Errors of predicting the training rows' mean, and their median, for everybody. */
  readonly meanRmse: number;
  readonly meanMae: number;
  readonly medianRmse: number;
  readonly medianMae: number;
  /** The champion of that time on the same rows. */
  readonly before: {
    readonly version: string;
    readonly rmse: number;
    readonly mae: number;
    readonly crps: number;
  } | null;
  /** Figures of the model of stays that have begun; left out: there was none. */
  readonly stay?: StayMetrics;
  /** Left out where what was judged serves itself. */
  readonly refit?: Refit;
  /** 95 % bootstrap intervals by patient; `rmseGain`, `maeGain` and `crpsGain`: champion's error minus this one's. */
  readonly confidence: Readonly<Record<string, Interval>>;
}
