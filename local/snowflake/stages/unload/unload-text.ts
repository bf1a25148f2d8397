import { SnowflakeError } from '../../errors.js';
import { literal } from '../../storage/storage.js';
import { type CastSettings, castTo } from '../../types/coerce.js';
import { type Cell, type ResultColumn, type Row, TEXT } from '../../types/data-type.js';
import { duckFormat } from '../../types/formats.js';
import type { CsvFormat, JsonFormat } from '../formats/format.js';
import type { Unload } from './unload-files.js';

/**
 * The DuckDB expressions that give an unloaded file's texts for the columns c1 … cN of a query: dates and times in
 * the format's form, else in the session's (docs: sql-reference/sql/copy-into-location, "Format type options").
 */
export function unloadTexts(columns: ResultColumn[], format: CsvFormat, casts: CastSettings): string[] {
  const given = (pattern: string) => duckFormat(pattern);
  const timestamp = given(format.timestampFormat);
  const print = {
    ...casts.print,
    ...(given(format.dateFormat) && { date: given(format.dateFormat)! }),
    ...(given(format.timeFormat) && { time: given(format.timeFormat)! }),
    ...(timestamp && { timestamp, timestampLtz: timestamp, timestampTz: timestamp }),
  };
  return columns.map(({ type, nullable }, i) => {
    const sql = `c${i + 1}`;
    if (type.kind === 'BINARY' && format.binaryFormat !== 'HEX')
      return format.binaryFormat === 'BASE64' ? `to_base64(${sql})` : `decode(${sql})`;
    return castTo({ sql, type, nullable }, TEXT(), { ...casts, print }).sql;
  });
}

/** The line with the columns' names, where HEADER = TRUE asks for it. */
export function headerOf({ columns, format, header }: Unload): string {
  if (!header || format.type !== 'CSV') return '';
  return (
    columns.map((column) => enclose(column.name, format, true)).join(format.fieldDelimiter) +
    delimiter(format)
  );
}

/**
 * Makes the function that writes a row of texts: texts are enclosed if the format encloses, NULL is the first
 * NULL_IF.
 */
export function csvRecord(columns: ResultColumn[], format: CsvFormat): (row: Row) => string {
  const end = delimiter(format);
  const nullText = format.nullIf[0] ?? '';
  const numbers = columns.map(
    ({ type }) => type.kind === 'NUMBER' || type.kind === 'FLOAT' || type.kind === 'BOOLEAN',
  );
  // A NULL and an empty text would look the same when they are loaded again.
  const noEmpty = format.enclosedBy === '' && format.emptyFieldAsNull;
  const field = (cell: Cell, i: number) => {
    if (cell === null) return nullText;
    if (cell === '' && noEmpty) throw emptyText();
    return enclose(cell, format, !numbers[i]);
  };
  if (columns.length === 1) return (row) => field(row[0]!, 0) + end;
  return (row) => row.map(field).join(format.fieldDelimiter) + end;
}

const NO_EMPTY =
  'Cannot unload empty string without file format option field_optionally_enclosed_by being specified.';

function emptyText(): SnowflakeError {
  return new SnowflakeError('100067', '22000', NO_EMPTY);
}

/**
 * The DuckDB expression of a line, without its end, that is a row's only text and nothing more, for a query whose column c1
 * is that text; undefined where fields are enclosed, escaped or delimited, or records do not end with a newline.
 */
export function plainRecord(columns: ResultColumn[], format: CsvFormat | JsonFormat): string | undefined {
  if (format.type === 'JSON') return "coalesce(c1, 'null')";
  const { enclosedBy, fieldDelimiter, emptyFieldAsNull, nullIf } = format;
  const escaper = format.escapeUnenclosed || format.escape;
  if (columns.length > 1 || enclosedBy !== '' || (escaper !== '' && fieldDelimiter !== '')) return undefined;
  if (delimiter(format) !== '\n') return undefined;
  const text = emptyFieldAsNull ? `CASE WHEN c1 = '' THEN error(${literal(NO_EMPTY)}) ELSE c1 END` : 'c1';
  return `coalesce(${text}, ${literal(nullIf[0] ?? '')})`;
}

/** A line with a row's only value. */
export function jsonRecord(row: Row): string {
  return `${row[0] ?? 'null'}\n`;
}

function delimiter(format: CsvFormat): string {
  return format.recordDelimiter ?? '\n';
}

function enclose(text: string, format: CsvFormat, isText: boolean): string {
  const { enclosedBy, fieldDelimiter } = format;
  if (enclosedBy !== '')
    return isText ? enclosedBy + text.replaceAll(enclosedBy, enclosedBy + enclosedBy) + enclosedBy : text;
  const escaper = format.escapeUnenclosed || format.escape;
  // Without enclosure a delimiter inside a value is escaped, if the format has an escape character and delimiters.
  if (escaper === '' || fieldDelimiter === '') return text;
  if (!text.includes(fieldDelimiter) && !text.includes(escaper) && !text.includes('\n')) return text;
  return text
    .replaceAll(escaper, escaper + escaper)
    .replaceAll(fieldDelimiter, escaper + fieldDelimiter)
    .replaceAll('\n', `${escaper}\n`);
}
