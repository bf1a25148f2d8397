/** What a training job is told: the members that CreateTrainingJob and a tuning job's definition have in common. */
import { xgboostVersion } from '../shared/images.js';
import { TRAINING_INSTANCES } from '../shared/instance-types.js';
import { keyMember } from '../shared/keys.js';
import type { Channel, TrainingJobRequest } from '../shared/records.js';
import { parseS3Uri } from '../shared/s3-data.js';
import {
  type Input,
  integer,
  list,
  object,
  onlyMembers,
  optionalBoolean,
  optionalInteger,
  optionalString,
  string,
  validationError,
} from '../shared/validation.js';
import { vpcMember } from '../shared/vpc.js';

const LARGEST_VALUE = 2500;
const MOST_HYPERPARAMETERS = 100;
const MOST_CHANNELS = 20;
const LONGEST_RUN_SECONDS = 432_000;

/** The members that readTrainingRequest reads. */
export const TRAINING_MEMBERS = [
  'AlgorithmSpecification',
  'RoleArn',
  'InputDataConfig',
  'OutputDataConfig',
  'ResourceConfig',
  'StoppingCondition',
  'EnableNetworkIsolation',
  'VpcConfig',
];

/**
 * Reads what a training job runs, all but its hyperparameters.
 *
 * @throws AwsError ValidationException
 */
export function readTrainingRequest(input: Input, region: string): TrainingJobRequest {
  const algorithm = object(input, 'AlgorithmSpecification');
  if (list(algorithm, 'MetricDefinitions').length > 0)
    throw validationError(
      "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request without specifying metric definitions.",
    );
  onlyMembers(algorithm, 'AlgorithmSpecification', ['TrainingImage', 'TrainingInputMode']);
  const image = string(algorithm, 'TrainingImage', { max: 255 }, 'algorithmSpecification');
  xgboostVersion(image, region);
  const mode = string(
    algorithm,
    'TrainingInputMode',
    { values: ['Pipe', 'File', 'FastFile'] },
    'algorithmSpecification',
  );
  if (mode === 'Pipe')
    throw validationError('The local SageMaker does not support the input mode Pipe; use File.');

  const output = object(input, 'OutputDataConfig');
  onlyMembers(output, 'OutputDataConfig', ['S3OutputPath', 'KmsKeyId']);
  const outputPath = string(output, 'S3OutputPath', { max: 1024 }, 'outputDataConfig');
  parseS3Uri(outputPath);

  const resources = object(input, 'ResourceConfig');
  onlyMembers(resources, 'ResourceConfig', [
    'InstanceType',
    'InstanceCount',
    'VolumeSizeInGB',
    'VolumeKmsKeyId',
  ]);
  const instances = integer(resources, 'InstanceCount', { min: 1, max: 100 }, 'resourceConfig');
  if (instances > 1)
    throw validationError(
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
    InputDataConfig: readChannels(input),
    OutputDataConfig: { S3OutputPath: outputPath, ...keyMember(output, 'KmsKeyId') },
    ResourceConfig: {
      InstanceType: string(resources, 'InstanceType', { values: TRAINING_INSTANCES }, 'resourceConfig'),
      InstanceCount: instances,
      VolumeSizeInGB: integer(resources, 'VolumeSizeInGB', { min: 1, max: 16_384 }, 'resourceConfig'),
      ...keyMember(resources, 'VolumeKmsKeyId'),
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
    EnableNetworkIsolation: optionalBoolean(input, 'EnableNetworkIsolation'),
    ...vpcMember(input),
  };
}

/** sagemaker-containers keeps what begins so for itself; `sagemaker_program` and `sagemaker_submit_directory` name code that it runs. */
const SCRIPT_MODE = /^sagemaker_/;

/**
 * Reads a map of hyperparameters: names to values, all text.
 *
 * The real container runs a program of the caller's where one is named (aws/sagemaker-xgboost-container, training.py), which
 * nothing here does: the request is refused before there is a job.
 */
export function readHyperParameters(values: Input = {}): Record<string, string> {
  if (Object.keys(values).length > MOST_HYPERPARAMETERS)
    throw validationError(`A training job takes at most ${MOST_HYPERPARAMETERS} hyperparameters.`);
  const script = Object.keys(values).find((key) => SCRIPT_MODE.test(key));
  if (script !== undefined)
    throw validationError(
      `Script mode is not supported here, but the hyperparameter ${script} asks for it: the local SageMaker runs the built-in algorithm alone, and AWS’s container would run the caller’s program as the job’s role.`,
    );
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
  if (channels.length > MOST_CHANNELS)
    throw validationError(`A training job has at most ${MOST_CHANNELS} channels.`);
  const names = channels.map((channel) => channel.ChannelName);
  const twice = names.find((channel, index) => names.indexOf(channel) !== index);
  if (twice) throw validationError(`The channel ${twice} occurs twice in InputDataConfig.`);
  return channels;
}
