import * as judging from '../../procedures/judging/measures.js';
import { drive } from '../clients/drive.js';
import type { Context } from '../context.js';

export type { Measure } from '../../procedures/judging/measures.js';

/** Everything that was measured of a version, largest groups first. */
export function measuresOf(
  ctx: Pick<Context, 'snowflake' | 'settings'>,
  version: string,
): Promise<judging.Measure[]> {
  return drive(ctx, judging.measuresOf(ctx.settings, version));
}
