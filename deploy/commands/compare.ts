import { datasetOption, forDataset } from '../dataset/context.js';
import { type Comparison, compare } from '../model/compare.js';
import { findVersion } from '../model/registry.js';
import { formatTable } from '../progress/table.js';
import type { Command } from './command.js';

export const command: Command<{ a: string; b: string; dataset?: string }, Comparison> = {
  positional: {
    a: { type: 'string', demandOption: true, describe: 'version such as health-v2' },
    b: { type: 'string', demandOption: true, describe: 'version to compare it with' },
  },
  options: datasetOption,
  examples: [['los compare health-v3 health-v2', 'both on the same stays, which neither has seen']],
  run: async (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return await ctx.progress.step(`Compare ${args.a} and ${args.b}`, async () =>
      compare(ctx, await findVersion(ctx, contract, args.a), await findVersion(ctx, contract, args.b)),
    );
  },
  print: ({ rows, a, b, rmseGain, maeGain }) => [
    '',
    ...formatTable({
      title: `On ${rows} stays that neither has seen, in days:`,
      columns: ['Version', 'RMSE', 'MAE', 'Bias'],
      rows: [a, b].map(({ version, rmse, mae, bias }) => [version, days(rmse), days(mae), days(bias)]),
    }),
    gain('RMSE', a.version, rmseGain),
    gain('MAE', a.version, maeGain),
  ],
};

function gain(name: string, version: string, { days: gained, confidence }: Comparison['rmseGain']): string {
  const [low, high] = confidence;
  const verdict =
    low > 0 ? `${version} is better` : high < 0 ? `${version} is worse` : 'no difference beyond noise';
  return `${name}: ${days(gained)} days gained (95 % confidence: ${days(low)} to ${days(high)}): ${verdict}.`;
}

const days = (value: number) => value.toFixed(3);
