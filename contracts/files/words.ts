import { wordsOf } from '../words.js';

const values = wordsOf<{ readonly missing: readonly string[][]; readonly months: readonly string[] }>(
  'values',
);

let missing: ReadonlySet<string> | undefined;
let months: ReadonlyMap<string, number> | undefined;

const stripAccents = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Tells whether a text says that a value is missing. */
export function saysMissing(text: string): boolean {
  missing ??= new Set(values().missing.flat());
  return missing.has(
    stripAccents(text)
      .replace(/^[([<]+|[)\]>]+$/g, '')
      .trim(),
  );
}

/** The month of a name, 1 to 12; undefined where it is none's. */
export function monthCalled(name: string): number | undefined {
  months ??= new Map(
    values().months.flatMap((names, i) => names.split(' ').map((each) => [each, i + 1] as const)),
  );
  return months.get(stripAccents(name));
}
