import type { Contract } from '../../procedures/dataset/contract.js';
import { sourceOf } from '../../procedures/dataset/raw.js';
import { UserError } from '../errors.js';
import { firstLines, plainDate, plainNumber, type Separator, separatorOf, splitCsv } from './csv-file.js';
import { isDate } from './profile.js';

/** Records that are looked at before loading; COPY INTO checks all of them. */
const SAMPLE = 2000;

/** What the first lines of a CSV file say about how it is to be loaded. */
export interface CsvShape {
  /** For each contract column, in contract order, its place in the file, from 1. */
  readonly positions: readonly number[];
  /** Whether the file has exactly the contract's columns in the contract's order. */
  readonly exact: boolean;
  readonly separator: Separator;
  /** Whether dates are written as 31.01.2026. */
  readonly dotted: boolean;
}

/**
 * Checks header and first records of a CSV (or .csv.gz) file against the contract.
 * @throws UserError that names every missing column, or the first one of a wrong type with its line
 */
export async function inspectCsv(contract: Contract, file: string): Promise<CsvShape> {
  const [header, ...records] = await firstLines(file, SAMPLE + 1);
  if (header === undefined)
    throw new UserError(`${file} is empty.`, { next: 'Give a CSV file with a header line.' });
  const separator = separatorOf(header);
  const found = splitCsv(header.replace(/^\uFEFF/, ''), separator).map((name) => name.trim().toUpperCase());
  const names = Object.keys(contract.columns);
  const called = names.map((name) => sourceOf(contract, name).trim().toUpperCase());
  const missing = called.filter((name) => !found.includes(name));
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
  let dotted = false;
  for (const [index, line] of records.entries()) {
    // A quoted field may hold a line break; such a line is COPY's to judge.
    if ((line.match(/"/g)?.length ?? 0) % 2 === 1) break;
    const fields = splitCsv(line, separator);
    for (const [place, name] of names.entries()) {
      const type = contract.columns[name] ?? 'VARCHAR';
      const written = (fields[(positions[place] ?? 0) - 1] ?? '').trim();
      const value = asRead(written, type, separator);
      if (isDate(type) && value !== written) dotted = true;
      if (value !== '' && !contract.nulls?.[name]?.includes(written) && !fits(value, type))
        throw new UserError(`${file}, line ${index + 2}: the value in column ${name} is no ${type}.`, {
          next: 'Correct the file, or the type in the dataset contract; a text that stands for a missing value goes into nulls: there.',
        });
    }
  }
  const exact = found.length === names.length && positions.every((position, i) => position === i + 1);
  return { positions, exact, separator, dotted };
}

function asRead(value: string, type: string, separator: Separator): string {
  if (isDate(type)) return plainDate(value);
  return type === 'FLOAT' ? plainNumber(value, separator) : value;
}

function fits(value: string, type: string): boolean {
  // Snowflake reads these as numbers; a model takes them for missing.
  if (type === 'FLOAT' && /^[+-]?(nan|inf|infinity)$/i.test(value)) return true;
  if (/^(NUMBER|FLOAT)/.test(type)) return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value);
  if (type === 'BOOLEAN') return /^(true|false|t|f|yes|no|y|n|1|0|on|off)$/i.test(value);
  if (isDate(type)) return !Number.isNaN(Date.parse(value));
  return true;
}
