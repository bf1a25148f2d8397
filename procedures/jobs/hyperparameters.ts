/**
 * The hyperparameters that may be asked for: XGBoost's own, with their ranges. TRAIN_MODEL, the settings' schema and
 * docs/reference/settings.md read this one list, and every training job is checked by it before it starts. What is
 * not in it never reaches SageMaker: its container takes `sagemaker_program` for the name of a program to run.
 *
 * Names, types and ranges: aws/sagemaker-xgboost-container, algorithm_mode/hyperparameter_validation.py. Left out are those
 * that no model of stays can use (classes, ranks, survival times, GPUs) and those that predict-los sets itself (csv_weights).
 */

import { fromEntries } from '../ground/lists.js';
import { Refused } from '../ground/work.js';
import { quote } from '../options.js';

/** Rule of what a value may be, in the keywords of JSON Schema. */
export type Rule =
  | {
      readonly type: 'integer' | 'number';
      readonly minimum?: number;
      readonly maximum?: number;
      readonly exclusiveMinimum?: number;
      readonly exclusiveMaximum?: number;
    }
  | { readonly enum: readonly string[] }
  | { readonly pattern: string; readonly description: string };

/**
 * Rounds of one job: eight times those of the slowest candidate here, for one that learns in steps an eighth as large. A job
 * may run for a day (training-job.ts); this keeps the model at a size that an endpoint loads.
 */
export const MOST_ROUNDS = 5000;
/** Trees of one model, rounds times parallel trees: the forest of 60 trees may have some hundred rounds, as the settings give them to all. */
export const MOST_TREES = 50_000;
/** Candidates of one training, each a paid job: twice as many as there are names of them. */
export const MOST_CANDIDATES = 20;

const integer = (minimum: number, maximum: number): Rule => ({ type: 'integer', minimum, maximum });
const share: Rule = { type: 'number', minimum: 0, maximum: 1 };
const part: Rule = { type: 'number', exclusiveMinimum: 0, maximum: 1 };
const notNegative: Rule = { type: 'number', minimum: 0 };
const oneOf = (...values: string[]): Rule => ({ enum: values });

const METRICS = [
  'rmse',
  'rmsle',
  'mae',
  'mape',
  'mphe',
  'gamma-nloglik',
  'gamma-deviance',
  'poisson-nloglik',
  'tweedie-nloglik',
  'logloss',
  'error',
  'auc',
  'aucpr',
];
const METRIC = `(${METRICS.join('|')})`;

export const HYPERPARAMETERS: Readonly<Record<string, Rule>> = {
  num_round: integer(1, MOST_ROUNDS),
  num_parallel_tree: integer(1, 500),
  early_stopping_rounds: integer(1, MOST_ROUNDS),
  objective: oneOf(
    'reg:squarederror',
    'reg:squaredlogerror',
    'reg:gamma',
    'reg:tweedie',
    'reg:pseudohubererror',
    'reg:absoluteerror',
    'count:poisson',
    'binary:logistic',
  ),
  eval_metric: {
    pattern: `^${METRIC}(,${METRIC}){0,9}$`,
    description: `some of ${METRICS.join(', ')}, with commas between them`,
  },
  tweedie_variance_power: { type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 2 },
  base_score: notNegative,
  seed: integer(-2147483647, 2147483646),
  booster: oneOf('gbtree', 'gblinear', 'dart'),
  eta: share,
  gamma: notNegative,
  max_depth: integer(0, 20),
  max_leaves: integer(0, 65536),
  max_bin: integer(2, 4096),
  min_child_weight: notNegative,
  max_delta_step: notNegative,
  subsample: part,
  sampling_method: oneOf('uniform'),
  colsample_bytree: part,
  colsample_bylevel: part,
  colsample_bynode: part,
  lambda: notNegative,
  alpha: notNegative,
  tree_method: oneOf('auto', 'exact', 'approx', 'hist'),
  grow_policy: oneOf('depthwise', 'lossguide'),
  updater: oneOf('coord_descent', 'shotgun', 'grow_colmaker', 'grow_histmaker'),
  scale_pos_weight: { type: 'number', exclusiveMinimum: 0 },
  monotone_constraints: {
    pattern: '^\\((-1|0|1)(,(-1|0|1)){0,500}\\)$',
    description: 'a text like (1,0,-1)',
  },
  interaction_constraints: {
    pattern: '^\\[\\[[0-9]+(,[0-9]+){0,500}\\](,\\[[0-9]+(,[0-9]+){0,500}\\]){0,100}\\]$',
    description: 'a text like [[0,1],[2,3,4]]',
  },
  sample_type: oneOf('uniform', 'weighted'),
  normalize_type: oneOf('tree', 'forest'),
  rate_drop: share,
  one_drop: integer(0, 1),
  skip_drop: share,
  nthread: integer(1, 1024),
  verbosity: integer(0, 3),
};

