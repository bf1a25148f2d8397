// `FROM @stage`: staged files as rows of a query.

import type { Services } from '../../feature.js';
import type { Relation } from '../../query/bind/bind-source.js';
import type { Binder } from '../../query/bind/binder.js';
import { literal } from '../../storage/storage.js';
import { TEXT, VARIANT } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import { chooseFiles } from '../files/choose.js';
import type { StageFile, StageFiles } from '../files/files.js';
import { resolveLocation } from '../files/location.js';
import { METADATA_COLUMNS, metadataValue } from '../files/metadata.js';
import { openPlain, type PlainFile } from '../files/plain-file.js';
import { type Format, resolveFormat } from '../formats/format.js';
import {
  duckCsv,
  exactRows,
  fieldSql,
  firstRecord,
  fromDuckDb,
  type RawRows,
  readableByDuckDb,
  toParquet,
} from '../formats/read.js';
import { abortError, ErrorMaker, type LoadError } from './load-errors.js';

/** The one file that a running COPY wants the stage in its SELECT to mean; kept in the session's notes. */
export interface StagedFile {
  file: StageFile;
  files: StageFiles;
  format: Format;
  /** What the reader found, once the query has been prepared. */
  raw?: FileRows;
}
export const STAGED_FILE = 'staged file';

/** Stands in the SQL of a staged file where a condition on its rows may be put. */
export const ROWS_CONDITION = '/* rows of the file */';

/** One file's rows: SQL, how many there are, and the records that are none. */
export interface FileRows {
  sql: string;
  rows: number;
  malformed: LoadError[];
  /** DuckDB's number of a row, from 0. */
  rowNumber: string;
  /** The Parquet file that the SQL reads. */
  path: string;
}

