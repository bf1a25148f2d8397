import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { projectRoot } from '../project.js';
import { loadContract } from './load.js';

/** A context for one dataset: its settings name the contract, so that all of the stack is derived from it. */
export function forDataset<C extends Context>(ctx: C, file?: string): { ctx: C; contract: Contract } {
  const dataset = file === undefined ? ctx.settings.dataset : locate(file);
  const contract = loadContract(dataset, ctx.settings.timeZone);
  return { ctx: { ...ctx, settings: { ...ctx.settings, dataset } }, contract };
}

/**
 * Procedures work on the dataset that is deployed, whatever --dataset says.
 * @throws UserError where that is another one than the contract's
 */
export function requireDeployed(deployed: string, contract: Contract): void {
  if (deployed !== contract.name)
    throw new UserError(`The dataset ${deployed} is deployed, not ${contract.name}.`, {
      next: 'Leave out --dataset, or deploy the other one with los apply first.',
    });
}

/** A contract here, else the project's own of that path or name. */
function locate(file: string): string {
  const own = [file, `sql/datasets/${file}.yaml`].map((path) => resolve(projectRoot, path));
  return [resolve(file), ...own].find((path) => existsSync(path)) ?? resolve(file);
}
