import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { BESIDE, literal, quoteText } from '../../storage/storage.js';
import type { PlainFile } from '../files/plain-file.js';
import type { LoadPlan } from './load.js';

/** Bytes from which on a file is read in two halves; what is read of the second is held in memory, so not of any size. */
const LEAST = 4_000_000;
const MOST = 200_000_000;
/** Within so many bytes behind the middle a line must end. */
const LINE = 1 << 16;

/**
 * Cuts a file of lines in two behind a line near its middle: it becomes the first half.
 * @returns the path of the second half; undefined, and it is as it was, where it is small or a line need not be a record
 */
export async function secondHalf(file: PlainFile): Promise<string | undefined> {
  if (file.enclosed) return undefined;
  const handle = await open(file.path);
  let at: number;
  try {
    const { size } = await handle.stat();
    if (size < LEAST || size > MOST) return undefined;
    const middle = Math.floor(size / 2);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LINE), 0, LINE, middle);
    const end = buffer.subarray(0, bytesRead).indexOf('\n');
    if (end < 0) return undefined;
    at = middle + end + 1;
  } finally {
    await handle.close();
  }
  const path = `${file.path}-2`;
  await pipeline(
    createReadStream(file.path, { start: at, highWaterMark: 1 << 20 }),
    createWriteStream(path, { mode: 0o600 }),
  );
  await truncate(file.path, at);
  return path;
}

/**
 * Inserts the rows of two queries, those of the first before those of the second, which another connection, and so another core, reads
 * meanwhile into a table in memory.
 * @returns how many
 */
export async function insertBoth(
  { account, session }: LoadPlan,
  insert: (select: string) => Promise<number>,
  first: string,
  second: string,
): Promise<number> {
  const table = `${BESIDE}.${quoteText(randomUUID())}`;
  const connection = await account.storage.connect();
  connection.set('TimeZone', literal(session.timezone));
  const read = connection.run(`CREATE TABLE ${table} AS ${second}`);
  const ended = read.then(
    () => undefined,
    () => undefined,
  );
  try {
    const rows = await insert(first);
    await read;
    return rows + (await insert(`SELECT * FROM ${table}`));
  } catch (error) {
    connection.interrupt();
    throw error;
  } finally {
    await ended;
    await connection.run(`DROP TABLE IF EXISTS ${table}`);
    connection.close();
  }
}
