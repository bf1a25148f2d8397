import type { Context } from '../context.js';
import { messageOf } from '../errors.js';

/** Runs a command's work; if it fails, that is mailed before the error goes on. */
export async function mailingFailure<T>(ctx: Context, step: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await ctx.mail.send('failure', {
      step,
      error: messageOf(error),
      summary: `${step} did not finish.`,
      next: `Mend the cause and run ${step} again.`,
    });
    throw error;
  }
}
