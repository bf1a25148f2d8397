import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, UserError } from '../errors.js';
import type { Contract } from './contract.js';
import { sourceOf } from './raw.js';

/** Records that are looked at before loading; COPY INTO checks all of them. */
const SAMPLE = 2000;

/** What to do with a file of another encoding. */
export const NEXT_UTF8 = 'Save it as UTF-8: iconv -f LATIN1 (or UTF-16) -t UTF-8 OLD.csv > NEW.csv.';

/** What the first lines of a CSV file say about how it is to be loaded. */
export interface CsvShape {
  /** For each contract column, in contract order, its place in the file, from 1. */
  readonly positions: readonly number[];
  /** Whether the file has exactly the contract's columns in the contract's order. */
  readonly exact: boolean;
}

/**
 * Checks header and first records of a CSV (or .csv.gz) file against the contract.
 * @throws UserError that names every missing column, or the first one of a wrong type with its line
 */
export async function inspectCsv(contract: Contract, file: string): Promise<CsvShape> {
  const [header, ...records] = await firstLines(file, SAMPLE + 1);
  if (header === undefined)
    throw new UserError(`${file} is empty.`, { next: 'Give a CSV file with a header line.' });
  const found = splitCsv(header.replace(/^\uFEFF/, '')).map((name) => name.trim().toUpperCase());
  const names = Object.keys(contract.columns);
  const called = names.map((name) => sourceOf(contract, name).trim().toUpperCase());
  const missing = called.filter((name) => !found.includes(name));
  const separator = [';', '\t', '|'].find((other) => found.length === 1 && header.includes(other));
  if (separator)
    throw new UserError(`${file} is not separated by commas but by ${JSON.stringify(separator)}.`, {
      next: 'Save it as CSV with commas and a header line.',
    });
  const twice = called.filter((name) => found.indexOf(name) !== found.lastIndexOf(name));
  if (twice.length > 0)
    throw new UserError(`${file} has the column ${twice.join(', ')} more than once.`, {
      next: 'Leave one of them in the file.',
    });
  if (missing.length > 0)
    throw new UserError(
      `${file} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')} of the dataset ${contract.name}.`,
      { next: 'Add what is missing to the file, or change columns in the dataset contract.' },
    );
  const positions = called.map((name) => found.indexOf(name) + 1);
  for (const [index, line] of records.entries()) {
    // A quoted field may hold a line break; such a line is COPY's to judge.
    if ((line.match(/"/g)?.length ?? 0) % 2 === 1) break;
    const fields = splitCsv(line);
    for (const [place, name] of names.entries()) {
      const type = contract.columns[name] ?? 'VARCHAR';
      const value = (fields[(positions[place] ?? 0) - 1] ?? '').trim();
      if (value !== '' && !contract.nulls?.[name]?.includes(value) && !fits(value, type))
        throw new UserError(`${file}, line ${index + 2}: the value in column ${name} is no ${type}.`, {
          next: 'Correct the file, or the type in the dataset contract.',
        });
    }
  }
  const exact = found.length === names.length && positions.every((position, i) => position === i + 1);
  return { positions, exact };
}

/** Fields of one CSV line, quotes taken off. */
export function splitCsv(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
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
    else if (char === ',') {
      fields.push(field);
      field = '';
    } else field += char;
  }
  fields.push(field);
  return fields;
}

function fits(value: string, type: string): boolean {
  if (/^(NUMBER|FLOAT)/.test(type)) return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value);
  if (type === 'BOOLEAN') return /^(true|false|t|f|yes|no|y|n|1|0|on|off)$/i.test(value);
  if (type === 'DATE' || type.startsWith('TIMESTAMP')) return !Number.isNaN(Date.parse(value));
  return true;
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

async function firstLines(file: string, count: number): Promise<string[]> {
  const packed = await startsWith(file, [0x1f, 0x8b]);
  if (packed !== file.endsWith('.gz'))
    throw new UserError(`${file} is ${packed ? '' : 'not '}compressed by gzip, against its name.`, {
      next: packed ? 'Name it .csv.gz.' : 'Name it .csv, or compress it with gzip.',
    });
  if ((await startsWith(file, [0xff, 0xfe])) || (await startsWith(file, [0xfe, 0xff])))
    throw new UserError(`${file} is UTF-16, not UTF-8.`, { next: NEXT_UTF8 });
  const source = createReadStream(file);
  const input: Readable = packed ? source.pipe(createGunzip()) : source;
  const lines: string[] = [];
  try {
    const failed = new Promise<never>((_, reject) => {
      source.once('error', reject);
      input.once('error', reject);
    });
    const read = (async () => {
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        lines.push(line);
        if (lines.length >= count) break;
      }
    })();
    await Promise.race([read, failed]);
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${messageOf(error)}.`, {
      next: 'Give the path of a CSV or .csv.gz file.',
    });
  } finally {
    source.destroy();
  }
  return lines;
}
