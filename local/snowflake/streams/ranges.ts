import type { Account } from '../account.js';
import type { Table } from '../catalog/objects.js';
import { changeLogName } from '../catalog/physical.js';
import { type Connection, quoteText } from '../storage/storage.js';
import { streamKeeper } from './keeper.js';

/**
 * Many rows of one INSERT are not copied into the table's change log. Two records of the action ROWS and of one number, with the
 * first and the last `$row`, stand for them: they are read from the table itself, where they are as they were
 * inserted for as long as no one has changed one. Before another does, all of them are copied under their range's number
 * (`splitRanges`), and from then on the range counts no more.
 */

/** From how many rows of an INSERT on: a copy of fewer costs less than to look for ranges. Tests set it to 1. */
export const ranged = { from: 10_000 };

/** Rows of a table that a statement has inserted and no one has changed since. */
export interface RowRange {
  seq: string;
  first: string;
  last: string;
}

const columnsOf = (table: Table): string =>
  table.columns.map(({ physical }) => quoteText(physical)).join(', ');
const logOf = (table: Table): string => quoteText(changeLogName(table));

/** The command that writes a relation's rows (with `$row`) into the change log as one range. @param seq its number */
export function recordRange(table: Table, from: string, seq: number): string {
  const range = `SELECT min("$row") AS "$first", max("$row") AS "$last" FROM ${from}`;
  return `INSERT INTO ${logOf(table)} ("$seq", "$action", "$update", "$row") SELECT ${seq}, 'ROWS', FALSE, unnest(["$first", "$last"]) FROM (${range})`;
}

/** The commands to be run before rows of the table are changed: none where there are no ranges. */
export function splitRanges(account: Account, table: Table): string[] {
  if (!streamKeeper(account).mayHoldRanges(table)) return [];
  const log = logOf(table);
  const columns = columnsOf(table);
  const ranges = `SELECT "$seq" AS "$range", min("$row") AS "$first", max("$row") AS "$last" FROM ${log} WHERE "$action" = 'ROWS' AND "$seq" NOT IN (SELECT "$seq" FROM ${log} WHERE "$action" = 'INSERT') GROUP BY "$seq"`;
  return [
    `INSERT INTO ${log} ("$seq", "$action", "$update", "$row", ${columns}) SELECT "$range", 'INSERT', FALSE, "$row", ${columns} FROM ${quoteText(table.physical)} JOIN (${ranges}) ON "$row" BETWEEN "$first" AND "$last"`,
  ];
}

/** Ranges among a table's changes behind `after` up to `upTo`, those that count no more with them. */
export async function rangesIn(
  connection: Connection,
  table: Table,
  after: number,
  upTo: number,
): Promise<RowRange[]> {
  const rows = await connection.rows(
    `SELECT CAST("$seq" AS VARCHAR), CAST(min("$row") AS VARCHAR), CAST(max("$row") AS VARCHAR) FROM ${logOf(table)} WHERE "$action" = 'ROWS' AND "$seq" > ${after} AND "$seq" <= ${upTo} GROUP BY "$seq"`,
  );
  return rows.map(([seq, first, last]) => ({ seq: seq!, first: first!, last: last! }));
}

/**
 * The rows of a range, if it counts still.
 * @param columns what is asked of them
 */
export function rowsOf(table: Table, { seq, first, last }: RowRange, columns: string): string {
  return `SELECT ${columns} FROM ${quoteText(table.physical)} WHERE "$row" BETWEEN ${first} AND ${last} AND NOT EXISTS (SELECT 1 FROM ${logOf(table)} WHERE "$seq" = ${seq} AND "$action" = 'INSERT')`;
}
