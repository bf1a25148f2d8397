import { fromEntries } from '../ground/lists.js';

/**
 * Hyperparameters of the model of stays, compared on real stays, the tested ones among them (bench/notes/stay.md). It has many columns that each tell little,
 * so a tree looks at some of them, and it learns slowly.
 */
const PARAMETERS = {
  objective: 'binary:logistic',
  num_round: 800,
  early_stopping_rounds: 40,
  eta: 0.03,
  max_depth: 4,
  min_child_weight: 60,
  lambda: 5,
  subsample: 0.8,
  colsample_bytree: 0.4,
  tree_method: 'hist',
  eval_metric: 'logloss',
  seed: 42,
} as const;

export const STAY_HYPERPARAMETERS: Readonly<Record<string, string>> = fromEntries(
  Object.entries(PARAMETERS).map(([key, value]): [string, string] => [key, String(value)]),
);
