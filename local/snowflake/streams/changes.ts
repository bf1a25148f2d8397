import type { Account } from '../account.js';
import type { Stream, Table } from '../catalog/objects.js';
import { changeLogName, initialRowsName } from '../catalog/physical.js';
import type { Session } from '../sessions/session.js';
import { quoteText } from '../storage/storage.js';
import { streamKeeper } from './keeper.js';
import { type RowRange, rangesIn, rowsOf } from './ranges.js';

/** What a transaction has seen of a stream's table: every statement in it sees the same records (repeatable read). */
export interface Window {
  after: number;
  upTo: number;
}

/** The table that records a table's changes, for DuckDB; see Table.changeTracking. */
export function changeLog(table: Table): string {
  return quoteText(changeLogName(table));
}

/** Rows that SHOW_INITIAL_ROWS keeps until the first consumption, for DuckDB. */
export function initialRows(stream: Pick<Stream, 'id'>): string {
  return quoteText(initialRowsName(stream));
}

/** DuckDB SQL for a table's records within a window. @param numbered with the rows' `$row` */
export async function tableChanges(
  account: Account,
  session: Session,
  table: Table,
  window: Window,
  mode: Stream['mode'] = 'DEFAULT',
  numbered = false,
): Promise<string> {
  // Only now: a writer of a range within the window has said so before.
  const ranges = streamKeeper(account).mayHoldRanges(table)
    ? await rangesIn(session.connection, table, window.after, window.upTo)
    : [];
  return changesSql(mode, table, window, ranges, numbered);
}

/**
 * Net change: a row that was inserted and deleted again is no record; one that changed several times is a
 * DELETE of the old and an INSERT of the new version, both with METADATA$ISUPDATE.
 * Docs: user-guide/streams-intro, "Data flow".
 */
function changesSql(
  mode: Stream['mode'],
  table: Table,
  { after, upTo }: Window,
  ranges: readonly RowRange[],
  numbered: boolean,
): string {
  const own = table.columns.map((column) => quoteText(column.physical));
  const columns = (numbered ? ['"$row"', ...own] : own).join(', ');
  const single = ranges.length > 0 ? ` AND "$action" <> 'ROWS'` : '';
  const range = `"$seq" > ${after} AND "$seq" <= ${upTo}${single}`;
  const metadata = (action: string, update: string) =>
    `${columns}, ${action} AS "METADATA$ACTION", ${update} AS "METADATA$ISUPDATE", ${rowId(table)} AS "METADATA$ROW_ID"`;
  // Nothing else has been written of rows that a range stands for.
  const whole = ranges
    .map((each) => ` UNION ALL ${rowsOf(table, each, metadata("'INSERT'", 'FALSE'))}`)
    .join('');
  if (mode === 'APPEND_ONLY')
    return `SELECT ${metadata("'INSERT'", 'FALSE')} FROM ${changeLog(table)} WHERE ${range} AND "$action" = 'INSERT' AND NOT "$update"${whole}`;
  // A group for each row and not a window over all of them, which would sort whole rows.
  return `SELECT ${metadata('"$action"', '"$first" = \'DELETE\' AND "$last" = \'INSERT\'')} FROM ${changeLog(table)}
  JOIN (
    SELECT "$row" AS "$changed", min("$seq") AS "$from", max("$seq") AS "$to",
      arg_min("$action", "$seq") AS "$first", arg_max("$action", "$seq") AS "$last"
    FROM ${changeLog(table)} WHERE ${range} GROUP BY "$row") ON "$row" = "$changed"
  WHERE ${range} AND (("$seq" = "$from" AND "$action" = 'DELETE') OR ("$seq" = "$to" AND "$action" = 'INSERT'))${whole}`;
}

export function initialSql(stream: Stream, table: Table): string {
  const columns = table.columns.map((column) => quoteText(column.physical)).join(', ');
  return `SELECT ${columns}, 'INSERT' AS "METADATA$ACTION", FALSE AS "METADATA$ISUPDATE", ${rowId(table)} AS "METADATA$ROW_ID" FROM ${initialRows(stream)}`;
}

/** 40 hex digits, the same for all versions of a row. */
function rowId(table: Table): string {
  return `substr(sha256(concat('${table.id}:', "$row")), 1, 40)`;
}
