import { UserError } from '../../deploy/errors.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { type Encoding, encodingOf, readError, textOf } from './encoding.js';

/** Signs that may stand between the fields of a file; a spreadsheet where commas are decimal marks writes semicolons. */
const SEPARATORS = [',', ';', '\t', '|'] as const;

export type Separator = (typeof SEPARATORS)[number];

/** A record longer than this (characters) has a quote that nothing closes. */
const LONGEST_RECORD = 200_000;

export interface CsvFile {
  readonly file: string;
  /** The names of its columns, without blanks around them. */
  readonly header: readonly string[];
  readonly separator: Separator;
  readonly encoding: Encoding;
  /** Its records, once; some at a time, for to wait for each takes longer than to read it. */
  readonly records: AsyncIterable<readonly CsvRecord[]>;
}

export interface CsvRecord {
  /** As it stands in the file. */
  readonly text: string;
  /** The line that it begins on, from 1. */
  readonly line: number;
  /** Fields of a record that has quotes; left out: it has none. */
  readonly quoted?: readonly string[];
}

/**
 * Opens a .csv or .csv.gz with a header line; a quoted field may go over several lines.
 * @throws UserError when it cannot be read, is no such file, or is empty; of its records also where a quote is never closed
 */
export async function openCsv(file: string): Promise<CsvFile> {
  const encoding = await encodingOf(file);
  const all = recordsOf(file, encoding);
  const { value: first } = await all.next();
  if (!first) throw new UserError(`${file} is empty.`, { next: 'Give a CSV file with a header line.' });
  const { separator } = first;
  const [head, ...records] = first.records;
  const { text, quoted } = requireValue(head, 'the header');
  const header = (quoted ?? text.split(separator)).map((name) => name.trim());
  return { file, header, encoding, separator, records: rest(records, all) };
}

async function* rest(
  first: readonly CsvRecord[],
  others: AsyncIterable<Piece>,
): AsyncGenerator<readonly CsvRecord[]> {
  yield first;
  for await (const { records } of others) yield records;
}

/**
 * The fields of a record as they are, but for empty ones behind those that the header has names for: spreadsheets write some.
 * @throws UserError where there are more or fewer
 */
export function fieldsOf(
  { file, header, separator }: CsvFile,
  { text, line, quoted }: CsvRecord,
): readonly string[] {
  const fields = quoted ?? text.split(separator);
  const count = header.length;
  if (fields.length === count) return fields;
  if (fields.length > count && fields.slice(count).every((field) => field.trim() === ''))
    return fields.slice(0, count);
  throw new UserError(
    `${file}, line ${line}: the record has ${fields.length} fields, and the header ${count}.`,
    {
      next: 'Correct the line; what divides fields, or a line break, needs quotes around the field that has it.',
    },
  );
}

/** Finds what stands between the fields of a file: what divides its header into most. */
export function separatorOf(header: string): Separator {
  const bare = header.replace(/"(?:[^"]|"")*("|$)/g, '');
  const fields = SEPARATORS.map((separator) => bare.split(separator).length);
  return itemAt(SEPARATORS, fields.indexOf(Math.max(...fields)));
}

/**
 * Fields of one CSV record, quotes taken off. A quote opens a field only at its beginning: `5" tube` is a text like another.
 * @returns undefined where a quoted field has not ended yet
 */
export function splitQuoted(record: string, separator: Separator): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let start = at;
    while (record[start] === ' ') start++;
    if (record[start] !== '"') {
      const end = record.indexOf(separator, at);
      fields.push(end < 0 ? record.slice(at) : record.slice(at, end));
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    let field = '';
    let from = start + 1;
    for (;;) {
      const quote = record.indexOf('"', from);
      if (quote < 0) return undefined;
      field += record.slice(from, quote);
      from = quote + 2;
      if (record[quote + 1] !== '"') {
        at = quote + 1;
        break;
      }
      field += '"';
    }
    const end = record.indexOf(separator, at);
    const rest = end < 0 ? record.slice(at) : record.slice(at, end);
    fields.push(rest.trim() === '' ? field : field + rest);
    if (end < 0) return fields;
    at = end + 1;
  }
}

/** Lines of a file's text, each with its number, from 1. */
async function* linesOf(file: string, encoding: Encoding): AsyncGenerator<string[]> {
  let rest = '';
  let before = 0;
  // Old Macs end lines with a carriage return alone: what ends the header's ends all.
  let end: string | undefined;
  for await (const text of textOf(file, encoding)) {
    if (rest.length > LONGEST_RECORD)
      throw new UserError(
        `${file} cannot be read: line ${before + 1} has more than ${LONGEST_RECORD.toLocaleString('en-US')} characters.`,
        { next: 'Give a file with one record a line; a small .csv.gz that unpacks to one line is no table.' },
      );
    const whole = rest + text;
    end ??= /\r\n|\n|\r(?=[^\n])/.exec(whole)?.[0];
    const lines = whole.split(end === '\r' ? '\r' : '\n');
    rest = lines.pop() ?? '';
    before += lines.length;
    if (lines.length > 0) yield whole.includes('\r') ? lines.map(withoutReturn) : lines;
  }
  rest = rest.replace(/\r$/, '');
  if (rest !== '') yield [rest];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** A spreadsheet's word to its like about what divides fields. */
const SEPARATOR_LINE = /^"?sep=(.)"?$/i;

/** Records that were read together, at least one. */
interface Piece {
  readonly records: readonly CsvRecord[];
  readonly separator: Separator;
}

async function* recordsOf(file: string, encoding: Encoding): AsyncGenerator<Piece, undefined> {
  let separator: Separator | undefined;
  let pending = '';
  let line = 0;
  let begin = 1;
  try {
    for await (const lines of linesOf(file, encoding)) {
      const records: CsvRecord[] = [];
      for (const text of lines) {
        line++;
        if (pending === '') begin = line;
        if (pending === '' && text === '') continue;
        const said = separator === undefined ? SEPARATOR_LINE.exec(text)?.[1] : undefined;
        if (said !== undefined && SEPARATORS.includes(said as Separator)) {
          separator = said as Separator;
          continue;
        }
        const record = pending === '' ? text : `${pending}\n${text}`;
        if (pending !== '' && !text.includes('"') && record.length <= LONGEST_RECORD) {
          pending = record;
          continue;
        }
        separator ??= separatorOf(record);
        const quoted = record.includes('"') ? splitQuoted(record, separator) : [];
        pending = quoted ? '' : record;
        if (quoted) records.push({ text: record, line: begin, ...(quoted.length > 0 && { quoted }) });
        else if (record.length > LONGEST_RECORD) break;
      }
      if (separator !== undefined && records.length > 0) yield { records, separator };
      if (pending.length > LONGEST_RECORD) throw quoteError(file, begin);
    }
  } catch (error) {
    throw readError(file, error);
  }
  if (pending !== '') throw quoteError(file, begin);
  return undefined;
}

function quoteError(file: string, line: number): UserError {
  return new UserError(`${file} cannot be read: a quote is never closed, in the record of line ${line}.`, {
    next: 'Close it; a quote inside of a quoted field is written twice.',
  });
}
