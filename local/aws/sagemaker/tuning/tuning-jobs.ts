/** Tuning jobs: Create-, Describe-, List-, Stop-, DeleteHyperParameterTuningJob and their training jobs. */
import { AwsError } from '../../errors.js';
import type { Call, Operation } from '../shared/call.js';
import { requireGrant } from '../shared/keys.js';
import { listOperation, page } from '../shared/listing.js';
import type { AccountRecords, TrainingJob, TuningJob } from '../shared/records.js';
import { assumeRole } from '../shared/roles.js';
import { channelFiles } from '../shared/s3-data.js';
import { tagsOf } from '../shared/tags.js';
import { onlyMembers, optionalString, string, validationError } from '../shared/validation.js';
import { placeRole, requireNetwork } from '../shared/vpc.js';
import { readTuningRequest } from './tuning-request.js';
import { objectiveOf, type TuningRuns, trainingJobsOf } from './tuning-run.js';

/** Shorter than other names: training jobs carry it with a suffix. */
const NAME = { max: 32, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$/ };

/** The order of a request that names none. */
const BY_NAME = { SortBy: 'Name', SortOrder: 'Ascending' };

/** The operations, over the runs of one local AWS. */
export function tuningOperations(runs: TuningRuns): Record<string, Operation> {
  return {
    CreateHyperParameterTuningJob: (call) => create(call, runs),
    DescribeHyperParameterTuningJob: describe,
    ListHyperParameterTuningJobs: listJobs,
    ListTrainingJobsForHyperParameterTuningJob: listTrainingJobs,
    StopHyperParameterTuningJob: (call) => stop(call, runs),
    DeleteHyperParameterTuningJob: remove,
  };
}

function create(call: Call, runs: TuningRuns): object {
  const { input, records, now } = call;
  const jobName = string(input, 'HyperParameterTuningJobName', NAME);
  const arn = call.arn('hyper-parameter-tuning-job', jobName);
  call.authorize('CreateHyperParameterTuningJob', arn);
  const request = readTuningRequest(input, call.region);
  const tags = tagsOf(call, arn);
  if (records.tuningJobs.has(jobName))
    throw new AwsError(
      'ResourceInUse',
      `A hyperparameter tuning job with the name, ${jobName}, already exists. Choose a different name.`,
    );
  const role = assumeRole(call, request.TrainingJobDefinition.RoleArn);
  requireGrant(call.context, role, request.TrainingJobDefinition.ResourceConfig.VolumeKmsKeyId);
  requireNetwork(call, role, request.TrainingJobDefinition.VpcConfig);
  for (const channel of request.TrainingJobDefinition.InputDataConfig)
    channelFiles(call.context, role, channel);
  const job: TuningJob = {
    HyperParameterTuningJobName: jobName,
    HyperParameterTuningJobArn: arn,
    HyperParameterTuningJobStatus: 'InProgress',
    CreationTime: now,
    LastModifiedTime: now,
    ...request,
  };
  records.tuningJobs.set(jobName, job);
  records.tags.set(arn, tags);
  const placed = placeRole(role, request.TrainingJobDefinition.VpcConfig);
  runs.start(records, job, placed, call.region, tags);
  return { HyperParameterTuningJobArn: arn };
}

/** The job that a request names, once its caller may do this with it. */
function find(call: Call, action: string): TuningJob {
  const jobName = string(call.input, 'HyperParameterTuningJobName', NAME);
  const arn = call.arn('hyper-parameter-tuning-job', jobName);
  call.authorize(action, arn);
  const job = call.records.tuningJobs.get(jobName);
  if (!job)
    throw new AwsError(
      'ResourceNotFound',
      `Amazon SageMaker can't find a tuning job called ${jobName}. Type another name.`,
    );
  return job;
}

const describe: Operation = (call) => {
  onlyMembers(call.input, 'DescribeHyperParameterTuningJob', ['HyperParameterTuningJobName']);
  const job = find(call, 'DescribeHyperParameterTuningJob');
  const best = bestOf(call.records, job);
  return {
    ...job,
    ...counters(call.records, job),
    ...(best && { BestTrainingJob: summary(job, best) }),
  };
};

/** The completed training job with the best objective; of equal ones the first. */
function bestOf(records: AccountRecords, job: TuningJob): TrainingJob | undefined {
  const { Type } = job.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective;
  let best: { child: TrainingJob; value: number } | undefined;
  for (const child of trainingJobsOf(records, job)) {
    const value = objectiveOf(job, child);
    if (value === undefined) continue;
    if (!best || (Type === 'Minimize' ? value < best.value : value > best.value)) best = { child, value };
  }
  return best?.child;
}

function counters(records: AccountRecords, job: TuningJob): object {
  const jobs = { Completed: 0, InProgress: 0, RetryableError: 0, NonRetryableError: 0, Stopped: 0 };
  const objectives = { Succeeded: 0, Pending: 0, Failed: 0 };
  const counter = {
    Completed: 'Completed',
    InProgress: 'InProgress',
    Stopping: 'InProgress',
    Failed: 'NonRetryableError',
    Stopped: 'Stopped',
  } as const;
  for (const child of trainingJobsOf(records, job)) {
    jobs[counter[child.TrainingJobStatus]] += 1;
    objectives[objectiveStatus(job, child)] += 1;
  }
  return { TrainingJobStatusCounters: jobs, ObjectiveStatusCounters: objectives };
}

