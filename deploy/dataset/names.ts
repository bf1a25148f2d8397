import type { Contract } from './contract.js';

export { qualified } from '../resources/snowflake/kinds.js';

/** Names of the Snowflake objects of one dataset, unqualified. */
export interface DatasetNames {
  /** Raw admissions as the hospital delivers them. */
  readonly raw: string;
  /** What is new or changed in it. */
  readonly rawStream: string;
  /** One row per admission with the model's inputs. */
  readonly features: string;
  /** Raw rows of the admissions whose features are being built. */
  readonly changed: string;
  /** Ids of the admissions that are to be scored. */
  readonly waiting: string;
  /** Stream on `waiting`: it only wakes the task graph. */
  readonly waker: string;
  /** The rows that the demo lets arrive day by day. */
  readonly arrivals: string;
  /** Ids of the rows that a demo put in or lets arrive. */
  readonly demo: string;
  /** Labelled rows of the training in progress. */
  readonly trainingSet: string;
}

export function datasetNames(contract: Contract): DatasetNames {
  const stem = contract.name.toUpperCase();
  return {
    raw: contract.table,
    rawStream: `${contract.table}_CHANGES`,
    features: `${stem}_FEATURES`,
    changed: `${stem}_CHANGED`,
    waiting: `${stem}_WAITING`,
    waker: `${stem}_UNSCORED`,
    arrivals: `${stem}_ARRIVALS`,
    demo: `${stem}_DEMO`,
    trainingSet: `${stem}_TRAINING_SET`,
  };
}

/** Names of the Snowflake objects that every dataset shares, unqualified. */
export const shared = {
  /** View: case and model inputs of the configured dataset. */
  features: 'LOS_FEATURES',
  log: 'LOS_PREDICTION_LOG',
  /** View: the latest prediction of every admission. */
  predictions: 'LOS_PREDICTIONS',
  /** Admissions that the model refused. */
  quarantine: 'LOS_QUARANTINE',
  registry: 'LOS_MODEL_REGISTRY',
  runs: 'LOS_RUN_LOG',
  /** Who applied, trained, promoted what; also the lease that lets one do it at a time. */
  history: 'LOS_HISTORY',
  evaluation: 'LOS_EVALUATION',
  measures: 'LOS_MEASURES',
  shadow: 'LOS_SHADOW_LOG',
  predict: 'PREDICT_LOS',
  detail: 'PREDICT_LOS_DETAIL',
  reasons: 'PREDICT_LOS_REASONS',
  response: 'LOS_RESPONSE',
  detailResponse: 'LOS_RESPONSE_DETAIL',
  buildTask: 'LOS_BUILD_FEATURES',
  scoreTask: 'LOS_SCORE',
  /** Predictions that the challenger has not been asked about yet, and the task that asks it. */
  unshadowed: 'LOS_UNSHADOWED',
  shadowTask: 'LOS_SHADOW',
  csv: 'LOS_CSV',
} as const;

/** Text as an SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
