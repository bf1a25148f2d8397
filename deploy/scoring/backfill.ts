import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../procedures/backfill/run.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';

/** Milliseconds between two looks at a job, at first and at most. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 10_000;

/**
 * Goes on with an open batch transform until it is over: the task does the same where it is resumed, and a lease keeps them apart.
 * @returns admissions that it has logged; 0 where none was open
 * @throws UserError when it failed
 */
export async function followBackfill(ctx: Context, contract: Contract): Promise<number> {
  const [open] = await ctx.snowflake.query<{ RUN_ID: string }>(
    `SELECT RUN_ID FROM ${qualify(ctx.settings, 'LOS_BACKFILLS')} WHERE DATASET = ${literal(contract.name)} AND STATUS = 'OPEN'`,
  );
  if (!open) return 0;
  return await ctx.progress.step('Score by batch transform', async (step) => {
    for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * 1.5)) {
      const told = await callProcedure<RunSummary[]>(ctx, 'STEP_BACKFILL', []);
      const own = told.find(({ run }) => run === open.RUN_ID);
      step.update(own?.message ?? '');
      if (own?.status !== 'OPEN') break;
      await sleep(wait, undefined, { signal: ctx.signal });
    }
    const [run] = await ctx.snowflake.query<{ STATUS: string; ROW_COUNT: number; MESSAGE: string | null }>(
      `SELECT STATUS, ROW_COUNT, MESSAGE FROM ${qualify(ctx.settings, 'LOS_RUN_LOG')} WHERE RUN_ID = ?`,
      [open.RUN_ID],
    );
    if (run?.STATUS !== 'SUCCEEDED')
      throw new UserError(`The batch transform failed: ${run?.MESSAGE ?? 'it left no message'}`, {
        next: 'Nothing is lost: those whom it was about wait, and the endpoint is asked about them for a day. los score does that now.',
      });
    step.update(`${run.ROW_COUNT} admissions`);
    return Number(run.ROW_COUNT);
  });
}
