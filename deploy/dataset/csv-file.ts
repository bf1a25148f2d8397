import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, UserError } from '../errors.js';

/** What to do with a file of another encoding. */
export const NEXT_UTF8 = 'Save it as UTF-8: iconv -f LATIN1 (or UTF-16) -t UTF-8 OLD.csv > NEW.csv.';

/** What may stand between the fields of a file; a spreadsheet where commas are decimal marks writes semicolons. */
const SEPARATORS = [',', ';', '\t', '|'] as const;

export type Separator = (typeof SEPARATORS)[number];

/** What stands between the fields of a file: what divides its header into most. */
export function separatorOf(header: string): Separator {
  const fields = SEPARATORS.map((separator) => splitCsv(header, separator).length);
  return SEPARATORS[fields.indexOf(Math.max(...fields))]!;
}

/** Fields of one CSV line, quotes taken off. */
export function splitCsv(line: string, separator: Separator = ','): string[] {
  if (!line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (quoted) {
      if (char !== '"') field += char;
      else if (line[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === separator) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  fields.push(field);
  return fields;
}

/** `31.01.2026`, and a time after it. */
const DOTTED = /^(\d\d)\.(\d\d)\.(\d{4})(?=$|[ T])/;

/** A date of a file as Snowflake reads it: `31.01.2026` is 2026-01-31; any other text stays as it is. */
export function plainDate(value: string): string {
  return value.replace(DOTTED, '$3-$2-$1');
}

/** A number of a file as Snowflake reads it: where no commas divide fields, `1,5` is 1.5. */
export function plainNumber(value: string, separator: Separator): string {
  return separator === ',' ? value : value.replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
}

/** Whether a file begins with these bytes; one that cannot be read does not. */
async function startsWith(file: string, bytes: readonly number[]): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return false;
  try {
    const { buffer } = await handle
      .read(Buffer.alloc(bytes.length), 0, bytes.length, 0)
      .catch(() => ({ buffer: Buffer.alloc(0) }));
    return buffer.equals(Buffer.from(bytes));
  } finally {
    await handle.close();
  }
}

/** The file's text, unpacked; the caller closes it. */
async function openText(file: string): Promise<{ input: Readable; close(): void }> {
  const packed = await startsWith(file, [0x1f, 0x8b]);
  if (packed !== file.endsWith('.gz'))
    throw new UserError(`${file} is ${packed ? '' : 'not '}compressed by gzip, against its name.`, {
      next: packed ? 'Name it .csv.gz.' : 'Name it .csv, or compress it with gzip.',
    });
  if ((await startsWith(file, [0xff, 0xfe])) || (await startsWith(file, [0xfe, 0xff])))
    throw new UserError(`${file} is UTF-16, not UTF-8.`, { next: NEXT_UTF8 });
  const source = createReadStream(file);
  const input: Readable = packed ? source.pipe(createGunzip()) : source;
  // What breaks the file breaks what is read of it.
  if (packed) source.once('error', (error) => input.destroy(error));
  return { input, close: () => source.destroy() };
}

function unreadable(file: string, error: unknown): UserError {
  return new UserError(`${file} cannot be read: ${messageOf(error)}.`, {
    next: 'Give the path of a CSV or .csv.gz file.',
  });
}

/** Lines of a .csv or .csv.gz. @throws UserError when it cannot be read or is no such file */
async function* linesOf(file: string): AsyncGenerator<string> {
  const { input, close } = await openText(file);
  // readline ends quietly where its input breaks.
  let broken: Error | undefined;
  input.once('error', (error) => {
    broken = error;
  });
  try {
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    input.once('error', () => lines.close());
    yield* lines;
    if (broken) throw broken;
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    close();
  }
}

/** The first lines of a .csv or .csv.gz. */
export async function firstLines(file: string, count: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(file)) {
    lines.push(line);
    if (lines.length >= count) break;
  }
  return lines;
}

/**
 * Every record of a .csv or .csv.gz, the header first; a quoted field may go over several lines.
 * @returns with each what stands between the file's fields
 */
export async function* csvRecords(file: string): AsyncGenerator<{ fields: string[]; separator: Separator }> {
  let pending = '';
  let separator: Separator | undefined;
  for await (const line of linesOf(file)) {
    const record = pending === '' ? line : `${pending}\n${line}`;
    const open = (record.match(/"/g)?.length ?? 0) % 2 === 1;
    pending = open ? record : '';
    if (open || record === '') continue;
    separator ??= separatorOf(record);
    yield { fields: splitCsv(record, separator), separator };
  }
  if (pending !== '') throw unreadable(file, 'a quote is never closed');
}
