import { SnowflakeError } from '../errors.js';
import { lenientJson } from '../expressions/lenient-json.js';
import type { JsonFormat } from './format.js';

/**
 * The documents of a JSON file: one a line, or one after the other, or (STRIP_OUTER_ARRAY) the elements of an
 * array. @throws SnowflakeError 100069 for what is no JSON
 */
export function* readJson(text: string, format: JsonFormat): Generator<string> {
  for (const document of documents(text)) {
    let value: unknown;
    try {
      value = parsed(document.text);
    } catch (error) {
      throw new SnowflakeError(
        '100069',
        '22P02',
        `Error parsing JSON: ${(error as Error).message}, line ${document.line}`,
      );
    }
    const values = format.stripOuterArray && Array.isArray(value) ? value : [value];
    for (const each of values) yield JSON.stringify(format.stripNullValues ? withoutNulls(each) : each);
  }
}

/** Snowflake reads more than JSON, e.g. keys without quotes. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(lenientJson(text));
  }
}

/** Splits at the ends of top-level values. */
function* documents(text: string): Generator<{ text: string; line: number }> {
  let line = 1;
  let start = -1;
  let startLine = 1;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (c === '\n') line++;
    if (inString) {
      if (c === '\\') at++;
      else if (c === '"') inString = false;
      if (inString || depth > 0) continue;
    } else if (c === '"') {
      inString = true;
      if (start < 0) [start, startLine] = [at, line];
      continue;
    } else if (c === '{' || c === '[') {
      if (start < 0) [start, startLine] = [at, line];
      depth++;
      continue;
    } else if (c === '}' || c === ']') depth--;
    else if (/\s/.test(c) && depth === 0) {
      if (start >= 0) yield { text: text.slice(start, at), line: startLine };
      start = -1;
      continue;
    } else {
      if (start < 0 && c !== '\ufeff') [start, startLine] = [at, line];
      continue;
    }
    if (depth === 0 && start >= 0) {
      yield { text: text.slice(start, at + 1), line: startLine };
      start = -1;
    }
  }
  if (start >= 0) yield { text: text.slice(start), line: startLine };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(members.map(([key, each]) => [key, withoutNulls(each)]));
}
