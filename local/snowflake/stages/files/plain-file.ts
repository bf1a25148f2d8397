import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Account } from '../../account.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import type { StageFile, StageFiles } from './files.js';
import { temporaryFolder } from './temporary.js';

/** A staged file, unpacked, where DuckDB can read it. */
export interface PlainFile {
  path: string;
  /** What only the exact CSV reader reads as Snowflake does: backslashes, empty lines, lone carriage returns. */
  special: boolean;
  /** Whether a field begins or ends with white space, as far as TRIM_SPACE asks for it; DuckDB's reader keeps it. */
  spaced: boolean;
  /** Whether something in it may be a number with an exponent, `1e5`, if the format asks for it. */
  exponents: boolean;
  /** Whether fields may be enclosed, so that a line break need not end a record. */
  enclosed: boolean;
  /** @param replaceInvalid bytes that are no UTF-8 become U+FFFD instead of an error */
  text(replaceInvalid?: boolean): Promise<string>;
  dispose(): Promise<void>;
}

/** What of a format says how a file is unpacked, and what is looked for in it. */
interface PlainFormat {
  compression: string;
  encoding?: string;
  trimSpace?: boolean;
  fieldDelimiter?: string;
  enclosedBy?: string;
  /** Whether numbers with exponents are looked for. */
  exponents?: boolean;
}

/**
 * Brings a staged file here and unpacks it.
 * @param compression AUTO looks at the file's first bytes, as Snowflake does for all but Brotli
 */
export async function openPlain(
  account: Account,
  files: StageFiles,
  file: StageFile,
  { compression, encoding, trimSpace, fieldDelimiter, enclosedBy, exponents = false }: PlainFormat,
): Promise<PlainFile> {
  const opened = await files.open(file);
  const path = join(await temporaryFolder(account), randomUUID());
  const scan = new Scan(trimSpace ? fieldDelimiter : undefined, enclosedBy, exponents);
  try {
    const unpack = UNPACK[compression === 'AUTO' ? await findPacking(opened.path) : compression];
    await pipeline([
      createReadStream(opened.path, { highWaterMark: 1 << 20 }),
      ...(unpack ? [unpack({ chunkSize: 1 << 20 })] : []),
      ...(encoding ? [toUtf8(encoding)] : []),
      scan,
      createWriteStream(path, { mode: 0o600 }),
    ]);
  } catch (error) {
    await rm(path, { force: true });
    if (error instanceof SnowflakeError) throw error;
    throw new SnowflakeError(
      '100085',
      '22000',
      `Error reading file '${file.name}': ${(error as Error).message}`,
    );
  } finally {
    await opened.dispose();
  }
  return {
    path,
    special: scan.special,
    spaced: scan.spaced,
    exponents: scan.exponents,
    enclosed: scan.enclosed,
    text: async (replaceInvalid = false) => decodeBytes(await readFile(path), file.name, replaceInvalid),
    dispose: () => rm(path, { force: true }),
  };
}

function decodeBytes(bytes: Buffer, name: string, replaceInvalid: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: !replaceInvalid, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SnowflakeError('100144', '22000', `Invalid UTF8 detected while reading file '${name}'.`);
  }
}

const UNPACK: Record<string, (options: { chunkSize: number }) => Transform> = {
  GZIP: createGunzip,
  DEFLATE: createInflate,
  RAW_DEFLATE: createInflateRaw,
  BROTLI: createBrotliDecompress,
};

/** The compression that a file's first bytes tell. @throws SnowflakeError for one that is not built */
async function findPacking(path: string): Promise<string> {
  const start = Buffer.alloc(4);
  const handle = await open(path);
  try {
    await handle.read(start, 0, 4, 0);
  } finally {
    await handle.close();
  }
  if (start[0] === 0x1f && start[1] === 0x8b) return 'GZIP';
  const packed =
    start.toString('latin1', 0, 3) === 'BZh' ? 'BZ2' : start.readUInt32LE() === 0xfd2fb528 ? 'ZSTD' : '';
  if (packed !== '')
    throw localRefusal(`COMPRESSION = ${packed}`, 'Node.js does not unpack it', 'Compress with gzip.');
  return 'NONE';
}

/** Turns text in another encoding into UTF-8. */
function toUtf8(encoding: string): Transform {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      done(null, decoder.decode(part, { stream: true }));
    },
    flush(done) {
      done(null, decoder.decode());
    },
  });
}

/** White space that is more than a byte, as far as all of a kind begin alike. */
const WIDE_SPACES = ['\u00a0', '\u1680', '\u2000', '\u2040', '\u3000', '\ufeff'].map((c) =>
  Buffer.from(c).subarray(0, 2),
);
const LINE_ENDS = [0x0a, 0x0d];
/** What is cut off at the end of a part counts as found. */
const EXPONENT = /[\d.]e(?:[-+\d]|$)/i;

/** Passes bytes on and looks for what makes the exact reader necessary. */
class Scan extends Transform {
  special = false;
  spaced = false;
  exponents = false;
  enclosed = false;
  private last = 0x0a;
  /** The bytes beside which white space is at the edge of a field; none: it is not asked for. */
  private readonly edges: Set<number> | undefined;

  constructor(
    fieldDelimiter: string | undefined,
    private readonly enclosedBy: string | undefined,
    private readonly asked: boolean,
  ) {
    super();
    if (fieldDelimiter) this.edges = new Set([...Buffer.from(fieldDelimiter), ...LINE_ENDS]);
  }

  override _transform(
    part: Buffer,
    _encoding: BufferEncoding,
    done: (error: null, part: Buffer) => void,
  ): void {
    if (!this.special) {
      const first = part.subarray(0, 2).toString('latin1');
      this.special =
        part.includes(0x5c) ||
        part.includes('\n\n') ||
        part.includes('\n\r\n') ||
        part.includes(0) ||
        (this.last === 0x0a && (first[0] === '\n' || first === '\r\n'));
    }
    if (this.enclosedBy && !this.enclosed) this.enclosed = part.includes(this.enclosedBy);
    if (this.asked && !this.exponents) {
      const text = part.toString('latin1');
      this.exponents =
        EXPONENT.test(text) || EXPONENT.test(String.fromCharCode(this.last) + text.slice(0, 2));
    }
    if (this.edges && !this.spaced) this.spaced = this.hasSpaceAtEdge(part, this.edges);
    this.last = part[part.length - 1] ?? this.last;
    done(null, part);
  }

  /** Spaces are few, delimiters many: so it is spaces that are looked for. What lies over two parts counts as found. */
  private hasSpaceAtEdge(part: Buffer, edges: Set<number>): boolean {
    if (WIDE_SPACES.some((bytes) => part.includes(bytes)) || part.includes(0x0b) || part.includes(0x0c))
      return true;
    if (isSpace(this.last)) return true;
    for (const space of [0x20, 0x09])
      for (let at = part.indexOf(space); at >= 0; at = part.indexOf(space, at + 1)) {
        const [before, after] = [part[at - 1], part[at + 1]];
        if (before === undefined || after === undefined || edges.has(before) || edges.has(after)) return true;
      }
    return false;
  }
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte > 0x7f;
