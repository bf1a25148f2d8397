import type { Column, Table } from '../../catalog/objects.js';
import { changeLogName } from '../../catalog/physical.js';
import { streamKeeper } from '../../streams/keeper.js';
import { ranged, recordRange } from '../../streams/ranges.js';
import { isRecorded } from '../../streams/staleness.js';
import { quoteName } from '../../types/duck-type.js';
import type { Binder } from '../bind/binder.js';

/** What a write writes down of its rows in the table's change table, for streams, in DuckDB's commands. */

export const names = (columns: Column[]): string =>
  columns.map((column) => quoteName(column.physical)).join(', ');

export const physicalName = (table: Table): string => quoteName(table.physical);
const changesName = (table: Table): string => quoteName(changeLogName(table));

/**
 * Whether a stream wants to know of such a change of the table: as of now, under its lock, which may have been waited for
 * since the statement looked the table up.
 */
export function isTracked(b: Binder, table: Table, change: 'INSERT' | 'UPDATE' | 'DELETE'): boolean {
  const recorded = isRecorded(b.account, table.id, change === 'INSERT');
  if (recorded) streamKeeper(b.account).recordWrite(b.session.transaction, table);
  return recorded;
}

/** The rows that a statement has just added, in DuckDB SQL. @param last the last number of a row before */
export const rowsSince = (table: Table, last: number): string =>
  `FROM ${physicalName(table)} WHERE "$row" > ${last}`;

/** The command that writes inserted rows into the table's change table. @param last see rowsSince @param rows how many */
export function inserting(b: Binder, table: Table, last: number, rows: number): string {
  const added = `(${rowsSince(table, last)})`;
  if (b.session.transaction.explicit || rows < ranged.from)
    return recording(b, table, 'INSERT', false, added);
  streamKeeper(b.account).rangeWritten(b.session.transaction, table.id);
  return recordRange(table, added, b.account.storage.numbers.last(changeLogName(table)) + 1);
}

/** The command that writes rows of `from` (with `$row` and the columns) into the table's change table. */
export function recording(
  b: Binder,
  table: Table,
  action: 'INSERT' | 'DELETE',
  update: boolean,
  from: string,
): string {
  const columns = `"$row", ${names(table.columns)}`;
  const last = b.account.storage.numbers.last(changeLogName(table));
  return `INSERT INTO ${changesName(table)} ("$seq", "$action", "$update", ${columns}) SELECT ${last} + row_number() OVER (), '${action}', ${update}, ${columns} FROM ${from}`;
}

/**
 * The command that writes down what an UPDATE has made of the rows that `recording` has just written down as they were. They are
 * in the change table's last rows, where they need not be looked for.
 * @param most so many have been at most
 */
export function recordingUpdated(
  b: Binder,
  table: Table,
  rows: string,
  set: { column: Column; value: string }[],
  most: number,
): string {
  const last = b.account.storage.numbers.last(changeLogName(table));
  const values = table.columns.map((column) => {
    const value = set.find((each) => each.column === column)?.value;
    return value === undefined ? `"$old".${quoteName(column.physical)}` : `"$new".${value}`;
  });
  return `INSERT INTO ${changesName(table)} ("$seq", "$action", "$update", "$row", ${names(table.columns)}) SELECT ${last + most} + row_number() OVER (), 'INSERT', true, "$old"."$row", ${values.join(', ')} FROM ${changesName(table)} AS "$old" JOIN ${rows} AS "$new" ON "$old"."$row" = "$new"."$row" WHERE "$old"."$seq" > ${last}`;
}

/**
 * The table's rows whose `$row` stands in a temporary table. Only where that is asked with a condition does DuckDB look for them by a
 * Bloom filter before it reads their other columns.
 */
export const rowsAffected = (table: Table, rows: string): string =>
  `(SELECT * FROM ${physicalName(table)} WHERE "$row" IN (SELECT "$row" FROM ${rows} WHERE "$row" IS NOT NULL))`;
