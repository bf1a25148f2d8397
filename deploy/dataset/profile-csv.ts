import { UserError } from '../errors.js';
import { csvRecords, plainDate, plainNumber, type Separator } from './csv-file.js';
import {
  type ColumnProfile,
  contractNames,
  FAR_YEAR,
  isDate,
  MAX_LEVELS,
  SURE_MARKERS,
  type TableProfile,
} from './profile.js';

/** Missing values where the rest of a column is numbers; in a column of words they may be words. */
const MARKERS_AMONG_NUMBERS = ['NA', '.', '-', '--'];

/** Values that are remembered of a column. Beyond them a column without a repetition counts as one without any. */
const MOST_DISTINCT = 500_000;

const KINDS: readonly (readonly [type: string, pattern: RegExp])[] = [
  // A number with a leading zero is a code.
  ['NUMBER', /^[+-]?(0|[1-9]\d{0,37})$/],
  ['FLOAT', /^[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/],
  ['BOOLEAN', /^(true|false)$/i],
  ['DATE', /^\d{4}-\d\d-\d\d$/],
  ['TIMESTAMP_NTZ', /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?$/],
  ['TIMESTAMP_TZ', /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d:?\d\d))?)?$/],
];

/**
 * Looks at every record of a CSV (or .csv.gz) file with a header line; nothing of it leaves this process.
 * @param nulls texts that stand for a missing value; left out: those that usually do, where they are met
 * @throws UserError when the file cannot be read, or a record has more or fewer fields than the header
 */
export async function profileCsv(file: string, nulls?: readonly string[]): Promise<TableProfile> {
  let columns: Column[] | undefined;
  let rows = 0;
  for await (const { fields: record, separator } of csvRecords(file)) {
    if (!columns) {
      columns = header(file, record).map((source) => new Column(source, nulls, separator));
      continue;
    }
    rows++;
    if (record.length !== columns.length)
      throw new UserError(
        `${file}, record ${rows + 1}: it has ${record.length} fields, the header ${columns.length}.`,
        {
          next: 'Correct the line; what divides fields, or a line break, needs quotes around the field that has it.',
        },
      );
    for (const [i, column] of columns.entries()) column.take(record[i]!.trim());
  }
  if (!columns) throw new UserError(`${file} is empty.`, { next: 'Give a CSV file with a header line.' });
  const names = contractNames(columns.map(({ source }) => source));
  return { rows, columns: columns.map((column, i) => column.profile(names[i]!)) };
}

function header(file: string, record: readonly string[]): string[] {
  const names = record.map((name, i) => (i === 0 ? name.replace(/^\uFEFF/, '') : name).trim());
  const upper = names.map((name) => name.toUpperCase());
  const twice = names.find((_, i) => upper.indexOf(upper[i]!) !== i);
  if (twice !== undefined)
    throw new UserError(`${file} has the column ${twice || 'without a name'} more than once.`, {
      next: 'Give every column of the header a name of its own.',
    });
  return names;
}

class Column {
  private values = 0;
  private readonly distinct = new Set<string>();
  private repeated = false;
  private readonly possible = new Set(KINDS.map(([type]) => type));
  /** Null markers met, and how often; those among numbers count as values of a column of words. */
  private readonly sure = new Set<string>();
  private readonly unsure = new Map<string, number>();

  constructor(
    readonly source: string,
    private readonly nulls: readonly string[] | undefined,
    private readonly separator: Separator,
  ) {}

  take(value: string): void {
    if (value === '') return;
    if ((this.nulls ?? SURE_MARKERS).includes(value)) return void this.sure.add(value);
    if (!this.nulls && MARKERS_AMONG_NUMBERS.includes(value))
      return void this.unsure.set(value, (this.unsure.get(value) ?? 0) + 1);
    this.values++;
    if (this.distinct.has(value)) this.repeated = true;
    else if (this.distinct.size < MOST_DISTINCT) this.distinct.add(value);
    const number = plainNumber(value, this.separator);
    const plain = number === value ? plainDate(value) : number;
    for (const [type, pattern] of KINDS)
      if (this.possible.has(type) && !pattern.test(plain)) this.possible.delete(type);
  }

  profile(name: string): ColumnProfile {
    const type =
      this.values > 0 ? (KINDS.find(([kind]) => this.possible.has(kind))?.[0] ?? 'VARCHAR') : 'VARCHAR';
    const words = type === 'VARCHAR' && this.values > 0;
    if (words)
      for (const [marker, times] of this.unsure) {
        this.values += times;
        this.distinct.add(marker);
      }
    const far = isDate(type)
      ? [...this.distinct]
          .map((value) => plainDate(value).slice(0, 10))
          .filter((day) => Number(day.slice(0, 4)) >= FAR_YEAR)
      : [];
    const full = this.distinct.size >= MOST_DISTINCT && !this.repeated;
    return {
      name,
      // In a header the case does not matter.
      source: this.source.toUpperCase() === name ? name : this.source,
      type,
      values: this.values,
      distinct: full ? this.values : this.distinct.size,
      markers: [...this.sure, ...(words ? [] : this.unsure.keys()), ...new Set(far)],
      ...(type === 'VARCHAR' && this.distinct.size > 1 && this.distinct.size <= MAX_LEVELS
        ? { levels: [...this.distinct].sort() }
        : {}),
    };
  }
}