function objectiveStatus(job: TuningJob, child: TrainingJob): 'Succeeded' | 'Pending' | 'Failed' {
  if (child.TrainingJobStatus === 'InProgress' || child.TrainingJobStatus === 'Stopping') return 'Pending';
  return objectiveOf(job, child) === undefined ? 'Failed' : 'Succeeded';
}

/** A training job as tuning jobs show it. */
function summary(job: TuningJob, child: TrainingJob): object {
  const value = objectiveOf(job, child);
  const { MetricName } = job.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective;
  return {
    TrainingJobName: child.TrainingJobName,
    TrainingJobArn: child.TrainingJobArn,
    CreationTime: child.CreationTime,
    TrainingStartTime: child.TrainingStartTime,
    TrainingEndTime: child.TrainingEndTime,
    TrainingJobStatus: child.TrainingJobStatus,
    TunedHyperParameters: child.tuning!.parameters,
    FailureReason: child.FailureReason,
    ...(value !== undefined && { FinalHyperParameterTuningJobObjectiveMetric: { MetricName, Value: value } }),
    ObjectiveStatus: objectiveStatus(job, child),
  };
}

const listJobs = listOperation({
  operation: 'ListHyperParameterTuningJobs',
  kind: (records) => records.tuningJobs,
  status: true,
  listed: (job) => ({
    name: job.HyperParameterTuningJobName,
    created: job.CreationTime,
    modified: job.LastModifiedTime,
    status: job.HyperParameterTuningJobStatus,
  }),
  order: BY_NAME,
  member: 'HyperParameterTuningJobSummaries',
  summary: (job, records) => ({
    HyperParameterTuningJobName: job.HyperParameterTuningJobName,
    HyperParameterTuningJobArn: job.HyperParameterTuningJobArn,
    HyperParameterTuningJobStatus: job.HyperParameterTuningJobStatus,
    Strategy: job.HyperParameterTuningJobConfig.Strategy,
    CreationTime: job.CreationTime,
    LastModifiedTime: job.LastModifiedTime,
    HyperParameterTuningEndTime: job.HyperParameterTuningEndTime,
    ResourceLimits: job.HyperParameterTuningJobConfig.ResourceLimits,
    ...counters(records, job),
  }),
});

const listTrainingJobs: Operation = (call) => {
  onlyMembers(call.input, 'ListTrainingJobsForHyperParameterTuningJob', [
    'HyperParameterTuningJobName',
    'StatusEquals',
    'SortBy',
    'SortOrder',
    'MaxResults',
    'NextToken',
  ]);
  const job = find(call, 'ListTrainingJobsForHyperParameterTuningJob');
  const sortBy = optionalString(call.input, 'SortBy', {
    values: ['Name', 'CreationTime', 'Status', 'FinalObjectiveMetricValue'],
  });
  const byObjective = sortBy === 'FinalObjectiveMetricValue';
  const children = trainingJobsOf(call.records, job).filter(
    // Sorted by their objectives, only those that have one are listed.
    (child) => !byObjective || objectiveOf(job, child) !== undefined,
  );
  const { items, ...next } = page(children, { ...BY_NAME, ...call.input }, (child) => ({
    name: child.TrainingJobName,
    created: child.CreationTime,
    modified: child.LastModifiedTime,
    status: child.TrainingJobStatus,
    value: objectiveOf(job, child),
  }));
  return { TrainingJobSummaries: items.map((child) => summary(job, child)), ...next };
};

function stop(call: Call, runs: TuningRuns): undefined {
  onlyMembers(call.input, 'StopHyperParameterTuningJob', ['HyperParameterTuningJobName']);
  const job = find(call, 'StopHyperParameterTuningJob');
  if (job.HyperParameterTuningJobStatus !== 'InProgress')
    throw validationError(
      `The request was rejected because the hyperparameter tuning job is in status ${job.HyperParameterTuningJobStatus}.`,
    );
  runs.stop(call.records, job);
}

/** Deletes the entry alone: its training jobs and their artifacts stay. */
const remove: Operation = (call) => {
  onlyMembers(call.input, 'DeleteHyperParameterTuningJob', ['HyperParameterTuningJobName']);
  const job = find(call, 'DeleteHyperParameterTuningJob');
  const { HyperParameterTuningJobStatus: status, HyperParameterTuningJobName: jobName } = job;
  if (status === 'InProgress' || status === 'Stopping')
    throw validationError(
      `The hyperparameter tuning job ${jobName} is in status ${status}; only jobs that have ended can be deleted.`,
    );
  call.records.tuningJobs.delete(jobName);
  call.records.tags.delete(job.HyperParameterTuningJobArn);
  return undefined;
};
