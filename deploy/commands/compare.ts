import { datasetOption, forDataset } from '../dataset/context.js';
import { UserError } from '../errors.js';
import { type Comparison, compare, compareLive } from '../model/compare.js';
import { findVersion } from '../model/registry.js';
import { formatTable } from '../progress/table.js';
import type { Command } from './command.js';

interface Result {
  readonly holdout: Comparison;
  /** On admissions that arrived since; null: too few that both have predicted and whose stays are known. */
  readonly live: Comparison | null;
}

export const command: Command<{ a: string; b: string; dataset?: string }, Result> = {
  positional: {
    a: { type: 'string', demandOption: true, describe: 'version such as health-v2' },
    b: { type: 'string', demandOption: true, describe: 'version to compare it with' },
  },
  options: datasetOption,
  examples: [['los compare health-v3 health-v2', 'both on the same stays, which neither has seen']],
  run: async (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    if (args.a.toLowerCase() === args.b.toLowerCase())
      throw new UserError(`${args.a} is the same version as ${args.b}.`, {
        next: 'Name two versions; los model lists them.',
      });
    return await ctx.progress.step(`Compare ${args.a} and ${args.b}`, async () => {
      const [a, b] = [await findVersion(ctx, contract, args.a), await findVersion(ctx, contract, args.b)];
      return { holdout: await compare(ctx, a, b), live: await compareLive(ctx, contract, a, b) };
    });
  },
  print: ({ holdout, live }) => [
    '',
    ...comparisonLines(holdout, 'stays that neither has seen'),
    ...(live ? ['', ...comparisonLines(live, 'admissions that arrived after both were trained')] : []),
  ],
};

/** A comparison as a table and two sentences. */
export function comparisonLines({ rows, a, b, rmseGain, maeGain }: Comparison, what: string): string[] {
  return [
    ...formatTable({
      title: `On ${rows} ${what}, in days:`,
      columns: ['Version', 'RMSE', 'MAE', 'Bias'],
      rows: [a, b].map(({ version, rmse, mae, bias }) => [version, days(rmse), days(mae), days(bias)]),
    }),
    gain('RMSE', a.version, rmseGain),
    gain('MAE', a.version, maeGain),
  ];
}

function gain(name: string, version: string, { days: gained, confidence }: Comparison['rmseGain']): string {
  const [low, high] = confidence;
  const verdict =
    low > 0 ? `${version} is better` : high < 0 ? `${version} is worse` : 'no difference beyond noise';
  return `${name}: ${days(gained)} days gained (95 % confidence: ${days(low)} to ${days(high)}): ${verdict}.`;
}

const days = (value: number) => value.toFixed(3);
