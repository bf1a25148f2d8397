import type { Answer } from '../../procedures/exploring/answer.js';
import { itemAt } from '../../udfs/require-value.js';
import type { Figure, Picture, Table } from '../mail/events.js';
import type { MailSender } from '../mail/sender.js';
import type { Exploration } from '../results/exploration.js';
import { mailTable } from './tables.js';

/** Tables of a mail at most: it is for people in a hurry. */
const TABLES = 3;
/** Lines of a table in it, and bars of its picture. */
const LINES = 8;
/** Columns of figures that fit a phone beside what they are of, where a table has them. */
const FIGURES = ['stays', '%', 'mean', 'median', 'from', 'to', 'below', 'above'];
const MOST_FIGURES = 3;

/** Mails what stands out of an exploration. */
export async function mailExploration(
  { mail }: { readonly mail: MailSender },
  made: Exploration,
): Promise<void> {
  const { overview, highlights, questions, dataset } = made;
  const figure = (label: string, value: number | null): Figure[] =>
    value === null ? [] : [{ label, value: roundDays(value) }];
  const first = questions
    .filter(({ weight, tables }) => weight > 0 && tables.length > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, TABLES);
  const picture = pictureOf(questions);
  const [headline = '', ...sentences] = highlights;
  await mail.send('eda', {
    headline: [
      `${dataset}: ${overview.stays.toLocaleString('en-US')} stays`,
      ...(overview.meanLos === null ? [] : [`of ${roundDays(overview.meanLos)} days on average`]),
    ].join(' '),
    key: [
      ...figure('days, mean', overview.meanLos),
      ...figure('days, median', overview.medianLos),
      ...figure('days, 90th percentile', overview.p90Los),
    ],
    summary: headline,
    sentences,
    ...(picture ? { picture } : {}),
    figures: [
      ...figure('Admissions', overview.admissions),
      ...figure('Still in hospital', overview.stillInHospital),
      ...(overview.negative > 0 ? figure('Discharged before admitted, left out', overview.negative) : []),
    ],
    tables: first.map(({ tables }) => narrowTable(mailTable(itemAt(tables, 0), LINES))),
    next: `All ${questions.length} answers with their tables:`,
    commands: ['los eda', 'CALL EXPLORE_ADMISSIONS();'],
  });
}

function roundDays(days: number): number {
  return Math.round(days * 10) / 10;
}

/** Pictures the features that tell most of a stay, as bars. */
function pictureOf(questions: readonly Answer[]): Picture | undefined {
  const table = questions.find(({ id }) => id === 'associations')?.tables[0];
  const rows = table?.rows.slice(0, LINES).map(([name, share]) => [String(name), Number(share)] as const);
  const [strongest] = rows ?? [];
  if (!table || !rows || !strongest) return undefined;
  const label = `${table.title}: ${strongest[0]} ${strongest[1]} first`;
  return {
    title: table.title,
    alt: `${label}, then ${rows
      .slice(1, 3)
      .map(([name, share]) => `${name} ${share}`)
      .join(', ')}.`,
    draw: async () => {
      const { bars } = await import('../charts/bars.js');
      return bars({
        label,
        names: rows.map(([name]) => name),
        series: [{ name: 'share of the variance, %', values: rows.map(([, share]) => share) }],
      });
    },
  };
}

/** The same table with no more columns than a phone has room for. */
function narrowTable(table: Table): Table {
  const isNumber = (cell: string | number | undefined) => /^[\d.,-]+$/.test(String(cell));
  const first = table.columns.findIndex((_, i) => i > 0 && isNumber(table.rows[0]?.[i]));
  const of = first < 0 ? 1 : first;
  const figures = table.columns
    .map((name, i) => ({ name, i }))
    .filter(({ name, i }) => i >= of && FIGURES.includes(name))
    .slice(0, MOST_FIGURES);
  const kept = [...table.columns.keys()].filter((i) => i < of || figures.some((figure) => figure.i === i));
  return {
    ...table,
    columns: kept.map((i) => itemAt(table.columns, i)),
    rows: table.rows.map((row) => kept.map((i) => itemAt(row, i))),
  };
}
