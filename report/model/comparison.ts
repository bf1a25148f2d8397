import type { Comparison, ErrorGain } from '../../procedures/judging/compare.js';
import { formatTable } from '../text/table.js';

/** A comparison as a table and a sentence for each error. */
export function comparisonLines(
  { rows, a, b, rmseGain, maeGain, crpsGain }: Comparison,
  what: string,
): string[] {
  return [
    ...formatTable({
      title: `On ${rows} ${what}, in days:`,
      columns: ['Version', 'RMSE', 'MAE', 'Bias', 'CRPS'],
      rows: [a, b].map(({ version, rmse, mae, bias, crps }) => [
        version,
        ...[rmse, mae, bias, crps].map(days),
      ]),
    }),
    gain('RMSE', a.version, rmseGain),
    gain('MAE', a.version, maeGain),
    gain('CRPS', a.version, crpsGain),
  ];
}

function gain(name: string, version: string, { days: gained, confidence }: ErrorGain): string {
  const [low, high] = confidence;
  const significant = `${version} is ${low > 0 ? 'better' : 'worse'}`;
  const verdict = low > 0 || high < 0 ? significant : 'no difference beyond noise';
  return `${name}: ${days(gained)} days gained (95 % confidence: ${days(low)} to ${days(high)}): ${verdict}.`;
}

const days = (value: number) => value.toFixed(3);
