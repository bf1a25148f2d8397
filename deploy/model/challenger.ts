import type { Contract } from '../../procedures/dataset/contract.js';
import { UserError } from '../errors.js';
import type { Settings } from '../settings/settings.js';

/** The version that tasks.challenger names; null: none. @throws UserError when it is of another dataset */
export function challengerOf(contract: Contract, settings: Settings): string | null {
  const name = settings.tasks.challenger;
  if (name === null) return null;
  if (name.replace(/-v\d+$/, '') !== contract.name)
    throw new UserError(`tasks.challenger is ${name}, which is no version of ${contract.name}.`, {
      next: `Name one such as ${contract.name}-v2 (los model lists them), or null for none.`,
    });
  return name;
}
