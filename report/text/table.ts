import { HUGE, scientificNotation } from '../../procedures/ground/percent.js';
import { itemAt } from '../../udfs/require-value.js';
import type { Table } from '../mail/events.js';
import { longestPart, WIDTH, wrap } from './wrap.js';

/** Narrower than this a column of text is not made. */
const NARROWEST = 8;
const GAP = '  ';
/** Numbers with at least so many digits after the point: a format costs a hundred times what it is used for. */
const FORMATS = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: 2 }),
);

/**
 * A table as lines of text: numbers to the right, everything else to the left. Where it is wider than a terminal, headings
 * are broken between words, then columns of text, the widest first; columns that still have no room stand below, beside
 * the first one again.
 * @example
 * const lines = formatTable({ title: 'Beds', columns: ['ward', 'beds occupied'], rows: [['Surgery', 28]] });
 * process.stdout.write(`${lines.join('\n')}\n`);
 */
export function formatTable(table: Table, width = WIDTH): string[] {
  for (let count = table.columns.length; count >= 2; count--) {
    const lines = formatColumns(columnsOf(table, count), width);
    if (lines.every((line) => line.length <= width))
      return count === table.columns.length
        ? lines
        : [...lines, '', ...formatTable(columnsOf(table, count, 'after'), width).slice(1)];
  }
  return formatColumns(table, width);
}

/** The first columns, or the first one and those after them. */
function columnsOf({ title, columns, rows }: Table, count: number, which?: 'after'): Table {
  const part = <T>(cells: readonly T[]): T[] =>
    which === 'after' ? [...cells.slice(0, 1), ...cells.slice(count)] : cells.slice(0, count);
  return { title: which === 'after' ? '' : title, columns: part(columns), rows: rows.map(part) };
}

/** All columns beside each other, however wide that is. */
function formatColumns(table: Table, width: number): string[] {
  const rows = formatRows(table);
  const right = table.columns.map((_, column) => isNumeric(table, column));
  const widthOfColumn = (column: number) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length));
  const widths = table.columns.map((name, column) => Math.max(name.length, widthOfColumn(column)));
  const least = table.columns.map((name, column) =>
    Math.max(
      longestPart(name),
      right[column]
        ? widthOfColumn(column)
        : Math.max(
            Math.min(NARROWEST, widthOfColumn(column)),
            ...rows.map((row) => longestPart(row[column] ?? '')),
          ),
    ),
  );
  const total = () => widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1);
  while (total() > width) {
    const wide = widths
      .map((one, column) => ({ one, column, heading: one > widthOfColumn(column) }))
      .filter(({ one, column }) => one > itemAt(least, column))
      .sort((a, b) => Number(b.heading) - Number(a.heading) || b.one - a.one)[0];
    if (!wide) break;
    widths[wide.column] = wide.one - 1;
  }
  const lines = (row: readonly string[]): string[] => {
    const cells = table.columns.map((_, column) => wrap(row[column] ?? '', '', widths[column]));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, i) =>
      cells
        .map((cell, column) =>
          right[column]
            ? (cell[i] ?? '').padStart(itemAt(widths, column))
            : (cell[i] ?? '').padEnd(itemAt(widths, column)),
        )
        .join(GAP)
        .trimEnd(),
    );
  };
  return [...wrap(table.title, '', width), ...lines(table.columns), ...rows.flatMap(lines)];
}

/** The cells of a table as text: numbers with the digits that their column has. */
export function formatRows(table: Table): string[][] {
  const digits = table.columns.map((_, column) =>
    Math.max(0, ...table.rows.map((row) => decimals(row[column]))),
  );
  return table.rows.map((row) => row.map((cell, column) => text(cell, digits[column] ?? 0)));
}

/** A column of numbers, in which some may be missing. */
function isNumeric({ rows }: Table, column: number): boolean {
  return (
    rows.some((row) => typeof row[column] === 'number') &&
    rows.every((row) => typeof row[column] === 'number' || row[column] === '–' || row[column] === '')
  );
}

/** Number of digits that a number shows after the point: two at most. */
function decimals(cell: string | number | undefined): number {
  if (typeof cell !== 'number') return 0;
  const [, part = ''] = itemAt(FORMATS, 0).format(cell).split('.');
  return part.length;
}

/** With the digits that its column has, so that points stand below each other; large numbers have fewer. */
function text(cell: string | number, digits: number): string {
  if (typeof cell === 'number') {
    const size = Math.abs(cell);
    if (size >= HUGE) return scientificNotation(cell);
    const own = Math.min(digits, Number(size < 1000) + Number(size < 100));
    return itemAt(FORMATS, own).format(cell);
  }
  // A level may hold line breaks.
  return cell.replace(/\s+/g, ' ');
}
