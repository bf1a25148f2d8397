import { percent } from '../../procedures/ground/percent.js';
import { monthInWords } from '../../procedures/watching/publishing/nearer-event.js';
import { type Names, nameOf } from '../beds/names.js';
import type { Table } from '../mail/events.js';
import type { DelayLine } from '../watching/delays.js';
import type { Page } from './page.js';

/** Page of the nights that patients spent in hospital after they were fit to leave; without a section where nothing is published. */
export function delaysPage(lines: readonly DelayLine[], names: Names): Page {
  const last = lines[0]?.month;
  if (last === undefined) return { id: 'delays', title: 'Delays', sections: [] };
  const linesOf = (by: DelayLine['by']) => lines.filter((line) => line.month === last && line.by === by);
  const ward = ({ level }: DelayLine) => nameOf({ level: 'ward', unit: level }, names);
  const tables = [
    tableOf('What patients waited for', 'reason', linesOf('reason'), ({ level }) => level),
    tableOf('Where they lay', 'ward', linesOf('ward'), ward),
    tableOf('Week by week', 'days of the month', linesOf('week'), daysOfWeek),
    tableOf(
      'Month by month',
      'month',
      lines.filter(({ by }) => by === 'all'),
      ({ month }) => monthInWords(month),
    ),
  ];
  return {
    id: 'delays',
    title: 'Delays',
    heading: `Fit to leave and still here, stays that ended in ${monthInWords(last)}`,
    sections: [
      {
        title: 'Nights after patients were fit to leave',
        sentences: [
          'A night counts for what the patient waited for as it was written by then, and for the ward where the patient lay. Beds a night would have been free without these nights. Stays and nights are in whole tens; what would tell of fewer than ten patients is left out, so lines need not add up. They stand by name: this is no ranking.',
        ],
        tables: tables.filter((table) => table.rows.length > 0),
      },
    ],
  };
}

/** Days of the month that a week of the view is about: its last one lasts until the month's end. */
function daysOfWeek({ level, month }: DelayLine): string {
  const first = Number(level.slice(8));
  const end = new Date(`${month}T00:00:00Z`);
  end.setUTCMonth(end.getUTCMonth() + 1, 0);
  return `${first} to ${first === 22 ? end.getUTCDate() : first + 6}`;
}

function tableOf(
  title: string,
  of: string,
  lines: readonly DelayLine[],
  words: (line: DelayLine) => string,
): Table {
  const hasShare = lines.some(({ share }) => share !== null);
  return {
    title,
    columns: [of, 'stays', 'nights', 'beds a night', ...(hasShare ? ['of bed days'] : [])],
    rows: lines.map((line) => [
      words(line),
      line.stays,
      line.nights,
      line.beds.toFixed(1),
      ...(hasShare ? [percent(line.share)] : []),
    ]),
  };
}
