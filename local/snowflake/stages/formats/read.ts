import { open, rm } from 'node:fs/promises';
import type { Account } from '../../account.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import { parseXml } from '../../expressions/json/xml-text.js';
import type { Connection } from '../../storage/storage.js';
import { literal, quoteText } from '../../storage/storage.js';
import type { PlainFile } from '../files/plain-file.js';
import { temporaryPath } from '../files/temporary.js';
import { readCsv } from './csv.js';
import type { CsvFormat, Format, XmlFormat } from './format.js';
import { type JsonDocument, readJson } from './json.js';
import { parquetDocuments } from './parquet.js';

/** A row of a file as the exact reader found it. */
export interface RawRecord {
  /** The line it begins on, from 1. */
  line: number;
  /** Where it begins and ends in the file's text. */
  offset: number;
  end: number;
  /** Where each field begins, from the start of the record. */
  starts: number[];
  fields: number;
  /** Why it is no record of this format. */
  error?: { message: string; at: number } | undefined;
}

/** Rows of a file as DuckDB can read them: columns c1 … cN of text (JSON: c1 of JSON text), in `relation`. */
export interface RawRows {
  /** DuckDB text that can stand behind FROM. */
  relation: string;
  width: number;
  /** Where each row was, if the exact reader read it: by the column "$n", from 0. */
  records?: RawRecord[];
  /** The text that the records' offsets mean; files that are no text have none. */
  text?: string;
}

/** The names in the first line (PARSE_HEADER), or the number of columns the file has. */
export async function firstRecord(file: PlainFile, format: CsvFormat): Promise<(string | undefined)[]> {
  const handle = await open(file.path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 20), 0, 1 << 20, 0);
    let skip = format.skipHeader;
    for (const record of readCsv(buffer.toString('utf8', 0, bytesRead), format))
      if (skip-- <= 0) return record.fields;
    return [];
  } finally {
    await handle.close();
  }
}

/** True if DuckDB's CSV reader means the same as Snowflake's for this file and format. */
export function readableByDuckDb(file: PlainFile, format: Format): format is CsvFormat {
  return (
    format.type === 'CSV' &&
    !file.special &&
    format.recordDelimiter === undefined &&
    format.escape === '' &&
    !(format.trimSpace && file.spaced) &&
    format.errorOnColumnCountMismatch &&
    format.fieldDelimiter.length === 1
  );
}

/**
 * The longest record, which is the longest value, too. DuckDB's buffers are sixteen times as long if it is not told: two files would
 * have more than all that it may hold.
 */
const LONGEST = 16_777_216;

/**
 * DuckDB's CSV reader with nothing left to guess.
 * @param types of fields, from 1, that are no texts; what is none of the type fails
 */
export function duckCsv(
  path: string,
  format: CsvFormat,
  width: number,
  types: ReadonlyMap<number, string> = new Map(),
): RawRows {
  const columns = Array.from(
    { length: width },
    (_, i) => `'c${i + 1}': '${types.get(i + 1) ?? 'VARCHAR'}'`,
  ).join(', ');
  const quote = literal(format.enclosedBy);
  const skip = format.skipHeader + (format.parseHeader ? 1 : 0);
  return {
    width,
    relation: `read_csv(${literal(path)}, auto_detect=false, header=false, skip=${skip}, delim=${literal(format.fieldDelimiter)}, quote=${quote}, escape=${quote}, nullstr='', allow_quoted_nulls=false, null_padding=false, strict_mode=true, max_line_size=${LONGEST}, buffer_size=${2 * LONGEST}, compression='none', columns={${columns}})`,
  };
}

