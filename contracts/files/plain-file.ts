import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Contract } from '../../procedures/dataset/contract.js';
import { headerOf, rawType } from '../../procedures/dataset/raw.js';
import { type CsvFile, openCsv } from './csv-file.js';
import { recordReader } from './reader.js';

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
  const csv = await openCsv(file);
  const read = recordReader(contract, csv);
  const plain = plainRecord(contract, csv);
  yield `${Object.keys(contract.columns).join(',')}\n`;
  for await (const records of csv.records) {
    let text = '';
    for (const record of records)
      text += `${plain?.test(record.text) ? record.text : read(record).map(plainField).join(',')}\n`;
    yield text;
  }
}

/** Without quotes where nothing in it means anything to COPY INTO: an empty field in quotes would be a text. */
function plainField(value: string): string {
  return /^[\p{L}\w .:+-]*$/u.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}

/** Values that are read as they are written; of the others some may be too. */
const PLAIN_VALUES = {
  number: '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)',
  // The 29th of February is left to who knows calendars.
  day: '[12]\\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)',
  text: '[\\w.:+-]+(?: [\\w.:+-]+)*',
};

/**
 * Form of a record that is written as it stands: most are, and to take them apart takes five times as long.
 * @returns undefined where none may be
 */
function plainRecord(contract: Contract, { header, separator }: CsvFile): RegExp | undefined {
  const columns = Object.keys(contract.columns);
  const called = columns.map((name) => headerOf(contract, name).trim().toUpperCase());
  if (separator !== ',' || called.join() !== header.join().toUpperCase()) return undefined;
  const values = columns.map((name) => {
    const type = String(rawType(contract, name));
    if (/^DATE\b/.test(type)) return PLAIN_VALUES.day;
    if (/^(NUMBER|FLOAT)/.test(type))
      return contract.written?.[name]?.decimal === ',' ? undefined : PLAIN_VALUES.number;
    return /^(VARCHAR|TEXT|STRING|CHAR)/.test(type) ? PLAIN_VALUES.text : undefined;
  });
  if (values.includes(undefined)) return undefined;
  const missing = (name: string) =>
    (contract.nulls?.[name] ?? []).map((text) => `(?!${text.replace(/[^\w ]/g, '\\$&')}(?:,|$))`).join('');
  return new RegExp(`^${columns.map((name, i) => `(?:${missing(name)}${values[i]})?`).join(',')}$`);
}
