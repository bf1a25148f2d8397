import type { Contract } from '../../procedures/dataset/contract.js';
import { UserError } from '../errors.js';
import { csvRecords } from './files/csv-file.js';
import { type RecordReader, recordReader } from './files/reader.js';

/** Records that are looked at before anything is deployed for them; loading looks at all of them. */
const SAMPLE = 2000;

/** What the first records of a CSV file say about how it is to be loaded. */
export interface CsvShape {
  readonly positions: readonly number[];
  /** Whether COPY INTO reads the file as it is as this contract does. */
  readonly plain: boolean;
}

/**
 * Checks header and first records of a CSV (or .csv.gz) file against the contract.
 * @throws UserError that names every missing column, or the first value of a wrong type with its line
 */
export async function inspectCsv(contract: Contract, file: string): Promise<CsvShape> {
  let reader: RecordReader | undefined;
  let plain = true;
  let records = 0;
  for await (const record of csvRecords(file)) {
    if (!reader) {
      reader = recordReader(contract, file, record);
      plain = reader.exact && record.separator === ',' && record.encoding === 'utf-8' && copyReads(contract);
      continue;
    }
    const { positions } = reader;
    const values = reader.read(record);
    if (plain) plain = values.every((value, i) => value === record.fields[positions[i]!]!.trim());
    if (++records >= SAMPLE) break;
  }
  if (!reader) throw new UserError(`${file} is empty.`, { next: 'Give a CSV file with a header line.' });
  return { positions: reader.positions, plain };
}

/** A time is written in ways that Snowflake would guess at, and a marker is a text. */
function copyReads({ nulls, written, columns }: Contract): boolean {
  return !nulls && !written && !Object.values(columns).some((type) => /^TIMESTAMP/.test(type));
}
