/** Taking up what an earlier process of the local cloud left. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsContext } from '../service.js';
import type { Deployments } from './hosting/deployments.js';
import { type AccountRecords, recordsOf } from './shared/records.js';
import { enterStatus } from './training/training-run.js';

const CLOUD_STOPPED =
  'InternalServerError: the local cloud was stopped while this job ran. Start the job again.';

/** Fails the jobs that died with the process that ran them, and deploys endpoints anew that were on their way. */
export function recover(context: AwsContext, deployments: Deployments): void {
  const folder = join(context.stateDir, 'sagemaker');
  if (!existsSync(folder)) return;
  for (const account of readdirSync(folder)) {
    const records = recordsOf(context, account);
    rmSync(join(records.folder, 'jobs'), { recursive: true, force: true });
    failJobs(records, context.clock.now() / 1000);
    resumeDeployments(records, deployments);
  }
}

const isUnderWay = (status: string): boolean => status === 'InProgress' || status === 'Stopping';

function failJobs({ trainingJobs, tuningJobs, transformJobs }: AccountRecords, now: number): void {
  for (const job of trainingJobs.values()) {
    if (!isUnderWay(job.TrainingJobStatus)) continue;
    job.TrainingJobStatus = 'Failed';
    job.FailureReason = CLOUD_STOPPED;
    enterStatus(job, 'Failed', 'Training job failed', now);
    trainingJobs.save();
  }
  const failed = { FailureReason: CLOUD_STOPPED, LastModifiedTime: now };
  for (const job of tuningJobs.values()) {
    if (!isUnderWay(job.HyperParameterTuningJobStatus)) continue;
    job.HyperParameterTuningJobStatus = 'Failed';
    Object.assign(job, { ...failed, HyperParameterTuningEndTime: now });
    tuningJobs.save();
  }
  for (const job of transformJobs.values()) {
    if (!isUnderWay(job.TransformJobStatus)) continue;
    job.TransformJobStatus = 'Failed';
    Object.assign(job, { ...failed, TransformEndTime: now });
    transformJobs.save();
  }
}

function resumeDeployments(records: AccountRecords, deployments: Deployments): void {
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
