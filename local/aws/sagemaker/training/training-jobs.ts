/** Training jobs: CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs, StopTrainingJob, DeleteTrainingJob. */
import { AwsError } from '../../errors.js';
import { requireInstances } from '../hosting/limits.js';
import type { Call, Operation } from '../shared/call.js';
import { requireGrant } from '../shared/keys.js';
import { listOperation } from '../shared/listing.js';
import type { TrainingJob } from '../shared/records.js';
import { assumeRole } from '../shared/roles.js';
import { channelFiles } from '../shared/s3-data.js';
import { tagsOf } from '../shared/tags.js';
import { name, onlyMembers, optionalObject, string, validationError } from '../shared/validation.js';
import { placeRole, requireNetwork } from '../shared/vpc.js';
import { readHyperParameters, readTrainingRequest, TRAINING_MEMBERS } from './training-request.js';
import type { TrainingRuns } from './training-run.js';

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
  const { input, records } = call;
  const jobName = name(input, 'TrainingJobName');
  const arn = call.arn('training-job', jobName);
  call.authorize('CreateTrainingJob', arn);
  onlyMembers(input, 'CreateTrainingJob', [
    'TrainingJobName',
    'HyperParameters',
    'Tags',
    ...TRAINING_MEMBERS,
  ]);
  const request = {
    ...readTrainingRequest(input, call.region),
    HyperParameters: readHyperParameters(optionalObject(input, 'HyperParameters')),
  };
  const tags = tagsOf(call, arn);
  if (records.trainingJobs.has(jobName))
    throw new AwsError(
      'ResourceInUse',
      `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
    );
  const role = assumeRole(call, request.RoleArn);
  requireGrant(call.context, role, request.ResourceConfig.VolumeKmsKeyId);
  requireNetwork(call, role, request.VpcConfig);
  requireInstances(call, request.ResourceConfig.InstanceType, request.ResourceConfig.InstanceCount);
  // SageMaker looks for the data before it accepts the job.
  for (const channel of request.InputDataConfig) channelFiles(call.context, role, channel);
  runs.start(records, { name: jobName, arn, request, tags }, placeRole(role, request.VpcConfig));
  return { TrainingJobArn: arn };
}

function find(call: Call): TrainingJob {
  const job = call.records.trainingJobs.get(string(call.input, 'TrainingJobName'));
  if (!job) throw validationError('Requested resource not found.');
  return job;
}

const describe: Operation = (call) => {
  onlyMembers(call.input, 'DescribeTrainingJob', ['TrainingJobName']);
  call.authorize('DescribeTrainingJob', call.arn('training-job', name(call.input, 'TrainingJobName')));
  const { request, tuning, ...job } = find(call);
  return {
    ...job,
    EnableNetworkIsolation: false,
    ...request,
    TuningJobArn: tuning?.jobArn,
    EnableInterContainerTrafficEncryption: false,
    EnableManagedSpotTraining: false,
  };
};

const listJobs = listOperation({
  operation: 'ListTrainingJobs',
  kind: (records) => records.trainingJobs,
  status: true,
  listed: (job) => ({
    name: job.TrainingJobName,
    created: job.CreationTime,
    modified: job.LastModifiedTime,
    status: job.TrainingJobStatus,
  }),
  member: 'TrainingJobSummaries',
  summary: (job) => ({
    TrainingJobName: job.TrainingJobName,
    TrainingJobArn: job.TrainingJobArn,
    CreationTime: job.CreationTime,
    TrainingEndTime: job.TrainingEndTime,
    LastModifiedTime: job.LastModifiedTime,
    TrainingJobStatus: job.TrainingJobStatus,
    SecondaryStatus: job.SecondaryStatus,
  }),
});

function stop(call: Call, runs: TrainingRuns): undefined {
  onlyMembers(call.input, 'StopTrainingJob', ['TrainingJobName']);
  call.authorize('StopTrainingJob', call.arn('training-job', name(call.input, 'TrainingJobName')));
  const job = find(call);
  if (job.TrainingJobStatus !== 'InProgress')
    throw validationError(
      `The request was rejected because the training job is in status ${job.TrainingJobStatus}.`,
    );
  runs.requestStop(call.records, job);
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
