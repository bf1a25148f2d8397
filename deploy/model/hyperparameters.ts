import type { Settings } from '../settings/settings.js';

/** What boosting starts from: deep enough for interactions, slow enough to be stopped by the validation rows. */
const DEFAULTS = {
  objective: 'reg:squarederror',
  eval_metric: 'rmse',
  num_round: 400,
  early_stopping_rounds: 15,
  eta: 0.1,
  max_depth: 5,
  min_child_weight: 20,
  subsample: 0.8,
  colsample_bytree: 0.8,
  tree_method: 'hist',
  seed: 42,
} as const;

/** Hyperparameters of the built-in XGBoost, as the strings that SageMaker wants; settings override defaults. */
export function hyperparameters(settings: Settings): Record<string, string> {
  const merged = { ...DEFAULTS, ...settings.training.hyperparameters };
  return Object.fromEntries(Object.entries(merged).map(([name, value]) => [name, String(value)]));
}
