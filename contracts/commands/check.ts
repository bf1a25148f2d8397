import type { Command } from '../../deploy/commands/command.js';
import { count } from '../../report/text/count.js';
import { type CheckResult, checkDataset } from '../checking/check.js';

export const command: Command<object, CheckResult> = {
  dataset: true,
  examples: [['los dataset check', 'check the contract against its table']],
  run: (ctx, _args, contract) => checkDataset(ctx, contract),
  print: ({ dataset, rows, problems, warnings }) => [
    `${dataset}: ${count(rows, 'row')}, ${count(problems.length, 'problem')}, ${count(warnings.length, 'thing')} to look at`,
    ...problems.map((problem) => `problem: ${problem}`),
    ...warnings.map((warning) => `look at: ${warning}`),
  ],
  exitCode: ({ problems }) => (problems.length > 0 ? 1 : 0),
};
