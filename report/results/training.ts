import type { Selection } from '../../procedures/fitting/selection.js';
import type { SplitResult } from '../../procedures/fitting/split.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import type { LearningPoint } from '../../procedures/training/run.js';
/** Whether a version that was trained once more came out the same. */
export interface Repetition {
  readonly version: string;
  /** Whether the labelled rows and their sides are still those that the version was trained on. */
  readonly sameRows: boolean;
  /** Whether the code that trains is still the code of then. */
  readonly sameCode: boolean;
  /** Whether it predicts the same of every validation row. */
  readonly sameModel: boolean;
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
  /** How well fewer rows would have done, where that was asked for. */
  readonly learned: readonly LearningPoint[] | null;
  /** Of a version that was trained once more: what it was held against. */
  readonly repeated: Repetition | null;
}
