import { invalidValue, localRefusal, SnowflakeError, syntaxError } from '../../errors.js';
import { type OptionValue, readOptions } from '../../kernel/options.js';
import {
  STATEMENT_TYPE,
  type StatementContext,
  type StatementOutcome,
  textColumn,
} from '../../kernel/statement.js';
import { compileQuery } from '../../query/compile.js';
import { type CompiledQuery, fetchRows, prepare } from '../../query/run/run.js';
import { toCell } from '../../types/cells.js';
import { castTo, isSemiStructured } from '../../types/coerce.js';
import { NUMBER, type ResultColumn, type Row, TEXT } from '../../types/data-type.js';
import { plainText } from '../../types/undefined.js';
import { resolveLocation } from '../files/location.js';
import { type CsvFormat, type JsonFormat, type ParquetFormat, resolveFormat } from '../formats/format.js';
import { type Partitions, type Unload, type UnloadedFile, writeFiles } from './unload-files.js';
import { writeParquet } from './unload-parquet.js';
import { writePlain } from './unload-plain.js';
import { plainRecord, unloadTexts } from './unload-text.js';

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
const LARGEST_FILE_SIZE = 5 * 1024 ** 3;

/** COPY INTO @stage/path FROM table | (query). Docs: sql-reference/sql/copy-into-location. */
export async function copyIntoLocation(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('COPY', 'INTO');
  const text = tokens.location();
  tokens.expect('FROM');
  let query: string;
  if (tokens.is('(')) query = tokens.parenthesesText();
  else {
    const start = tokens.peek().start;
    tokens.name();
    query = `SELECT * FROM ${tokens.text.slice(start, tokens.peek().start)}`;
  }
  const partitionBy = tokens.take('PARTITION', 'BY') ? tokens.parenthesesText() : undefined;
  const given = readOptions(tokens);
  // HEADER may stand without a value.
  if (tokens.take('HEADER')) given.HEADER = true;
  Object.assign(given, readOptions(tokens));
  tokens.expectEnd();
  for (const key of Object.keys(given)) {
    if (key === 'CREDENTIALS' || key === 'ENCRYPTION')
      throw localRefusal(`COPY INTO location … ${key}`, 'only storage integrations are built');
    if (!OPTIONS.includes(key)) throw syntaxError(`invalid parameter '${key}'`);
  }
  const flag = (key: string, otherwise = false): boolean => {
    const value = given[key] ?? otherwise;
    if (typeof value !== 'boolean') throw invalidValue(key, String(value));
    return value;
  };
  const integration = given.STORAGE_INTEGRATION === undefined ? undefined : String(given.STORAGE_INTEGRATION);
  const location = resolveLocation(account, session, text, 'WRITE', integration);
  const format = unloadable(resolveFormat(account, session, given.FILE_FORMAT, location.fileFormat));
  const compiled = compileQuery(
    context,
    partitionBy === undefined ? query : `SELECT *, (${partitionBy}) AS "$PARTITION" FROM (${query})`,
  );
  const columns = partitionBy === undefined ? compiled.columns : compiled.columns.slice(0, -1);
  if (given.VALIDATION_MODE !== undefined) {
    if (String(given.VALIDATION_MODE).toUpperCase() !== 'RETURN_ROWS')
      throw invalidValue('VALIDATION_MODE', String(given.VALIDATION_MODE));
    const plain = compileQuery(context, query);
    return {
      statementTypeId: STATEMENT_TYPE.SELECT,
      columns: plain.columns,
      rows: await fetchRows(plain),
    };
  }
  if (format.type === 'JSON' && columns.length !== 1)
    throw new SnowflakeError(
      '001737',
      '22000',
      'SQL compilation error:\nJSON unloading needs exactly one VARIANT, OBJECT or ARRAY column. Use OBJECT_CONSTRUCT(*).',
    );
  const withId = flag('INCLUDE_QUERY_ID', partitionBy !== undefined);
  const unload: Unload = {
    location,
    format,
    columns,
    overwrite: flag('OVERWRITE'),
    single: flag('SINGLE'),
    header: flag('HEADER'),
    maxFileSize: fileSize(given.MAX_FILE_SIZE),
    queryId: withId ? context.queryId : undefined,
  };
  checkTogether(unload, partitionBy !== undefined, given);
  const partitioned = partitionBy !== undefined;
  const written =
    format.type === 'PARQUET'
      ? await writeParquet(account, { ...unload, format }, compiled, partitioned, context.signal)
      : await writeTexts(context, { ...unload, format }, compiled, partitioned);
  const count = (name: string): ResultColumn => ({ name, type: NUMBER(), nullable: false });
  if (flag('DETAILED_OUTPUT'))
    return {
      statementTypeId: STATEMENT_TYPE.UNLOAD,
      columns: [textColumn('FILE_NAME'), count('FILE_SIZE'), count('ROW_COUNT')],
      rows: written.map((file) => [file.name, String(file.output), String(file.rows)]),
    };
  const total = (of: 'rows' | 'input' | 'output') => written.reduce((sum, file) => sum + file[of], 0);
  return {
    statementTypeId: STATEMENT_TYPE.UNLOAD,
    columns: [count('rows_unloaded'), count('input_bytes'), count('output_bytes')],
    rows: [[total('rows'), total('input'), total('output')].map(String)],
  };
}

