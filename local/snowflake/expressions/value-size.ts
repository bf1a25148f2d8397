import { MAX_TEXT } from '../types/data-type.js';

/**
 * Values end at Snowflake's size: docs.snowflake.com/en/sql-reference/data-types-text, 16 MB for a VARCHAR without a
 * length. Functions that make long texts of short ones check the size before they make them.
 */

/** DuckDB SQL of an error about a text of so many bytes; 100082 of Snowflake (behavior change 2024_08, bcr-1779). */
const tooLarge = (bytes: string): string =>
  `error('Max LOB size (${MAX_TEXT}) exceeded, actual size of parsed column is ' || ${bytes})`;

/** A text whose bytes can be told beforehand. @param bytes DuckDB SQL, a number */
export function within(bytes: string, sql: string): string {
  return `CASE WHEN ${bytes} > ${MAX_TEXT} THEN ${tooLarge(`CAST(CAST(${bytes} AS HUGEINT) AS VARCHAR)`)} ELSE ${sql} END`;
}

/** Whether DuckDB SQL may give a text that is much longer than what it was made of. */
export const grows = (sql: string): boolean => /\b(?:repeat|[lr]pad)\(/.test(sql);

/** Texts that are put together, `sql`; only where one of them has grown is it worth a look. */
export function sumWithin(parts: string[], sql: string): string {
  if (!parts.some(grows)) return sql;
  return within(parts.map((part) => `coalesce(strlen(${part}), 0)`).join(' + '), sql);
}
