import { fromEntries } from '../ground/lists.js';
import type { Plan } from '../ground/plan.js';
import { Later, type Work } from '../ground/work.js';
import { create, describeResource } from './create.js';
import { tags } from './endpoint.js';
import { MOST_TUNING_JOBS, requireHyperparameters } from './hyperparameters.js';
import { JobLost } from './lost.js';
import {
  type TrainingFiles,
  type TrainingResult,
  trainingDefinition,
  trainingResult,
} from './training-job.js';

/** What is searched, for a candidate that boosts trees. The names and kinds are those that the container tunes. */
const CONTINUOUS = [
  { Name: 'eta', MinValue: '0.02', MaxValue: '0.3', ScalingType: 'Logarithmic' },
  { Name: 'min_child_weight', MinValue: '10', MaxValue: '100', ScalingType: 'Logarithmic' },
  { Name: 'subsample', MinValue: '0.5', MaxValue: '1', ScalingType: 'Linear' },
  { Name: 'colsample_bytree', MinValue: '0.4', MaxValue: '1', ScalingType: 'Linear' },
];
const INTEGER = [{ Name: 'max_depth', MinValue: '3', MaxValue: '8', ScalingType: 'Linear' }];

type Hyperparameters = Readonly<Record<string, string>>;

/** The best job of a search, and what was found. */
export interface TuningResult {
  readonly hyperparameters: Hyperparameters;
  readonly training: TrainingResult;
}

/** Whether a candidate has anything to search: it boosts, and no setting fixes all of it. */
export function isTunable(hyperparameters: Hyperparameters): boolean {
  return hyperparameters.booster !== 'gblinear' && Number(hyperparameters.num_round) > 1;
}

/**
 * Begins to search a candidate's hyperparameters by a SageMaker tuning job (Bayesian) within the budget of
 * settings.training.tuningJobs, by the metric that chooses candidates, or by what its objective aims at where that is no metric of a job. SageMaker compares its jobs by their last
 * rounds ("the latest objective metric emitted", API reference of FinalHyperParameterTuningJobObjectiveMetric); against
 * the other candidates the best of them is held by what it serves.
 */
export function* startTuning(
  plan: Plan,
  files: TrainingFiles,
  name: string,
  hyperparameters: Hyperparameters,
): Work<void> {
  const { chooseBy, parallelJobs, hyperparameters: given } = plan.settings.training;
  const tuningJobs = Math.min(plan.settings.training.tuningJobs, MOST_TUNING_JOBS);
  requireHyperparameters(hyperparameters, `The search ${name}`);
  // What the settings fix is not searched.
  const openRanges = <T extends { Name: string }>(ranges: readonly T[]) =>
    ranges.filter((range) => !(range.Name in given));
  const continuous = openRanges(CONTINUOUS);
  const integer = openRanges(INTEGER);
  const searched = continuous.map((range) => range.Name).concat(integer.map((range) => range.Name));
  const fixed = fromEntries(
    Object.keys(hyperparameters)
      .filter((key) => searched.indexOf(key) < 0)
      .map((key): [string, string] => [key, hyperparameters[key] as string]),
  );
  if (files.weighted) fixed.csv_weights = '1';
  yield* create('CreateHyperParameterTuningJob', {
    HyperParameterTuningJobName: name,
    HyperParameterTuningJobConfig: {
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: {
        Type: 'Minimize',
        MetricName: `validation:${objectiveMetric(hyperparameters, chooseBy)}`,
      },
      ResourceLimits: {
        MaxNumberOfTrainingJobs: tuningJobs,
        MaxParallelTrainingJobs: Math.min(parallelJobs, tuningJobs),
      },
      ParameterRanges: { ContinuousParameterRanges: continuous, IntegerParameterRanges: integer },
      RandomSeed: 42,
    },
    TrainingJobDefinition: Object.assign({}, trainingDefinition(plan, files.location), {
      StaticHyperParameters: fixed,
    }),
    Tags: tags(plan, files.version),
  });
}

/** What a job of these hyperparameters is compared by: it does not report how good its distributions are. */
function objectiveMetric({ objective }: Hyperparameters, chooseBy: string): string {
  if (objective === 'binary:logistic') return 'logloss';
  return chooseBy === 'mae' ? 'mae' : 'rmse';
}

/**
 * What a search found.
 * @returns null where SageMaker knows no search of that name yet
 * @throws Later while it goes on; JobLost when it failed or no job of it completed
 */
export function* tuningOf(name: string, hyperparameters: Hyperparameters): Work<TuningResult | null> {
  const search = yield* describeResource('DescribeHyperParameterTuningJob', {
    HyperParameterTuningJobName: name,
  });
  if (!search) return null;
  const status = search.HyperParameterTuningJobStatus;
  const counters = search.TrainingJobStatusCounters as { Completed?: number } | undefined;
  if (status !== 'Completed' && status !== 'Failed' && status !== 'Stopped')
    throw new Later(`${name}: ${counters?.Completed || 0} jobs have ended`);
  const best = search.BestTrainingJob as
    | { TrainingJobName?: string; TunedHyperParameters?: Hyperparameters }
    | undefined;
  // What a search has found by the time that it is stopped stands.
  if (status === 'Failed' || !best || !best.TrainingJobName)
    throw new JobLost(
      `The tuning job ${name}`,
      status,
      { FailureReason: search.FailureReason || 'no job of it completed' },
      'Look at its jobs in SageMaker, or set training.tuningJobs to 0.',
    );
  const job = yield* describeResource('DescribeTrainingJob', { TrainingJobName: best.TrainingJobName });
  if (!job) throw new Later(`${best.TrainingJobName} is not listed yet`);
  return {
    hyperparameters: Object.assign({}, hyperparameters, best.TunedHyperParameters),
    training: trainingResult(job),
  };
}
