/**
 * The tables of the built-in XGBoost's hyperparameters: types, ranges, metrics, what is tunable.
 * Source: aws/sagemaker-xgboost-container (algorithm_mode/hyperparameter_validation.py, constants/xgb_constants.py),
 * November 2026.
 */

export type Rule =
  | { kind: 'integer' | 'number'; min?: number; max?: number; minOpen?: boolean; maxOpen?: boolean }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'metrics' }
  /** Several of the values, parted by commas. */
  | { kind: 'list'; values: readonly string[] }
  | { kind: 'text'; pattern: RegExp };

export const TREE_GROWERS = ['grow_colmaker', 'distcol', 'grow_histmaker'];
export const LINEAR_UPDATERS = ['shotgun', 'coord_descent'];
/** The updaters of process_type update. */
export const UPDATE_PLUGINS = ['refresh', 'prune'];

const FLAG: Rule = { kind: 'integer', min: 0, max: 1 };
const FRACTION: Rule = { kind: 'number', min: 0, max: 1 };
const POSITIVE_FRACTION: Rule = { kind: 'number', min: 0, minOpen: true, max: 1 };
const NOT_NEGATIVE: Rule = { kind: 'number', min: 0 };
const COUNT: Rule = { kind: 'integer', min: 0 };
const FROM_ONE: Rule = { kind: 'integer', min: 1 };
const choice = (...values: string[]): Rule => ({ kind: 'choice', values });

/** The objectives of algorithm mode; quantile regression is not among them. */
const OBJECTIVES = [
  'binary:logistic',
  'binary:logitraw',
  'binary:hinge',
  'count:poisson',
  'multi:softmax',
  'multi:softprob',
  'rank:pairwise',
  'rank:ndcg',
  'rank:map',
  'reg:linear',
  'reg:squarederror',
  'reg:logistic',
  'reg:gamma',
  'reg:pseudohubererror',
  'reg:squaredlogerror',
  'reg:absoluteerror',
  'reg:tweedie',
  'survival:aft',
  'survival:cox',
];

export const MAXIMIZED = ['auc', 'aucpr', 'map', 'ndcg'];
export const MINIMIZED = [
  'aft-nloglik',
  'cox-nloglik',
  'error',
  'gamma-deviance',
  'gamma-nloglik',
  'interval-regression-accuracy',
  'logloss',
  'mae',
  'mape',
  'merror',
  'mlogloss',
  'mphe',
  'poisson-nloglik',
  'rmse',
  'rmsle',
  'tweedie-nloglik',
];
/** Metrics that the container computes itself, with scikit-learn. */
export const CONTAINER_METRICS = [
  'accuracy',
  'balanced_accuracy',
  'f1',
  'f1_binary',
  'f1_macro',
  'mse',
  'precision',
  'precision_macro',
  'precision_micro',
  'r2',
  'recall',
  'recall_macro',
  'recall_micro',
];

/** The updaters that the container lets through; which of them go together is checked apart. */
const UPDATERS = [...TREE_GROWERS, 'grow_skmaker', 'sync', ...UPDATE_PLUGINS, ...LINEAR_UPDATERS];

export const RULES: Record<string, Rule> = {
  num_round: FROM_ONE,
  csv_weights: FLAG,
  early_stopping_rounds: FROM_ONE,
  booster: choice('gbtree', 'gblinear', 'dart'),
  verbosity: { kind: 'integer', min: 0, max: 3 },
  nthread: FROM_ONE,
  eta: FRACTION,
  gamma: NOT_NEGATIVE,
  max_depth: COUNT,
  min_child_weight: NOT_NEGATIVE,
  max_delta_step: NOT_NEGATIVE,
  subsample: POSITIVE_FRACTION,
  colsample_bytree: POSITIVE_FRACTION,
  colsample_bylevel: POSITIVE_FRACTION,
  colsample_bynode: POSITIVE_FRACTION,
  lambda: NOT_NEGATIVE,
  alpha: NOT_NEGATIVE,
  tree_method: choice('auto', 'exact', 'approx', 'hist', 'gpu_hist'),
  sketch_eps: { kind: 'number', min: 0, minOpen: true, max: 1, maxOpen: true },
  scale_pos_weight: { kind: 'number', min: 0, minOpen: true },
  updater: { kind: 'list', values: UPDATERS },
  dsplit: choice('row', 'col'),
  refresh_leaf: FLAG,
  process_type: choice('default', 'update'),
  grow_policy: choice('depthwise', 'lossguide'),
  max_leaves: COUNT,
  max_bin: COUNT,
  predictor: choice('auto', 'cpu_predictor', 'gpu_predictor'),
  monotone_constraints: { kind: 'text', pattern: /^\(\s*(-1|0|1)(\s*,\s*(-1|0|1))*\s*,?\s*\)$/ },
  interaction_constraints: { kind: 'text', pattern: /^\[\s*\[[\d,\s]*\](\s*,\s*\[[\d,\s]*\])*\s*\]$/ },
  sample_type: choice('uniform', 'weighted'),
  normalize_type: choice('tree', 'forest'),
  rate_drop: FRACTION,
  one_drop: FLAG,
  skip_drop: FRACTION,
  lambda_bias: FRACTION,
  tweedie_variance_power: { kind: 'number', min: 1, minOpen: true, max: 2, maxOpen: true },
  objective: choice(...OBJECTIVES),
  num_class: { kind: 'integer', min: 2 },
  base_score: NOT_NEGATIVE,
  _kfold: { kind: 'integer', min: 2 },
  _num_cv_round: FROM_ONE,
  _tuning_objective_metric: choice(
    ...[...MAXIMIZED, ...MINIMIZED, ...CONTAINER_METRICS].map((metric) => `validation:${metric}`),
  ),
  eval_metric: { kind: 'metrics' },
  seed: { kind: 'integer', min: -(2 ** 31), minOpen: true, max: 2 ** 31 - 1, maxOpen: true },
  num_parallel_tree: FROM_ONE,
  save_model_on_termination: choice('true', 'false'),
  aft_loss_distribution: choice('normal', 'logistic', 'extreme'),
  aft_loss_distribution_scale: NOT_NEGATIVE,
  deterministic_histogram: choice('true', 'false'),
  sampling_method: choice('uniform', 'gradient_based'),
  prob_buffer_row: { kind: 'integer', min: 1, minOpen: true },
  use_dask_gpu_training: choice('true', 'false'),
};

export const ALIASES: Record<string, string> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};

/**
 * Hyperparameters that the container declares tunable, with the type of their ranges. A categorical range lists
 * values of any of them.
 */
export const TUNABLE: Record<string, 'integer' | 'continuous'> = {
  num_round: 'integer',
  max_depth: 'integer',
  eta: 'continuous',
  gamma: 'continuous',
  min_child_weight: 'continuous',
  max_delta_step: 'continuous',
  subsample: 'continuous',
  colsample_bytree: 'continuous',
  colsample_bylevel: 'continuous',
  colsample_bynode: 'continuous',
  lambda: 'continuous',
  alpha: 'continuous',
};
