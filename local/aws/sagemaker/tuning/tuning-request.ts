/** What a tuning job is told: CreateHyperParameterTuningJob's members, checked. */
import { AwsError } from '../../errors.js';
import type { TuningConfig, TuningJob } from '../shared/records.js';
import {
  type Input,
  integer,
  object,
  onlyMembers,
  optionalInteger,
  optionalObject,
  optionalString,
  string,
  validationError,
} from '../shared/validation.js';
import { metricDirection } from '../training/hyperparameters.js';
import { readHyperParameters, readTrainingRequest, TRAINING_MEMBERS } from '../training/training-request.js';
import { combinations, type Dimension, readRanges } from './tuning-space.js';

/** Quotas of an account (SageMaker quotas: automatic model tuning). */
const MOST_TRAINING_JOBS = 750;
const MOST_PARALLEL_JOBS = 10;
const MOST_HYPERPARAMETERS = 100;
const LARGEST_INTEGER = 2 ** 31 - 1;

const CONFIG = 'hyperParameterTuningJobConfig';

/**
 * Reads a request.
 *
 * @throws AwsError ValidationException or ResourceLimitExceeded
 */
export function readTuningRequest(
  input: Input,
  region: string,
): Pick<TuningJob, 'HyperParameterTuningJobConfig' | 'TrainingJobDefinition'> {
  onlyMembers(input, 'CreateHyperParameterTuningJob', [
    'HyperParameterTuningJobName',
    'HyperParameterTuningJobConfig',
    'TrainingJobDefinition',
    'Tags',
  ]);
  const definition = readDefinition(object(input, 'TrainingJobDefinition'), region);
  const image = definition.AlgorithmSpecification.TrainingImage;
  const { config, dimensions } = readConfig(object(input, 'HyperParameterTuningJobConfig'), image);
  const fixed = Object.keys(definition.StaticHyperParameters);
  const both = dimensions.find((dimension) => fixed.includes(dimension.name));
  if (both)
    throw validationError(
      `The hyperparameter ${both.name} has both a range and a value in StaticHyperParameters.`,
    );
  // One more is the objective metric, which tuning passes on as a hyperparameter.
  const total = fixed.length + dimensions.length + 1;
  if (total > MOST_HYPERPARAMETERS)
    throw validationError(
      `A tuning job takes at most ${MOST_HYPERPARAMETERS} hyperparameters, not ${total}.`,
    );
  return { HyperParameterTuningJobConfig: config, TrainingJobDefinition: definition };
}

function readDefinition(definition: Input, region: string): TuningJob['TrainingJobDefinition'] {
  onlyMembers(definition, 'TrainingJobDefinition', ['StaticHyperParameters', ...TRAINING_MEMBERS]);
  const fixed = readHyperParameters(optionalObject(definition, 'StaticHyperParameters'));
  return { ...readTrainingRequest(definition, region), StaticHyperParameters: fixed };
}

function readConfig(input: Input, image: string): { config: TuningConfig; dimensions: Dimension[] } {
  onlyMembers(input, 'HyperParameterTuningJobConfig', [
    'Strategy',
    'HyperParameterTuningJobObjective',
    'ResourceLimits',
    'ParameterRanges',
    'TrainingJobEarlyStoppingType',
    'RandomSeed',
  ]);
  const strategy = string(input, 'Strategy', { values: ['Bayesian', 'Random', 'Hyperband', 'Grid'] }, CONFIG);
  if (strategy === 'Hyperband')
    throw validationError(
      'The local SageMaker does not support the strategy Hyperband, because it reads metrics when a training job has ended; use Bayesian, Random or Grid.',
    );
  const stopping = optionalString(input, 'TrainingJobEarlyStoppingType', { values: ['Off', 'Auto'] }, CONFIG);
  if (stopping === 'Auto')
    throw validationError(
      'The local SageMaker does not support TrainingJobEarlyStoppingType Auto, because it reads metrics when a training job has ended; use Off, and the hyperparameter early_stopping_rounds.',
    );
  const ranges = object(input, 'ParameterRanges', CONFIG);
  onlyMembers(ranges, 'ParameterRanges', [
    'IntegerParameterRanges',
    'ContinuousParameterRanges',
    'CategoricalParameterRanges',
  ]);
  const dimensions = readRanges(ranges);
  const seed = optionalInteger(input, 'RandomSeed', { min: 0, max: LARGEST_INTEGER }, CONFIG);
  const config: TuningConfig = {
    Strategy: strategy as TuningConfig['Strategy'],
    HyperParameterTuningJobObjective: readObjective(input, image),
    ResourceLimits: readLimits(object(input, 'ResourceLimits', CONFIG), strategy, dimensions),
    ParameterRanges: ranges,
    TrainingJobEarlyStoppingType: 'Off',
    ...(seed !== undefined && { RandomSeed: seed }),
  };
  return { config, dimensions };
}

