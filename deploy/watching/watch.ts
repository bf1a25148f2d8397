import type { Contract } from '../../procedures/dataset/contract.js';
import type { WatchResult } from '../../procedures/watching/watch.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { requireDeployed } from '../dataset/context.js';

/**
 * Has a day watched.
 * @param day YYYY-MM-DD; left out: the last whose end has been seen
 * @throws UserError where the dataset is not the one that is deployed
 */
export async function watch(ctx: Context, contract: Contract, day?: string): Promise<WatchResult> {
  const watched = await callProcedure<WatchResult>(ctx, 'WATCH_PREDICTIONS', day === undefined ? [] : [day]);
  requireDeployed(watched.dataset, contract);
  return watched;
}
