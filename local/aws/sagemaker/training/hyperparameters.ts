/**
 * The hyperparameter rules of SageMaker's built-in XGBoost: required, allowed, types, ranges, dependencies.
 * Source: aws/sagemaker-xgboost-container (algorithm_mode/hyperparameter_validation.py), November 2026.
 */
import { ClientError } from '../shared/client-error.js';
import {
  ALIASES,
  CONTAINER_METRICS,
  LINEAR_UPDATERS,
  MAXIMIZED,
  MINIMIZED,
  RULES,
  type Rule,
  TREE_GROWERS,
  TUNABLE,
  UPDATE_PLUGINS,
} from './hyperparameter-rules.js';

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
  checkUpdaters(values);
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
        throw new ClientError(`Hyperparameter ${name}: ${value} is not in ${listValues(rule.values)}`);
      return;
    case 'metrics': {
      const known = [...MAXIMIZED, ...MINIMIZED, ...CONTAINER_METRICS];
      for (const metric of value.split(',')) {
        const threshold = /^(error|ndcg|map)@-?\d+(\.\d+)?-?$/.test(metric);
        if (!threshold && !known.includes(metric))
          throw new ClientError(
            `Hyperparameter ${name}: value ${listValues(value.split(','))} not in range ${listValues(known)}`,
          );
      }
      return;
    }
    case 'list':
      if (!value.split(',').every((entry) => rule.values.includes(entry)))
        throw new ClientError(
          `Hyperparameter ${name}: value ${listValues(value.split(','))} not in range ${listValues(rule.values)}`,
        );
      return;
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

/** Which updaters go together: one that grows trees, one for a linear model, or those that only update. */
function checkUpdaters(values: Map<string, string>): void {
  const updaters = values.get('updater')?.split(',');
  if (!updaters) return;
  if (values.get('booster') === 'gblinear') {
    if (updaters.length !== 1 || !LINEAR_UPDATERS.includes(updaters[0]!))
      throw new ClientError(`Linear updater should be one of these options: ${listValues(LINEAR_UPDATERS)}.`);
  } else if (values.get('process_type') === 'update') {
    if (!updaters.every((updater) => UPDATE_PLUGINS.includes(updater)))
      throw new ClientError("process_type 'update' can only be used with updater 'refresh' and 'prune'");
  } else {
    const linear = updaters.find((updater) => LINEAR_UPDATERS.includes(updater));
    if (linear)
      throw new ClientError(`Tree updater should be selected from the tree updaters, not '${linear}'.`);
    if (updaters.filter((updater) => TREE_GROWERS.includes(updater)).length > 1)
      throw new ClientError(
        `Only one tree grow plugin can be selected. Choose one from the following: ${listValues(TREE_GROWERS)}`,
      );
  }
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
function listValues(values: readonly string[]): string {
  return `[${values.map((value) => `'${value}'`).join(', ')}]`;
}

function interval(rule: Extract<Rule, { kind: 'integer' | 'number' }>): string {
  const low = rule.min === undefined ? '(-inf' : `${rule.minOpen ? '(' : '['}${rule.min}`;
  const high = rule.max === undefined ? '+inf)' : `${rule.max}${rule.maxOpen ? ')' : ']'}`;
  return `${low}, ${high}`;
}
