import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';

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
 */
export async function rescore(ctx: Context, { since, version }: RescoreOptions): Promise<number> {
  if (since === undefined && version === undefined) return 0;
  return ctx.progress.step('Queue admissions to be scored once more', async (step) => {
    const { rows } = await callProcedure<{ rows: number }>(ctx, 'RESCORE_ADMISSIONS', [
      { object: { since, version } },
    ]);
    step.update(`${rows} admissions`);
    return rows;
  });
}
