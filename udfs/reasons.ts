import { type Detail, describe, rounded } from './detail.js';
import type { TranslatorData } from './model.js';

/** What the request translator of predict_los_reasons hands over. */
export interface ReasonsData extends TranslatorData {
  /** The model's features in order. */
  readonly features: readonly string[];
  /** Per row the features (by position) that were set to their reference, in the order of the lines sent. */
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
 * @param answers the endpoint's days: per row its prediction, then one per changed feature
 */
export function explain(answers: readonly number[], data: ReasonsData): Explained[] {
  let next = 0;
  return data.changed.map((differing, position) => {
    const days = answers[next++] as number;
    const reasons = differing.map((feature) => ({
      feature: data.features[feature] as string,
      days: rounded(days - (answers[next++] as number)),
    }));
    reasons.sort((a, b) => Math.abs(b.days) - Math.abs(a.days));
    return {
      ...describe(days, data, position),
      reasons: reasons.slice(0, MOST).filter(({ days }) => days !== 0),
    };
  });
}
