/** Batch transform: CreateTransformJob, DescribeTransformJob, ListTransformJobs, StopTransformJob. */
import { AwsError } from '../../errors.js';
import { requireTransformInstances } from '../hosting/limits.js';
import { findModel } from '../hosting/models.js';
import type { Call, Operation } from '../shared/call.js';
import { TRANSFORM_INSTANCES } from '../shared/instance-types.js';
import { keyMember, requireGrant } from '../shared/keys.js';
import { listOperation } from '../shared/listing.js';
import type { TransformJob, TransformRequest } from '../shared/records.js';
import { SAGEMAKER } from '../shared/roles.js';
import { parseS3Uri } from '../shared/s3-data.js';
import { tagsOf } from '../shared/tags.js';
import {
  type Input,
  integer,
  name,
  object,
  onlyMembers,
  optionalInteger,
  optionalObject,
  optionalString,
  string,
  validationError,
} from '../shared/validation.js';
import { DEFAULT_PAYLOAD_MB, type TransformRuns } from './transform-run.js';

/** MB per request, and per instance over all requests at once (API reference: CreateTransformJob). */
const MOST_PAYLOAD_MB = 100;

/** The operations, over the runs of one local AWS. */
export function transformOperations(runs: TransformRuns): Record<string, Operation> {
  return {
    CreateTransformJob: (call) => create(call, runs),
    DescribeTransformJob: describe,
    ListTransformJobs: listJobs,
    StopTransformJob: (call) => stop(call, runs),
  };
}

