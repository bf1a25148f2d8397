import { datasetOption, forDataset } from '../dataset/context.js';
import { mailingFailure } from '../mail/failure.js';
import { type ScoreResult, score } from '../scoring/score.js';
import type { Command } from './command.js';

export const command: Command<{ dataset?: string }, ScoreResult> = {
  options: datasetOption,
  examples: [['los score', 'run the task graph once instead of waiting for its schedule']],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return mailingFailure(ctx, 'los score', () => score(ctx, contract));
  },
  print: ({ built, scored, version }) => [
    `${built} feature rows built or changed, ${scored} admissions scored${version ? ` by ${version}` : ' (no version has been promoted)'}.`,
  ],
};
