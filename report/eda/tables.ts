import type { AnswerTable } from '../../procedures/exploring/answer.js';
import type { Table } from '../mail/events.js';

/**
 * A table as mails and terminals take it, cut after some lines.
 * @param lines that are shown at most; the title says how many there are
 */
export function mailTable({ title, columns, rows }: AnswerTable, lines = Number.POSITIVE_INFINITY): Table {
  const shown = rows.length > lines + 1 ? rows.slice(0, lines) : rows;
  return {
    title: shown.length < rows.length ? `${title} (${shown.length} of ${rows.length} lines)` : title,
    columns: [...columns],
    rows: shown.map((row) => row.map((cell) => cell ?? '–')),
  };
}
