import type { CsvFormat } from './format.js';

/** A record of a CSV file. */
export interface CsvRecord {
  /** The line it begins on, from 1. */
  line: number;
  /** undefined stands for an empty field without enclosure. */
  fields: (string | undefined)[];
  /** Where each field begins: characters from the start of the record. */
  starts: number[];
  /** Where the record begins and ends in the text, without its delimiter. */
  offset: number;
  end: number;
  /** What is wrong with the record as CSV, and where in the text. */
  error?: { message: string; at: number };
}

/**
 * Reads CSV as Snowflake does: with every option of the format, one record at a time. DuckDB's reader is used
 * where it means the same (read.ts); this one is exact and says where an error is.
 */
export function* readCsv(text: string, format: CsvFormat): Generator<CsvRecord> {
  const { fieldDelimiter, recordDelimiter, enclosedBy, escape: escaper, escapeUnenclosed } = format;
  const end = text.length;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  const recordEnd = (from: number): number => {
    if (recordDelimiter === undefined) {
      if (text[from] === '\n') return 1;
      if (text[from] === '\r') return text[from + 1] === '\n' ? 2 : 1;
      return 0;
    }
    return recordDelimiter !== '' && text.startsWith(recordDelimiter, from) ? recordDelimiter.length : 0;
  };
  while (at < end) {
    const start = at;
    const record: CsvRecord = { line, fields: [], starts: [], offset: start, end: start };
    for (;;) {
      const fieldStart = at;
      record.starts.push(fieldStart - start);
      let value = '';
      let enclosed = false;
      const quote = format.trimSpace ? skipSpaces(text, at) : at;
      if (enclosedBy !== '' && text.startsWith(enclosedBy, quote)) {
        enclosed = true;
        at = quote + 1;
        for (;;) {
          if (at >= end) {
            record.error = { message: 'End of file reached within an enclosed field', at: fieldStart };
            break;
          }
          const c = text[at]!;
          if (escaper !== '' && c === escaper && at + 1 < end) {
            value += unescapeText(text[at + 1]!);
            at += 2;
          } else if (c === enclosedBy) {
            at++;
            if (text[at] !== enclosedBy) break;
            value += c;
            at++;
          } else {
            if (c === '\n') line++;
            value += c;
            at++;
          }
        }
        if (format.trimSpace) at = skipSpaces(text, at);
        if (at < end && !startsField(text, at, fieldDelimiter) && !recordEnd(at))
          record.error ??= {
            message: `Found character '${text[at]}' instead of field delimiter '${fieldDelimiter}'`,
            at,
          };
        while (at < end && !startsField(text, at, fieldDelimiter) && !recordEnd(at)) at++;
      } else {
        while (at < end && !startsField(text, at, fieldDelimiter)) {
          const c = text[at]!;
          if ((c === '\n' || c === '\r' || recordDelimiter !== undefined) && recordEnd(at)) break;
          const escaped =
            (escapeUnenclosed !== '' && c === escapeUnenclosed) || (escaper !== '' && c === escaper);
          // \N stays as it is: NULL_IF looks for it.
          if (escaped && at + 1 < end && text[at + 1] !== 'N') {
            value += unescapeText(text[at + 1]!);
            at += 2;
          } else {
            value += c;
            at++;
          }
        }
      }
      if (format.trimSpace) value = enclosed ? value : value.trim();
      record.fields.push(!enclosed && value === '' ? undefined : value);
      if (startsField(text, at, fieldDelimiter) && at < end) {
        at += fieldDelimiter.length;
        continue;
      }
      break;
    }
    record.end = at;
    at += recordEnd(at);
    line++;
    const blank = record.fields.length === 1 && record.fields[0] === undefined;
    if (!(blank && format.skipBlankLines)) yield record;
  }
}

function startsField(text: string, at: number, delimiter: string): boolean {
  if (delimiter.length === 1) return text[at] === delimiter;
  return delimiter !== '' && text.startsWith(delimiter, at);
}

function skipSpaces(text: string, at: number): number {
  let to = at;
  while (text[to] === ' ' || text[to] === '\t') to++;
  return to;
}

const ESCAPED: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };
function unescapeText(c: string): string {
  return ESCAPED[c] ?? c;
}
