import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  type TrainingInputMode,
} from '@aws-sdk/client-sagemaker';
import { madeOnce } from '../clients/once.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { modelMarker, TAG_KEY } from '../ground/marker.js';
import { xgboostImage } from './image.js';
import { onceRoleIsKnown } from './new-role.js';
import { explainLimit } from './quotas.js';
import { MODELS } from './version.js';

/** What a finished training job leaves. */
export interface TrainingResult {
  readonly job: string;
  readonly image: string;
  /** s3:// address of model.tar.gz. */
  readonly artifact: string;
  /** Final metrics as SageMaker reports them, e.g. `validation:rmse`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface TrainingRequest {
  /** Version name, for tags. */
  readonly version: string;
  /** Start of the job's name; the time is appended, because SageMaker never forgets a job's name. */
  readonly stem: string;
  /** s3:// folder with train/ and validation/; the artifact goes below it too. */
  readonly location: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** What tells the job from the others of the same version. */
  readonly suffix?: string;
}

/** Trains with SageMaker's built-in XGBoost and waits for the end of the job. */
export async function runTraining(
  ctx: Context,
  request: TrainingRequest,
  onStatus: (status: string) => void,
): Promise<TrainingResult> {
  const { aws } = ctx;
  // SageMaker allows 63 characters.
  const suffix = request.suffix ? `-${request.suffix}` : '';
  const job = `${request.stem.slice(0, 45 - suffix.length)}${suffix}-${timeStamp()}`;
  await accepted(ctx, () =>
    aws.sageMaker.send(
      new CreateTrainingJobCommand({
        TrainingJobName: job,
        ...trainingDefinition(ctx, request.location),
        HyperParameters: { ...request.hyperparameters },
        Tags: tags(ctx, request.version),
      }),
    ),
  );
  const started = Date.now();
  for (;;) {
    await pause(started, ctx.signal);
    const description = await aws.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job }));
    const status = description.TrainingJobStatus;
    onStatus(`${job}: ${description.SecondaryStatus ?? status}`);
    if (status === 'Completed') return trainingResult(ctx, description);
    if (status === 'Failed' || status === 'Stopped')
      throw new UserError(
        `The training job ${job} ${status === 'Failed' ? 'failed' : 'was stopped'}: ${description.FailureReason ?? 'no reason was given'}.`,
        { next: 'Look at its log in CloudWatch (/aws/sagemaker/TrainingJobs), then run los train again.' },
      );
  }
}

/** Waits for a role that is new, takes a lost answer for a success, and says what to do where a quota is exhausted. */
export async function accepted<T>(ctx: Context, create: () => Promise<T>): Promise<T | undefined> {
  try {
    return await onceRoleIsKnown(() => madeOnce(create()), ctx.signal);
  } catch (error) {
    throw explainLimit(error, ctx);
  }
}

/** What every training job on a version's data has in common. */
export function trainingDefinition(ctx: Context, location: string) {
  const { training } = ctx.settings;
  const channel = (name: string) => ({
    ChannelName: name,
    ContentType: 'text/csv',
    CompressionType: 'None' as const,
    InputMode: 'File' as TrainingInputMode,
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix' as const,
        S3Uri: `${location}/${name}/`,
        S3DataDistributionType: 'FullyReplicated' as const,
      },
    },
  });
  return {
    RoleArn: executionRole(ctx),
    AlgorithmSpecification: {
      TrainingImage: xgboostImage(ctx.aws.region, training.imageTag),
      TrainingInputMode: 'File' as TrainingInputMode,
    },
    InputDataConfig: [channel('train'), channel('validation')],
    // SageMaker makes a folder of the job's name, which begins with the version's.
    OutputDataConfig: { S3OutputPath: `${/^s3:\/\/[^/]+/.exec(location)![0]}/${MODELS}` },
    ResourceConfig: {
      InstanceType: training.instanceType as 'ml.m5.xlarge',
      InstanceCount: training.instanceCount,
      VolumeSizeInGB: training.volumeGb,
    },
    StoppingCondition: { MaxRuntimeInSeconds: training.maxSeconds },
  };
}

