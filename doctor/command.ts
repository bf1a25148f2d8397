import type { Command } from '../deploy/commands/command.js';
import { forDataset } from '../deploy/dataset/context.js';
import { UserError } from '../deploy/errors.js';
import { type OpenContext, type OpenOptions, openContext } from '../deploy/open.js';
import { connectionDiagnosis, type Diagnosis, examine } from './examine.js';
import { diagnosisLines } from './lines.js';

/** Connects and examines every hop; clouds that do not let us in are a finding too. */
export async function doctor(open: OpenOptions, dataset?: string): Promise<Diagnosis> {
  let context: OpenContext;
  try {
    context = await openContext(open);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return connectionDiagnosis({
      what: error.message,
      fix: error.next ?? 'Mend that, then run los doctor again.',
    });
  }
  try {
    const { ctx, contract } = forDataset(context, dataset);
    return await ctx.progress.step('Check every step from SQL to the model', () => examine(ctx, contract));
  } finally {
    await context.close();
  }
}

export const command: Command<object, Diagnosis> = {
  dataset: true,
  examples: [
    ['los doctor', 'what is broken, and how to mend it'],
    ['los doctor --target cloud --json', 'the same of the real clouds, for a monitor'],
  ],
  runAlone: (open, args) => doctor(open, args.dataset),
  print: diagnosisLines,
  exitCode: ({ first }) => (first ? 1 : 0),
};