function readObjective(config: Input, image: string): TuningConfig['HyperParameterTuningJobObjective'] {
  const objective = object(config, 'HyperParameterTuningJobObjective', CONFIG);
  const at = `${CONFIG}.hyperParameterTuningJobObjective`;
  const type = string(objective, 'Type', { values: ['Maximize', 'Minimize'] }, at);
  const metric = string(objective, 'MetricName', { max: 255 }, at);
  const direction = metricDirection(metric);
  if (!direction)
    throw validationError(
      `The objective metric for the hyperparameter tuning job, [${metric}], isn’t valid for the [${image}] algorithm. Choose a valid objective metric.`,
    );
  if (type !== direction)
    throw validationError(
      `The objective metric type, [${type}], that you specified for objective metric, [${metric}], isn’t valid for the [${image}] algorithm. Choose a valid objective metric type.`,
    );
  return { Type: direction, MetricName: metric };
}

function readLimits(
  limits: Input,
  strategy: string,
  dimensions: Dimension[],
): TuningConfig['ResourceLimits'] {
  const at = `${CONFIG}.resourceLimits`;
  onlyMembers(limits, 'ResourceLimits', ['MaxNumberOfTrainingJobs', 'MaxParallelTrainingJobs']);
  const range = { min: 1, max: LARGEST_INTEGER };
  const parallel = integer(limits, 'MaxParallelTrainingJobs', range, at);
  const given = optionalInteger(limits, 'MaxNumberOfTrainingJobs', range, at);
  const total = combinations(dimensions);
  if (strategy === 'Grid') {
    const other = dimensions.find((dimension) => dimension.kind !== 'categorical');
    if (other)
      throw validationError(
        `The strategy Grid supports categorical ranges only, but ${other.name} has a range of the type ${other.kind}.`,
      );
    if (given !== undefined && given !== total)
      throw validationError(
        `With the strategy Grid, MaxNumberOfTrainingJobs [${given}] must equal the number of combinations [${total}]; leave it out.`,
      );
  } else if (given === undefined)
    throw validationError(`The strategy ${strategy} needs ResourceLimits.MaxNumberOfTrainingJobs.`);
  else if (total < given)
    throw validationError(
      `You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter combinations for the provided ranges [${total.toFixed(1)}] must be equal or greater than the value of MaxNumberOfJobs, [${given}]. Provide additional ranges.`,
    );
  const most = given ?? total;
  checkLimit('Number of training jobs per hyperparameter tuning job', most, MOST_TRAINING_JOBS);
  checkLimit('Number of parallel training jobs per hyperparameter tuning job', parallel, MOST_PARALLEL_JOBS);
  if (parallel > most)
    throw validationError(
      `MaxParallelTrainingJobs [${parallel}] must not be greater than the number of training jobs [${most}].`,
    );
  return {
    ...(given !== undefined && { MaxNumberOfTrainingJobs: given }),
    MaxParallelTrainingJobs: parallel,
  };
}

function checkLimit(what: string, asked: number, limit: number): void {
  if (asked > limit)
    throw new AwsError(
      'ResourceLimitExceeded',
      `The account-level service limit '${what}' is ${limit} Jobs, with current utilization of 0 Jobs and a request delta of ${asked} Jobs. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`,
    );
}