/** Reads a file with the exact reader into a temporary table of `connection` (a helper's own, not the session's). */
export async function exactRows(
  connection: Connection,
  file: PlainFile,
  format: Format,
  width?: number,
): Promise<RawRows> {
  const table = quoteText(`$file_${file.path.slice(-13)}`);
  const records: RawRecord[] = [];
  if (format.type === 'PARQUET') {
    const documents = await parquetDocuments(connection, file.path, format);
    const count = await connection.run(`CREATE TEMP TABLE ${table} AS ${documents}`).catch((error: Error) => {
      if (!format.replaceInvalid || !/not valid UTF8/.test(error.message)) throw error;
      throw localRefusal(
        'REPLACE_INVALID_CHARACTERS = TRUE for a Parquet file that has invalid texts',
        'DuckDB, which reads Parquet here, refuses such texts',
      );
    });
    for (let i = 0; i < count; i++) records.push({ line: i + 1, offset: 0, end: 0, starts: [0], fields: 1 });
    return { relation: table, width: 1, records };
  }
  const create = (columns: number) =>
    connection.run(
      `CREATE TEMP TABLE ${table} ("$n" BIGINT${Array.from({ length: columns }, (_, i) => `, c${i + 1} VARCHAR`).join('')})`,
    );
  const text = await file.text(format.replaceInvalid);
  if (format.type !== 'CSV') {
    await create(1);
    const documents = format.type === 'JSON' ? readJson(text, format) : xmlDocuments(text, format);
    const rows = function* () {
      for (const { document, ...where } of documents) {
        records.push({ ...where, starts: [0], fields: 1 });
        yield [document];
      }
    };
    await connection.append(table, 1, rows());
    return { relation: table, width: 1, records, text };
  }
  const rows: (string | undefined)[][] = [];
  let skip = format.skipHeader + (format.parseHeader ? 1 : 0);
  let widest = width ?? 1;
  for (const { fields, ...record } of readCsv(text, format)) {
    if (skip-- > 0) continue;
    rows.push(fields);
    records.push({ ...record, fields: fields.length });
    if (width === undefined) widest = Math.max(widest, fields.length);
  }
  await create(widest);
  await connection.append(table, widest, rows);
  return { relation: table, width: widest, records, text };
}

function* xmlDocuments(text: string, format: XmlFormat): Generator<JsonDocument> {
  const where = { line: 1, offset: 0, end: text.length };
  let documents: string[];
  try {
    documents = parseXml(text, format.disableAutoConvert);
  } catch (error) {
    const message = `Error parsing XML: ${(error as Error).message}`;
    yield { document: undefined, ...where, error: { message, at: 0 } };
    return;
  }
  for (const document of documents) {
    if (!format.stripOuterElement) yield { document, ...where };
    else
      for (const inner of [JSON.parse(document).$].flat())
        if (typeof inner === 'object') yield { document: JSON.stringify(inner), ...where };
  }
}

/** A column of raw text with NULL_IF and EMPTY_FIELD_AS_NULL applied. */
export function fieldSql(column: string, format: CsvFormat): string {
  const nulls = format.nullIf.map(literal).join(', ');
  const value = nulls === '' ? column : `CASE WHEN ${column} IN (${nulls}) THEN NULL ELSE ${column} END`;
  // An empty field without enclosure comes as NULL from both readers.
  return format.emptyFieldAsNull ? value : `CASE WHEN ${column} IS NULL THEN '' ELSE ${value} END`;
}

/** Writes a query's rows to a Parquet file that any connection can read. @returns its path and rows */
export async function toParquet(
  account: Account,
  connection: Connection,
  sql: string,
): Promise<{ path: string; rows: number }> {
  const path = await temporaryPath(account, '.parquet');
  try {
    const rows = await connection.run(
      `COPY (${sql}) TO ${literal(path)} (FORMAT parquet, COMPRESSION uncompressed)`,
    );
    return { path, rows };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** An error of DuckDB's reader or casts, as against ours: its messages begin with its kind, `Conversion Error: …`. */
export function fromDuckDb(error: unknown): boolean {
  return (
    error instanceof Error && !(error instanceof SnowflakeError) && /^[A-Za-z ]+ Error: /.test(error.message)
  );
}
