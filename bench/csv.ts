import { splitQuoted } from '../contracts/files/csv-file.js';

/** Fields of one line of a CSV file with commas. @throws Error where a quote is never closed */
export function splitCsv(line: string): string[] {
  const fields = splitQuoted(line, ',');
  if (!fields) throw new Error('A quote is never closed.');
  return fields;
}
