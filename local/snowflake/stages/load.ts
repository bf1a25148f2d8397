import type { Account } from '../account.js';
import type { Column, Table } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import type { Session } from '../sessions/session.js';
import type { Connection } from '../storage/storage.js';
import { literal } from '../storage/storage.js';
import { type CastSettings, castTo, isTimestamp } from '../types/coerce.js';
import { TEXT, VARIANT } from '../types/data-type.js';
import { textToZoned } from '../types/datetime-text.js';
import { duckFormat } from '../types/formats.js';
import type { StageFile, StageFiles } from './files.js';
import type { CsvFormat, Format } from './format.js';
import { openPlain, type PlainFile } from './plain-file.js';
import {
  duckCsv,
  exactRows,
  fieldSql,
  firstRecord,
  fromDuckDb,
  type RawRows,
  readableByDuckDb,
  toParquet,
} from './read.js';

export interface LoadError {
  message: string;
  line: number;
  character: number;
  column: string;
  row: number;
}

/** A file brought into the table's types, ready to be inserted. */
export interface LoadedFile {
  file: StageFile;
  parsed: number;
  /** A Parquet file with one column per target column; undefined if nothing of the file is to be loaded. */
  parquet: string | undefined;
  loaded: number;
  errors: LoadError[];
}

export interface LoadPlan {
  account: Account;
  session: Session;
  table: Table;
  /** Target columns in the order of the file's; by name with MATCH_BY_COLUMN_NAME. */
  columns: Column[];
  matchByName: 'NONE' | 'CASE_SENSITIVE' | 'CASE_INSENSITIVE';
  format: Format;
  /** Bad rows are left out instead of ending the statement. */
  tolerant: boolean;
}

/**
 * Reads one staged file and converts it to the table's types, on a connection of its own so that an error does
 * not abort the session's transaction. DuckDB's reader goes first where it is exact; whatever it refuses, our own
 * reader looks at row by row, for Snowflake's messages.
 */
export async function loadFile(plan: LoadPlan, files: StageFiles, file: StageFile): Promise<LoadedFile> {
  const plain = await openPlain(plan.account, files, file, plan.format.compression);
  const connection = await plan.account.storage.connect();
  try {
    await connection.run(`SET TimeZone = ${literal(plan.session.timezone)}`);
    const { format } = plan;
    const mapping = await columnMapping(plan, plain);
    if (readableByDuckDb(plain, format)) {
      try {
        const raw = duckCsv(plain, format, mapping.width);
        const done = await toParquet(
          plan.account,
          connection,
          `SELECT ${values(plan, mapping, false)} FROM ${fields(plan, mapping, raw.relation)}`,
        );
        return { file, parsed: done.rows, parquet: done.path, loaded: done.rows, errors: [] };
      } catch (error) {
        if (!fromDuckDb(error)) throw error;
      }
    }
    const raw = await exactRows(connection, plain, format, mapping.width);
    const errors = await findErrors(plan, mapping, connection, raw);
    const parsed = raw.records!.length;
    if (errors.length > 0 && !plan.tolerant) return { file, parsed, parquet: undefined, loaded: 0, errors };
    const bad = [...new Set(errors.map((error) => error.row))];
    const where = bad.length > 0 ? ` WHERE "$n" NOT IN (${bad.join()})` : '';
    const done = await toParquet(
      plan.account,
      connection,
      `SELECT ${values(plan, mapping, false)} FROM ${fields(plan, mapping, `(SELECT * FROM ${raw.relation}${where} ORDER BY "$n")`)}`,
    );
    return { file, parsed, parquet: done.path, loaded: done.rows, errors };
  } finally {
    connection.close();
    await plain.dispose();
  }
}

/** Which field of the file each target column comes from. */
interface Mapping {
  width: number;
  /** Field number from 1, or undefined: the file lacks the column and it stays NULL. */
  fields: (number | undefined)[];
}

