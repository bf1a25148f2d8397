import { literal, type Place, qualify } from '../ground/names.js';
import type { CountedTable } from './counted.js';

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

function insertMissing(place: Place, { name, key, settle }: CountedTable, from: string): string {
  const table = qualify(place, name);
  const same = key.map((column) => {
    const bare = column.replace('?', '');
    // NOT EXISTS is joined by equality alone.
    const value = (alias: string) =>
      bare === column ? `${alias}.${bare}` : `COALESCE(TO_VARCHAR(${alias}.${bare}), '')`;
    return `${value('n')} = ${value('b')}`;
  });
  return `INSERT INTO ${table} SELECT b.* FROM ${from} AS b WHERE NOT EXISTS (SELECT 1 FROM ${table} AS n WHERE ${same.join(' AND ')});${settle === undefined ? '' : ` ${settle};`}`;
}
