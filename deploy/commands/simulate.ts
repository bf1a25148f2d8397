import { bedLines } from '../beds/tables.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import { mailingFailure } from '../mail/failure.js';
import { type SimulateResult, simulate } from '../simulate/simulate.js';
import type { Command } from './command.js';

export const command: Command<{ days?: number; dataset?: string }, SimulateResult> = {
  options: {
    ...datasetOption,
    days: { type: 'number', describe: 'days (or batches) at most; left out: until nobody waits' },
  },
  examples: [['los simulate --days 7', 'let a week of waiting admissions arrive']],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return mailingFailure(ctx, 'los simulate', () => simulate(ctx, contract, { limit: args.days }));
  },
  print: ({ steps, admitted, scored, discharged, forecasts, beds }) => [
    `${admitted} admissions arrived in ${steps} steps, ${scored} were scored, ${discharged} were discharged.`,
    ...(beds ? [`Beds were forecast on ${forecasts} evenings; the last says:`, ...bedLines(beds)] : []),
  ],
};
