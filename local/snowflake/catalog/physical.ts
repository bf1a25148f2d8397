import { quoteText } from '../storage/storage.js';
import type { Column, Stored, Stream, Table } from './objects.js';

/** The table in DuckDB that records a table's changes for its streams; see Table.changeTracking. */
export function changeLogName(table: Pick<Table, 'physical'>): string {
  return `${table.physical}$changes`;
}

/** The table in DuckDB with the rows that SHOW_INITIAL_ROWS keeps until the stream's first consumption. */
export function initialRowsName(stream: Pick<Stream, 'id'>): string {
  return `stream_${stream.id}$initial`;
}

/** What an object keeps in DuckDB goes with it: the commands that drop it. */
export function dropsOf(object: Stored): string[] {
  switch (object.kind) {
    case 'TABLE':
      return [
        `DROP TABLE IF EXISTS ${quoteText(object.physical)}`,
        ...(object.changeTracking ? [`DROP TABLE IF EXISTS ${quoteText(changeLogName(object))}`] : []),
      ];
    case 'STREAM':
      return object.initial || object.spent
        ? [`DROP TABLE IF EXISTS ${quoteText(initialRowsName(object))}`]
        : [];
    case 'DROPPED':
      return object.stored.flatMap(dropsOf);
    default:
      return [];
  }
}

/**
 * The name of a column in DuckDB, whose identifiers ignore case and which has a few of its own.
 * @param taken the table's other columns
 */
export function physicalColumn(name: string, taken: Pick<Column, 'physical'>[]): string {
  const used = new Set(taken.map((column) => column.physical.toLowerCase()));
  const reserved = name.startsWith('$') || name.toLowerCase() === 'rowid';
  let physical = reserved ? `_${name}` : name;
  for (let n = 2; used.has(physical.toLowerCase()); n++) physical = `${name}_${n}`;
  return physical;
}
