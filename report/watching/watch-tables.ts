import type { InputFinding } from '../../procedures/watching/measures/inputs.js';
import type { Judgement } from '../../procedures/watching/measures/performance.js';
import type { WatchResult } from '../../procedures/watching/watch.js';
import type { Table } from '../mail/events.js';

/** Alarms, how predictions turn out, and which inputs have moved most. */
export function watchTables({ alarms, judgements, week }: WatchResult): Table[] {
  return [
    {
      title: 'Alarms',
      columns: ['severity', 'what', 'since this is so'],
      rows: alarms.map(({ severity, subject, message }) => [severity, subject, message]),
    },
    {
      title: 'Predictions of the last four weeks of admissions',
      columns: ['who', 'rows', 'score / expected', 'left', 'expected', ''],
      rows: pickWorst(judgements).map((one) => [
        one.groupedBy === 'all' ? 'all patients' : `${one.groupedBy} ${one.level}`,
        one.rows,
        round(one.ratio, 2),
        one.gone,
        Math.round(one.expectedGone),
        one.verdict === 'fine' ? '' : one.verdict,
      ]),
    },
    {
      title: `Inputs of the week from ${week.from} against the training rows`,
      columns: ['feature', 'test', 'shift', 'PSI', 'false alarm rate', ''],
      rows: pickShifted(week.inputs).map((one) => [
        one.feature,
        one.kind,
        round(one.shift, 3),
        round(one.psi, 3),
        one.rate < 0.0001 ? '< .0001' : round(one.rate, 4),
        one.flagged ? 'shifted' : '',
      ]),
    },
  ].filter(({ rows }) => rows.length > 0);
}

const SHOWN = 8;

function pickWorst(judgements: readonly Judgement[]): Judgement[] {
  const [whole, ...groups] = [...judgements].sort(
    (a, b) => Number(b.groupedBy === 'all') - Number(a.groupedBy === 'all') || b.low - a.low,
  );
  return whole === undefined ? [] : [whole, ...groups.slice(0, SHOWN - 1)];
}

function pickShifted(inputs: readonly InputFinding[]): InputFinding[] {
  return [...inputs]
    .sort((a, b) => Number(b.flagged) - Number(a.flagged) || b.shift - a.shift)
    .slice(0, SHOWN);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
