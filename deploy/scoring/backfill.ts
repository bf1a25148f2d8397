import type { RunSummary } from '../../procedures/backfill/run.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { realTime, type Time } from '../ground/time.js';
import { listTransforms } from '../model/follow.js';

/** Milliseconds between two looks at a job, at first and at most. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 10_000;

/**
 * Goes on with an open batch transform until it is over: the task does the same where it is resumed, and a lease keeps them apart. While the
 * job lasts SageMaker is asked, not Snowflake, whose warehouse sleeps.
 * @returns admissions that it has logged; 0 where none was open
 * @throws UserError when it failed
 */
export async function followBackfill(
  ctx: Context,
  contract: Contract,
  time: Time = realTime,
): Promise<number> {
  const table = qualify(ctx.settings, 'LOS_BACKFILLS');
  const [open] = await ctx.snowflake.query<{ RUN_ID: string }>(
    `SELECT RUN_ID FROM ${table} WHERE DATASET = ${literal(contract.name)} AND STATUS = 'OPEN'`,
  );
  if (!open) return 0;
  return await ctx.progress.step('Score by batch transform', async (step) => {
    let wait = FIRST_WAIT;
    for (;;) {
      const steps = await callProcedure<RunSummary[]>(ctx, 'STEP_BACKFILL', []);
      const own = steps.find(({ run }) => run === open.RUN_ID);
      step.update(own?.message ?? '');
      if (own?.status !== 'OPEN') break;
      const [row] = await ctx.snowflake.query<{ STAMP: string }>(
        `SELECT DATA:stamp::VARCHAR AS STAMP FROM ${table} WHERE RUN_ID = ?`,
        [open.RUN_ID],
      );
      do {
        await time.sleep(wait, ctx.signal);
        wait = Math.min(LONGEST_WAIT, wait * 1.5);
      } while (row && (await isTransforming(ctx, row.STAMP)));
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

/** True if the job of a run is under way; false where SageMaker may not be asked: Snowflake says it then. */
async function isTransforming({ aws }: Context, stamp: string): Promise<boolean> {
  try {
    return (await listTransforms(aws, stamp)).length > 0;
  } catch (error) {
    if (error instanceof Error && '$metadata' in error) return false;
    throw error;
  }
}
