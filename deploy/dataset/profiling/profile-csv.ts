import { UserError } from '../../errors.js';
import { csvRecords, namedFields } from '../files/csv-file.js';
import type { DateOrder } from '../files/dates.js';
import type { Encoding } from '../files/encoding.js';
import { contractNames } from '../naming/contract-names.js';
import { ColumnLook, type FileHabits } from './column-look.js';
import type { TableProfile } from './profile.js';

/** What a file says besides its columns. */
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
  let looks: ColumnLook[] | undefined;
  let encoding: Encoding = 'utf-8';
  let rows = 0;
  for await (const record of csvRecords(file)) {
    if (!looks) {
      const { fields } = record;
      encoding = record.encoding;
      looks = header(file, fields).map((source) => new ColumnLook(source, nulls, record.separator));
      continue;
    }
    rows++;
    const fields = namedFields(record.fields, looks.length);
    if (fields.length !== looks.length)
      throw new UserError(
        `${file}, record ${rows + 1} (line ${record.line}): it has ${fields.length} fields, the header ${looks.length}.`,
        {
          next: 'Correct the line; what divides fields, or a line break, needs quotes around the field that has it.',
        },
      );
    for (let i = 0; i < looks.length; i++) looks[i]!.take(fields[i]!.trim());
  }
  if (!looks) throw new UserError(`${file} is empty.`, { next: 'Give a CSV file with a header line.' });
  const habits = habitsOf(looks, order);
  const named = looks.filter(({ source }) => source !== '');
  const names = contractNames(named.map(({ source }) => source));
  return {
    rows,
    encoding,
    unnamed: looks.length - named.length,
    columns: named.map((look, i) => look.profile(names[i]!, habits)),
  };
}

/** What the columns settle for the whole file; an order only where no two of them contradict each other. */
function habitsOf(looks: readonly ColumnLook[], given: DateOrder | undefined): FileHabits {
  const habits = looks.map((look) => look.habits);
  const orders = new Set(habits.flatMap(({ order }) => order ?? []));
  const order = given ?? (orders.size === 1 ? [...orders][0] : undefined);
  return { decimalCommas: habits.some(({ decimalCommas }) => decimalCommas), ...(order ? { order } : {}) };
}

function header(file: string, fields: readonly string[]): string[] {
  const names = fields.map((name) => name.trim());
  const upper = names.map((name) => name.toUpperCase());
  const twice = names.find((name, i) => name !== '' && upper.indexOf(upper[i]!) !== i);
  if (twice !== undefined)
    throw new UserError(`${file} has the column ${twice} more than once.`, {
      next: 'Give every column of the header a name of its own.',
    });
  return names;
}
