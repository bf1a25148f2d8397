import { UserError } from '../errors.js';
import { variableOf } from './variables.js';

/** Settings of 0.8.0 that 0.9.0 does not have, with what to do instead. */
export const RETIRED: Readonly<Record<string, string>> = {
  'aws.profile': 'set AWS_PROFILE',
  'aws.restApi.burst': 'the stage lets 200 calls through at once',
  'aws.restApi.name': 'write names: { los: … }',
  'aws.restApi.requestsPerSecond': 'the stage lets 100 calls a second through',
  'aws.restApi.stage': 'the stage is called prod',
  'aws.roles': 'write names: { los-sagemaker: … }, by the name with the prefix los',
  'endpoint.instanceCount': 'an endpoint has one instance: choose a larger endpoint.instanceType',
  'endpoint.memoryMb': 'a serverless endpoint has 2048 MB; endpoint.type: instance has more',
  'mail.spool': 'mails that cannot leave wait in the folder spool of state',
  'mail.subjectPrefix': 'every subject begins with [predict-los]',
  scoring: 'the endpoint scores all that wait, in pieces, and corrected inputs too',
  'snowflake.integrations': 'write names: { LOS_API: … }, by the name with the prefix los',
  'snowflake.roles': 'write names: { LOS_READ: … }, by the name with the prefix los',
  'snowflake.stages': 'the stages are called LOS_LOAD and LOS_EXCHANGE',
  'snowflake.warehouse.autoSuspendSeconds': 'it sleeps after 60 seconds, which are billed in any case',
  'snowflake.warehouse.generation': 'it is of the first generation',
  'snowflake.warehouse.name': 'write names: { LOS_WH: … }',
  'snowflake.warehouse.queryAcceleration': 'it is off',
  'snowflake.warehouse.statementTimeoutSeconds': 'a statement ends after an hour',
  'stay.firstDay': 'stays are predicted from their first morning',
  'stay.lastDay': 'stays are predicted to their last morning',
  'training.imageTag': 'it is 3.2-0, which this release was tested with',
  'training.instanceCount': 'a job runs on one instance: choose a larger training.instanceType',
  'training.maxSeconds': 'a job is stopped after a day',
  'training.tuningJobs': 'write what a search has found into training.hyperparameters',
  'training.volumeGb': 'a job has the disk that the largest file needs',
  'watch.probationDays': 'probation lasts 28 days',
};

/** Describes a key that is no setting. @param path of the file, an environment's too */
export function sayUnknown(path: string): string {
  const instead = RETIRED[path.replace(/^environments\.[^.]+\./, '')];
  return instead === undefined ? `${path} is not a setting` : `${path} is no setting any more: ${instead}`;
}

/** @throws UserError for a variable that once was a setting */
export function refuseRetired(env: Readonly<Record<string, string | undefined>>): void {
  for (const [path, instead] of Object.entries(RETIRED)) {
    const variable = path.split('.').reduce(variableOf, 'LOS');
    const found = Object.keys(env).find(
      (name) => (name === variable || name.startsWith(`${variable}_`)) && env[name],
    );
    if (found === undefined) continue;
    throw new UserError(`The environment variable ${found} is no setting any more: ${instead}.`, {
      next: 'Unset it.',
    });
  }
}
