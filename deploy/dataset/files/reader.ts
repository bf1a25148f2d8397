import type { Contract, Written } from '../../../procedures/dataset/contract.js';
import { headerOf, rawType } from '../../../procedures/dataset/raw.js';
import { UserError } from '../../errors.js';
import { isDate } from './column-types.js';
import { type CsvRecord, namedFields, type Separator } from './csv-file.js';
import { isoDate, readDate } from './dates.js';
import { type DecimalMark, readNumber } from './numbers.js';

/** Reads the records of one file by a contract. */
export interface RecordReader {
  /** For each contract column, in contract order, its place in the file, from 0. */
  readonly positions: readonly number[];
  /** Whether the file has exactly the contract's columns in the contract's order. */
  readonly exact: boolean;
  /**
   * The values of a record in contract order, as COPY INTO takes them: days as 2026-01-31, a point before fractions, '' where
   * one is missing.
   * @throws UserError that names file, line and column of the first value that is none of its type, but not the value
   */
  read(record: CsvRecord): string[];
}

/**
 * What reads a file by a contract.
 * @param header the file's first record
 * @throws UserError that names every column that is missing, or there twice
 */
export function recordReader(contract: Contract, file: string, header: CsvRecord): RecordReader {
  const found = header.fields.map((name) =>
    name
      .replace(/^\uFEFF/, '')
      .trim()
      .toUpperCase(),
  );
  const names = Object.keys(contract.columns);
  const called = names.map((name) => headerOf(contract, name).trim().toUpperCase());
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
  const positions = called.map((name) => found.indexOf(name));
  const columns = names.map((name, i) => ({
    name,
    position: positions[i]!,
    nulls: new Set(contract.nulls?.[name]),
    value: valueReader(rawType(contract, name)!, contract.written?.[name] ?? {}, header.separator),
  }));
  return {
    positions,
    exact: found.length === names.length && positions.every((position, i) => position === i),
    read({ fields: all, line }) {
      const fields = namedFields(all, found.length);
      if (fields.length !== found.length)
        throw new UserError(
          `${file}, line ${line}: the record has ${fields.length} fields, and the header ${found.length}.`,
          {
            next: 'Correct the line; what divides fields, or a line break, needs quotes around the field that has it.',
          },
        );
      return columns.map(({ name, position, nulls, value }) => {
        const written = fields[position]!.trim();
        if (written === '' || nulls.has(written)) return '';
        const read = value(written);
        if (typeof read === 'string') return read;
        throw wrongValue(contract, file, line, name, read);
      });
    },
  };
}

/** What a value is not, for a text that is no value of the type. */
interface Wrong {
  readonly wrong: string;
  readonly next?: string;
}

function wrongValue(
  contract: Contract,
  file: string,
  line: number,
  name: string,
  { wrong, next }: Wrong,
): UserError {
  return new UserError(`${file}, line ${line}: the value in column ${name} is ${wrong}.`, {
    next:
      next?.replace('COLUMN', `columns: ${name}: { type: ${contract.columns[name]}`) ??
      'Correct the file, or the type in the dataset contract; a text that stands for a missing value goes into nulls: there.',
  });
}

type ValueReader = (text: string) => string | Wrong;

function valueReader(type: string, { order, decimal }: Written, separator: Separator): ValueReader {
  if (isDate(type)) return dateReader(type, order);
  if (/^(NUMBER|FLOAT)/.test(type)) return numberReader(type, decimal, separator);
  if (/^BOOLEAN/.test(type))
    return (text) =>
      /^(true|false|t|f|yes|no|y|n|1|0|on|off)$/i.test(text) ? text : { wrong: `no ${type}` };
  return (text) => text;
}

function dateReader(type: string, order: Written['order']): ValueReader {
  const zoned = /^TIMESTAMP_L?TZ/.test(type);
  return (text) => {
    const date = readDate(text);
    if (!date) return { wrong: `no ${type}` };
    // Who writes an offset also writes what the clock on the wall shows.
    const plain = zoned ? date : { ...date, offset: '' };
    const read = isoDate(plain, order);
    if (read === undefined)
      return order
        ? { wrong: `no date in the order ${order}`, next: 'Correct the file, or order: in the contract.' }
        : {
            wrong: 'a date that has its day or its month first',
            next: 'Write which into the dataset contract, COLUMN, order: DMY }, or MDY.',
          };
    return /^DATE/.test(type) ? read.slice(0, 10) : read;
  };
}

function numberReader(type: string, decimal: DecimalMark | undefined, separator: Separator): ValueReader {
  const float = /^FLOAT/.test(type);
  const wrong = { wrong: `no ${type}` };
  return (text) => {
    // Snowflake reads these as numbers; a model takes them for missing.
    if (float && /^[+-]?(nan|inf|infinity)$/i.test(text)) return text;
    if (decimal) return readNumber(text, decimal, true) ?? wrong;
    // Where no commas divide fields, 1,5 is 1.5.
    const point = readNumber(text, '.') ?? (float && separator !== ',' ? readNumber(text, ',') : undefined);
    return point ?? wrong;
  };
}
