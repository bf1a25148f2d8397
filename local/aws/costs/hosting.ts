// Instances behind endpoints cost from the moment they serve until they are taken down, used or not.
import type { AccountRecords, Deployment } from '../sagemaker/shared/records.js';
import type { Meter } from './meter.js';

/** Instance seconds of a deployment until now (seconds since 1970); none for a serverless one. */
function secondsOf({ variant, since }: Deployment, now: number): number {
  return since === undefined ? 0 : Math.max(0, now - since) * (variant.InitialInstanceCount ?? 0);
}

/** Counts what a deployment has cost once it ends. */
export function meterHosting(meter: Meter, deployment: Deployment, now: number): void {
  const { InstanceType } = deployment.variant;
  if (InstanceType) meter.add(`hosting:${InstanceType}`, secondsOf(deployment, now));
}

/** What serves now: instances by type, and the seconds that they have run. */
export function hostingNow(
  records: AccountRecords,
  now: number,
): { instances: Record<string, number>; used: Record<string, number> } {
  const instances: Record<string, number> = {};
  const used: Record<string, number> = {};
  for (const { deployed } of records.endpoints.values()) {
    const type = deployed?.variant.InstanceType;
    if (!deployed || !type) continue;
    instances[type] = (instances[type] ?? 0) + deployed.variant.InitialInstanceCount!;
    used[`hosting:${type}`] = (used[`hosting:${type}`] ?? 0) + secondsOf(deployed, now);
  }
  return { instances, used };
}
