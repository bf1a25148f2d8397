import { type PromoteResult, rollback } from '../../model/promote.js';
import type { Command } from '../command.js';
import { promotionLines } from './promote.js';

export const command: Command<object, PromoteResult> = {
  finishes: true,
  dataset: true,
  mailsFailure: true,
  examples: [['los model rollback', 'let predict_los answer from the champion before the present one again']],
  run: (ctx, _args, contract) => rollback(ctx, contract),
  print: promotionLines,
};
