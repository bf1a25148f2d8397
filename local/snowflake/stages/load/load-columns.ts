// How the fields of a file become values of a table's columns, in DuckDB SQL.
import type { Column } from '../../catalog/objects.js';
import { literal } from '../../storage/storage.js';
import { type CastSettings, castTo, isSemiStructured, isTimestamp, type Typed } from '../../types/coerce.js';
import { type DataType, TEXT, VARIANT } from '../../types/data-type.js';
import { textToZoned } from '../../types/datetime-text.js';
import { duckType } from '../../types/duck-type.js';
import { duckFormat } from '../../types/formats.js';
import type { PlainFile } from '../files/plain-file.js';
import type { BinaryFormat, CsvFormat, Format, JsonFormat } from '../formats/format.js';
import { fieldSql, firstRecord } from '../formats/read.js';
import type { LoadPlan } from './load.js';

/** Which field of the file each target column comes from. */
export interface Mapping {
  width: number;
  /** Field number from 1, or undefined: the file lacks the column and it stays NULL. */
  fields: (number | undefined)[];
  /** Fields that are no texts any more, because the reader has read numbers: their types in DuckDB. */
  read?: ReadonlyMap<number, string>;
}

/** Which field each column comes from: by position, or by the names of the header. */
export async function columnMapping(plan: LoadPlan, plain: PlainFile): Promise<Mapping> {
  const { format, columns, matchByName } = plan;
  if (format.type !== 'CSV') return { width: 1, fields: columns.map(() => 1) };
  if (matchByName === 'NONE') return { width: columns.length, fields: columns.map((_, i) => i + 1) };
  const names = await firstRecord(plain, { ...format, skipHeader: 0 });
  const fold = (name: string) => (matchByName === 'CASE_INSENSITIVE' ? name.toUpperCase() : name);
  const known = names.map((name) => fold(name ?? ''));
  return {
    width: names.length,
    fields: columns.map((column) => {
      const at = known.indexOf(fold(column.name));
      return at < 0 ? undefined : at + 1;
    }),
  };
}

/**
 * A NUMBER that DuckDB's reader may read in 18 digits, as a cast tries it first (types/text-to-number.ts), in a file without
 * exponents: with one DuckDB reads `5e-2` as 1 in a NUMBER of no places.
 */
export const isNarrow = (type: DataType): type is DataType & { kind: 'NUMBER' } =>
  type.kind === 'NUMBER' && type.precision > 18 && type.scale <= 12;

/** NULL_IF without what no field of a file can be that DuckDB's reader reads: it has no backslash, and its empty fields are NULL. */
export function withoutIdleNulls(format: CsvFormat): CsvFormat {
  const { nullIf, enclosedBy } = format;
  const isIdle = (text: string) => text.includes('\\') || (text === '' && enclosedBy === '');
  return { ...format, nullIf: nullIf.filter((text) => !isIdle(text)) };
}

/**
 * The fields that DuckDB's reader may read as numbers by itself, with the types: with no texts between, in two thirds of the time.
 * None where a NULL_IF could be a number, or would not be one.
 */
export function numbersOf(
  { columns, format }: LoadPlan,
  { fields }: Mapping,
  { exponents }: PlainFile,
): Map<number, string> {
  const types = new Map<number, string>();
  if (format.type !== 'CSV' || !format.emptyFieldAsNull || format.nullIf.some((text) => text !== ''))
    return types;
  for (const [i, { type }] of columns.entries()) {
    const number = isNarrow(type) && !exponents ? `DECIMAL(18,${type.scale})` : undefined;
    const read = type.kind === 'FLOAT' ? 'DOUBLE' : number;
    const field = fields[i];
    // By the names of a header several columns may have the same field.
    const own = fields.indexOf(field) === fields.lastIndexOf(field);
    if (read && field !== undefined && own) types.set(field, read);
  }
  return types;
}

/**
 * The file's fields as the casts want them: NULL_IF applied, spaces around dates and the like gone. A query of its
 * own, so that a cast that needs its argument several times does not compute it several times.
 */
export function fields(plan: LoadPlan, mapping: Mapping, relation: string, more = ''): string {
  const { format } = plan;
  if (format.type !== 'CSV') return relation;
  const list = plan.columns.flatMap((column, i) => {
    const field = mapping.fields[i];
    if (field === undefined) return [];
    if (mapping.read?.has(field)) return [`c${field}`];
    const text = fieldSql(`c${field}`, format);
    const kept = column.type.kind === 'TEXT' || column.type.kind === 'BINARY';
    return [`${kept ? text : `trim(${text})`} AS c${field}`];
  });
  return `(SELECT ${[...new Set(list)].join(', ')}${more} FROM ${relation})`;
}

