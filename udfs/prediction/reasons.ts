import type { TranslatorData } from '../model.js';
import { type Detail, describe, round4 } from './detail.js';
import type { RowPrediction } from './predictions.js';

/** Data that the request translator of predict_los_reasons hands over. */
export interface ReasonsData extends TranslatorData {
  /** The model's features in order. */
  readonly features: readonly string[];
  /** Their usual values, in the same order; versions of release 0.1.0 do not tell. */
  readonly usual?: readonly Value[];
  /** Per row that was sent the features (by position) that were set to their reference, in the order of the lines sent. */
  readonly changed: readonly (readonly number[])[];
  /** The row's own values of these, in the same order. Where they are told, the first line sent is of usual values alone. */
  readonly values?: readonly (readonly Value[])[];
}

/** A feature's value as the caller gave it. */
export type Value = string | number | boolean | null;

/** Effect of one feature on a prediction. */
export interface Reason {
  readonly feature: string;
  /** Predicted days minus the days predicted with this feature at its usual value. */
  readonly days: number;
  /** The patient's value, and the usual one that it is held against; null for versions that do not tell. */
  readonly value: Value;
  readonly base: Value;
}

export interface ExplainedDetail extends Detail {
  /** Days predicted where every feature has its usual value; null for versions that do not tell. */
  readonly base_days: number | null;
  /** The three features that moved the prediction most, the strongest first. */
  readonly reasons: readonly Reason[];
  /**
   * Rest of `days` − `base_days`: features that moved it less, and what features do only together; null for versions
   * that do not tell a base.
   */
  readonly other_days: number | null;
}

const MOST = 3;

/** A feature that was set to its usual value, by its position, the days predicted then, and what its own value was. */
export type FeatureChange = readonly [feature: number, days: number, value: Value];

/**
 * @param predicted the row's prediction
 * @param base days predicted of usual values alone
 * @param position the row's in the batch
 */
export function explain(
  predicted: RowPrediction,
  base: number | null,
  changed: readonly FeatureChange[],
  data: ReasonsData,
  position: number,
): ExplainedDetail {
  const { features, usual } = data;
  const reasons = changed.map(([feature, reference, value]) => ({
    feature: features[feature] as string,
    days: round4(predicted.days - reference),
    value,
    base: usual ? (usual[feature] as Value) : null,
  }));
  reasons.sort((a, b) => Math.abs(b.days) - Math.abs(a.days));
  const shown = reasons.slice(0, MOST).filter(({ days }) => days !== 0);
  const explained = shown.reduce((sum, { days }) => sum + days, 0);
  return {
    ...describe(predicted, data, position),
    base_days: base,
    reasons: shown,
    other_days: base === null ? null : round4(predicted.days - base - explained),
  };
}
