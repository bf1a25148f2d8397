import { datasetOption, forDataset } from '../dataset/context.js';
import { mailingFailure } from '../mail/failure.js';
import { type PromoteResult, promote } from '../model/promote.js';
import type { Command } from './command.js';

export const command: Command<{ model?: string; dataset?: string }, PromoteResult> = {
  // Not called version: that is what --version asks for.
  positional: { model: { type: 'string', describe: 'such as health-v3; left out: the newest' } },
  options: datasetOption,
  examples: [['los promote health-v2', 'let predict_los answer from version 2 (also: back to it)']],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return mailingFailure(ctx, 'los promote', () => promote(ctx, contract, args.model));
  },
  print: ({ version, previous }) => [
    `predict_los answers from ${version} now${previous ? `, before: ${previous}` : ''}.`,
  ],
};
