import type { CatalogTransaction } from '../catalog/catalog.js';
import type { Column, Sequence, Table } from '../catalog/objects.js';
import { changeLogName } from '../catalog/physical.js';
import { quoteText } from '../storage/storage.js';
import { duckType } from '../types/duck-type.js';
import type { StatementContext } from './statement.js';

/** The commands that make a table in DuckDB. `$row` is explained at the type Table. */
export function createTableSql(table: Table): string {
  const columns = table.columns.map((column) => `, ${columnSql(column)}`).join('');
  const temporary = table.persistence === 'temporary' ? 'TEMP ' : '';
  return `CREATE ${temporary}TABLE ${quoteText(table.physical)} ("$row" BIGINT${columns})`;
}

/** The command that fills a new table. @param select gives the values of `columns`, in their order and types */
export function fillTableSql(table: Table, columns: readonly Column[], select: string): string {
  const names = columns.map((column) => quoteText(column.physical)).join(', ');
  return `INSERT INTO ${quoteText(table.physical)} ("$row", ${names}) SELECT row_number() OVER (), * FROM (${select})`;
}

/** A column in the definition of a table in DuckDB. */
export function columnSql(column: Column): string {
  return `${quoteText(column.physical)} ${duckType(column.type)}${column.nullable ? '' : ' NOT NULL'}`;
}

/** Makes the hidden sequence behind an AUTOINCREMENT column. @param table whose it is */
export function putHiddenSequence(
  { account }: StatementContext,
  tx: CatalogTransaction,
  { owner, createdOn, database, schema }: Pick<Table, 'owner' | 'createdOn' | 'database' | 'schema'>,
  { start, increment, ordered }: { start: number; increment: number; ordered?: true },
): Sequence {
  const id = account.catalog.nextId();
  const sequence: Sequence = {
    kind: 'SEQUENCE',
    id,
    name: `$${id}`,
    comment: '',
    physical: `s${id}`,
    start,
    increment,
    hidden: true,
    ...(ordered && { ordered }),
    owner,
    createdOn,
    database,
    schema,
  };
  tx.put(sequence);
  return sequence;
}

/** The command that makes the table which records a table's changes; see Table.changeTracking. */
export function createChangeLogSql(table: Table): string {
  const columns = table.columns
    .map((column) => `, ${quoteText(column.physical)} ${duckType(column.type)}`)
    .join('');
  return `CREATE TABLE ${quoteText(changeLogName(table))} ("$seq" BIGINT, "$action" VARCHAR, "$update" BOOLEAN, "$row" BIGINT${columns})`;
}

/** The physical tables that change together with a table's columns. */
export function tablesOf(table: Table): string[] {
  return table.changeTracking ? [table.physical, changeLogName(table)] : [table.physical];
}