/** The list as a JSON schema's `patternProperties`; a number may be written as a text, as XGBoost takes it. */
export const hyperparameterPatterns = fromEntries(
  Object.keys(HYPERPARAMETERS).map((name) => {
    const rule = HYPERPARAMETERS[name] as Rule;
    return [
      `^${name}$`,
      'type' in rule ? { ...rule, type: [rule.type, 'string'] } : { type: 'string', ...rule },
    ];
  }),
) as unknown as Readonly<Record<string, { readonly type: readonly ['number', 'string'] }>>;

/** Other names that the container knows; each would stand beside the one that candidates set. */
const ALIASES: Readonly<Record<string, string>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};

/**
 * Says in words what a value may be.
 * @example
 * ruleInWords({ type: 'integer', minimum: 1, maximum: 5000 }); // "a whole number from 1 to 5000"
 */
export function ruleInWords(rule: Rule): string {
  if ('enum' in rule) return rule.enum.length > 1 ? `one of ${rule.enum.join(', ')}` : String(rule.enum[0]);
  if ('pattern' in rule) return rule.description;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = rule;
  const least = exclusiveMinimum === undefined ? `from ${minimum}` : `above ${exclusiveMinimum}`;
  const most = maximum === undefined ? [] : [`to ${maximum}`];
  const below = exclusiveMaximum === undefined ? [] : [`and below ${exclusiveMaximum}`];
  return [rule.type === 'integer' ? 'a whole number' : 'a number', least, ...most, ...below].join(' ');
}

/** A number as the container reads one; undefined for what is none. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const isNumber = typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(value);
  return isNumber ? Number(value) : undefined;
}

function isAllowed(value: unknown, rule: Rule): boolean {
  if ('enum' in rule) return rule.enum.indexOf(value as string) >= 0;
  if ('pattern' in rule) return typeof value === 'string' && new RegExp(rule.pattern).test(value);
  const number = numberOf(value);
  if (number === undefined) return false;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = rule;
  return (
    (rule.type === 'number' || /^[+-]?\d+$/.test(String(value))) &&
    !(minimum !== undefined && number < minimum) &&
    !(maximum !== undefined && number > maximum) &&
    !(exclusiveMinimum !== undefined && number <= exclusiveMinimum) &&
    !(exclusiveMaximum !== undefined && number >= exclusiveMaximum)
  );
}

/** The refusal of the first hyperparameter that is not in the list, or out of its range; undefined where all may be. */
export function refuseHyperparameters(
  given: Readonly<Record<string, unknown>>,
  whose: string,
): Refused | undefined {
  const known = Object.keys(HYPERPARAMETERS);
  for (const name of Object.keys(given)) {
    const rule = known.indexOf(name) >= 0 && HYPERPARAMETERS[name];
    const other = Object.keys(ALIASES).indexOf(name) >= 0 && ALIASES[name];
    if (!rule)
      return new Refused(
        `${whose} has the hyperparameter ${quote(name)}, which is not in the list of those that may be set.`,
        other ? `Write it as ${other}.` : `Leave it out. The list: ${known.join(', ')}.`,
      );
    if (!isAllowed(given[name], rule))
      return new Refused(
        `${whose} has the hyperparameter ${name} with the value ${quote(given[name])}.`,
        `Write ${ruleInWords(rule)}.`,
      );
  }
  const trees = Number(given.num_round || 1) * Number(given.num_parallel_tree || 1);
  if (trees <= MOST_TREES) return undefined;
  return new Refused(
    `${whose} would have ${trees} trees (num_round times num_parallel_tree), and ${MOST_TREES} are the most.`,
    'Lower one of the two.',
  );
}

/**
 * Refuses hyperparameters that are not in the list, or out of their ranges.
 * @param whose as the message begins, e.g. `The candidate gamma`
 * @throws Refused, which names the first
 */
export function requireHyperparameters(given: Readonly<Record<string, unknown>>, whose: string): void {
  const refused = refuseHyperparameters(given, whose);
  if (refused) throw refused;
}
