import { literal } from '../ground/names.js';
import { queryFirst, type Row, type Work } from '../ground/work.js';
import { COUNTS, type TablesPlan } from './counted.js';
import type { CountedTable } from './counted-table.js';
import { keepOnceSql, restoreSql, undropReplacedSql } from './restoring.js';

/** Records that are there no longer, or more than once. */
export interface Loss {
  readonly table: string;
  readonly lost: number;
  /** Rows beyond the first of theirs. */
  readonly doubled: number;
  /** Rows that it had. */
  readonly rows: number;
  /** Sentence of what happened. */
  readonly what: string;
  /** Advice on what brings the rows back, and what accepts their loss. */
  readonly next: string;
}

/** Words of the alarm of rows that exist more than once. @param row of the comparison */
export function describeDoubled(
  { place, zone }: TablesPlan,
  table: CountedTable,
  row: Row,
  doubled: number,
): Loss {
  return {
    table: table.name,
    lost: 0,
    doubled,
    rows: Number(row.PAST),
    what: `${withCommas(doubled)} rows of ${table.name} are there more than once since ${row.SINCE_HERE} (${zone}).`,
    next: `These statements keep one of each: ${keepOnceSql(place, table)} To accept the rows: CALL ACCEPT_CHANGES(${literal(table.name)});`,
  };
}

/** Words of the alarm of rows that are gone, and how they come back. @param row of the comparison */
export function* describeLoss(plan: TablesPlan, table: CountedTable, row: Row): Work<Loss> {
  const { place, zone } = plan;
  const [lost, rows] = [Number(row.LOST), Number(row.PAST)];
  const several = row.FIRST_DAY === row.LAST_DAY ? '' : `${row.DAYS} days from `;
  const last = several && ` to ${row.LAST_DAY}`;
  const days = table.day === undefined || !row.FIRST_DAY ? '' : `, of ${several}${row.FIRST_DAY}${last}`;
  const replaced = yield* wasReplaced(plan, table, String(row.SINCE));
  const restore = replaced
    ? `Another table has taken its name, and Snowflake keeps the one before for a day, unless its retention is another: ${undropReplacedSql(place, table)}`
    : `Time Travel has them for a day, unless the table's retention is another: ${restoreSql(place, table, String(row.SINCE))}`;
  return {
    table: table.name,
    lost,
    doubled: 0,
    rows,
    what: `${table.name} has lost ${withCommas(lost)} of ${withCommas(rows)} rows since ${row.SINCE_HERE === null ? row.SINCE : `${row.SINCE_HERE} (${zone})`}${days}.${row.SINCE_HERE === null ? ` The counts of it in ${COUNTS} are gone too.` : ''}`,
    next: `${restore} To accept the loss: CALL ACCEPT_CHANGES(${literal(table.name)});`,
  };
}

/** INFORMATION_SCHEMA is answered in owner's rights since Snowflake's release 10.3 of February 2026. */
const REFUSED = /unsupported|not supported|not authorized|insufficient privileges/i;

/** Tells whether the table of this name was made after its rows were counted last. */
function* wasReplaced({ place }: TablesPlan, { name }: CountedTable, since: string): Work<boolean> {
  try {
    const row = yield* queryFirst(
      `SELECT CREATED > TO_TIMESTAMP_LTZ(?, 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM') AS LATER FROM ${place.snowflake.database}.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ${literal(place.snowflake.schema)} AND TABLE_NAME = ${literal(name)}`,
      [since],
    );
    return row !== undefined && row.LATER === true;
  } catch (error) {
    if (!REFUSED.test(String((error as Partial<Error>).message))) throw error;
    return false;
  }
}

function withCommas(n: number): string {
  return n.toLocaleString('en-US');
}
