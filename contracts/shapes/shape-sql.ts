import { fillFile } from '../../deploy/sql-file.js';
import { literal } from '../../procedures/ground/names.js';
import { requireValue } from '../../udfs/require-value.js';
import { type OptionValue, partFiles, type ResultName, resultFile, type Shape } from './shape.js';

/** A table of the source as it is found there: its columns and their types. */
export interface FoundTable {
  /** Qualified. */
  readonly name: string;
  readonly columns: ReadonlyMap<string, string>;
}

/** Tables of a shape that are in a source: placeholder → table; undefined where an optional one is missing. */
export type FoundTables = Readonly<Record<string, FoundTable | undefined>>;

/**
 * A SELECT of a shape, for the tables of one source.
 * @param options of `optionsOf`
 * @param zone the hospital's, where the options name none
 * @returns undefined where the shape has no such rows
 */
export function shapeSql(
  shape: Shape,
  result: ResultName,
  tables: FoundTables,
  options: Readonly<Record<string, OptionValue | undefined>>,
  zone: string,
): string | undefined {
  const file = resultFile(shape.name, result);
  if (file === undefined) return undefined;
  const values: Record<string, string> = { zone: literal(zone) };
  for (const key of Object.keys(shape.tables)) values[key] = tableText(shape, key, tables[key]);
  for (const [key, column] of Object.entries(shape.columns))
    values[key] = columnText(column, tables[column.of]);
  for (const [key, value] of Object.entries(options)) if (value !== undefined) values[key] = valueText(value);
  for (const [key, part] of Object.entries(partFiles(shape.name))) values[key] = fillFile(part, values);
  return fillFile(file, values);
}

/** A table, or what stands for one that is missing: no rows of the columns that are read. */
function tableText(shape: Shape, key: string, found: FoundTable | undefined): string {
  if (found) return found.name;
  const columns = Object.entries(
    requireValue(shape.tables[key]?.optional, `columns of ${key} of ${shape.title}`),
  );
  return `(SELECT ${columns.map(([name, type]) => `NULL::${type} AS ${name}`).join(', ')} WHERE FALSE)`;
}

function columnText(column: Shape['columns'][string], table: FoundTable | undefined): string {
  if (column.variant) return (table && findColumn(column, table)) ?? 'V';
  const name = table ? findColumn(column, table) : column.first?.[0];
  return name ?? `NULL::${column.type}`;
}

/** Finds what a table calls a column of a shape. */
export function findColumn(
  { first = [], variant }: Shape['columns'][string],
  { columns }: FoundTable,
): string | undefined {
  return variant
    ? [...columns].find(([, type]) => type === 'VARIANT' || type === 'OBJECT')?.[0]
    : first.find((each) => columns.has(each));
}

function valueText(value: OptionValue): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return literal(value);
  return value.map((each) => (typeof each === 'number' ? String(each) : literal(each))).join(', ');
}
