// The files that COPY INTO a location writes.
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createBrotliCompress, createDeflate, createDeflateRaw, createGzip } from 'node:zlib';
import type { Account } from '../../account.js';
import { SnowflakeError } from '../../errors.js';
import type { ResultColumn, Row } from '../../types/data-type.js';
import type { Location } from '../files/location.js';
import { temporaryPath } from '../files/temporary.js';
import type { CsvFormat, JsonFormat, ParquetFormat } from '../formats/format.js';
import { csvRecord, headerOf, jsonRecord } from './unload-text.js';

/** What COPY INTO a location was told; docs: sql-reference/sql/copy-into-location. */
export interface Unload {
  location: Location;
  format: CsvFormat | JsonFormat | ParquetFormat;
  columns: ResultColumn[];
  overwrite: boolean;
  single: boolean;
  header: boolean;
  /** In bytes before compression. */
  maxFileSize: number;
  /** INCLUDE_QUERY_ID: stands in the files' names, so that no two unloads write the same file. */
  queryId: string | undefined;
}

/** A file that was written. */
export interface UnloadedFile {
  name: string;
  rows: number;
  /** Bytes before compression, and as they lie in the stage. */
  input: number;
  output: number;
}

/** Rows with the same value of PARTITION BY; '' without. */
export type Partitions = Map<string, Row[]>;

/**
 * Writes the rows of each partition as text into files of at most about maxFileSize. An empty result writes none.
 * Unless the file is to be a single one, several threads write at the same time, each its own files: more than a few
 * rows come to lie in several files, and an ORDER BY of the query does not survive.
 * Docs: user-guide/data-unload-overview ("unique across parallel execution threads").
 */
export async function writeFiles(
  account: Account,
  unload: Unload & { format: CsvFormat | JsonFormat },
  partitions: Partitions,
  signal: AbortSignal,
): Promise<UnloadedFile[]> {
  const { location, format, columns, single, maxFileSize } = unload;
  const header = headerOf(unload);
  const record = format.type === 'CSV' ? csvRecord(columns, format) : jsonRecord;
  const free = await freeNames(unload);
  const written: UnloadedFile[] = [];
  for (const [partition, all] of partitions) {
    let number = 0;
    const shares = (single ? [all] : dealt(all)).filter((share) => share.length > 0);
    for (let rows = shares.shift(), at = 0; rows; number++) {
      signal.throwIfAborted();
      const name = free(partition, number);
      const writer = new FileWriter(await temporaryPath(account, ''), format.compression);
      const first = at;
      try {
        await writer.write(header);
        while (at < rows.length && (single || writer.bytes < maxFileSize))
          await writer.write(record(rows[at++]!));
        await writer.end();
        if (single && (await stat(writer.path)).size > maxFileSize) throw sizeError(maxFileSize);
        const output = await location.files.store(name, writer.path);
        written.push({ name, rows: at - first, input: writer.bytes, output });
      } catch (error) {
        await rm(writer.path, { force: true });
        throw error;
      }
      if (at < rows.length) continue;
      rows = shares.shift();
      at = 0;
    }
  }
  return written;
}

/** What a thread takes at a time, and how many threads there are on the smallest warehouse. */
const ROWS_AT_ONCE = 1000;
const THREADS = 4;

/** The rows as the threads happen to take them. */
function dealt(rows: Row[]): Row[][] {
  const shares: Row[][] = Array.from({ length: THREADS }, () => []);
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    shares[Math.floor(Math.random() * THREADS)]!.push(...rows.slice(at, at + ROWS_AT_ONCE));
  return shares;
}

/**
 * Gives the names of the files to write: of a partition and by number from 0.
 * @throws SnowflakeError from the function for a name that is taken, unless OVERWRITE = TRUE
 */
export async function freeNames(unload: Unload): Promise<(partition: string, number: number) => string> {
  const { location, overwrite } = unload;
  const existing = new Set((await location.files.list(location.path)).map((file) => file.name));
  return (partition, number) => {
    const name = fileName(unload, partition, number);
    if (!overwrite && existing.has(name)) throw existsError(location);
    return name;
  };
}

function existsError({ shown }: Location): SnowflakeError {
  return new SnowflakeError(
    '001756',
    '22000',
    `Files already existing at the unload destination: ${shown}. Use overwrite option to force unloading.`,
  );
}

/** SINGLE = TRUE, and the file is larger than MAX_FILE_SIZE. */
export function sizeError(limit: number): SnowflakeError {
  return new SnowflakeError(
    '001757',
    '22000',
    `The single file would be larger than MAX_FILE_SIZE (${limit} bytes); raise it (at most 5 GB) or leave out SINGLE = TRUE.`,
  );
}

const PACKERS: Record<string, { ending: string; make: () => NodeJS.ReadWriteStream }> = {
  AUTO: { ending: '.gz', make: () => createGzip({ level: 6 }) },
  GZIP: { ending: '.gz', make: () => createGzip({ level: 6 }) },
  BROTLI: { ending: '.br', make: createBrotliCompress },
  DEFLATE: { ending: '.deflate', make: createDeflate },
  RAW_DEFLATE: { ending: '.raw_deflate', make: createDeflateRaw },
};

/** What packs a file, if anything does. */
export function packer(compression: string): NodeJS.ReadWriteStream | undefined {
  return PACKERS[compression]?.make();
}

/** `path/` + data_0_0_0.csv.gz, or `prefix` + _0_0_0.csv.gz; with SINGLE the path itself. */
function fileName({ location, single, format, queryId }: Unload, partition: string, number: number): string {
  const { path } = location;
  const folder = path === '' || path.endsWith('/');
  if (single) return folder ? `${path}data` : path;
  const packed = PACKERS[format.compression]?.ending ?? '';
  const extension =
    format.type === 'PARQUET'
      ? `${format.compression === 'NONE' ? '' : '.snappy'}.parquet`
      : format.fileExtension === ''
        ? `.${format.type.toLowerCase()}${packed}`
        : `.${format.fileExtension.replace(/^\./, '')}`;
  const id = queryId === undefined ? '' : `_${queryId}`;
  const place =
    partition === '' ? `${path}${folder ? 'data' : ''}` : `${path}${folder ? '' : '/'}${partition}/data`;
  return `${place}${id}_0_${number}_0${extension}`;
}

/** Collects text into chunks of a megabyte, so that a row costs no system call. */
class FileWriter {
  bytes = 0;
  private parts: string[] = [];
  private held = 0;
  private readonly file: WriteStream;
  private readonly pack: NodeJS.ReadWriteStream | undefined;

  constructor(
    readonly path: string,
    compression: string,
  ) {
    this.file = createWriteStream(path, { mode: 0o600 });
    this.pack = packer(compression);
    this.pack?.pipe(this.file);
  }

  async write(text: string): Promise<void> {
    this.parts.push(text);
    this.held += text.length;
    this.bytes += Buffer.byteLength(text);
    if (this.held > 1 << 20) await this.flush();
  }

  private async flush(): Promise<void> {
    const out = this.pack ?? this.file;
    const more = out.write(this.parts.join(''));
    this.parts = [];
    this.held = 0;
    if (!more) await once(out, 'drain');
  }

  async end(): Promise<void> {
    await this.flush();
    (this.pack ?? this.file).end();
    await finished(this.file);
  }
}
