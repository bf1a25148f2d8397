import type { Table } from '../mail/events.js';

/** A table as lines of text: numbers to the right, everything else to the left. */
export function formatTable(table: Table): string[] {
  const cells = [table.columns, ...table.rows.map((row) => row.map((cell) => text(cell)))];
  const widths = table.columns.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        typeof table.rows[0]?.[column] === 'number'
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [table.title, ...cells.map(line)];
}

function text(cell: string | number): string {
  if (typeof cell === 'number') return cell.toLocaleString('en-US', { maximumFractionDigits: 2 });
  // A level may hold line breaks.
  return cell.replace(/\s+/g, ' ');
}
