import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A statement and what an account answered to it, by somebody who tried it (see README.md here). */
export interface Fact {
  id: string;
  /** 3: a hospital's SQL meets it; 1: exotic. */
  matters: 1 | 2 | 3;
  setup?: string[];
  /** Files for PUT, by name; `{dir}` in a statement is their folder. */
  files?: Record<string, string>;
  sql: string;
  expect: Expectation;
  source: string;
}

export type Expectation =
  /** Part of the message (empty: nobody took it down) and the number, where it is known. */
  | { error: string; code?: string }
  | { value: unknown }
  | { rows: unknown[][] }
  | { columns: string[] }
  | { count: number }
  | { ok: true };

/** What became of a statement here. */
export interface Outcome {
  error?: Error & { code?: string };
  rows?: unknown[][];
  columns?: string[];
}

/**
 * How an outcome stands to the fact: `agrees`; an error in other `words`; `accepted` though an account refuses it;
 * another `value`; an `error` although an account answers; not built here and `refused` by name.
 */
export type Verdict = 'agrees' | 'words' | 'accepted' | 'value' | 'error' | 'refused';

const folder = join(process.cwd(), 'test/local/snowflake/facts');

const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** All facts by subject. */
export function recordedFacts(): Record<string, Fact[]> {
  const files = readdirSync(join(folder, 'recorded')).sort();
  return Object.fromEntries(
    files.map((file) => [file.replace('.json', ''), read(`recorded/${file}`) as Fact[]]),
  );
}

/** Facts that do not agree: how, and why. */
export const knownDisagreements = (): Record<string, { verdict: Verdict; why: string }> =>
  read('disagreements.json') as ReturnType<typeof knownDisagreements>;

const spaced = (text: string): string => text.replace(/\s+/g, ' ').toLowerCase();

export function verdictOf({ sql, expect }: Fact, { error, rows = [], columns = [] }: Outcome): Verdict {
  if (error) {
    if (/local Snowflake/.test(error.message)) return 'refused';
    if (!('error' in expect)) return 'error';
    const said = spaced(error.message).includes(spaced(expect.error));
    const numbered = expect.code === undefined || String(error.code) === expect.code;
    return said && numbered && !/internal error/i.test(error.message) ? 'agrees' : 'words';
  }
  if ('error' in expect) return 'accepted';
  return answers(sql, expect, rows, columns) ? 'agrees' : 'value';
}

function answers(sql: string, expect: Expectation, rows: unknown[][], columns: string[]): boolean {
  if ('count' in expect) return rows.length === expect.count;
  if ('columns' in expect) return columns.map((name) => name.toLowerCase()).join() === expect.columns.join();
  if ('value' in expect) return rows.length > 0 && same(expect.value, rows[0]![0]);
  if (!('rows' in expect)) return true;
  if (rows.length !== expect.rows.length) return false;
  const ordered = (all: unknown[][]) =>
    /ORDER BY/i.test(sql) ? all : [...all].sort((a, z) => (keyOf(a) < keyOf(z) ? -1 : 1));
  const found = ordered(rows);
  return ordered(expect.rows).every((row, i) => row.every((value, j) => same(value, found[i]![j])));
}

const keyOf = (row: unknown[]): string => row.map(plain).join('\u0002');

/** A text that spells a number with its scale ('2.00') was asked for as a text, and is compared as one. */
function same(wanted: unknown, found: unknown): boolean {
  if (wanted === null || found === null || found === undefined) return wanted === (found ?? null);
  if (typeof wanted === 'string' && /^-?\d+\.\d+$/.test(wanted)) return String(found) === wanted;
  return plain(wanted) === plain(found);
}

const digits = (number: number): string => String(Number(number.toPrecision(12)));

/** A value without its notation: numbers by value, JSON by structure. */
function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase();
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return digits(Number(text));
  if (!/^[[{]/.test(text)) return text;
  try {
    return structure(JSON.parse(text.replace(/\bundefined\b/g, '"\u0001undefined"')));
  } catch {
    return text;
  }
}

function structure(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(structure).join(',')}]`;
  if (typeof value === 'number') return digits(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [z]) => (a < z ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${structure(member)}`).join(',')}}`;
}