function unloadable(format: ReturnType<typeof resolveFormat>): CsvFormat | JsonFormat | ParquetFormat {
  if (format.type === 'CSV' && format.encoding)
    throw localRefusal('COPY INTO a location … ENCODING', 'Snowflake unloads as UTF-8 only, too');
  if (format.type === 'PARQUET' && format.compression === 'LZO')
    throw localRefusal('COMPRESSION = LZO', 'DuckDB, which writes Parquet here, lacks it', 'Use SNAPPY.');
  if (format.type !== 'XML') return format;
  throw localRefusal(
    'COPY INTO a location as XML',
    'Snowflake does not have it either',
    'Use CSV, JSON or Parquet.',
  );
}

async function writeTexts(
  { account, signal }: StatementContext,
  unload: Unload & { format: CsvFormat | JsonFormat },
  compiled: CompiledQuery,
  partitioned: boolean,
): Promise<UnloadedFile[]> {
  const texts = { ...compiled, sql: textsOf(compiled, unload.format, unload.columns, partitioned) };
  const record = unload.single ? plainRecord(unload.columns, unload.format) : undefined;
  if (record !== undefined) return writePlain(account, unload, texts, record);
  const rows = await prepare(texts.binder, texts.sql, (sql) => texts.binder.session.connection.rows(sql));
  return writeFiles(account, unload, partitionsOf(rows, partitioned), signal);
}

function fileSize(value: OptionValue | undefined): number {
  if (value === undefined) return DEFAULT_FILE_SIZE;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST_FILE_SIZE)
    return value;
  throw invalidValue('MAX_FILE_SIZE', String(value));
}

/** Options that exclude each other, as the page says of each. */
function checkTogether(unload: Unload, partitioned: boolean, given: Record<string, OptionValue>): void {
  const refuse = (options: string) => {
    throw syntaxError(`invalid combination of options: ${options}.`);
  };
  if (partitioned && unload.single) refuse('PARTITION BY and SINGLE = TRUE');
  if (partitioned && unload.overwrite) refuse('PARTITION BY and OVERWRITE = TRUE');
  if (partitioned && given.INCLUDE_QUERY_ID === false) refuse('PARTITION BY and INCLUDE_QUERY_ID = FALSE');
  if (unload.queryId === undefined) return;
  if (unload.single) refuse('INCLUDE_QUERY_ID = TRUE and SINGLE = TRUE');
  if (unload.overwrite) refuse('INCLUDE_QUERY_ID = TRUE and OVERWRITE = TRUE');
}

/** DuckDB SQL of the query's rows as the texts that the files will have; the partition is the last. */
function textsOf(
  { binder, sql, columns: all }: CompiledQuery,
  format: CsvFormat | JsonFormat,
  columns: ResultColumn[],
  partitioned: boolean,
): string {
  const values =
    format.type === 'CSV'
      ? unloadTexts(columns, format, binder.casts)
      : columns.map(({ type }, i) =>
          isSemiStructured(type) ? plainText(`c${i + 1}`) : toCell(type, `c${i + 1}`),
        );
  if (partitioned) {
    const { type, nullable } = all[all.length - 1]!;
    values.push(castTo({ sql: `c${all.length}`, type, nullable }, TEXT(), binder.casts).sql);
  }
  const list = values.map((value, i) => `${value} AS c${i + 1}`).join(', ');
  return `SELECT ${list} FROM (${sql})`;
}

function partitionsOf(rows: Row[], partitioned: boolean): Partitions {
  if (!partitioned) return new Map([['', rows]]);
  const partitions: Partitions = new Map();
  for (const row of rows) {
    const value = row.pop() ?? '__NULL__';
    const same = partitions.get(value);
    if (same) same.push(row);
    else partitions.set(value, [row]);
  }
  return partitions;
}