/** `$1` … and METADATA$ columns, read when the statement runs. */
export const stageSource: Services['stageSource'] = (b, text, options) => {
  const staged = b.session.notes.get(STAGED_FILE) as StagedFile | undefined;
  const constant = (name: string) => {
    const value = options.get(name)?.constant;
    return value === undefined || value === null ? undefined : String(value);
  };
  const location = staged ? undefined : resolveLocation(b.account, b.session, text, 'READ');
  const format =
    staged?.format ?? resolveFormat(b.account, b.session, constant('FILE_FORMAT'), location!.fileFormat);
  const width = Math.max(1, ...[...b.text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
  const type = format.type !== 'CSV' ? VARIANT : TEXT();
  const columns: Relation['columns'] = [
    ...Array.from({ length: width }, (_, i) => ({
      name: `$${i + 1}`,
      physical: `c${i + 1}`,
      type,
      nullable: true,
    })),
    ...METADATA_COLUMNS.map((column) => ({
      ...column,
      physical: column.name,
      nullable: false,
      hidden: true,
    })),
  ];
  const placeholder = `(SELECT '$stage ${b.collected.next()}')`;
  b.collected.deferred.push({
    placeholder,
    sql: async () => {
      if (staged) {
        staged.raw = await fileRows(b, staged.files, staged.file, format, width);
        return `(${staged.raw.sql})`;
      }
      const parts: string[] = [];
      for (const file of await chooseFiles(location!, undefined, constant('PATTERN'))) {
        b.signal?.throwIfAborted();
        const { sql, malformed } = await fileRows(b, location!.files, file, format, width);
        if (malformed[0]) throw abortError(file, malformed[0], false);
        parts.push(sql);
      }
      return `(${parts.length > 0 ? parts.join(' UNION ALL ') : noRows(format, width, b.now)})`;
    },
  });
  return { sql: placeholder, columns };
};

const physicalType = (format: Format) => (format.type === 'CSV' ? 'VARCHAR' : 'JSON');

function noRows(format: Format, width: number, now: number): string {
  const none: StageFile = { name: '', shown: '', place: '', size: 0, md5: '', modified: 0 };
  const fields = Array.from(
    { length: width },
    (_, i) => `CAST(NULL AS ${physicalType(format)}) AS c${i + 1}`,
  );
  return `SELECT ${[...fields, ...metadata(none, '0', now)].join(', ')} WHERE FALSE`;
}

function metadata(file: StageFile, row: string, now: number): string[] {
  return METADATA_COLUMNS.map(
    ({ name }) => `${metadataValue(name, file, row, now).sql} AS ${quoteName(name)}`,
  );
}

/** One file's raw rows as a query of `width` columns and the METADATA$ columns. */
async function fileRows(
  b: Binder,
  files: StageFiles,
  file: StageFile,
  format: Format,
  width: number,
): Promise<FileRows> {
  const plain = await openPlain(b.account, files, file, format);
  try {
    const read = (await readQuickly(b, plain, format)) ?? (await readExactly(b, plain, format));
    const fields = Array.from(
      { length: width },
      (_, i) => `CAST(${i < read.width ? `c${i + 1}` : 'NULL'} AS ${physicalType(format)}) AS c${i + 1}`,
    );
    const { rowNumber, rows, malformed, path } = read;
    const from = `read_parquet(${literal(path)}, file_row_number=true) ${ROWS_CONDITION}`;
    const sql = `SELECT ${[...fields, ...metadata(file, rowNumber, b.now)].join(', ')} FROM ${from}`;
    return { sql, rows, malformed, rowNumber, path };
  } finally {
    await plain.dispose();
  }
}

interface ReadFile extends Omit<FileRows, 'sql'> {
  width: number;
}

/** With DuckDB's reader, where it means the same; undefined for uneven rows, which the exact reader takes. */
async function readQuickly(b: Binder, plain: PlainFile, format: Format): Promise<ReadFile | undefined> {
  if (!readableByDuckDb(plain, format)) return undefined;
  const connection = await b.account.storage.connect();
  try {
    const width = Math.max(1, (await firstRecord(plain, format)).length);
    const fields = Array.from({ length: width }, (_, i) => `${fieldSql(`c${i + 1}`, format)} AS c${i + 1}`);
    const done = await toParquet(
      b.account,
      connection,
      `SELECT ${fields.join(', ')} FROM ${duckCsv(plain.path, format, width).relation}`,
    );
    return { path: done.path, rows: done.rows, width, malformed: [], rowNumber: 'file_row_number' };
  } catch (error) {
    if (!fromDuckDb(error)) throw error;
    return undefined;
  } finally {
    connection.close();
  }
}

async function readExactly(b: Binder, plain: PlainFile, format: Format): Promise<ReadFile> {
  const connection = await b.account.storage.connect();
  try {
    const raw = await exactRows(connection, plain, format);
    const fields = Array.from(
      { length: raw.width },
      (_, i) => `${format.type === 'CSV' ? fieldSql(`c${i + 1}`, format) : `c${i + 1}`} AS c${i + 1}`,
    );
    const malformed = formatErrors(raw);
    const where = malformed.length > 0 ? ` WHERE "$n" NOT IN (${malformed.map((each) => each.row)})` : '';
    const done = await toParquet(
      b.account,
      connection,
      `SELECT "$n", ${fields.join(', ')} FROM ${raw.relation}${where} ORDER BY "$n"`,
    );
    return { path: done.path, rows: raw.records!.length, width: raw.width, malformed, rowNumber: '"$n"' };
  } finally {
    connection.close();
  }
}

/** Snowflake names a file that is only read like a table. */
const READ_FILE = 'TRANSIENT_STAGE_TABLE';

function formatErrors(raw: RawRows): LoadError[] {
  const maker = new ErrorMaker(raw, READ_FILE);
  return raw.records!.flatMap((record, row) =>
    record.error ? [maker.formatError(row, record.error, maker.qualifyColumn(undefined, record.fields))] : [],
  );
}
