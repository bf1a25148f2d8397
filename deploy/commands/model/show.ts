import { overviewLines, type PrintableOverview, printableOverview } from '../../../report/model/overview.js';
import { overview } from '../../model/overview.js';
import type { Command } from '../command.js';

export const command: Command<{ model?: string }, { shown: PrintableOverview }> = {
  dataset: true,
  positional: { model: { type: 'string', describe: 'version such as health-v3; left out: the champion' } },
  examples: [['los model show health-v2', 'how good it is: overall, by group, by decile']],
  run: async (ctx, { model }, contract) => ({
    shown: printableOverview(await overview(ctx, contract, model)),
  }),
  print: ({ shown }) => overviewLines(shown),
};
