import { isDay } from '../../procedures/ground/days.js';
import { qualified } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';

/** Who is to be scored once more; with both, those who meet both. */
export interface RescoreOptions {
  /** Admissions since this day, YYYY-MM-DD. */
  readonly since?: string;
  /** Admissions whose latest prediction is by this version. */
  readonly version?: string;
}

/**
 * Lets RESCORE_ADMISSIONS queue admissions, if anything is asked for; the task graph then scores them.
 * @returns how many were queued
 * @throws UserError when the day is none
 */
export async function rescore(ctx: Context, { since, version }: RescoreOptions): Promise<number> {
  if (since === undefined && version === undefined) return 0;
  if (since !== undefined && !isDay(since))
    throw new UserError(`--since ${since} is no day.`, { next: 'Write it as 2026-11-01.' });
  return ctx.progress.step('Queue admissions to be scored once more', async (step) => {
    const [row] = await ctx.snowflake.query<{ RESULT: { rows: number } }>(
      `CALL ${qualified(ctx.settings, 'RESCORE_ADMISSIONS')}(PARSE_JSON(?)::OBJECT)`,
      [JSON.stringify({ since, version })],
    );
    const queued = Object.values(row ?? {})[0]?.rows ?? 0;
    step.update(`${queued} admissions`);
    return queued;
  });
}
