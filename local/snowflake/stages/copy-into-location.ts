import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import type { Account } from '../account.js';
import { notSupportedLocally, SnowflakeError, syntaxError } from '../errors.js';
import { compileQuery, fetchRows } from '../query/index.js';
import { type OptionValue, readOptions } from '../statements/options.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome } from '../statements/statement.js';
import { NUMBER, type ResultColumn, type Row } from '../types/data-type.js';
import { type Format, resolveFormat } from './format.js';
import { type Location, readLocationText, resolveLocation } from './location.js';
import { temporaryPath } from './temporary.js';
import { csvHeader, csvRecord, jsonRecord } from './unload-text.js';

const OPTIONS = [
  'FILE_FORMAT',
  'OVERWRITE',
  'SINGLE',
  'MAX_FILE_SIZE',
  'INCLUDE_QUERY_ID',
  'DETAILED_OUTPUT',
  'STORAGE_INTEGRATION',
  'HEADER',
  'VALIDATION_MODE',
];
const DEFAULT_FILE_SIZE = 16 * 1024 * 1024;

/** COPY INTO @stage/path FROM table | (query). Docs: sql-reference/sql/copy-into-location. */
export async function copyIntoLocation(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('COPY', 'INTO');
  const text = readLocationText(tokens);
  tokens.expect('FROM');
  let query: string;
  if (tokens.is('(')) query = tokens.parenthesized();
  else {
    const start = tokens.peek().start;
    const parts = tokens.name();
    query = `SELECT * FROM ${tokens.text.slice(start, tokens.peek().start) || parts.join('.')}`;
  }
  if (tokens.is('PARTITION'))
    throw notSupportedLocally('PARTITION BY', 'unloading by partition is not built');
  const given: Record<string, OptionValue> = readOptions(tokens);
  tokens.expectEnd();
  for (const key of Object.keys(given))
    if (!OPTIONS.includes(key)) throw syntaxError(`invalid parameter '${key}'`);
  for (const key of ['VALIDATION_MODE', 'DETAILED_OUTPUT', 'INCLUDE_QUERY_ID'])
    if (given[key] !== undefined && given[key] !== false)
      throw notSupportedLocally(`COPY INTO location … ${key}`, 'it is not built');
  const integration = given.STORAGE_INTEGRATION;
  const location = resolveLocation(
    account,
    session,
    text,
    'WRITE',
    integration === undefined ? undefined : String(integration),
  );
  const format = resolveFormat(account, session, given.FILE_FORMAT, location.fileFormat);
  const compiled = compileQuery(context, query);
  const rows = await fetchRows(compiled);
  if (format.type === 'XML')
    throw notSupportedLocally(
      'COPY INTO a location as XML',
      'Snowflake does not have it either',
      'Use CSV or JSON.',
    );
  if (format.type === 'JSON' && compiled.columns.length !== 1)
    throw new SnowflakeError(
      '001737',
      '22000',
      'SQL compilation error:\nJSON unloading needs exactly one VARIANT, OBJECT or ARRAY column. Use OBJECT_CONSTRUCT(*).',
    );
  const done = await unload(account, location, format, given, compiled.columns, rows, context.signal);
  const count = (name: string): ResultColumn => ({ name, type: NUMBER(), nullable: false });
  return {
    statementTypeId: STATEMENT_TYPE.UNLOAD,
    columns: [count('rows_unloaded'), count('input_bytes'), count('output_bytes')],
    rows: [[rows.length, done.input, done.output].map(String)],
  };
}

async function unload(
  account: Account,
  location: Location,
  format: Format,
  options: Record<string, OptionValue>,
  columns: ResultColumn[],
  rows: Row[],
  signal: AbortSignal,
): Promise<{ input: number; output: number }> {
  const zipped = format.compression === 'GZIP' || format.compression === 'AUTO';
  const single = options.SINGLE === true;
  const limit = Number(options.MAX_FILE_SIZE ?? DEFAULT_FILE_SIZE);
  const header = options.HEADER === true && format.type === 'CSV' ? csvHeader(columns, format) : '';
  const record = format.type === 'CSV' ? csvRecord(columns, format) : jsonRecord;
  const existing = await location.files.list(location.path);
  const totals = { input: 0, output: 0 };
  let at = 0;
  for (let number = 0; number === 0 || at < rows.length; number++) {
    signal.throwIfAborted();
    if (rows.length === 0) break; // an empty result writes no file
    const name = fileName(location.path, single, number, format, zipped);
    if (options.OVERWRITE !== true && existing.some((file) => file.name === name))
      throw new SnowflakeError(
        '001756',
        '22000',
        `Files already existing at the unload destination: ${location.shown}. Use overwrite option to force unloading.`,
      );
    const writer = new FileWriter(await temporaryPath(account, ''), zipped);
    try {
      await writer.write(header);
      while (at < rows.length && (single || writer.bytes < limit)) await writer.write(record(rows[at++]!));
      await writer.end();
      totals.input += writer.bytes;
      if (single && (await stat(writer.path)).size > limit)
        throw new SnowflakeError(
          '001757',
          '22000',
          `The single file would be larger than MAX_FILE_SIZE (${limit} bytes); raise it (at most 5 GB) or leave out SINGLE = TRUE.`,
        );
      totals.output += await location.files.store(name, writer.path);
    } catch (error) {
      await rm(writer.path, { force: true });
      throw error;
    }
  }
  return totals;
}

/** `path/` + data_0_0_0.csv.gz, or `prefix` + _0_0_0.csv.gz; with SINGLE the path itself. */
function fileName(path: string, single: boolean, number: number, format: Format, zipped: boolean): string {
  const folder = path === '' || path.endsWith('/');
  if (single) return folder ? `${path}data` : path;
  const extension =
    format.fileExtension === ''
      ? `.${format.type.toLowerCase()}${zipped ? '.gz' : ''}`
      : `.${format.fileExtension.replace(/^\./, '')}`;
  return `${path}${folder ? 'data' : ''}_0_${number}_0${extension}`;
}

/** Collects text into chunks of a megabyte, so that a row costs no system call. */
class FileWriter {
  bytes = 0;
  private parts: string[] = [];
  private held = 0;
  private readonly file: WriteStream;
  private readonly gzip: Gzip | undefined;

  constructor(
    readonly path: string,
    zipped: boolean,
  ) {
    this.file = createWriteStream(path, { mode: 0o600 });
    if (zipped) {
      this.gzip = createGzip({ level: 6 });
      this.gzip.pipe(this.file);
    }
  }

  async write(text: string): Promise<void> {
    this.parts.push(text);
    this.held += text.length;
    this.bytes += text.length;
    if (this.held > 1 << 20) await this.flush();
  }

  private async flush(): Promise<void> {
    const out = this.gzip ?? this.file;
    const more = out.write(this.parts.join(''));
    this.parts = [];
    this.held = 0;
    if (!more) await once(out, 'drain');
  }

  async end(): Promise<void> {
    await this.flush();
    (this.gzip ?? this.file).end();
    await finished(this.file);
  }
}