function create(call: Call, runs: TransformRuns): object {
  const { input, records, now } = call;
  const jobName = name(input, 'TransformJobName');
  const arn = call.arn('transform-job', jobName);
  call.authorize('CreateTransformJob', arn);
  const request = readRequest(input);
  const tags = tagsOf(call, arn);
  if (records.transformJobs.has(jobName))
    throw new AwsError(
      'ResourceInUse',
      `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
    );
  const model = findModel(call, request.ModelName);
  const { InstanceType, InstanceCount, VolumeKmsKeyId } = request.TransformResources;
  if (VolumeKmsKeyId) {
    const role = call.context.assumeServiceRole(model.ExecutionRoleArn, SAGEMAKER, 'SageMaker');
    requireGrant(call.context, role, VolumeKmsKeyId);
  }
  requireTransformInstances(call, InstanceType, InstanceCount);
  const job: TransformJob = {
    TransformJobName: jobName,
    TransformJobArn: arn,
    TransformJobStatus: 'InProgress',
    CreationTime: now,
    LastModifiedTime: now,
    request,
  };
  records.transformJobs.set(jobName, job);
  records.tags.set(arn, tags);
  runs.start(records, job, model);
  return { TransformJobArn: arn };
}

function readRequest(input: Input): TransformRequest {
  onlyMembers(input, 'CreateTransformJob', [
    'TransformJobName',
    'ModelName',
    'MaxConcurrentTransforms',
    'MaxPayloadInMB',
    'BatchStrategy',
    'TransformInput',
    'TransformOutput',
    'TransformResources',
    'DataProcessing',
    'Tags',
  ]);
  const request: TransformRequest = {
    ModelName: name(input, 'ModelName'),
    MaxConcurrentTransforms: optionalInteger(input, 'MaxConcurrentTransforms', { min: 0, max: 100 }),
    MaxPayloadInMB: optionalInteger(input, 'MaxPayloadInMB', { min: 0, max: MOST_PAYLOAD_MB }),
    BatchStrategy: optionalString(input, 'BatchStrategy', {
      values: ['MultiRecord', 'SingleRecord'],
    }) as TransformRequest['BatchStrategy'],
    TransformInput: readInput(object(input, 'TransformInput')),
    TransformOutput: readOutput(object(input, 'TransformOutput')),
    TransformResources: readResources(object(input, 'TransformResources')),
  };
  const { MaxConcurrentTransforms: concurrent = 0, MaxPayloadInMB: payload = DEFAULT_PAYLOAD_MB } = request;
  if (payload === 0)
    throw validationError(
      'MaxPayloadInMB 0 asks for HTTP chunked encoding, which the built-in XGBoost does not support.',
    );
  if (concurrent * payload > MOST_PAYLOAD_MB)
    throw validationError(
      `MaxConcurrentTransforms * MaxPayloadInMB is ${concurrent * payload} MB; it cannot exceed ${MOST_PAYLOAD_MB} MB.`,
    );
  if (request.BatchStrategy === 'SingleRecord' && request.TransformInput.SplitType === 'None')
    throw validationError(
      'BatchStrategy SingleRecord needs a SplitType: without one an object is one payload.',
    );
  refuseProcessing(optionalObject(input, 'DataProcessing') ?? {});
  return request;
}

function readInput(input: Input): TransformRequest['TransformInput'] {
  const at = 'transformInput';
  onlyMembers(input, 'TransformInput', ['DataSource', 'ContentType', 'CompressionType', 'SplitType']);
  const source = object(object(input, 'DataSource', at), 'S3DataSource', `${at}.dataSource`);
  onlyMembers(source, 'S3DataSource', ['S3DataType', 'S3Uri']);
  const uri = string(source, 'S3Uri', { max: 1024 }, `${at}.dataSource.s3DataSource`);
  parseS3Uri(uri);
  const split = optionalString(input, 'SplitType', { values: ['None', 'Line', 'RecordIO', 'TFRecord'] }, at);
  if (split === 'RecordIO' || split === 'TFRecord')
    throw validationError(`The local SageMaker does not support the SplitType ${split}; use Line or None.`);
  return {
    DataSource: {
      S3DataSource: {
        S3DataType: string(
          source,
          'S3DataType',
          { values: ['ManifestFile', 'S3Prefix'] },
          `${at}.dataSource.s3DataSource`,
        ),
        S3Uri: uri,
      },
    },
    ContentType: optionalString(input, 'ContentType', { max: 256 }, at),
    CompressionType: (optionalString(input, 'CompressionType', { values: ['None', 'Gzip'] }, at) ?? 'None') as
      | 'None'
      | 'Gzip',
    SplitType: split === 'Line' ? 'Line' : 'None',
  };
}

function readOutput(output: Input): TransformRequest['TransformOutput'] {
  const at = 'transformOutput';
  onlyMembers(output, 'TransformOutput', ['S3OutputPath', 'Accept', 'AssembleWith', 'KmsKeyId']);
  const path = string(output, 'S3OutputPath', { max: 1024 }, at);
  parseS3Uri(path);
  return {
    S3OutputPath: path,
    Accept: optionalString(output, 'Accept', { max: 256 }, at),
    AssembleWith: (optionalString(output, 'AssembleWith', { values: ['None', 'Line'] }, at) ?? 'None') as
      | 'None'
      | 'Line',
    ...keyMember(output, 'KmsKeyId'),
  };
}

function readResources(resources: Input): TransformRequest['TransformResources'] {
  const at = 'transformResources';
  onlyMembers(resources, 'TransformResources', ['InstanceType', 'InstanceCount', 'VolumeKmsKeyId']);
  return {
    InstanceType: string(resources, 'InstanceType', { values: TRANSFORM_INSTANCES }, at),
    InstanceCount: integer(resources, 'InstanceCount', { min: 1, max: 100 }, at),
    ...keyMember(resources, 'VolumeKmsKeyId'),
  };
}

/** The defaults of DataProcessing change nothing and pass. */
function refuseProcessing(processing: Input): void {
  onlyMembers(processing, 'DataProcessing', ['InputFilter', 'OutputFilter', 'JoinSource']);
  optionalString(processing, 'JoinSource', { values: ['Input', 'None'] }, 'dataProcessing');
  for (const [member, neutral] of [
    ['InputFilter', '$'],
    ['OutputFilter', '$'],
    ['JoinSource', 'None'],
  ] as const) {
    const value = optionalString(processing, member, { max: 63 }, 'dataProcessing');
    if (value !== undefined && value !== neutral)
      throw validationError(
        `The local SageMaker does not support DataProcessing.${member} ${value}; leave it out, and select columns before or after the job.`,
      );
  }
}

/** The job that a request names, once its caller may do this with it. */
function find(call: Call, action: string): TransformJob {
  const jobName = name(call.input, 'TransformJobName');
  call.authorize(action, call.arn('transform-job', jobName));
  const job = call.records.transformJobs.get(jobName);
  if (!job) throw validationError(`Could not find requested job with name: ${jobName}`);
  return job;
}

const describe: Operation = (call) => {
  onlyMembers(call.input, 'DescribeTransformJob', ['TransformJobName']);
  const { request, LastModifiedTime, ...job } = find(call, 'DescribeTransformJob');
  return {
    ...job,
    ...request,
    DataProcessing: { InputFilter: '$', OutputFilter: '$', JoinSource: 'None' },
  };
};

const listJobs = listOperation({
  operation: 'ListTransformJobs',
  kind: (records) => records.transformJobs,
  status: true,
  listed: (job) => ({
    name: job.TransformJobName,
    created: job.CreationTime,
    modified: job.LastModifiedTime,
    status: job.TransformJobStatus,
  }),
  member: 'TransformJobSummaries',
  summary: ({ request, TransformStartTime, ...summary }) => summary,
});

function stop(call: Call, runs: TransformRuns): undefined {
  onlyMembers(call.input, 'StopTransformJob', ['TransformJobName']);
  const job = find(call, 'StopTransformJob');
  if (job.TransformJobStatus !== 'InProgress')
    throw validationError(
      `The request was rejected because the transform job is in status ${job.TransformJobStatus}.`,
    );
  runs.stop(call.records, job);
}
