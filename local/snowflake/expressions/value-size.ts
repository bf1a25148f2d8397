import { MAX_TEXT } from '../types/data-type.js';
import { isQuoted } from '../types/duck-type.js';
import { balance } from './balanced.js';

/**
 * Values end at Snowflake's size: docs.snowflake.com/en/sql-reference/data-types-text, 16 MB for a VARCHAR without a
 * length. Functions that make long texts of short ones check the size before they make them.
 */

/** DuckDB SQL of an error about a text of so many bytes; 100082 of Snowflake (behavior change 2024_08, bcr-1779). */
const sizeErrorSql = (bytes: string): string =>
  `error('Max LOB size (${MAX_TEXT}) exceeded, actual size of parsed column is ' || ${bytes})`;

/** The same of a text that JavaScript makes. @throws Error that becomes the statement's */
export function textWithin(text: string): string {
  lengthWithin(text.length);
  return text;
}

/** The same before the text is made. @throws Error that becomes the statement's */
export function lengthWithin(length: number): number {
  if (length > MAX_TEXT)
    throw new Error(`Max LOB size (${MAX_TEXT}) exceeded, actual size of parsed column is ${length}`);
  return length;
}

/** JSON that is made of columns with JSON: from query to query it could double. @param parts those that are JSON */
export function jsonWithin(parts: string[], sql: string): string {
  if (!parts.some(isPlain)) return sql;
  return `(list_transform([${sql}], lambda made: ${fitSize('strlen(CAST(made AS VARCHAR))', 'made')}))[1]`;
}

/**
 * A text that seldom gets long: its bytes are counted only where a quick look says that they may be too many.
 * @param most DuckDB SQL of a number that the bytes never exceed
 */
export const guardSize = (most: string, bytes: string, sql: string): string =>
  `CASE WHEN ${most} <= ${MAX_TEXT} THEN ${sql} ELSE ${fitSize(bytes, sql)} END`;

/** A text whose bytes can be told beforehand. @param bytes DuckDB SQL, a number */
export function fitSize(bytes: string, sql: string): string {
  return `CASE WHEN ${bytes} > ${MAX_TEXT} THEN ${sizeErrorSql(`CAST(CAST(${bytes} AS HUGEINT) AS VARCHAR)`)} ELSE ${sql} END`;
}

/** Whether DuckDB SQL may give a text that is much longer than what it was made of. */
export const grows = (sql: string): boolean => /\b(?:repeat|[lr]pad)\(/.test(sql);

/** A column, a literal: what may stand twice in a statement without swelling it. */
export const isPlain = (sql: string): boolean => sql.length <= 60;

/**
 * Texts that are put together by `||`, `sql`; worth a look only where one of them has grown, or where they are columns that may
 * hold as much.
 * @param longest what their types allow for, in all
 */
export function sumWithin(parts: string[], sql: string, longest = 0): string {
  if (!parts.some(grows) && !(longest > MAX_TEXT && parts.every(isPlain))) return sql;
  const literals = parts.filter(isQuoted);
  const known = literals.reduce(
    (sum, part) => sum + Buffer.byteLength(part.slice(1, -1).replaceAll("''", "'")),
    0,
  );
  const sizes = parts.filter((part) => !literals.includes(part)).map((part) => `strlen(${part})`);
  if (sizes.length === 0) return sql;
  const bytes = balance(sizes, '+');
  // NULL in one of them is NULL in all.
  return `CASE WHEN ${bytes} > ${MAX_TEXT - known} THEN ${sizeErrorSql(`(${bytes} + ${known})`)} ELSE ${sql} END`;
}

/**
 * What an aggregate makes of many values at once.
 * @param list DuckDB's list of texts that it is made of; NULL for no rows
 * @param made what is made of `list`, by its name `l`
 * @param between DuckDB SQL of the text between two of them
 */
export function listWithin(list: string, made: string, between: string): string {
  const items = `CAST(coalesce(list_sum(list_transform(l, lambda x: strlen(CAST(x AS VARCHAR)))), 0) AS BIGINT)`;
  const bytes = `(${items} + (len(l) - 1) * coalesce(strlen(${between}), 0))`;
  return `(list_transform([${list}], lambda l: ${fitSize(bytes, made)}))[1]`;
}
