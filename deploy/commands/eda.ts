import { datasetOption, forDataset } from '../dataset/context.js';
import { type Exploration, explore } from '../eda/explore.js';
import { mailingFailure } from '../mail/failure.js';
import { formatTable } from '../progress/table.js';
import type { Command } from './command.js';

export const command: Command<{ dataset?: string }, Exploration> = {
  options: datasetOption,
  examples: [['los eda', 'length of stay by department, admission type, severity …']],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return mailingFailure(ctx, 'los eda', () =>
      ctx.progress.step('Explore stays in Snowflake', () => explore(ctx, contract)),
    );
  },
  print: ({ tables }) => tables.flatMap((table) => ['', ...formatTable(table)]),
};
