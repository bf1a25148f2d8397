import type { Selection } from '../../procedures/fitting/selection.js';
import type { SplitResult } from '../../procedures/fitting/split.js';
import type { Interval } from '../../procedures/ground/bootstrap.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import type { LearningPoint } from '../../procedures/training/run.js';
/** Result of training a version once more. */
export interface Repetition {
  readonly version: string;
  /** True if the labelled rows and their sides are still those that the version was trained on. */
  readonly sameRows: boolean;
  /** True if the code that trains is still the code of then. */
  readonly sameCode: boolean;
  /** True if it predicts the same of every validation row. */
  readonly sameModel: boolean;
}

/** A version without some columns beside the champion, on the same stays. */
export interface Price {
  readonly columns: readonly string[];
  readonly champion: string;
  /** CRPS in days that the champion gains, with its 95 % interval; above 0 the columns are worth something. */
  readonly crps: number;
  readonly confidence: Interval;
  /** All stays first, then the contract's groups: CRPS and bias in days, of the champion and of the version. */
  readonly groups: readonly {
    readonly group: string;
    readonly stays: number;
    readonly crps: readonly [champion: number | null, version: number | null];
    readonly bias: readonly [champion: number, version: number];
  }[];
}

/** A trained version and what is known of it. */
export interface TrainResult {
  readonly version: string;
  /** Id of the run in LOS_TRAINING_RUNS. */
  readonly run: string;
  readonly candidate: string;
  readonly split: SplitResult;
  /** null: the settings switch selection off. */
  readonly selection: Selection | null;
  readonly metrics: Metrics;
  /** Stands for the labelled rows and their sides. */
  readonly fingerprint: string;
  /** Stands for the code that made it. */
  readonly code: string;
  /** Stands for what it predicts of the validation rows. */
  readonly predictions: string;
  readonly trainingSeconds: number;
  /** Why another word for where a long stay begins would be worth it; null: the contract's (or settings') fits. */
  readonly longStay: string | null;
  /** Why SageMaker's registry does not have the version; null: it has. */
  readonly unpackaged: string | null;
  readonly promoted: boolean;
  /** Accuracy with fewer rows, where that was asked for. */
  readonly learned: readonly LearningPoint[] | null;
  /** Price of columns that were left out. */
  readonly price: Price | null;
  /** Comparison with a repeated training. */
  readonly repeated: Repetition | null;
}
