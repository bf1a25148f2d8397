import type { Plan } from '../ground/plan.js';
import type { Work } from '../ground/work.js';
import { create, describeResource } from './create.js';
import { tags } from './endpoint.js';
import { JobLost } from './lost.js';

/** A batch transform: a model predicts every line of the files below an address. */
export interface TransformJob {
  readonly name: string;
  /** For the tags. */
  readonly version: string;
  /** SageMaker's record of the model. */
  readonly model: string;
  /** s3:// folders; each file of the one leaves a file of its name with `.out` in the other, line for line. */
  readonly input: string;
  readonly output: string;
}

/** Lines of a request; the container takes 6 MB through an endpoint and as much here. */
const PAYLOAD_MB = 6;

/**
 * Starts a batch transform, which is paid by the second and needs no endpoint.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 */
export function* startTransform(plan: Plan, job: TransformJob): Work<void> {
  const { instanceType } = plan.settings.training;
  const { kmsKey } = plan.aws;
  yield* create('CreateTransformJob', {
    TransformJobName: job.name,
    ModelName: job.model,
    MaxPayloadInMB: PAYLOAD_MB,
    BatchStrategy: 'MultiRecord',
    TransformInput: {
      ContentType: 'text/csv',
      SplitType: 'Line',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `${job.input}/` } },
    },
    TransformOutput: Object.assign(
      { S3OutputPath: job.output, Accept: 'text/csv', AssembleWith: 'Line' },
      kmsKey && { KmsKeyId: kmsKey },
    ),
    TransformResources: Object.assign(
      { InstanceType: instanceType, InstanceCount: 1 },
      kmsKey && { VolumeKmsKeyId: kmsKey },
    ),
    Tags: tags(plan, job.version),
  });
}

/**
 * Asks what has become of a batch transform.
 * @throws JobLost when it failed or was stopped
 */
export function* transformOf(name: string): Work<'transformed' | 'transforming' | 'unknown'> {
  const job = yield* describeResource('DescribeTransformJob', { TransformJobName: name });
  if (!job) return 'unknown';
  const status = job.TransformJobStatus;
  if (status === 'Completed') return 'transformed';
  if (status === 'Failed' || status === 'Stopped')
    throw new JobLost(
      `The batch transform ${name}`,
      status,
      job,
      'Look at its log in CloudWatch (/aws/sagemaker/TransformJobs).',
    );
  return 'transforming';
}
