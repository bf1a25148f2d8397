// What is wrong with the rows of a file, where, and how Snowflake says it.
import type { Column } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Connection } from '../../storage/storage.js';
import { isSemiStructured, isTimestamp } from '../../types/coerce.js';
import type { Row } from '../../types/data-type.js';
import { typeName } from '../../types/type-name.js';
import type { StageFile } from '../files/files.js';
import type { RawRecord, RawRows } from '../formats/read.js';
import type { LoadPlan } from './load.js';
import { fields, type Mapping, value, valueSql } from './load-columns.js';

/** One error in a file, with what VALIDATE and VALIDATION_MODE tell of it. */
export interface LoadError {
  message: string;
  code: string;
  /** Of the line and in it from 1, in the file from 0. */
  line: number;
  character: number;
  byteOffset: number;
  category: 'parsing' | 'conversion';
  /** As in `"T"["C":3]`. */
  column: string;
  /** Behind the header, from 0. */
  row: number;
  startLine: number;
  rejected: string;
}

/** Finds lines and bytes of offsets in a text. */
class Places {
  private readonly breaks: number[] = [];

  constructor(private readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.breaks.push(at);
  }

  at(offset: number): Pick<LoadError, 'line' | 'character' | 'byteOffset'> {
    let low = 0;
    let high = this.breaks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.breaks[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    const begins = low === 0 ? 0 : this.breaks[low - 1]! + 1;
    return {
      line: low + 1,
      character: offset - begins + 1,
      byteOffset: Buffer.byteLength(this.text.slice(0, offset)),
    };
  }
}

/** Makes errors of a file's records, with their places. */
export class ErrorMaker {
  private places: Places | undefined;

  constructor(
    private readonly raw: Pick<RawRows, 'records' | 'text'>,
    private readonly table: string,
  ) {}

  /** @param offset where in the file's text; undefined for files that are no text */
  make(
    row: number,
    given: Pick<LoadError, 'message' | 'code' | 'category' | 'column'> & { offset: number },
  ): LoadError {
    const { offset, ...rest } = given;
    const record = this.raw.records![row]!;
    const { text } = this.raw;
    if (text === undefined)
      return { ...rest, row, line: row + 1, character: 1, byteOffset: 0, startLine: row + 1, rejected: '' };
    this.places ??= new Places(text);
    return {
      ...rest,
      row,
      ...this.places.at(offset),
      startLine: record.line,
      rejected: text.slice(record.offset, record.end),
    };
  }

  /** A record that is not of the file's format. */
  formatError(row: number, { message, at }: NonNullable<RawRecord['error']>, column: string): LoadError {
    const code = { J: '100069', X: '100100' }[/^Error parsing ([JX])/.exec(message)?.[1] ?? ''] ?? '100065';
    return this.make(row, { message, code, category: 'parsing', column, offset: at });
  }

