import type { Answer, AnswerTable, Exploration } from '../../procedures/exploring/answer.js';
import { bars } from '../charts/bars.js';
import { mailTable } from '../eda/tables.js';
import type { Page, Plot, Section } from './page.js';

/** Number of lines from which on a table has no chart. */
const MOST_BARS = 24;
/** Lines of a table that the report has; los eda --json has all. */
const MOST_LINES = 60;

/** Page of the explorations: what stands out, then every question with its charts and tables. */
export function dataPage({ highlights, questions, leftOut, overview }: Exploration): Page {
  return {
    id: 'data',
    title: 'Data',
    sections: [
      {
        title: 'What stands out',
        sentences: highlights,
        figures: [
          { label: 'Admissions', value: overview.admissions },
          { label: 'Stays that have ended', value: overview.stays },
          { label: 'Still in hospital', value: overview.stillInHospital },
        ],
      },
      ...questions.map((question) => sectionOf(question, overview.meanLos)),
      ...(leftOut.length > 0 ? [{ title: 'Left out', sentences: leftOut }] : []),
    ],
  };
}

function sectionOf({ question, answer, tables }: Answer, meanLos: number | null): Section {
  const drawn = tables.map((table) => ({ table, plot: plotOf(table, meanLos) }));
  return {
    title: question,
    sentences: answer === '' ? [] : [answer],
    plots: drawn.flatMap(({ plot }) => (plot ? [plot] : [])),
    tables: drawn.flatMap(({ table, plot }) => (plot ? [] : [mailTable(table, MOST_LINES)])),
  };
}

/** Bars of what a table is about: means of groups, or shares. A table of other figures has no chart. */
function plotOf(table: AnswerTable, meanLos: number | null): Plot | undefined {
  const { title, columns, rows } = table;
  const first = columns.findIndex((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const ofFeatures = columns[0] === 'feature' && first > 1;
  if (first < 1 || rows.length < 2 || rows.length > MOST_BARS || ofFeatures) return undefined;
  const of = (name: string) => columns.indexOf(name);
  const mean = columns[first] === 'stays' && of('mean') > 0;
  const shown = mean ? ['mean'] : columns.filter((name) => /^%( of the others)?$/.test(name));
  if (shown.length === 0) return undefined;
  const ofStays = mean && /^Stay by/.test(title);
  const values = (name: string) => rows.map((row) => asNumber(row[of(name)]));
  return {
    title,
    svg: bars({
      label: `${title}: ${shown.join(' and ')} of ${rows.length} groups`,
      names: rows.map((row) =>
        row
          .slice(0, first)
          .map((cell) => cell ?? '–')
          .join(' · '),
      ),
      series: shown.map((name) => ({ name, values: values(name) })),
      ...(ofStays && meanLos !== null
        ? { reference: { name: `all: ${meanLos.toFixed(1)}`, value: meanLos } }
        : {}),
    }),
    table: mailTable(table),
  };
}

function asNumber(cell: string | number | null | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}
