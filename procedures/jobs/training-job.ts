import { fromEntries } from '../ground/lists.js';
import { MODELS } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import type { Work } from '../ground/work.js';
import { create, type Description, describeResource } from './create.js';
import { tags } from './endpoint.js';
import { requireHyperparameters } from './hyperparameters.js';
import { JobLost } from './lost.js';

/** A training job of its own name. */
export interface TrainingJob {
  readonly name: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Rows validate it, round by round; left out: they do. */
  readonly validated?: boolean;
}

/** Files that the jobs of one run have in common. */
export interface TrainingFiles {
  /** For the tags. */
  readonly version: string;
  /** s3:// folder with train/ and validation/, or train/ alone. */
  readonly location: string;
  /** The second column of the files is a weight. */
  readonly weighted: boolean;
}

/** Result that a finished training job leaves. */
export interface TrainingResult {
  readonly job: string;
  /** s3:// address of model.tar.gz. */
  readonly artifact: string;
  /** Final metrics as SageMaker reports them, e.g. `validation:rmse`: those of the last round. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Seconds that it trained, and that are paid. */
  readonly seconds: number;
  readonly billed: number;
}

/** SageMaker allows a training or transform job 63 characters. */
const LONGEST = 63;

/**
 * A name that SageMaker has never heard, for it never forgets one; and always the same for the same part of a run.
 * @param stem the version's endpoint, e.g. `los-health-v3`
 * @param part what tells it from the others of the run, e.g. a candidate's name
 * @param stamp of the run, 17 digits
 */
export function jobName(stem: string, part: string, stamp: string): string {
  const end = `-${part}-${stamp}`;
  return `${stem.slice(0, LONGEST - end.length)}${end}`;
}

/** The name under which a job of that name is begun once more. @param stamp that it ends with */
export function nameAgain(job: string, stamp: string): string {
  const end = `-again-${stamp}`;
  return `${job.slice(0, -stamp.length - 1).slice(0, LONGEST - end.length)}${end}`;
}

/**
 * Starts SageMaker's built-in XGBoost.
 * @throws Refused for a hyperparameter that is not in the list: a run may be older than this release
 */
export function* startTraining(plan: Plan, files: TrainingFiles, job: TrainingJob): Work<void> {
  requireHyperparameters(job.hyperparameters, `The job ${job.name}`);
  yield* create(
    'CreateTrainingJob',
    Object.assign({ TrainingJobName: job.name }, trainingDefinition(plan, files.location, job.validated), {
      HyperParameters: Object.assign({}, job.hyperparameters, files.weighted ? { csv_weights: '1' } : {}),
      Tags: tags(plan, files.version),
    }),
  );
}

/**
 * Asks what has become of a training job.
 * @returns 'training' while it trains, 'unknown' where SageMaker knows no job of that name (yet)
 * @throws JobLost when it failed or was stopped
 */
export function* trainingOf(name: string): Work<TrainingResult | 'training' | 'unknown'> {
  const job = yield* describeResource('DescribeTrainingJob', { TrainingJobName: name });
  if (!job) return 'unknown';
  const status = job.TrainingJobStatus;
  if (status === 'Completed') return trainingResult(job);
  if (status === 'Failed' || status === 'Stopped')
    throw new JobLost(
      `The training job ${name}`,
      status,
      job,
      'Look at its log in CloudWatch (/aws/sagemaker/TrainingJobs).',
    );
  return 'training';
}

/** A job that hangs is stopped; SageMaker’s own default (API_StoppingCondition). */
export const MOST_SECONDS = 86_400;
/** Disk of a job: a file of training rows has 5 GB at most, and a refit reads those of all sides. Disk is paid by the second, at cents a job. */
const VOLUME_GB = 30;

/** Part of the definition that every training job on a version's data has. */
function trainingDefinition(plan: Plan, location: string, validated = true): object {
  const { training } = plan.settings;
  const { kmsKey } = plan.aws;
  const channel = (name: string) => ({
    ChannelName: name,
    ContentType: 'text/csv',
    CompressionType: 'None',
    InputMode: 'File',
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix',
        S3Uri: `${location}/${name}/`,
        S3DataDistributionType: 'FullyReplicated',
      },
    },
  });
  const definition = {
    RoleArn: plan.aws.executionRole,
    AlgorithmSpecification: { TrainingImage: plan.aws.image, TrainingInputMode: 'File' },
    InputDataConfig: validated ? [channel('train'), channel('validation')] : [channel('train')],
    // Without a key of the request SageMaker writes with the account's own for S3, whatever the bucket's is (API_OutputDataConfig).
    // SageMaker makes a folder of the job's name, which begins with the version's.
    OutputDataConfig: Object.assign(
      { S3OutputPath: `${plan.aws.bucket}/${MODELS}` },
      kmsKey && { KmsKeyId: kmsKey },
    ),
    ResourceConfig: Object.assign(
      {
        InstanceType: training.instanceType,
        InstanceCount: 1,
        VolumeSizeInGB: VOLUME_GB,
      },
      kmsKey && { VolumeKmsKeyId: kmsKey },
    ),
    StoppingCondition: { MaxRuntimeInSeconds: MOST_SECONDS },
    // The built-in XGBoost needs no network: SageMaker itself brings its files and takes its model, by the customer's VPC where there is one.
    EnableNetworkIsolation: true,
  };
  return Object.assign(definition, plan.aws.network);
}

interface Metric {
  readonly MetricName?: string;
  readonly Value?: number;
}

/** Reads a completed job's description. */
function trainingResult(job: Description): TrainingResult {
  const artifacts = job.ModelArtifacts as { S3ModelArtifacts?: string } | undefined;
  const seconds = Number(job.TrainingTimeInSeconds);
  return {
    job: String(job.TrainingJobName),
    artifact: String(artifacts?.S3ModelArtifacts),
    metrics: fromEntries(
      ((job.FinalMetricDataList as Metric[] | undefined) || []).map((metric): [string, number] => [
        String(metric.MetricName),
        Number(metric.Value),
      ]),
    ),
    seconds,
    billed: Number(job.BillableTimeInSeconds === undefined ? seconds : job.BillableTimeInSeconds),
  };
}