  qualifyColumn(column: Column | undefined, at: number): string {
    return `${JSON.stringify(this.table)}[${column ? `${JSON.stringify(column.name)}:${at}` : at}]`;
  }
}

/** Rows with the wrong number of fields, a value that does not convert, or NULL where none may be; by row. */
export async function findErrors(
  plan: LoadPlan,
  mapping: Mapping,
  connection: Connection,
  raw: RawRows,
): Promise<LoadError[]> {
  const { format, columns } = plan;
  const maker = new ErrorMaker(raw, plan.table.name);
  const errors: LoadError[] = [];
  const broken = new Set<number>();
  const counted = format.type === 'CSV' && format.errorOnColumnCountMismatch && plan.matchByName === 'NONE';
  for (const [row, record] of raw.records!.entries()) {
    const at = counted ? record.fields : 1;
    if (record.error)
      errors.push(maker.formatError(row, record.error, maker.qualifyColumn(columns[at - 1], at)));
    else if (counted && record.fields !== mapping.width)
      errors.push(
        maker.make(row, {
          message: `Number of columns in file (${record.fields}) does not match that of the corresponding table (${mapping.width}), use file format option error_on_column_count_mismatch=false to ignore this error`,
          code: '100080',
          category: 'parsing',
          column: maker.qualifyColumn(columns[at - 1], at),
          // Snowflake finds it out behind the record.
          offset: Math.min(record.end + 1, raw.text!.length),
        }),
      );
    else continue;
    broken.add(row);
  }
  for (const [i, column] of columns.entries()) {
    const field = mapping.fields[i];
    if (field === undefined) {
      if (!column.nullable)
        for (const [row, record] of raw.records!.entries())
          errors.push(
            maker.make(row, {
              ...nullInColumn(false),
              column: maker.qualifyColumn(column, i + 1),
              offset: record.offset,
            }),
          );
      continue;
    }
    const source = valueSql(plan, column, field);
    const json = format.type !== 'CSV' && isSemiStructured(column.type);
    const present = json ? `json_type(${source}) <> 'NULL'` : `(${source}) IS NOT NULL`;
    const converted = `(${value(plan, column, field, true)})`;
    const failed = `${present} AND ${converted} IS NULL`;
    const rows = await connection.rows(
      `SELECT CAST("$n" AS VARCHAR), CAST(${source} AS VARCHAR) FROM ${fields(plan, mapping, raw.relation, ', "$n"')} WHERE ${column.nullable ? failed : `${converted} IS NULL`} ORDER BY "$n"`,
    );
    for (const [n, text] of rows) {
      const row = Number(n);
      if (broken.has(row)) continue; // what is no record has no values
      const record = raw.records![row]!;
      errors.push(
        maker.make(row, {
          ...(text === null ? nullInColumn(format.type === 'CSV') : conversionError(column, text!)),
          column: maker.qualifyColumn(column, i + 1),
          offset: record.offset + (record.starts[field - 1] ?? 0),
        }),
      );
    }
  }
  return errors.sort((a, b) => a.row - b.row);
}

type Said = Pick<LoadError, 'message' | 'code' | 'category'>;

function nullInColumn(csv: boolean): Said {
  return csv
    ? {
        message:
          'NULL result in a non-nullable column. Use quotes if an empty field should be interpreted as an empty string instead of a null',
        code: '100088',
        category: 'parsing',
      }
    : { message: 'NULL result in a non-nullable column', code: '100072', category: 'conversion' };
}

function conversionError({ type }: Column, text: string): Said {
  const sayError = (code: string, message: string): Said => ({ code, message, category: 'conversion' });
  if (type.kind === 'NUMBER' && /^\s*[-+]?\d+(\.\d*)?\s*$/.test(text))
    return sayError('100039', `Numeric value '${text}' is out of range`);
  if (type.kind === 'NUMBER' || type.kind === 'FLOAT')
    return sayError('100038', `Numeric value '${text}' is not recognized`);
  if (type.kind === 'DATE') return sayError('100040', `Date '${text}' is not recognized`);
  if (type.kind === 'TIME') return sayError('100108', `Time '${text}' is not recognized`);
  if (type.kind === 'BOOLEAN') return sayError('100037', `Boolean value '${text}' is not recognized`);
  if (isTimestamp(type)) return sayError('100035', `Timestamp '${text}' is not recognized`);
  if (type.kind === 'TEXT')
    return sayError(
      '100074',
      `User character length limit (${type.length}) exceeded by string '${text.slice(0, 50)}'`,
    );
  if (type.kind === 'BINARY')
    return sayError('100115', `The following string is not a legal binary value: '${text}'`);
  return sayError('100071', `Failed to cast variant value ${text.slice(0, 100)} to ${typeName(type)}`);
}

/** SQLSTATEs of what a value in a file is not. */
const SQL_STATES: Record<string, string> = {
  '100035': '22007',
  '100037': '22018',
  '100038': '22018',
  '100040': '22007',
  '100108': '22007',
};

/** What COPY says when a file's first error ends the statement. */
export function abortError(file: StageFile, error: LoadError, loading = true): SnowflakeError {
  const starts = error.startLine === error.line ? '' : ` starts at line ${error.startLine}`;
  const advice = loading
    ? "\n  If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option. For more information on loading options, please run 'info loading_data' in a SQL client."
    : '';
  return new SnowflakeError(
    error.code,
    SQL_STATES[error.code] ?? '22000',
    `${error.message}\n  File '${file.name}', line ${error.line}, character ${error.character}\n  Row ${error.row + 1}${starts}, column ${error.column}${advice}`,
  );
}

/** The columns of VALIDATION_MODE = RETURN_ERRORS and VALIDATE(). */
export const ERROR_COLUMNS = [
  'ERROR',
  'FILE',
  'LINE',
  'CHARACTER',
  'BYTE_OFFSET',
  'CATEGORY',
  'CODE',
  'SQL_STATE',
  'COLUMN_NAME',
  'ROW_NUMBER',
  'ROW_START_LINE',
  'REJECTED_RECORD',
];
export const NUMERIC_ERROR_COLUMNS = [
  'LINE',
  'CHARACTER',
  'BYTE_OFFSET',
  'CODE',
  'ROW_NUMBER',
  'ROW_START_LINE',
];

/** An error as a row of these columns. */
export function errorRow(file: StageFile, error: LoadError): Row {
  return [
    error.message,
    file.name,
    String(error.line),
    String(error.character),
    String(error.byteOffset),
    error.category,
    error.code,
    SQL_STATES[error.code] ?? '22000',
    error.column,
    String(error.row + 1),
    String(error.startLine),
    error.rejected,
  ];
}
