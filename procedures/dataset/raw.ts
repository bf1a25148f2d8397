import { literal } from '../ground/names.js';
import type { Contract } from './contract.js';

/**
 * The raw table as the contract speaks of it: what the table or a file calls otherwise (`source:`) by the contract's
 * name, and its null markers (`nulls:`) as NULL. The raw table's columns are called like their sources, so that a
 * table which was there before can be used as it is; everything derived from it has the contract's names.
 */

/** The column's name in the raw table and in the header of a file, as it is written there. */
export function sourceOf(contract: Contract, column: string): string {
  return contract.sources?.[column] ?? column;
}

/** The same in SQL: in quotes where it needs them. */
export function rawName(contract: Contract, column: string): string {
  const source = sourceOf(contract, column);
  return source === column ? column : quoted(source);
}

/** Any name as an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.split('"').join('""')}"`;
}

/** SQL of a raw column's value. A marker that no value of its type can be is left to loading, which reads text. */
export function rawValue(contract: Contract, column: string): string {
  const name = rawName(contract, column);
  const type = contract.columns[column] ?? 'VARCHAR';
  const markers = (contract.nulls?.[column] ?? []).filter(
    (marker) => !/^(NUMBER|FLOAT)/.test(type) || (marker.trim() !== '' && Number.isFinite(Number(marker))),
  );
  if (markers.length === 0 || /^(DATE|TIMESTAMP|BOOLEAN)/.test(type)) return name;
  const text = /^VARCHAR/.test(type) ? name : `TO_VARCHAR(${name})`;
  return `IFF(${text} IN (${markers.map(literal).join(', ')}), NULL, ${name})`;
}

/**
 * What stands after FROM to read the raw table, or its stream, by the contract's names.
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
