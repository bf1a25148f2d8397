/** Training jobs: CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs, StopTrainingJob, DeleteTrainingJob. */
import { AwsError } from '../errors.js';
import type { Call, Operation } from './call.js';
import { xgboostVersion } from './images.js';
import { TRAINING_INSTANCES } from './instance-types.js';
import { page } from './listing.js';
import type { Channel, TrainingJob, TrainingJobRequest } from './records.js';
import { assumeRole } from './roles.js';
import { channelFiles, parseS3Uri } from './s3-data.js';
import { tagsOf } from './tags.js';
import { enterStatus, type TrainingRuns } from './training-run.js';
import {
  type Input,
  integer,
  invalid,
  list,
  name,
  object,
  onlyMembers,
  optionalInteger,
  optionalObject,
  optionalString,
  string,
} from './validation.js';

const LARGEST_VALUE = 2500;
const LONGEST_RUN_SECONDS = 432_000;

/** The operations, over the runs of one local AWS. */
export function trainingOperations(runs: TrainingRuns): Record<string, Operation> {
  return {
    CreateTrainingJob: (call) => create(call, runs),
    DescribeTrainingJob: describe,
    ListTrainingJobs: listJobs,
    StopTrainingJob: (call) => stop(call, runs),
    DeleteTrainingJob: remove,
  };
}

