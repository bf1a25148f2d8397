import { isOfThePrediction, type Measure } from '../../procedures/judging/measures.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import { daysInWords } from '../../procedures/publishing/rounding.js';
import type { Price } from '../results/training.js';
import { formatTable } from '../text/table.js';

/**
 * Says what the columns are worth that a version was trained without.
 * @returns null: it has all, or no champion answered beside it
 */
export function priceOf(
  columns: Price['columns'] = [],
  { crps, before, confidence }: Metrics,
  measures: readonly Measure[],
): Price | null {
  const gain = confidence.crpsGain;
  if (columns.length === 0 || !before || !gain) return null;
  const [low, high] = gain;
  const groups = measures.flatMap((own) => {
    const { predictor, groupedBy, level, rows } = own;
    const isShown = predictor === 'model' && (groupedBy === 'all' || !isOfThePrediction(groupedBy));
    const its = measures.find(
      (one) => one.predictor === before.version && one.groupedBy === groupedBy && one.level === level,
    );
    if (!isShown || !its) return [];
    return [
      {
        group: groupedBy === 'all' ? 'all' : `${groupedBy} ${level}`,
        stays: rows,
        crps: [its.crps, own.crps] as const,
        bias: [its.bias, own.bias] as const,
      },
    ];
  });
  return {
    columns,
    champion: before.version,
    crps: crps - before.crps,
    confidence: [-high, -low],
    groups: groups.sort((a, b) => Number(b.group === 'all') - Number(a.group === 'all')),
  };
}

/** Prints what columns are worth, over all and by group. */
export function priceLines({ columns, champion, crps, confidence, groups }: Price): string[] {
  const [low, high] = confidence.map((value) => value.toFixed(3));
  const table = formatTable({
    title: '',
    columns: ['Group', 'Stays', `CRPS of ${champion}`, 'without', `Bias of ${champion}`, 'without'],
    rows: groups.map(({ group, stays, crps: scores, bias }) => [
      group,
      stays,
      ...[...scores, ...bias].map((value) =>
        value === null ? '' : daysInWords(value, Math.floor(stays / 10)),
      ),
    ]),
  });
  return [
    `Without ${columns.join(', ')} CRPS is ${Math.abs(crps).toFixed(3)} days ${crps > 0 ? 'higher' : 'lower'} than ${champion} has on the same stays (95 % interval of the difference: ${low} to ${high}).`,
    ...table.slice(1),
  ];
}
