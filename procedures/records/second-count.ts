import { literal, type Place } from '../ground/names.js';
import { isNotShown } from '../ground/stale.js';
import { queryFirst, type Work } from '../ground/work.js';

/** Rows by table, at a moment in ISO's words. */
export interface SecondCount {
  readonly at: string;
  readonly rows: Readonly<Record<string, number>>;
}

/** The table whose comment has the sign of life, and with it the second count. */
export const SIGNED = 'LOS_RUN_LOG';

/** SELECT of that comment, with a further condition. The catalogue answers it together with other questions; one SHOW costs as much as ten of these. */
export const commentSql = ({ snowflake: { database, schema } }: Place, columns = 'COMMENT', also = 'TRUE') =>
  `SELECT ${columns} FROM ${database}.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ${literal(schema)} AND TABLE_NAME = ${literal(SIGNED)} AND ${also}`;

const SIGN = /^Monitoring is alive at \S+ (?:(\([^)]*\)) )?/;
const COUNT = /^\((\S+) at (\S+): (.*)\)$/;

/**
 * A comment with a new sign of life, before the deployer's mark. Rows of tables that never expire stand in it, so that a log
 * and LOS_TABLE_COUNTS cannot be emptied together unseen.
 * @param at of the sign of life, in ISO's words
 * @param rows counted then; null: what stands there stays, for something is lost
 */
export function signedComment(
  comment: string,
  at: string,
  rows: SecondCount['rows'] | null,
  dataset: string,
): string {
  const [sign = '', before = ''] = SIGN.exec(comment) || [];
  const countsOf = (counted: SecondCount['rows']) =>
    Object.keys(counted)
      .map((table) => `${table} ${counted[table]}`)
      .join(', ');
  const counted = rows === null ? before : `(${dataset} at ${at}: ${countsOf(rows)})`;
  return `Monitoring is alive at ${at} ${counted && `${counted} `}${comment.slice(sign.length)}`;
}

/** Count that the comment has; undefined: nothing of this dataset. */
export function secondCount(comment: string, dataset: string): SecondCount | undefined {
  const [, counted = ''] = SIGN.exec(comment) || [];
  const [, of, at = '', counts = ''] = COUNT.exec(counted) || [];
  if (of !== dataset) return undefined;
  const rows: Record<string, number> = {};
  for (const each of counts.split(', ')) {
    const [table, n] = each.split(' ');
    if (table && n) rows[table] = Number(n);
  }
  return { at, rows };
}

/** The count of the last sign of life; undefined: there was none, or Snowflake refuses to ask the catalogue. */
export function* lastSecondCount(place: Place, dataset: string): Work<SecondCount | undefined> {
  try {
    const row = yield* queryFirst(commentSql(place));
    return row === undefined ? undefined : secondCount(String(row.COMMENT), dataset);
  } catch (error) {
    if (!isNotShown(error)) throw error;
    return undefined;
  }
}
