import { type Detail, describe, rounded } from './detail.js';
import type { TranslatorData } from './model.js';

/** What the request translator of predict_los_reasons hands over. */
export interface ReasonsData extends TranslatorData {
  /** The model's features in order. */
  readonly features: readonly string[];
  /** Per row that was sent the features (by position) that were set to their reference, in the order of the lines sent. */
  readonly changed: readonly (readonly number[])[];
}

/** How far one feature moved a prediction. */
export interface Reason {
  readonly feature: string;
  /** Predicted days minus the days predicted with this feature at its reference value. */
  readonly days: number;
}

export interface Explained extends Detail {
  /** The three features that moved the prediction most, the strongest first. */
  readonly reasons: readonly Reason[];
}

const MOST = 3;

/**
 * @param days the row's prediction
 * @param changed per feature that was set to its reference: its position, and the days predicted then
 * @param position the row's in the batch
 */
export function explain(
  days: number,
  changed: readonly (readonly [feature: number, days: number])[],
  data: ReasonsData,
  position: number,
): Explained {
  const reasons = changed.map(([feature, reference]) => ({
    feature: data.features[feature] as string,
    days: rounded(days - reference),
  }));
  reasons.sort((a, b) => Math.abs(b.days) - Math.abs(a.days));
  return {
    ...describe(days, data, position),
    reasons: reasons.slice(0, MOST).filter(({ days }) => days !== 0),
  };
}
