import { UserError } from '../../deploy/errors.js';
import { itemAt } from '../../udfs/require-value.js';
import { fieldsOf, openCsv } from '../files/csv-file.js';
import type { DateOrder } from '../files/dates.js';
import type { Encoding } from '../files/encoding.js';
import { contractNames } from '../naming/contract-names.js';
import { ColumnProfiler, type FileHabits } from './column-look.js';
import type { TableProfile } from './profile.js';

/** Profile of a file besides its columns. */
export interface FileProfile extends TableProfile {
  readonly encoding: Encoding;
  /** Columns without a name and without a value. */
  readonly unnamed: number;
}

/**
 * Looks at every record of a CSV (or .csv.gz) file with a header line; nothing of it leaves this process.
 * @param nulls texts that stand for a missing value; left out: those that usually do, where they are met
 * @param order of day, month and year where the values of the whole file do not say it
 * @throws UserError when the file cannot be read, or a record has more or fewer fields than the header
 */
export async function profileCsv(
  file: string,
  nulls?: readonly string[],
  order?: DateOrder,
): Promise<FileProfile> {
  const csv = await openCsv(file);
  const { header, separator, encoding, records } = csv;
  requireOneOfEach(file, header);
  const looks = header.map((source) => new ColumnProfiler(source, nulls, separator));
  let rows = 0;
  for await (const some of records) {
    rows += some.length;
    for (const record of some) {
      const fields = fieldsOf(csv, record);
      for (const [i, look] of looks.entries()) look.take(itemAt(fields, i).trim());
    }
  }
  const habits = habitsOf(looks, order);
  const named = looks.filter(({ source }) => source !== '');
  const names = contractNames(named.map(({ source }) => source));
  return {
    rows,
    encoding,
    unnamed: looks.length - named.length,
    columns: named.map((look, i) => look.profile(itemAt(names, i), habits)),
  };
}

/** Habits that the columns settle for the whole file; an order only where no two of them contradict each other. */
function habitsOf(looks: readonly ColumnProfiler[], given: DateOrder | undefined): FileHabits {
  const habits = looks.map((look) => look.habits);
  const orders = new Set(habits.flatMap(({ order }) => order ?? []));
  const order = given ?? (orders.size === 1 ? [...orders][0] : undefined);
  return { decimalCommas: habits.some(({ decimalCommas }) => decimalCommas), ...(order ? { order } : {}) };
}

function requireOneOfEach(file: string, names: readonly string[]): void {
  const upper = names.map((name) => name.toUpperCase());
  const repeated = names.find((name, i) => name !== '' && upper.indexOf(itemAt(upper, i)) !== i);
  if (repeated !== undefined)
    throw new UserError(`${file} has the column ${repeated} more than once.`, {
      next: 'Give every column of the header a name of its own.',
    });
}
