import { literal, type Place, qualify } from '../ground/names.js';
import type { CountedTable } from './counted-table.js';

/**
 * The statement that brings back what a table had at a moment and has no longer; what was written since stays as it is.
 * The grammar is sql-reference/constructs/at-before's: an alias stands behind AT, and the moment is a constant with its type.
 * @param moment `2026-11-29 16:15:03.123 +0000`
 */
export function restoreSql(place: Place, table: CountedTable, moment: string): string {
  return insertMissing(
    place,
    table,
    `${qualify(place, table.name)} AT (TIMESTAMP => ${literal(moment)}::TIMESTAMP_TZ)`,
  );
}

/**
 * The same where another table has taken the name: Snowflake keeps the former one, and brings it back once its name is free
 * (sql-reference/sql/undrop-table).
 */
export function undropReplacedSql(place: Place, table: CountedTable): string {
  const name = qualify(place, table.name);
  return `ALTER TABLE ${name} RENAME TO ${name}_NEW; UNDROP TABLE ${name}; ${insertMissing(place, table, `${name}_NEW`)}`;
}

/** The statements that keep one row of those that are there more than once; rows that are written meanwhile stay. */
export function keepOnceSql(place: Place, { name, key, moment }: CountedTable): string {
  const table = qualify(place, name);
  const once = `${table}_ONCE`;
  const by = key.map((column) => keyValue(column)).join(', ');
  return `CREATE TEMPORARY TABLE ${once} AS SELECT * FROM ${table} QUALIFY COUNT(*) OVER (PARTITION BY ${by}) > 1 AND ROW_NUMBER() OVER (PARTITION BY ${by} ORDER BY ${moment ?? by}) = 1; BEGIN; DELETE FROM ${table} AS n USING ${once} AS b WHERE ${sameRow(key)}; INSERT INTO ${table} SELECT * FROM ${once}; COMMIT; DROP TABLE ${once};`;
}

/** SELECT of how many rows of a table are more than the first of theirs: one row, one column N. */
export function doubledSql(place: Place, { name, key, rows }: CountedTable): string {
  return `SELECT COUNT(*) - COUNT(DISTINCT HASH(${key.map((column) => keyValue(column)).join(', ')})) AS N FROM ${qualify(place, name)} WHERE ${rows}`;
}

function insertMissing(place: Place, { name, key, settle }: CountedTable, from: string): string {
  const table = qualify(place, name);
  return `INSERT INTO ${table} SELECT b.* FROM ${from} AS b WHERE NOT EXISTS (SELECT 1 FROM ${table} AS n WHERE ${sameRow(key)});${settle === undefined ? '' : ` ${settle};`}`;
}

/** SQL of whether the rows `n` and `b` are the same one. Subqueries are joined by equality alone. */
function sameRow(key: CountedTable['key']): string {
  return key.map((column) => `${keyValue(column, 'n.')} = ${keyValue(column, 'b.')}`).join(' AND ');
}

/** SQL of a column of the key that is never NULL. @param row what stands before it, e.g. `n.` */
function keyValue(column: string, row = ''): string {
  const name = column.replace('?', '');
  return name === column ? `${row}${name}` : `COALESCE(TO_VARCHAR(${row}${name}), '')`;
}
