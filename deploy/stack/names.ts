import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import type { Context } from '../context.js';
import type { Resource } from '../resources/resource.js';

/** Bucket for training data and models. */
export function bucketName({ settings, aws }: Pick<Context, 'settings' | 'aws'>): string {
  return settings.aws.bucket ?? `${settings.prefix}-${aws.accountId}-${aws.region}`;
}

/** ARN of one of the project's IAM roles. */
export function roleArn({ aws }: Pick<Context, 'aws'>, role: string): string {
  return `arn:aws:iam::${aws.accountId}:role/${role}`;
}

/**
 * What release 0.1.0 called objects that have another name now. An apply over that release renames them; docs/upgrading.md has the same
 * list for people.
 */
const FORMER_NAMES: Readonly<Record<string, string>> = {
  LOS_BED_ACCURACY: 'LOS_BED_QUALITY',
  LOS_BED_CALIBRATION: 'LOS_BED_PIT',
  LOS_BED_DISTRIBUTION: 'LOS_BEDS_TAKEN',
  LOS_BED_FORECAST_CDF: 'LOS_BEDS_BELOW',
  // The task that ends its graph: a graph is named after its first task.
  LOS_BUILD_FEATURES: 'LOS_REPORT',
  LOS_DEPLOYMENT_LOG: 'LOS_HISTORY',
  LOS_DISCHARGE_FORECAST: 'LOS_LEAVES',
  LOS_DISCHARGE_PROBABILITIES: 'LOS_GONE_WITHIN',
  LOS_EVALUATE_CURVE: 'LOS_JUDGE_CURVE',
  LOS_EVALUATE_HAZARDS: 'LOS_JUDGE_HAZARDS',
  LOS_EVALUATE_ONGOING_STAY: 'LOS_STAY_SO_FAR',
  LOS_EVALUATE_SPREAD: 'LOS_JUDGE_SPREAD',
  LOS_EVALUATE_VERSION: 'LOS_JUDGE_VERSION',
  LOS_EVALUATION_METRICS: 'LOS_MEASURES',
  LOS_FORECAST_BEDS: 'LOS_FORECAST',
  LOS_LEASE_EVENTS: 'LOS_TAKE_EVENTS',
  LOS_MARK_EVENTS_SENT: 'LOS_EVENTS_SENT',
  LOS_MEANS_BY_PACE: 'LOS_PACED_MEANS',
  LOS_MONITOR_HOURLY: 'LOS_LOOK',
  LOS_REGISTER_VERSION: 'LOS_ENTER_VERSION',
  LOS_REMAINING_PATIENTS: 'LOS_STILL_HERE',
  LOS_SHADOW_PENDING: 'LOS_UNSHADOWED',
  LOS_TIMELINE: 'LOS_MARKS',
  LOS_TRAINING_COSTS: 'LOS_TRAININGS',
  LOS_UNSENT_EVENTS: 'LOS_UNTOLD',
  LOS_WATCH_PIPELINE: 'LOS_WATCH_PIPE',
};

/** The same with former names of what is called otherwise now. */
export function withFormerNames(resources: readonly Resource[], contract: Contract): Resource[] {
  const { changed, waiting } = datasetNames(contract);
  const stem = contract.name.toUpperCase();
  const former: Readonly<Record<string, string>> = {
    ...FORMER_NAMES,
    [changed]: `${stem}_CHANGED`,
    [waiting]: `${stem}_WAITING`,
  };
  return resources.map((resource) => {
    // A routine's name has the types of its arguments, which are the same as before.
    const [, name = '', types] = /^([^(]*)(.*)$/s.exec(resource.name)!;
    return former[name] === undefined ? resource : { ...resource, formerly: [`${former[name]}${types}`] };
  });
}
