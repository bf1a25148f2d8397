import { lenientJson } from '../../expressions/json/lenient-json.js';
import type { JsonFormat } from './format.js';

/** A document, or why there is none, and where it stood in the text. */
export interface JsonDocument {
  document: string | undefined;
  line: number;
  offset: number;
  end: number;
  error?: { message: string; at: number };
}

/**
 * The documents of a JSON file: one a line, or one after the other, or (STRIP_OUTER_ARRAY) the elements of an
 * array. What is no JSON comes as an error in its place.
 */
export function* readJson(text: string, format: JsonFormat): Generator<JsonDocument> {
  for (const { start, end, line } of documents(text)) {
    const where = { line, offset: start, end };
    let json: string;
    try {
      json = lenientJson(text.slice(start, end), format.allowDuplicate);
    } catch (error) {
      const message = `Error parsing JSON: ${(error as Error).message}`;
      yield { ...where, document: undefined, error: { message, at: start } };
      continue;
    }
    for (const each of format.stripOuterArray && json.startsWith('[') ? elements(json) : [json])
      yield {
        ...where,
        document: format.stripNullValues ? JSON.stringify(withoutNulls(JSON.parse(each))) : each,
      };
  }
}

/** The elements of an array in JSON without white space; their digits stay as they are. */
function* elements(array: string): Generator<string> {
  let depth = 0;
  let start = 1;
  for (let at = 1; at < array.length; at++) {
    const c = array[at]!;
    if (c === '"') {
      for (at++; array[at] !== '"'; at++) if (array[at] === '\\') at++;
    } else if (depth === 0 && (c === ',' || c === ']')) {
      if (at > start) yield array.slice(start, at);
      start = at + 1;
    } else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
  }
}

/** Splits at the ends of top-level values. */
function* documents(text: string): Generator<{ start: number; end: number; line: number }> {
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
      if (start >= 0) yield { start, end: at, line: startLine };
      start = -1;
      continue;
    } else {
      if (start < 0 && c !== '\ufeff') [start, startLine] = [at, line];
      continue;
    }
    if (depth === 0 && start >= 0) {
      yield { start, end: at + 1, line: startLine };
      start = -1;
    }
  }
  if (start >= 0) yield { start, end: text.length, line: startLine };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(members.map(([key, each]) => [key, withoutNulls(each)]));
}
