import { UserError } from '../../deploy/errors.js';
import { isDate } from '../../procedures/dataset/column-rules.js';
import type { ColumnFormat, Contract } from '../../procedures/dataset/contract.js';
import { headerOf, rawType } from '../../procedures/dataset/raw.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { type CsvFile, type CsvRecord, fieldsOf, openCsv, type Separator } from './csv-file.js';
import { isoDate, readDate } from './dates.js';
import { type DecimalMark, readNumber } from './numbers.js';

/** Records that are looked at before anything is deployed for them; loading looks at all of them. */
const SAMPLE = 2000;

/**
 * Checks header and first records of a .csv or .csv.gz file against the contract.
 * @throws UserError as valuesOf does
 */
export async function checkCsv(contract: Contract, file: string): Promise<void> {
  let records = 0;
  for await (const _ of valuesOf(contract, file)) if (++records >= SAMPLE) break;
}

/**
 * The values of a file's records in contract order, as COPY INTO takes them whatever its settings are: days as 2026-01-31, a point
 * before fractions, '' where one is missing.
 * @throws UserError that names every column that is missing or there twice, or file, line and column of the first value that is
 *   none of its type, but not the value
 */
export async function* valuesOf(contract: Contract, file: string): AsyncGenerator<string[]> {
  const csv = await openCsv(file);
  const read = recordReader(contract, csv);
  for await (const records of csv.records) for (const record of records) yield read(record);
}

/** Makes what reads a record's values as `valuesOf` gives them. @throws UserError as it does */
export function recordReader(contract: Contract, csv: CsvFile): (record: CsvRecord) => string[] {
  const columns = columnsIn(contract, csv);
  return (record) => {
    const fields = fieldsOf(csv, record);
    return columns.map(({ name, position, nulls, read }) => {
      const written = itemAt(fields, position).trim();
      if (written === '' || nulls.has(written)) return '';
      const value = read(written);
      if (typeof value === 'string') return value;
      throw wrongValue(contract, csv.file, record.line, name, value);
    });
  };
}

/** Finds where the contract's columns stand in a file, and how their values are read. */
function columnsIn(contract: Contract, { file, header, separator }: CsvFile) {
  const found = header.map((name) => name.toUpperCase());
  const columns = Object.keys(contract.columns).map((name) => ({
    name,
    called: headerOf(contract, name).trim().toUpperCase(),
    nulls: new Set(contract.nulls?.[name]),
    read: valueReader(
      requireValue(rawType(contract, name), `the type of ${name}`),
      contract.written?.[name] ?? {},
      separator,
    ),
  }));
  const list = (isListed: (called: string) => boolean) =>
    columns.flatMap(({ called }) => (isListed(called) ? [called] : []));
  const missing = list((name) => !found.includes(name));
  const repeated = list((name) => found.indexOf(name) !== found.lastIndexOf(name));
  if (repeated.length > 0)
    throw new UserError(`${file} has the column ${repeated.join(', ')} more than once.`, {
      next: 'Leave one of them in the file.',
    });
  if (missing.length > 0)
    throw new UserError(
      `${file} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')} of the dataset ${contract.name}.`,
      { next: 'Add what is missing to the file, or change columns in the dataset contract.' },
    );
  return columns.map((column) => ({ ...column, position: found.indexOf(column.called) }));
}

/** Advice that mends a value that is none of its type. */
export const MEND_VALUE =
  'Correct the file, or the type in the dataset contract; a text that stands for a missing value goes into nulls: there.';

/** Problem of a value, for a text that is no value of the type. */
interface ValueProblem {
  readonly wrong: string;
  readonly next?: string;
}

function wrongValue(
  contract: Contract,
  file: string,
  line: number,
  name: string,
  { wrong, next }: ValueProblem,
): UserError {
  return new UserError(`${file}, line ${line}: the value in column ${name} is ${wrong}.`, {
    next: next?.replace('COLUMN', `columns: ${name}: { type: ${contract.columns[name]}`) ?? MEND_VALUE,
  });
}

type ValueReader = (text: string) => string | ValueProblem;

function valueReader(type: string, { order, decimal }: ColumnFormat, separator: Separator): ValueReader {
  if (isDate(type)) return remembering(dateReader(type, order));
  if (/^(NUMBER|FLOAT)/.test(type)) return numberReader(type, decimal, separator);
  if (/^BOOLEAN/.test(type))
    return (text) =>
      /^(true|false|t|f|yes|no|y|n|1|0|on|off)$/i.test(text) ? text : { wrong: `no ${type}` };
  return (text) => text;
}

/** Days are met again and again. */
function remembering(read: ValueReader): ValueReader {
  const known = new Map<string, ReturnType<ValueReader>>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = read(text);
    if (known.size < MOST_REMEMBERED) known.set(text, value);
    return value;
  };
}

const MOST_REMEMBERED = 50_000;

function dateReader(type: string, order: ColumnFormat['order']): ValueReader {
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
