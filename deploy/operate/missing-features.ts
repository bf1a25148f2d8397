import type { Contract } from '../../procedures/dataset/contract.js';
import { itemAt } from '../../udfs/require-value.js';
import type { Context } from '../context.js';
import { asking } from './ask.js';

/** Features that the version which answers reads and the contract no longer has, in a sentence; undefined: there are none, or no version answers. */
export async function describeMissingFeatures(ctx: Context, contract: Contract): Promise<string | undefined> {
  const ask = asking(ctx, contract);
  const read = await ask<{ version: string; feature: string }>('champion-features');
  const lost = read.filter(({ feature }) => !(feature in contract.features));
  if (lost.length === 0) return undefined;
  return `${itemAt(lost, 0).version} answers and reads ${lost.map(({ feature }) => feature).join(', ')}, which the contract no longer has: ${lost.length === 1 ? 'it is' : 'they are'} missing in every prediction.`;
}
