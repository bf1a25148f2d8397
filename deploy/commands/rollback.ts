import { datasetOption, forDataset } from '../dataset/context.js';
import { mailingFailure } from '../mail/failure.js';
import { type PromoteResult, rollback } from '../model/promote.js';
import type { Command } from './command.js';
import { promoted } from './promote.js';

export const command: Command<{ dataset?: string }, PromoteResult> = {
  finishes: true,
  options: datasetOption,
  examples: [['los rollback', 'let predict_los answer from the champion before the present one again']],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return mailingFailure(ctx, 'los rollback', () => rollback(ctx, contract));
  },
  print: promoted,
};