/** What the file has for a column, before it is converted: a text, or JSON for a semi-structured column. */
export function valueSql(plan: LoadPlan, column: Column, field: number): string {
  const { format, session } = plan;
  if (format.type === 'CSV') return `c${field}`;
  const whole: Typed = { sql: member(plan, column), type: VARIANT, nullable: true };
  const settings: CastSettings = { timezone: session.timezone };
  if (isSemiStructured(column.type)) return castTo(whole, VARIANT, settings).sql;
  return adjustSql(castTo(whole, TEXT(), settings).sql, column, format);
}

/** The value of a column; `tolerant` gives NULL for what does not convert. */
export function value(
  plan: LoadPlan,
  column: Column,
  field: number | undefined,
  tolerant: boolean,
  read?: Mapping['read'],
): string {
  const settings: CastSettings = { timezone: plan.session.timezone };
  if (field === undefined)
    return castTo({ sql: 'NULL', type: TEXT(), nullable: true, untyped: true }, column.type, settings).sql;
  if (read?.has(field)) return `CAST(c${field} AS ${duckType(column.type)})`;
  const source = valueSql(plan, column, field);
  if (!isSemiStructured(column.type)) return fromText(plan, column, source, tolerant);
  if (plan.format.type === 'CSV') return `${tolerant ? 'TRY_CAST' : 'CAST'}(${source} AS JSON)`;
  return castTo({ sql: source, type: VARIANT, nullable: true }, column.type, settings, tolerant).sql;
}

function fromText(plan: LoadPlan, column: Column, text: string, tolerant: boolean): string {
  const { format, session, enforceLength } = plan;
  const settings: CastSettings = { timezone: session.timezone };
  const { type } = column;
  if (type.kind === 'TEXT' && !enforceLength) return `left(${text}, ${type.length})`;
  if (type.kind === 'BINARY')
    return binary(text, 'binaryFormat' in format ? format.binaryFormat : 'HEX', tolerant);
  if (format.type === 'CSV' || format.type === 'JSON') {
    const given = dateSql(text, column, format, session.timezone, tolerant);
    if (given) return given;
  }
  return castTo({ sql: text, type: TEXT(), nullable: true }, type, settings, tolerant).sql;
}

/** TRIM_SPACE and NULL_IF of JSON, for members that become columns. Parquet's are applied by its reader. */
function adjustSql(text: string, column: Column, format: Exclude<Format, CsvFormat>): string {
  if (format.type !== 'JSON') return text;
  const trimmed = format.trimSpace || column.type.kind !== 'TEXT' ? `trim(${text})` : text;
  const nulls = format.nullIf.map(literal).join(', ');
  return nulls === '' ? trimmed : `CASE WHEN ${trimmed} IN (${nulls}) THEN NULL ELSE ${trimmed} END`;
}

function binary(text: string, format: BinaryFormat, tolerant: boolean): string {
  const sql = { HEX: `unhex(${text})`, BASE64: `from_base64(${text})`, UTF8: `encode(${text})` }[format];
  return tolerant ? `TRY(${sql})` : sql;
}

/** What a JSON document has for a column: all of it, or the member of the column's name. */
function member({ matchByName }: LoadPlan, { name }: Column): string {
  const document = 'CAST(c1 AS JSON)';
  if (matchByName === 'NONE') return document;
  const key =
    matchByName === 'CASE_SENSITIVE'
      ? literal(name)
      : `coalesce(list_filter(json_keys(${document}), lambda k: upper(k) = ${literal(name.toUpperCase())})[1], ${literal(name)})`;
  return `json_extract(${document}, '$.' || CAST(to_json(${key}) AS VARCHAR))`;
}

/** DATE_FORMAT, TIME_FORMAT and TIMESTAMP_FORMAT other than AUTO. */
function dateSql(
  text: string,
  { type }: Column,
  format: CsvFormat | JsonFormat,
  timezone: string,
  tolerant: boolean,
): string | undefined {
  const pattern =
    type.kind === 'DATE'
      ? format.dateFormat
      : type.kind === 'TIME'
        ? format.timeFormat
        : isTimestamp(type)
          ? format.timestampFormat
          : 'AUTO';
  if (pattern.toUpperCase() === 'AUTO') return undefined;
  if (type.kind === 'TIMESTAMP_TZ')
    return textToZoned(text, tolerant, timezone, duckFormat(pattern) ?? pattern);
  const parsed = `${tolerant ? 'try_strptime' : 'strptime'}(${text}, ${literal(duckFormat(pattern) ?? pattern)})`;
  return `CAST(${parsed} AS ${type.kind === 'DATE' ? 'DATE' : type.kind === 'TIME' ? 'TIME' : type.kind === 'TIMESTAMP_LTZ' ? 'TIMESTAMPTZ' : 'TIMESTAMP'})`;
}