async function columnMapping(plan: LoadPlan, plain: PlainFile): Promise<Mapping> {
  const { format, columns, matchByName } = plan;
  if (format.type !== 'CSV' || matchByName === 'NONE')
    return { width: format.type !== 'CSV' ? 1 : columns.length, fields: columns.map((_, i) => i + 1) };
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
 * The file's fields as the casts want them: NULL_IF applied, spaces around numbers and dates gone. A query of its
 * own, so that a cast that needs its argument several times does not compute it several times.
 */
function fields(plan: LoadPlan, mapping: Mapping, relation: string, more = ''): string {
  const { format } = plan;
  if (format.type !== 'CSV') return relation;
  const list = plan.columns.flatMap((column, i) => {
    const field = mapping.fields[i];
    if (field === undefined) return [];
    const text = fieldSql(`c${field}`, format);
    const kept = column.type.kind === 'TEXT' || column.type.kind === 'BINARY';
    return [`${kept ? text : `trim(${text})`} AS c${field}`];
  });
  return `(SELECT ${list.join(', ')}${more} FROM ${relation})`;
}

/** The select list that turns fields into the table's types. */
function values(plan: LoadPlan, mapping: Mapping, tolerant: boolean): string {
  return plan.columns
    .map((column, i) => `${value(plan, column, mapping.fields[i], tolerant)} AS v${i + 1}`)
    .join(', ');
}

function value(plan: LoadPlan, column: Column, field: number | undefined, tolerant: boolean): string {
  const { format, session } = plan;
  const settings: CastSettings = { timezone: session.timezone };
  if (format.type !== 'CSV')
    return castTo(
      { sql: member(plan, column), type: VARIANT, nullable: true },
      column.type,
      settings,
      tolerant,
    ).sql;
  if (field === undefined)
    return castTo({ sql: 'NULL', type: TEXT(), nullable: true, untyped: true }, column.type, settings).sql;
  const text = `c${field}`;
  const given = dated(text, column, format, session.timezone, tolerant);
  if (given) return given;
  if (column.type.kind === 'VARIANT' || column.type.kind === 'OBJECT' || column.type.kind === 'ARRAY')
    return `${tolerant ? 'TRY_CAST' : 'CAST'}(${text} AS JSON)`;
  const cast = castTo({ sql: text, type: TEXT(), nullable: true }, column.type, settings, tolerant).sql;
  // DuckDB reads a text into a wide DECIMAL a hundred times slower than into a narrow one.
  if (column.type.kind === 'NUMBER' && column.type.precision > 18 && column.type.scale <= 12) {
    const { precision, scale } = column.type;
    return `coalesce(CAST(TRY_CAST(${text} AS DECIMAL(18,${scale})) AS DECIMAL(${precision},${scale})), ${cast})`;
  }
  return cast;
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
function dated(
  text: string,
  { type }: Column,
  format: CsvFormat,
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
  if (pattern === 'AUTO') return undefined;
  if (type.kind === 'TIMESTAMP_TZ')
    return textToZoned(text, tolerant, timezone, duckFormat(pattern) ?? pattern);
  const parsed = `${tolerant ? 'try_strptime' : 'strptime'}(${text}, ${literal(duckFormat(pattern) ?? pattern)})`;
  return `CAST(${parsed} AS ${type.kind === 'DATE' ? 'DATE' : type.kind === 'TIME' ? 'TIME' : type.kind === 'TIMESTAMP_LTZ' ? 'TIMESTAMPTZ' : 'TIMESTAMP'})`;
}

/** Rows with the wrong number of fields, a value that does not convert, or NULL where none may be; by row. */
async function findErrors(
  plan: LoadPlan,
  mapping: Mapping,
  connection: Connection,
  raw: RawRows,
): Promise<LoadError[]> {
  const { format, columns, table } = plan;
  const records = raw.records!;
  const errors: LoadError[] = [];
  const counted = format.type === 'CSV' && format.errorOnColumnCountMismatch && plan.matchByName === 'NONE';
  for (const [row, record] of records.entries()) {
    const message =
      record.error ??
      (counted && record.fields !== mapping.width
        ? `Number of columns in file (${record.fields}) does not match that of the corresponding table (${mapping.width}), use file format option error_on_column_count_mismatch=false to ignore this error`
        : undefined);
    if (message === undefined) continue;
    const at = Math.min(record.fields, columns.length);
    const character = record.starts[record.starts.length - 1]! + 1;
    errors.push({
      row,
      line: record.line,
      character,
      column: qualified(table, columns[at - 1], at),
      message,
    });
  }
  for (const [i, column] of columns.entries()) {
    const field = mapping.fields[i];
    if (field === undefined) continue;
    const source = format.type === 'CSV' ? `c${field}` : member(plan, column);
    const given = format.type === 'CSV' ? `${source} IS NOT NULL` : `json_type(${source}) <> 'NULL'`;
    const failed = `${given} AND (${value(plan, column, field, true)}) IS NULL`;
    const condition = column.nullable ? failed : `(${value(plan, column, field, true)}) IS NULL`;
    const rows = await connection.rows(
      `SELECT CAST("$n" AS VARCHAR), CAST(${source} AS VARCHAR) FROM ${fields(plan, mapping, raw.relation, ', "$n"')} WHERE ${condition} LIMIT 1000`,
    );
    for (const [n, text] of rows) {
      const row = Number(n);
      const record = records[row]!;
      errors.push({
        row,
        line: record.line,
        character: (record.starts[field - 1] ?? 0) + 1,
        column: qualified(table, column, i + 1),
        message: text === null ? 'NULL result in a non-nullable column' : conversionMessage(column, text!),
      });
    }
  }
  return errors.sort((a, b) => a.row - b.row);
}

function qualified(table: Table, column: Column | undefined, at: number): string {
  return `${JSON.stringify(table.name)}[${column ? `${JSON.stringify(column.name)}:${at}` : at}]`;
}

function conversionMessage({ type }: Column, text: string): string {
  if (type.kind === 'NUMBER' || type.kind === 'FLOAT') return `Numeric value '${text}' is not recognized`;
  if (type.kind === 'DATE') return `Date '${text}' is not recognized`;
  if (type.kind === 'TIME') return `Time '${text}' is not recognized`;
  if (type.kind === 'BOOLEAN') return `Boolean value '${text}' is not recognized`;
  if (isTimestamp(type)) return `Timestamp '${text}' is not recognized`;
  if (type.kind === 'TEXT')
    return `User character length limit (${type.length}) exceeded by string '${text.slice(0, 50)}'`;
  return `Failed to cast value '${text.slice(0, 100)}' to ${type.kind}`;
}

/** What COPY says when a file's first error ends the statement. */
export function abortedBy(file: StageFile, error: LoadError, table: Table): SnowflakeError {
  const column = /\["(.*)":(\d+)\]$/.exec(error.column);
  const where = column ? `, column "${table.name}"["${column[1]}":${column[2]}]` : '';
  const code = error.message.startsWith('Number of columns')
    ? '100080'
    : error.message.startsWith('NULL result')
      ? '100072'
      : '100038';
  return new SnowflakeError(
    code,
    '22000',
    `${error.message}\n  File '${file.shown}', line ${error.line}, character ${error.character}\n  Row ${error.row + 1}${where}\n  If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option. For more information on loading options, please run 'info loading_data' in a SQL client.`,
  );
}