/** What a completed job's description says. */
export function trainingResult(ctx: Context, job: DescribeTrainingJobCommandOutput): TrainingResult {
  return {
    job: job.TrainingJobName ?? '',
    image: xgboostImage(ctx.aws.region, ctx.settings.training.imageTag),
    artifact: job.ModelArtifacts?.S3ModelArtifacts ?? '',
    metrics: Object.fromEntries(
      (job.FinalMetricDataList ?? []).map((metric) => [metric.MetricName ?? '', metric.Value ?? Number.NaN]),
    ),
    seconds: job.TrainingTimeInSeconds ?? Number.NaN,
  };
}

/** Seventeen digits, for names that SageMaker never forgets. */
export function timeStamp(): string {
  return new Date().toISOString().replace(/\D/g, '').slice(0, 17);
}

/** Makes model, endpoint configuration and endpoint of one name, and waits until the endpoint is in service. */
export async function createEndpoint(
  ctx: Context,
  request: { name: string; version: string; image: string; artifact: string },
  onStatus: (status: string) => void,
): Promise<void> {
  const { sageMaker } = ctx.aws;
  const { endpoint } = ctx.settings;
  const { name, version, image, artifact } = request;
  const Tags = tags(ctx, version);
  await accepted(ctx, () =>
    sageMaker.send(
      new CreateModelCommand({
        ModelName: name,
        ExecutionRoleArn: executionRole(ctx),
        PrimaryContainer: { Image: image, ModelDataUrl: artifact },
        Tags,
      }),
    ),
  );
  await accepted(ctx, () =>
    sageMaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: name,
            ...(endpoint.type === 'serverless'
              ? {
                  ServerlessConfig: {
                    MemorySizeInMB: endpoint.memoryMb,
                    MaxConcurrency: endpoint.maxConcurrency,
                  },
                }
              : {
                  InstanceType: endpoint.instanceType as 'ml.m5.large',
                  InitialInstanceCount: endpoint.instanceCount,
                }),
          },
        ],
        Tags,
      }),
    ),
  );
  await accepted(ctx, () =>
    sageMaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name, Tags })),
  );
  const started = Date.now();
  for (;;) {
    await pause(started, ctx.signal);
    const { EndpointStatus, FailureReason } = await sageMaker.send(
      new DescribeEndpointCommand({ EndpointName: name }),
    );
    onStatus(`${name}: ${EndpointStatus}`);
    if (EndpointStatus === 'InService') return;
    if (EndpointStatus === 'Failed')
      throw new UserError(`The endpoint ${name} failed: ${FailureReason ?? 'no reason was given'}.`, {
        next: 'Look at its log in CloudWatch (/aws/sagemaker/Endpoints), then run los train again.',
      });
  }
}

/** The status of an endpoint, e.g. InService; undefined when there is none of that name. */
export async function endpointStatus(ctx: Context, name: string): Promise<string | undefined> {
  try {
    const description = await ctx.aws.sageMaker.send(new DescribeEndpointCommand({ EndpointName: name }));
    return description.EndpointStatus;
  } catch (error) {
    if ((error as { name?: string }).name === 'ValidationException') return undefined;
    throw error;
  }
}

function executionRole({ settings, aws }: Context): string {
  return `arn:aws:iam::${aws.accountId}:role/${settings.aws.roles.sageMaker}`;
}

export function tags({ settings }: Context, version: string) {
  return [{ Key: TAG_KEY, Value: modelMarker(settings.prefix, version) }];
}

/** Quick at first, then ever slower up to ten seconds: jobs take seconds here and minutes there. */
export async function pause(started: number, signal: AbortSignal): Promise<void> {
  const elapsed = Date.now() - started;
  await sleep(Math.min(10_000, 300 + elapsed / 20), undefined, { signal });
}
