import type { Cell, DataType, ResultColumn, Row } from '../types/data-type.js';
import type { CsvFormat } from './format.js';

/** The text of one value in an unloaded file, before any quoting. Docs: "Unloading" notes of COPY INTO location. */
function plainText(type: DataType, cell: string): string {
  switch (type.kind) {
    case 'BOOLEAN':
      return cell === '1' ? 'true' : 'false';
    case 'DATE':
      return new Date(Number(cell) * 86_400_000).toISOString().slice(0, 10);
    case 'TIME':
      return new Date(Number(cell) * 1000).toISOString().slice(11, 19);
    case 'TIMESTAMP_NTZ':
      return iso(cell).replace('T', ' ').replace('Z', '');
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return iso(cell.split(' ')[0]!).replace('T', ' ').replace('Z', ' Z');
    default:
      return cell;
  }
}

function iso(seconds: string): string {
  return new Date(Math.round(Number(seconds) * 1000)).toISOString();
}

/** The line with the columns' names. */
export function csvHeader(columns: ResultColumn[], format: CsvFormat): string {
  return (
    columns.map((column) => enclosed(column.name, format, true)).join(format.fieldDelimiter) +
    delimiter(format)
  );
}

/** Makes the function that writes a row: texts are enclosed if the format encloses, NULL is the first NULL_IF. */
export function csvRecord(columns: ResultColumn[], format: CsvFormat): (row: Row) => string {
  const end = delimiter(format);
  const nullText = format.nullIf[0] ?? '';
  const numbers = columns.map(
    ({ type }) => type.kind === 'NUMBER' || type.kind === 'FLOAT' || type.kind === 'BOOLEAN',
  );
  const field = (cell: Cell, i: number) =>
    cell === null ? nullText : enclosed(plainText(columns[i]!.type, cell), format, !numbers[i]);
  if (columns.length === 1) return (row) => field(row[0]!, 0) + end;
  return (row) => row.map(field).join(format.fieldDelimiter) + end;
}

/** A line with a row's only value. */
export function jsonRecord(row: Row): string {
  return `${row[0] ?? 'null'}\n`;
}

function delimiter(format: CsvFormat): string {
  return format.recordDelimiter ?? '\n';
}

function enclosed(text: string, format: CsvFormat, isText: boolean): string {
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
