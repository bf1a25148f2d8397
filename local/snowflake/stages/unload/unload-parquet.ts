// COPY INTO a location as Parquet, which DuckDB writes.
import { rm, stat } from 'node:fs/promises';
import type { Account } from '../../account.js';
import { SnowflakeError } from '../../errors.js';
import { type CompiledQuery, prepare } from '../../query/run/run.js';
import { type Connection, literal, quoteText } from '../../storage/storage.js';
import { castTo, isSemiStructured } from '../../types/coerce.js';
import { TEXT } from '../../types/data-type.js';
import { plainText } from '../../types/undefined.js';
import { temporaryPath } from '../files/temporary.js';
import type { ParquetFormat } from '../formats/format.js';
import { toParquet } from '../formats/read.js';
import { freeNames, sizeError, type Unload, type UnloadedFile } from './unload-files.js';

const PARTITION = '$partition';

/**
 * The rows are written once into a file of our own; each file of the unload is a part of it. MAX_FILE_SIZE is met by
 * as many rows as fit on the average.
 * @param partitioned the query's last column is the partition
 */
export async function writeParquet(
  account: Account,
  unload: Unload & { format: ParquetFormat },
  query: CompiledQuery,
  partitioned: boolean,
  signal: AbortSignal,
): Promise<UnloadedFile[]> {
  const whole = await prepare(query.binder, allRows(unload, query, partitioned), (sql) =>
    toParquet(account, query.binder.session.connection, sql),
  );
  const connection = await account.storage.connect();
  try {
    const free = await freeNames(unload);
    const written: UnloadedFile[] = [];
    for (const { partition, condition, rows, bytes } of await parts(connection, whole, partitioned)) {
      const most = unload.single
        ? rows
        : Math.max(1, Math.floor((rows * unload.maxFileSize) / Math.max(1, bytes)));
      for (let at = 0, number = 0; at < rows; at += most, number++) {
        signal.throwIfAborted();
        const name = free(partition, number);
        const from = `SELECT * EXCLUDE (${quoteText(PARTITION)}, file_row_number) FROM read_parquet(${literal(whole.path)}, file_row_number=true) WHERE ${condition} ORDER BY file_row_number LIMIT ${most} OFFSET ${at}`;
        written.push(await writePart(account, unload, connection, from, name));
      }
    }
    return written;
  } finally {
    connection.close();
    await rm(whole.path, { force: true });
  }
}

/** The query with the names that the columns have in the files, and the partition. @throws SnowflakeError */
function allRows({ columns, header }: Unload, query: CompiledQuery, partitioned: boolean): string {
  const values = columns.map(({ name, type }, i) => {
    if (type.kind === 'TIMESTAMP_TZ' || type.kind === 'TIMESTAMP_LTZ')
      throw new SnowflakeError(
        '001738',
        '22000',
        `SQL compilation error:\nColumn '${name}' is a ${type.kind}, which cannot be unloaded as Parquet. Cast it to TIMESTAMP_NTZ.`,
      );
    const sql = isSemiStructured(type) ? plainText(`c${i + 1}`) : `c${i + 1}`;
    return `${sql} AS ${quoteText(header ? name : `_COL_${i}`)}`;
  });
  const last = query.columns[query.columns.length - 1]!;
  const partition = partitioned
    ? `coalesce(${castTo({ ...last, sql: `c${query.columns.length}` }, TEXT(), query.binder.casts).sql}, '__NULL__')`
    : "''";
  return `SELECT ${values.join(', ')}, ${partition} AS ${quoteText(PARTITION)} FROM (${query.sql})`;
}

/** The partitions of the rows, with about how many bytes each has. */
async function parts(connection: Connection, whole: { path: string; rows: number }, partitioned: boolean) {
  const { size } = await stat(whole.path);
  if (!partitioned) return [{ partition: '', condition: 'TRUE', rows: whole.rows, bytes: size }];
  const found = await connection.rows(
    `SELECT ${quoteText(PARTITION)}, CAST(count(*) AS VARCHAR) FROM read_parquet(${literal(whole.path)}) GROUP BY 1 ORDER BY 1`,
  );
  return found.map(([partition, rows]) => ({
    partition: partition!,
    condition: `${quoteText(PARTITION)} = ${literal(partition!)}`,
    rows: Number(rows),
    bytes: (size * Number(rows)) / whole.rows,
  }));
}

async function writePart(
  account: Account,
  { location, format, single, maxFileSize }: Unload,
  connection: Connection,
  sql: string,
  name: string,
): Promise<UnloadedFile> {
  const path = await temporaryPath(account, '.parquet');
  const compression = format.compression === 'NONE' ? 'uncompressed' : 'snappy';
  try {
    const rows = await connection.run(
      `COPY (${sql}) TO ${literal(path)} (FORMAT parquet, COMPRESSION ${compression})`,
    );
    const { size } = await stat(path);
    if (single && size > maxFileSize) throw sizeError(maxFileSize);
    return { name, rows, input: size, output: await location.files.store(name, path) };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
