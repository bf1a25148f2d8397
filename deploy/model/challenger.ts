import type { Contract } from '../../procedures/dataset/contract.js';
import { type Version, versionOf } from '../../procedures/versions/version.js';
import { UserError } from '../errors.js';
import type { Settings } from '../settings/settings.js';

/** The version that tasks.challenger names; null: none. @throws UserError when it is of another dataset */
export function challengerOf(contract: Contract, settings: Settings): Version | null {
  const name = settings.tasks.challenger;
  if (name === null) return null;
  const version = versionOf(contract, settings, Number(/-v(\d+)$/.exec(name)?.[1]));
  if (version.name !== name)
    throw new UserError(`tasks.challenger is ${name}, which is no version of ${contract.name}.`, {
      next: `Name one such as ${contract.name}-v2 (los model lists them), or null for none.`,
    });
  return version;
}
