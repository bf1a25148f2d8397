import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Contract } from '../../procedures/dataset/contract.js';
import { valuesOf } from './reader.js';

/** Characters that are compressed at a time. */
const PIECE = 1 << 18;

/**
 * Writes a file of any hospital as the file that COPY INTO reads without a guess: the contract's columns in its order, in UTF-8,
 * with commas, plain days and numbers. It is read by this user alone, and goes when `use` is over.
 * @param use is given the path of the plain file
 * @throws UserError at the first value that is none of its type
 */
export async function withPlainFile<T>(
  contract: Contract,
  file: string,
  use: (plain: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'los-load-'));
  try {
    const plain = join(folder, 'plain.csv.gz');
    await pipeline(
      Readable.from(plainText(contract, file)),
      createGzip({ level: 1 }),
      createWriteStream(plain, { mode: 0o600 }),
    );
    return await use(plain);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* plainText(contract: Contract, file: string): AsyncGenerator<string> {
  let text = `${Object.keys(contract.columns).join(',')}\n`;
  for await (const values of valuesOf(contract, file)) {
    text += `${values.map(plainField).join(',')}\n`;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** Without quotes where nothing in it means anything to COPY INTO: an empty field in quotes would be a text. */
function plainField(value: string): string {
  return /^[\p{L}\w .:+-]*$/u.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}
