/** The local SageMaker's control plane: awsJson1.1, one operation per X-Amz-Target. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../errors.js';
import type { AwsContext, AwsResponse, AwsService } from '../service.js';
import { callOf, type Operation } from './call.js';
import { Deployments } from './deployments.js';
import { endpointConfigOperations } from './endpoint-configs.js';
import { endpointOperations } from './endpoints.js';
import { modelPackageOperations } from './model-packages.js';
import { modelOperations } from './models.js';
import { type AccountRecords, recordsOf } from './records.js';
import { addTags, deleteTags, listTags } from './tags.js';
import { trainingOperations } from './training-jobs.js';
import { enterStatus, TrainingRuns } from './training-run.js';
import { transformOperations } from './transform-jobs.js';
import { TransformRuns } from './transform-run.js';
import { tuningOperations } from './tuning-jobs.js';
import { TuningRuns } from './tuning-run.js';

const CLOUD_STOPPED =
  'InternalServerError: the local cloud was stopped while this job ran. Start the job again.';
const TARGET = 'SageMaker.';

/** Creates the service and takes up what an earlier process left. */
export function create(context: AwsContext): AwsService {
  const runs = new TrainingRuns(context);
  const tunings = new TuningRuns(context, runs);
  const transforms = new TransformRuns(context);
  const deployments = new Deployments(context);
  const operations: Record<string, Operation> = {
    ...trainingOperations(runs),
    ...tuningOperations(tunings),
    ...transformOperations(transforms),
    ...modelOperations,
    ...endpointConfigOperations,
    ...endpointOperations(deployments),
    ...modelPackageOperations,
    AddTags: addTags,
    ListTags: listTags,
    DeleteTags: deleteTags,
  };
  const folder = join(context.stateDir, 'sagemaker');
  if (existsSync(folder))
    for (const account of readdirSync(folder)) recover(context, recordsOf(context, account), deployments);

  return {
    name: 'sagemaker',
    protocol: 'awsJson1.1',
    async handle(request): Promise<AwsResponse> {
      const target = request.headers['x-amz-target'] ?? '';
      const operationName = target.startsWith(TARGET) ? target.slice(TARGET.length) : '';
      const operation = Object.hasOwn(operations, operationName) ? operations[operationName] : undefined;
      if (!operation)
        throw new AwsError(
          'UnknownOperationException',
          `The local SageMaker does not support ${operationName || `the target "${target}"`}; it has ${Object.keys(operations).sort().join(', ')}.`,
        );
      const answer = await operation(callOf(context, request, parse(request.body)));
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: answer === undefined ? '' : JSON.stringify(answer),
      };
    },
    async close() {
      // The tuning jobs wait for the training jobs that are ended, and launch no more.
      await Promise.all([tunings.close(), runs.close(), transforms.close()]);
      await deployments.close();
    },
  };
}

function parse(body: Buffer): Record<string, unknown> {
  let input: unknown;
  try {
    input = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AwsError(
      'SerializationException',
      `The request's body is not JSON: ${(error as Error).message}`,
    );
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new AwsError('SerializationException', 'The request’s body is not a JSON object.');
  return input as Record<string, unknown>;
}

/** Jobs died with the process that ran them; endpoints that were on their way are deployed anew. */
function recover(context: AwsContext, records: AccountRecords, deployments: Deployments): void {
  const now = context.clock.now() / 1000;
  rmSync(join(records.folder, 'jobs'), { recursive: true, force: true });
  for (const job of records.trainingJobs.values()) {
    if (job.TrainingJobStatus !== 'InProgress' && job.TrainingJobStatus !== 'Stopping') continue;
    job.TrainingJobStatus = 'Failed';
    job.FailureReason = CLOUD_STOPPED;
    enterStatus(job, 'Failed', 'Training job failed', now);
    records.trainingJobs.save();
  }
  for (const job of records.tuningJobs.values()) {
    const status = job.HyperParameterTuningJobStatus;
    if (status !== 'InProgress' && status !== 'Stopping') continue;
    job.HyperParameterTuningJobStatus = 'Failed';
    Object.assign(job, {
      FailureReason: CLOUD_STOPPED,
      HyperParameterTuningEndTime: now,
      LastModifiedTime: now,
    });
    records.tuningJobs.save();
  }
  for (const job of records.transformJobs.values()) {
    if (job.TransformJobStatus !== 'InProgress' && job.TransformJobStatus !== 'Stopping') continue;
    job.TransformJobStatus = 'Failed';
    Object.assign(job, { FailureReason: CLOUD_STOPPED, TransformEndTime: now, LastModifiedTime: now });
    records.transformJobs.save();
  }
  for (const endpoint of records.endpoints.values()) {
    if (endpoint.EndpointStatus === 'Deleting') deployments.remove(records, endpoint);
    if (endpoint.EndpointStatus !== 'Creating' && endpoint.EndpointStatus !== 'Updating') continue;
    const config = records.endpointConfigs.get(endpoint.pendingConfig ?? endpoint.EndpointConfigName);
    if (config) {
      deployments.start(records, endpoint, config);
      continue;
    }
    endpoint.EndpointStatus = endpoint.deployed ? 'InService' : 'Failed';
    endpoint.FailureReason = 'The endpoint configuration was deleted before the endpoint was ready.';
    records.endpoints.save();
  }
}
