import type { Comparison, ErrorGain } from '../../procedures/judging/compare.js';
import { formatTable } from '../text/table.js';

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
