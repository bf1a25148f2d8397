import type { Context } from '../../deploy/context.js';
import { makePlan } from '../../deploy/model/plan.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Plan } from '../../procedures/ground/plan.js';

/** What procedures are compiled with, for a test that runs their functions from here; it asks no endpoint. */
export function planned(ctx: Pick<Context, 'settings' | 'aws'>, contract: Contract): Promise<Plan> {
  return makePlan(ctx, contract, 'https://nowhere.invalid/endpoints');
}
