import { UserError } from '../errors.js';
import { variableOf } from './variables.js';

/** Settings of 0.8.0 that 0.9.0 does not have, with what to do instead. */
export const RETIRED: Readonly<Record<string, string>> = {
  'training.instanceCount': 'a job runs on one instance: choose a larger training.instanceType',
  'training.tuningJobs': 'write what a search has found into training.hyperparameters',
  'training.volumeGb': 'a job has the disk that the largest file needs',
};

/** What is said of a key that is no setting. @param path of the file, an environment's too */
export function sayUnknown(path: string): string {
  const instead = RETIRED[path.replace(/^environments\.[^.]+\./, '')];
  return instead === undefined ? `${path} is not a setting` : `${path} is no setting any more: ${instead}`;
}

/** @throws UserError for a variable that once was a setting */
export function refuseRetired(env: Readonly<Record<string, string | undefined>>): void {
  for (const [path, instead] of Object.entries(RETIRED)) {
    const variable = path.split('.').reduce(variableOf, 'LOS');
    if (!env[variable]) continue;
    throw new UserError(`The environment variable ${variable} is no setting any more: ${instead}.`, {
      next: 'Unset it.',
    });
  }
}
