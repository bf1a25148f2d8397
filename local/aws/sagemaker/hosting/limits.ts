/** What an account may have of SageMaker at a time: its quotas, summed over all that is there. */
import { AwsError } from '../../errors.js';
import { SERVERLESS_CONCURRENCY, trainingUsage, transformUsage } from '../../servicequotas/quotas.js';
import type { Call } from '../shared/call.js';
import type { EndpointConfig } from '../shared/records.js';

/** @throws AwsError ResourceLimitExceeded when the endpoint's concurrency does not fit beside that of the others */
export function requireConcurrency(call: Call, endpointName: string, config: EndpointConfig): void {
  const { endpoints, endpointConfigs } = call.records;
  const of = ({ ProductionVariants }: EndpointConfig) =>
    ProductionVariants.reduce(
      (sum, { ServerlessConfig }) => sum + (ServerlessConfig?.MaxConcurrency ?? 0),
      0,
    );
  const asked = of(config);
  if (asked === 0) return;
  let used = 0;
  for (const endpoint of endpoints.values()) {
    if (endpoint.EndpointName === endpointName || endpoint.EndpointStatus === 'Failed') continue;
    const deployed = endpoint.deployed?.variant.ServerlessConfig?.MaxConcurrency;
    const pending = endpointConfigs.get(endpoint.pendingConfig ?? endpoint.EndpointConfigName);
    used += deployed ?? (pending ? of(pending) : 0);
  }
  requireRoom(call, SERVERLESS_CONCURRENCY, used, asked, 'Units');
}

/** @throws AwsError ResourceLimitExceeded when the job's instances do not fit beside those of running jobs */
export function requireInstances(call: Call, instanceType: string, asked: number): void {
  let used = 0;
  for (const { TrainingJobStatus, request, tuning } of call.records.trainingJobs.values())
    if (
      !tuning &&
      (TrainingJobStatus === 'InProgress' || TrainingJobStatus === 'Stopping') &&
      request.ResourceConfig.InstanceType === instanceType
    )
      used += request.ResourceConfig.InstanceCount;
  requireRoom(call, trainingUsage(instanceType), used, asked, 'Instances');
}

/** @throws AwsError ResourceLimitExceeded when the transform's instances do not fit beside those of running ones */
export function requireTransformInstances(call: Call, instanceType: string, asked: number): void {
  let used = 0;
  for (const { TransformJobStatus, request } of call.records.transformJobs.values())
    if (
      (TransformJobStatus === 'InProgress' || TransformJobStatus === 'Stopping') &&
      request.TransformResources.InstanceType === instanceType
    )
      used += request.TransformResources.InstanceCount;
  requireRoom(call, transformUsage(instanceType), used, asked, 'Instances');
}

function requireRoom(call: Call, quota: string, used: number, asked: number, unit: string): void {
  const most = call.context.quotas[quota];
  if (most === undefined || used + asked <= most) return;
  throw new AwsError(
    'ResourceLimitExceeded',
    `The account-level service limit '${quota}' is ${most} ${unit}, with current utilization of ${used} ${unit} and a request delta of ${asked} ${unit}. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`,
  );
}
