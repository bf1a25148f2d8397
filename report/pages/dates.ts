import {
  lineInWords,
  monthInWords,
  nearerSentences,
} from '../../procedures/watching/publishing/nearer-event.js';
import { type Names, nameOf } from '../beds/names.js';
import type { Table } from '../mail/events.js';
import type { MonthLine } from '../watching/dates.js';
import { dropEmpty, type Page, type Section } from './page.js';

/** Groupings in the order of the page. */
const GROUPINGS = ['all', 'lead', 'writer', 'ward', 'confirmed'];

/** Page of who was nearer to the day of discharge, people or model; without a section where nothing is published. */
export function datesPage(lines: readonly MonthLine[], names: Names): Page {
  const month = lines[0]?.month ?? '';
  const latest = lines.filter((line) => line.month === month);
  const linesOf = (groupedBy: string) => latest.filter((line) => line.groupedBy === groupedBy);
  const shown = GROUPINGS.flatMap(linesOf);
  const words = (line: MonthLine) => lineWords(line, names);
  const sections: Section[] =
    lines.length === 0
      ? []
      : [
          {
            title: 'People and model on the same stays',
            sentences: [
              ...nearerSentences(latest, words),
              'Each evening compares the team’s date and the model’s with the day of discharge. Each stay counts once in a line. A line names a side only where the difference is beyond chance over all lines together.',
            ],
            tables: [
              errorTable(`Stays that ended in ${monthInWords(month)}: mean error in days`, shown, words),
              shareTable('Shares of their dates, %', shown, words),
              errorTable('Dates that had moved to the model’s: mean error in days', linesOf('moved'), words),
            ].filter(({ rows }) => rows.length > 0),
          },
          { title: 'Month by month', tables: monthTables(lines) },
        ];
  return {
    id: 'dates',
    title: 'Dates',
    heading: `Who was nearer in ${month === '' ? 'a month' : monthInWords(month)}`,
    sections: dropEmpty(sections),
  };
}

function lineWords({ groupedBy, level }: MonthLine, names: Names): string {
  return groupedBy === 'ward'
    ? nameOf({ level: 'ward', unit: level }, names)
    : lineInWords({ groupedBy, level });
}

function errorTable(
  title: string,
  lines: readonly MonthLine[],
  words: (line: MonthLine) => string,
  of = 'of',
): Table {
  return {
    title,
    columns: [of, 'stays', 'people', 'model', 'both', 'nearer'],
    rows: lines.map((line) => {
      const { people, model, both, nearer } = line.figures;
      return [words(line), line.stays, people, model, both, nearer ?? '–'];
    }),
  };
}

function shareTable(title: string, lines: readonly MonthLine[], words: (line: MonthLine) => string): Table {
  return {
    title,
    columns: ['of', 'left on the day', 'within a day', 'model within a day', 'too early', 'too late'],
    rows: lines.map((line) => {
      const { shareOnDay, within1, modelWithin1, shareEarly, shareLate } = line.figures;
      const shares = [shareOnDay, within1, modelWithin1, shareEarly, shareLate];
      return [words(line), ...shares.map((share) => Math.round(100 * share))];
    }),
  };
}

function monthTables(lines: readonly MonthLine[]): Table[] {
  const months = lines.filter(({ groupedBy }) => groupedBy === 'all');
  if (months.length < 2) return [];
  return [errorTable('All dates: mean error in days', months, ({ month }) => monthInWords(month), 'month')];
}
