import { dateLiteral, literal } from '../ground/names.js';
import type { Contract, Origin } from './contract.js';

/**
 * The raw table as the contract speaks of it: what the table or a file calls otherwise (`source:`) by the contract's
 * name, and its null markers (`nulls:`) as NULL. The raw table's columns are called like their sources, so that a
 * table which was there before can be used as it is; everything derived from it has the contract's names.
 */

/** Name that people call it by: the table, the relation of others, or the view of a query. */
export function sourceName({ table, origin }: Pick<Contract, 'table' | 'origin'>): string {
  return origin?.source || table;
}

/** SELECT of the rows that others own, by the contract's names; values as they are there. */
export function originRows({ columns }: Contract, origin: Origin): string {
  const selected = Object.keys(columns).map((name) => {
    const originColumn = origin.columns[name];
    return originColumn === undefined ? name : `${quoteIdentifier(originColumn)} AS ${name}`;
  });
  const from = origin.query === undefined ? origin.source : `(\n${origin.query}\n)`;
  return `SELECT ${selected.join(', ')}\nFROM ${from}`;
}

/** Name of the column in the header of a file. */
export function headerOf(contract: Contract, column: string): string {
  return contract.written?.[column]?.header ?? sourceOf(contract, column);
}

/** The column's name in the raw table, as it is written there. */
export function sourceOf(contract: Contract, column: string): string {
  return contract.sources?.[column] ?? column;
}

/** The same in SQL: in quotes where it needs them. */
export function rawName(contract: Contract, column: string): string {
  const source = sourceOf(contract, column);
  return source === column ? column : quoteIdentifier(source);
}

/** Any name as an SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.split('"').join('""')}"`;
}

/** The column's type in the raw table. */
export function rawType({ columns, zoned }: Contract, column: string): string | undefined {
  return zoned && column in zoned.columns ? zoned.columns[column] : columns[column];
}

/**
 * SQL of a raw column's value, a moment by the hospital's clock. A marker that no value of its type can be is left to loading, which reads text.
 * @param name SQL of what stands in the table, of the raw column's type
 */
export function rawValue(contract: Contract, column: string, name = rawName(contract, column)): string {
  const type = contract.columns[column] ?? 'VARCHAR';
  const markers = (contract.nulls?.[column] ?? []).filter(
    (marker) => !/^(NUMBER|FLOAT)/.test(type) || (marker.trim() !== '' && Number.isFinite(Number(marker))),
  );
  if (/^(DATE|TIMESTAMP)/.test(type)) return dateValue(contract, column, name, markers);
  if (markers.length === 0 || /^BOOLEAN/.test(type)) return name;
  const text = /^VARCHAR/.test(type) ? name : `TO_VARCHAR(${name})`;
  return `IFF(${text} IN (${markers.map(literal).join(', ')}), NULL, ${name})`;
}

/** A marker of dates is a day, as 9999-12-31 for a patient who is still admitted: any time of it is missing. */
function dateValue(contract: Contract, column: string, name: string, markers: readonly string[]): string {
  const { zone = '', columns = {} } = contract.zoned || {};
  const zoned = columns[column];
  const value =
    zoned === undefined ? name : `CONVERT_TIMEZONE(${literal(zone)}, ${name})::${contract.columns[column]}`;
  const days = markers.filter((marker) => /^\d{4}-\d\d-\d\d$/.test(marker));
  if (days.length === 0) return value;
  // A time with an offset stands for a day by that offset.
  const day = zoned !== undefined && /^TIMESTAMP_TZ/.test(zoned) ? name : value;
  return `IFF(TO_DATE(${day}) IN (${days.map(dateLiteral).join(', ')}), NULL, ${value})`;
}

/**
 * Text after FROM to read the raw table, or its stream, by the contract's names.
 * @param table qualified
 * @param more columns that are handed on, such as a stream's METADATA$ACTION
 */
export function rawRows(contract: Contract, table: string, more: readonly string[] = []): string {
  const columns = Object.keys(contract.columns);
  if (columns.every((column) => rawValue(contract, column) === column)) return table;
  const values = columns.map((column) => {
    const value = rawValue(contract, column);
    return value === column ? column : `${value} AS ${column}`;
  });
  return `(SELECT ${[...values, ...more].join(', ')} FROM ${table})`;
}
