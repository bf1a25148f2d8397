import type { Comparison, ErrorGain } from '../../procedures/judging/compare.js';
import type { Compared } from '../../procedures/promoting/compared.js';
import { formatTable } from '../../report/text/table.js';
import { callProcedure } from '../clients/call.js';
import { datasetOption, forDataset } from '../dataset/context.js';
import type { Command } from './command.js';

export const command: Command<{ a: string; b: string; dataset?: string }, Compared> = {
  positional: {
    a: { type: 'string', demandOption: true, describe: 'version such as health-v2' },
    b: { type: 'string', demandOption: true, describe: 'version to compare it with' },
  },
  options: datasetOption,
  examples: [['los compare health-v3 health-v2', 'both on the same stays, which neither has seen']],
  run: (context, args) => {
    const { ctx } = forDataset(context, args.dataset);
    return ctx.progress.step(`Compare ${args.a} and ${args.b}`, () =>
      callProcedure<Compared>(ctx, 'COMPARE_MODELS', [args.a, args.b]),
    );
  },
  print: ({ holdout, live }) => [
    '',
    ...comparisonLines(holdout, 'stays that neither has seen'),
    ...(live ? ['', ...comparisonLines(live, 'admissions that arrived after both were trained')] : []),
  ],
};

/** A comparison as a table and a sentence for each error. */
export function comparisonLines(
  { rows, scored = rows, a, b, rmseGain, maeGain, crpsGain }: Comparison,
  what: string,
): string[] {
  const others = `the other ${rows - scored} one of the two has no curve`;
  return [
    ...formatTable({
      title: `On ${rows} ${what}, in days:`,
      columns: ['Version', 'RMSE', 'MAE', 'Bias', ...(crpsGain ? ['CRPS'] : [])],
      rows: [a, b].map(({ version, rmse, mae, bias, crps }) => [
        version,
        ...[rmse, mae, bias, ...(crpsGain && crps !== null ? [crps] : [])].map(days),
      ]),
    }),
    gain('RMSE', a.version, rmseGain),
    gain('MAE', a.version, maeGain),
    ...(crpsGain ? [gain('CRPS', a.version, crpsGain)] : []),
    // Procedures from before curves were compared say nothing of them.
    ...(scored === rows || crpsGain === undefined
      ? []
      : [
          crpsGain
            ? `CRPS is on ${scored} of them: for ${others}.`
            : `CRPS is not compared, which would be on ${scored} of them: for ${others}.`,
        ]),
  ];
}

function gain(name: string, version: string, { days: gained, confidence }: ErrorGain): string {
  const [low, high] = confidence;
  const verdict =
    low > 0 ? `${version} is better` : high < 0 ? `${version} is worse` : 'no difference beyond noise';
  return `${name}: ${days(gained)} days gained (95 % confidence: ${days(low)} to ${days(high)}): ${verdict}.`;
}

const days = (value: number) => value.toFixed(3);
