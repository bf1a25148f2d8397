import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, UserError } from '../../deploy/errors.js';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Advice for a file of another encoding. */
const NEXT_UTF8 = 'Save it as UTF-8: iconv -f CP850 (or what it is) -t UTF-8 OLD.csv > NEW.csv.';

/** Bytes that are no characters of Windows-1252. */
const UNUSED = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
/** A letter with an accent in UTF-8, byte by byte: two characters of Windows-1252 that no word has beside each other. */
const UTF8_LETTER = /\xc3[\x80-\xbf]/;

/** @throws UserError that says which file cannot be read, and why */
export function readError(file: string, error: unknown): UserError {
  return error instanceof UserError
    ? error
    : new UserError(`${file} cannot be read: ${messageOf(error)}.`, {
        next: 'Give the path of a CSV or .csv.gz file.',
      });
}

/** Tells whether a file begins as gzip's do. */
async function isPacked(file: string): Promise<boolean> {
  for await (const bytes of createReadStream(file, { end: 1 })) return bytes[0] === 0x1f && bytes[1] === 0x8b;
  return false;
}

/** The file's bytes, unpacked. */
async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const packed = await isPacked(file);
  if (packed !== file.endsWith('.gz'))
    throw new UserError(`${file} is ${packed ? '' : 'not '}compressed by gzip, against its name.`, {
      next: packed ? 'Name it .csv.gz.' : 'Name it .csv, or compress it with gzip.',
    });
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const unpacked: Readable = packed ? source.pipe(createGunzip({ chunkSize: 1 << 18 })) : source;
  // What breaks the file breaks what is read of it.
  if (packed) source.once('error', (error) => unpacked.destroy(error));
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
  }
}

/**
 * Finds how a file is written, from all of its bytes: UTF-16 by its mark, UTF-8 where it is that, else Windows-1252, in which
 * older programs of Western Europe and America write.
 * @throws UserError where it is none of these, or cannot be read
 */
export async function encodingOf(file: string): Promise<Encoding> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let strict = true;
  let first = true;
  let letters = false;
  try {
    for await (const bytes of bytesOf(file)) {
      if (first && bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
      if (first && bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
      first = false;
      if (strict)
        try {
          letters ||= /[^\0-\x7f]/.test(utf8.decode(bytes, { stream: true }));
          continue;
        } catch {
          strict = false;
        }
      // Letters of both would be read as nonsense.
      if (letters || UTF8_LETTER.test(bytes.toString('latin1')))
        throw new UserError(`${file} is UTF-8 in part only.`, { next: NEXT_UTF8 });
      if (UNUSED.some((byte) => bytes.includes(byte)))
        throw new UserError(`${file} is neither UTF-8 nor Windows-1252.`, { next: NEXT_UTF8 });
    }
    if (strict) utf8.decode();
  } catch (error) {
    if (!(error instanceof TypeError && strict)) throw readError(file, error);
    strict = false;
  }
  return strict ? 'utf-8' : 'windows-1252';
}

/** The file's text, piece by piece, without a mark of its encoding. */
export async function* textOf(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const bytes of bytesOf(file)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}
