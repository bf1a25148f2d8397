import {
  CreateHyperParameterTuningJobCommand,
  DescribeHyperParameterTuningJobCommand,
  DescribeTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { Candidate } from './candidates.js';
import {
  accepted,
  pause,
  type TrainingResult,
  tags,
  timeStamp,
  trainingDefinition,
  trainingResult,
} from './sagemaker.js';

/** What is searched, for a candidate that boosts trees. The names and kinds are those that the container tunes. */
const CONTINUOUS = [
  { Name: 'eta', MinValue: '0.02', MaxValue: '0.3', ScalingType: 'Logarithmic' },
  { Name: 'min_child_weight', MinValue: '1', MaxValue: '100', ScalingType: 'Logarithmic' },
  { Name: 'subsample', MinValue: '0.5', MaxValue: '1', ScalingType: 'Linear' },
  { Name: 'colsample_bytree', MinValue: '0.4', MaxValue: '1', ScalingType: 'Linear' },
] as const;
const INTEGER = [{ Name: 'max_depth', MinValue: '3', MaxValue: '8', ScalingType: 'Linear' }] as const;

export interface TuningRequest {
  readonly version: string;
  /** Start of the job's name. */
  readonly stem: string;
  /** s3:// folder with train/ and validation/. */
  readonly location: string;
  readonly weighted: boolean;
}

/** The best job of a search, and the candidate with what was found. */
export interface Tuned {
  readonly candidate: Candidate;
  readonly training: TrainingResult;
}

/** Whether a candidate has anything to search: it boosts, and no setting fixes all of it. */
export function isTunable({ hyperparameters }: Candidate): boolean {
  return hyperparameters.booster !== 'gblinear' && Number(hyperparameters.num_round) > 1;
}

/**
 * Searches a candidate's hyperparameters by a SageMaker tuning job (Bayesian) within the budget of
 * settings.training.tuningJobs, by the metric that also chose the candidate. SageMaker compares its jobs by their last
 * rounds (served-metric.ts has the source); against the other candidates the best of them is held by what it serves.
 * @throws UserError when the search fails or no job of it completes
 */
export async function tune(
  ctx: Context,
  candidate: Candidate,
  request: TuningRequest,
  onStatus: (status: string) => void,
): Promise<Tuned> {
  const { sageMaker } = ctx.aws;
  const { chooseBy, tuningJobs, parallelJobs, hyperparameters } = ctx.settings.training;
  // What the settings fix is not searched.
  const free = <T extends { Name: string }>(ranges: readonly T[]) =>
    ranges.filter(({ Name }) => !(Name in hyperparameters));
  const continuous = free(CONTINUOUS);
  const integer = free(INTEGER);
  const searched = new Set<string>([...continuous, ...integer].map(({ Name }) => Name));
  const fixed = Object.fromEntries(
    Object.entries(candidate.hyperparameters).filter(([name]) => !searched.has(name)),
  );
  if (request.weighted) fixed.csv_weights = '1';
  // SageMaker allows a tuning job 32 characters.
  const name = `${request.stem.slice(0, 14)}-${timeStamp()}`;
  await accepted(ctx, () =>
    sageMaker.send(
      new CreateHyperParameterTuningJobCommand({
        HyperParameterTuningJobName: name,
        HyperParameterTuningJobConfig: {
          Strategy: 'Bayesian',
          HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: `validation:${chooseBy}` },
          ResourceLimits: {
            MaxNumberOfTrainingJobs: tuningJobs,
            MaxParallelTrainingJobs: Math.min(parallelJobs, tuningJobs),
          },
          ParameterRanges: {
            ContinuousParameterRanges: [...continuous],
            IntegerParameterRanges: [...integer],
          },
          RandomSeed: 42,
        },
        TrainingJobDefinition: {
          ...trainingDefinition(ctx, request.location),
          StaticHyperParameters: fixed,
        },
        Tags: tags(ctx, request.version),
      }),
    ),
  );
  const started = Date.now();
  for (;;) {
    await pause(started, ctx.signal);
    const search = await sageMaker.send(
      new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }),
    );
    const status = search.HyperParameterTuningJobStatus;
    onStatus(`${name}: ${search.TrainingJobStatusCounters?.Completed ?? 0} of ${tuningJobs} jobs`);
    if (status !== 'Completed' && status !== 'Failed' && status !== 'Stopped') continue;
    const best = search.BestTrainingJob;
    if (status !== 'Completed' || !best?.TrainingJobName)
      throw new UserError(
        `The tuning job ${name} found nothing: ${search.FailureReason ?? 'no job of it completed'}.`,
        { next: 'Look at its jobs in SageMaker, or set training.tuningJobs to 0.' },
      );
    const job = await sageMaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: best.TrainingJobName }),
    );
    return {
      candidate: {
        name: `${candidate.name}, tuned`,
        hyperparameters: { ...candidate.hyperparameters, ...best.TunedHyperParameters },
      },
      training: trainingResult(ctx, job),
    };
  }
}