function create(call: Call, runs: TrainingRuns): object {
  const { input, records, now } = call;
  const jobName = name(input, 'TrainingJobName');
  const arn = call.arn('training-job', jobName);
  call.authorize('CreateTrainingJob', arn);
  const request = readRequest(call);
  const tags = tagsOf(call, arn);
  if (records.trainingJobs.has(jobName))
    throw new AwsError(
      'ResourceInUse',
      `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
    );
  const role = assumeRole(call, request.RoleArn);
  // SageMaker looks for the data before it accepts the job.
  for (const channel of request.InputDataConfig) channelFiles(call.context, role, channel);

  const job: TrainingJob = {
    TrainingJobName: jobName,
    TrainingJobArn: arn,
    TrainingJobStatus: 'InProgress',
    SecondaryStatus: 'Starting',
    SecondaryStatusTransitions: [],
    CreationTime: now,
    LastModifiedTime: now,
    request,
  };
  enterStatus(job, 'Starting', 'Starting the training job', now);
  records.trainingJobs.set(jobName, job);
  records.tags.set(arn, tags);
  runs.start(records, job, role);
  return { TrainingJobArn: arn };
}

function readRequest(call: Call): TrainingJobRequest {
  const { input } = call;
  onlyMembers(input, 'CreateTrainingJob', [
    'TrainingJobName',
    'AlgorithmSpecification',
    'RoleArn',
    'HyperParameters',
    'InputDataConfig',
    'OutputDataConfig',
    'ResourceConfig',
    'StoppingCondition',
    'Tags',
  ]);
  const algorithm = object(input, 'AlgorithmSpecification');
  onlyMembers(algorithm, 'AlgorithmSpecification', ['TrainingImage', 'TrainingInputMode']);
  const image = string(algorithm, 'TrainingImage', { max: 255 }, 'algorithmSpecification');
  xgboostVersion(image, call.region);
  const mode = string(
    algorithm,
    'TrainingInputMode',
    { values: ['Pipe', 'File', 'FastFile'] },
    'algorithmSpecification',
  );
  if (mode === 'Pipe') throw invalid('The local SageMaker does not support the input mode Pipe; use File.');

  const output = object(input, 'OutputDataConfig');
  onlyMembers(output, 'OutputDataConfig', ['S3OutputPath']);
  const outputPath = string(output, 'S3OutputPath', { max: 1024 }, 'outputDataConfig');
  parseS3Uri(outputPath);

  const resources = object(input, 'ResourceConfig');
  onlyMembers(resources, 'ResourceConfig', ['InstanceType', 'InstanceCount', 'VolumeSizeInGB']);
  const instances = integer(resources, 'InstanceCount', { min: 1, max: 100 }, 'resourceConfig');
  if (instances > 1)
    throw invalid(
      'The local SageMaker does not support an InstanceCount above 1, because it trains on one machine.',
    );
  const stopping = object(input, 'StoppingCondition');
  onlyMembers(stopping, 'StoppingCondition', ['MaxRuntimeInSeconds']);
  return {
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: mode },
    RoleArn: string(input, 'RoleArn', {
      max: 2048,
      pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
    }),
    HyperParameters: readHyperParameters(optionalObject(input, 'HyperParameters')),
    InputDataConfig: readChannels(input),
    OutputDataConfig: { S3OutputPath: outputPath },
    ResourceConfig: {
      InstanceType: string(resources, 'InstanceType', { values: TRAINING_INSTANCES }, 'resourceConfig'),
      InstanceCount: instances,
      VolumeSizeInGB: integer(resources, 'VolumeSizeInGB', { min: 1, max: 16_384 }, 'resourceConfig'),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds:
        optionalInteger(
          stopping,
          'MaxRuntimeInSeconds',
          { min: 1, max: LONGEST_RUN_SECONDS },
          'stoppingCondition',
        ) ?? 86_400,
    },
  };
}

function readHyperParameters(values: Input = {}): Record<string, string> {
  for (const key of Object.keys(values)) string(values, key, { max: LARGEST_VALUE }, 'hyperParameters');
  return values as Record<string, string>;
}

function readChannels(input: Input): Channel[] {
  const channels = list(input, 'InputDataConfig').map((entry): Channel => {
    const at = 'inputDataConfig';
    onlyMembers(entry, 'InputDataConfig', [
      'ChannelName',
      'DataSource',
      'ContentType',
      'CompressionType',
      'RecordWrapperType',
      'InputMode',
    ]);
    const source = object(object(entry, 'DataSource', at), 'S3DataSource', `${at}.dataSource`);
    onlyMembers(source, 'S3DataSource', ['S3DataType', 'S3Uri', 'S3DataDistributionType']);
    const uri = string(source, 'S3Uri', { max: 1024 }, at);
    parseS3Uri(uri);
    optionalString(entry, 'RecordWrapperType', { values: ['None'] }, at);
    return {
      ChannelName: string(entry, 'ChannelName', { max: 64, pattern: /^[A-Za-z0-9.\-_]+$/ }, at),
      DataSource: {
        S3DataSource: {
          S3DataType: string(source, 'S3DataType', { values: ['ManifestFile', 'S3Prefix'] }, at),
          S3Uri: uri,
          S3DataDistributionType:
            optionalString(
              source,
              'S3DataDistributionType',
              { values: ['FullyReplicated', 'ShardedByS3Key'] },
              at,
            ) ?? 'FullyReplicated',
        },
      },
      ContentType: optionalString(entry, 'ContentType', { max: 256 }, at),
      CompressionType: optionalString(
        entry,
        'CompressionType',
        { values: ['None', 'Gzip'] },
        at,
      ) as Channel['CompressionType'],
      InputMode: optionalString(entry, 'InputMode', { values: ['File', 'FastFile'] }, at),
    };
  });
  const names = channels.map((channel) => channel.ChannelName);
  const twice = names.find((channel, index) => names.indexOf(channel) !== index);
  if (twice) throw invalid(`The channel ${twice} occurs twice in InputDataConfig.`);
  return channels;
}

function find(call: Call): TrainingJob {
  const job = call.records.trainingJobs.get(string(call.input, 'TrainingJobName'));
  if (!job) throw invalid('Requested resource not found.');
  return job;
}

const describe: Operation = (call) => {
  onlyMembers(call.input, 'DescribeTrainingJob', ['TrainingJobName']);
  call.authorize('DescribeTrainingJob', call.arn('training-job', name(call.input, 'TrainingJobName')));
  const { request, ...job } = find(call);
  return {
    ...job,
    ...request,
    EnableNetworkIsolation: false,
    EnableInterContainerTrafficEncryption: false,
    EnableManagedSpotTraining: false,
  };
};

const listJobs: Operation = (call) => {
  onlyMembers(call.input, 'ListTrainingJobs', [
    'NameContains',
    'StatusEquals',
    'CreationTimeAfter',
    'CreationTimeBefore',
    'LastModifiedTimeAfter',
    'LastModifiedTimeBefore',
    'SortBy',
    'SortOrder',
    'MaxResults',
    'NextToken',
  ]);
  call.authorize('ListTrainingJobs', '*');
  const { items, ...next } = page(call.records.trainingJobs.values(), call.input, (job) => ({
    name: job.TrainingJobName,
    created: job.CreationTime,
    modified: job.LastModifiedTime,
    status: job.TrainingJobStatus,
  }));
  return {
    TrainingJobSummaries: items.map((job) => ({
      TrainingJobName: job.TrainingJobName,
      TrainingJobArn: job.TrainingJobArn,
      CreationTime: job.CreationTime,
      TrainingEndTime: job.TrainingEndTime,
      LastModifiedTime: job.LastModifiedTime,
      TrainingJobStatus: job.TrainingJobStatus,
      SecondaryStatus: job.SecondaryStatus,
    })),
    ...next,
  };
};

function stop(call: Call, runs: TrainingRuns): undefined {
  onlyMembers(call.input, 'StopTrainingJob', ['TrainingJobName']);
  call.authorize('StopTrainingJob', call.arn('training-job', name(call.input, 'TrainingJobName')));
  const job = find(call);
  if (job.TrainingJobStatus !== 'InProgress')
    throw invalid(`The request was rejected because the training job is in status ${job.TrainingJobStatus}.`);
  job.TrainingJobStatus = 'Stopping';
  enterStatus(job, 'Stopping', 'Stopping the training job', call.now);
  call.records.trainingJobs.save();
  runs.stop(job);
}

function remove(call: Call): undefined {
  onlyMembers(call.input, 'DeleteTrainingJob', ['TrainingJobName']);
  const arn = call.arn('training-job', name(call.input, 'TrainingJobName'));
  call.authorize('DeleteTrainingJob', arn);
  const job = find(call);
  if (job.TrainingJobStatus === 'InProgress' || job.TrainingJobStatus === 'Stopping')
    throw new AwsError(
      'ResourceInUse',
      `The training job ${arn} is in status ${job.TrainingJobStatus}; only jobs that have ended can be deleted.`,
    );
  call.records.trainingJobs.delete(job.TrainingJobName);
  call.records.tags.delete(arn);
}
