/**
 * The hyperparameter rules of SageMaker's built-in XGBoost: required, allowed, types, ranges, dependencies.
 * Source: aws/sagemaker-xgboost-container (algorithm_mode/hyperparameter_validation.py), November 2026.
 */
import { ClientError } from './client-error.js';

type Rule =
  | { kind: 'integer' | 'number'; min?: number; max?: number; minOpen?: boolean; maxOpen?: boolean }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'metrics' }
  | { kind: 'text'; pattern: RegExp };

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

const MAXIMIZED = ['auc', 'aucpr', 'map', 'ndcg'];
const MINIMIZED = [
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
const CONTAINER_METRICS = [
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

const RULES: Record<string, Rule> = {
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
  updater: { kind: 'text', pattern: /^[a-z_]+(,[a-z_]+)*$/ },
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

const ALIASES: Record<string, string> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};

/** Read by the container itself and not handed to XGBoost. */
const CONTAINER_PARAMETERS = new Set([
  'num_round',
  'csv_weights',
  'early_stopping_rounds',
  'eval_metric',
  '_tuning_objective_metric',
  'save_model_on_termination',
  'use_dask_gpu_training',
]);

/** What the container runs here under hyperparameters that pass its own rules. */
export interface Hyperparameters {
  rounds: number;
  /** The second CSV column holds instance weights. */
  weights: boolean;
  /** XGBoost's own parameters, in order. */
  parameters: [name: string, value: string][];
  earlyStopping?: { rounds: number; metric: string; maximize: boolean };
}

/**
 * Checks a job's hyperparameters as the container does when the job starts.
 *
 * @param given the job's HyperParameters: all values are strings
 * @throws ClientError, whose message becomes the job's FailureReason
 */
export function readHyperparameters(given: Record<string, string>): Hyperparameters {
  const values = new Map(Object.entries(given).map(([name, value]) => [ALIASES[name] ?? name, value.trim()]));
  if (!values.has('num_round')) throw new ClientError('Missing required hyperparameter: num_round');
  for (const [name, value] of values) {
    const rule = RULES[name];
    if (!rule) throw new ClientError(`Extraneous hyperparameter found: ${name}`);
    check(name, value, rule);
  }
  checkDependencies(values);
  refuseUnsupported(values);

  const metrics = values.get('eval_metric')?.split(',') ?? [];
  const tuned = values.get('_tuning_objective_metric')?.split(':')[1];
  // The container evaluates the union, in the order of the alphabet, when a tuning job asks for a metric.
  const evaluated = tuned ? [...new Set([...metrics, tuned])].sort() : metrics;
  const parameters = [...values].filter(([name]) => !CONTAINER_PARAMETERS.has(name));
  parameters.push(...evaluated.map((metric): [string, string] => ['eval_metric', metric]));
  const watched = tuned ?? metrics.at(-1);
  const patience = values.get('early_stopping_rounds');
  return {
    rounds: Number(values.get('num_round')),
    weights: values.get('csv_weights') === '1',
    parameters,
    // Without an explicit metric the container does not stop early.
    ...(patience && watched
      ? { earlyStopping: { rounds: Number(patience), metric: watched, maximize: isMaximized(watched) } }
      : {}),
  };
}

/**
 * Hyperparameters that the container declares tunable, with the type of their ranges. A categorical range lists
 * values of any of them.
 */
const TUNABLE: Record<string, 'integer' | 'continuous'> = {
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

/** Whether a tuning job may search a hyperparameter over a range of this type. */
export function isTunable(name: string, range: 'integer' | 'continuous' | 'categorical'): boolean {
  const type = TUNABLE[ALIASES[name] ?? name];
  return type !== undefined && (range === 'categorical' || range === type);
}

/** What the container would say against a value, if anything. */
export function hyperparameterProblem(name: string, value: string): string | undefined {
  const key = ALIASES[name] ?? name;
  try {
    check(key, value, RULES[key]!);
  } catch (error) {
    if (error instanceof ClientError) return error.message;
    throw error;
  }
  return undefined;
}

/** In which direction a metric of the container, such as validation:rmse, gets better; undefined for unknown ones. */
export function metricDirection(objective: string): 'Maximize' | 'Minimize' | undefined {
  const [channel, metric = ''] = objective.split(':');
  if (channel !== 'validation') return undefined;
  if (MINIMIZED.includes(metric) || metric === 'mse') return 'Minimize';
  return MAXIMIZED.includes(metric) || CONTAINER_METRICS.includes(metric) ? 'Maximize' : undefined;
}

function isMaximized(metric: string): boolean {
  return MAXIMIZED.includes(metric.split('@')[0]!);
}

function check(name: string, value: string, rule: Rule): void {
  switch (rule.kind) {
    case 'integer':
    case 'number': {
      const form = rule.kind === 'integer' ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
      if (!form.test(value)) throw new ClientError(`Hyperparameter ${name}: could not parse value`);
      const number = Number(value);
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rule;
      if (
        number < min ||
        number > max ||
        (rule.minOpen && number === min) ||
        (rule.maxOpen && number === max)
      )
        throw new ClientError(`Hyperparameter ${name}: ${value} is not in ${interval(rule)}`);
      return;
    }
    case 'choice':
      if (!rule.values.includes(value))
        throw new ClientError(`Hyperparameter ${name}: ${value} is not in ${listed(rule.values)}`);
      return;
    case 'metrics': {
      const known = [...MAXIMIZED, ...MINIMIZED, ...CONTAINER_METRICS];
      for (const metric of value.split(',')) {
        const threshold = /^(error|ndcg|map)@-?\d+(\.\d+)?-?$/.test(metric);
        if (!threshold && !known.includes(metric))
          throw new ClientError(
            `Hyperparameter ${name}: value ${listed(value.split(','))} not in range ${listed(known)}`,
          );
      }
      return;
    }
    case 'text':
      if (!rule.pattern.test(value)) throw new ClientError(`Hyperparameter ${name}: could not parse value`);
  }
}

function checkDependencies(values: Map<string, string>): void {
  const objective = values.get('objective');
  if (objective?.startsWith('multi:') && !values.has('num_class'))
    throw new ClientError("Require input for parameter 'num_class' for multi-classification");
  const metrics = values.get('eval_metric')?.split(',') ?? [];
  if (metrics.includes('auc') && !/^(binary|rank):/.test(objective ?? ''))
    throw new ClientError("Metric 'auc' can only be applied for classification and ranking problems.");
  if (metrics.includes('aft-nloglik') && objective !== 'survival:aft')
    throw new ClientError("Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.");
  const method = values.get('tree_method') ?? '';
  if (values.has('monotone_constraints') && !['exact', 'hist'].includes(method))
    throw new ClientError(
      "monotone_constraints can be used only when the tree_method parameter is set to either 'exact' or 'hist'.",
    );
  if (values.has('interaction_constraints') && !['exact', 'hist', 'approx'].includes(method))
    throw new ClientError(
      "interaction_constraints can be used only when the tree_method parameter is set to either 'exact', 'hist' or 'approx'.",
    );
}

function refuseUnsupported(values: Map<string, string>): void {
  const refuse = (what: string, why: string): never => {
    throw new ClientError(`The local SageMaker does not support ${what}, because ${why}.`);
  };
  if (values.has('_kfold') || values.has('_num_cv_round'))
    refuse('the hyperparameter _kfold', 'it trains one model per job; run one job per fold');
  if (values.get('tree_method') === 'gpu_hist' || values.get('predictor') === 'gpu_predictor')
    refuse('GPU training', 'it runs on this machine’s processors; use tree_method hist');
  if (values.get('use_dask_gpu_training') === 'true')
    refuse('use_dask_gpu_training', 'it runs on this machine’s processors; leave it out');
  if (values.get('save_model_on_termination') === 'true')
    refuse('save_model_on_termination', 'a stopped job keeps no model here; leave it out');
  const asked = [...(values.get('eval_metric')?.split(',') ?? [])];
  const tuned = values.get('_tuning_objective_metric')?.split(':')[1];
  const custom = [...asked, tuned].find((metric) => CONTAINER_METRICS.includes(metric ?? ''));
  if (custom)
    refuse(`the metric ${custom}`, 'the container computes it outside XGBoost; use one of XGBoost’s own');
}

/** As Python prints a list of strings. */
function listed(values: readonly string[]): string {
  return `[${values.map((value) => `'${value}'`).join(', ')}]`;
}

function interval(rule: Extract<Rule, { kind: 'integer' | 'number' }>): string {
  const low = rule.min === undefined ? '(-inf' : `${rule.minOpen ? '(' : '['}${rule.min}`;
  const high = rule.max === undefined ? '+inf)' : `${rule.max}${rule.maxOpen ? ')' : ']'}`;
  return `${low}, ${high}`;
}
