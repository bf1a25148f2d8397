import type { Contract } from '../../procedures/dataset/contract.js';
import { qualified, shared } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { type Comparison, compareLive } from './compare.js';
import { findVersion } from './registry.js';
import { endpointStatus } from './sagemaker.js';
import { shadowSql } from './shadow-plan.js';
import { versionOf } from './version.js';

/** A challenger beside the champions that answered. */
export interface ShadowResult {
  readonly version: string;
  /** Logged predictions that the challenger was asked about now. */
  readonly scored: number;
  /** The challenger and whatever answered, on admissions whose stay is known by now; null: too few of them. */
  readonly comparison: Comparison | null;
}

/**
 * Lets a version that is not the champion predict every admission that was logged since it was trained and that
 * it has not predicted yet, from the inputs that were logged then, and compares it with what was answered as far
 * as the stays are known. Run again, it takes up what has come since. The same on a schedule: tasks.challenger.
 */
export async function shadow(ctx: Context, contract: Contract, name?: string): Promise<ShadowResult> {
  const { snowflake, settings } = ctx;
  const entry = await findVersion(ctx, contract, name);
  if (entry.status === 'CHAMPION')
    throw new UserError(`${entry.version} is the champion: what it predicts is in the log already.`, {
      next: 'Name a challenger; los model lists the versions.',
    });
  const status = entry.endpoint ? await endpointStatus(ctx, entry.endpoint) : undefined;
  if (status !== 'InService')
    throw new UserError(`The endpoint of ${entry.version} is ${status ?? 'gone'}, so it cannot be asked.`, {
      next: 'Name another version, or train one with los train.',
    });
  const version = versionOf(contract, settings, entry.number);
  const scored = await snowflake.execute(
    shadowSql(contract, settings, version, qualified(settings, shared.log)),
  );
  return { version: entry.version, scored, comparison: await compareLive(ctx, contract, entry, null) };
}
