import type { FeatureCode } from './encoding.js';

/**
 * Everything of a trained version that serving needs. It is compiled into the version's request translator,
 * so one ALTER FUNCTION switches encoder, endpoint and intervals together.
 */
export interface Model {
  /** Version name, e.g. `health-v3`. */
  readonly version: string;
  /** SageMaker endpoint that serves it. */
  readonly endpoint: string;
  readonly features: readonly FeatureCode[];
  /** Shortest stay in the training rows, in days: a prediction is never below it. */
  readonly floor: number;
  /** Conformal 80 % interval by predicted stay, ascending; empty while the version is being evaluated. */
  readonly bands: readonly Band[];
}

/** Where actual stays lay around predictions up to `upTo` days, on rows the model was not fitted to. */
export interface Band {
  /** Largest prediction of the band in days; null in the last band. */
  readonly upTo: number | null;
  /** 10 % and 90 % points of actual − predicted, in days. */
  readonly low: number;
  readonly high: number;
}

/** What the request translator hands to the response translator of the same batch. It never leaves Snowflake. */
export interface TranslatorData {
  readonly version: string;
  readonly floor: number;
  readonly bands: readonly Band[];
  /** Snowflake's number of each row sent, in order. */
  readonly rows: readonly number[];
  /** Position in `rows` → names of features that were missing or unseen; only rows that have some. */
  readonly unknown: Readonly<Record<string, readonly string[]>>;
}
