import type { RawRow } from './encoding.js';

/**
 * The row by the names that the model knows. A caller may have written them in any case: keys of JSON and quoted
 * keys stay as they are, while Snowflake upper-cases the columns that the names come from. A key in the
 * very case goes before all others; of several others the first counts.
 * @param names of a dataset contract, so in upper case
 * @returns the row itself where every name is there, which is the usual case
 */
export function byNames(row: RawRow, names: readonly string[]): RawRow {
  for (const name of names) if (row[name] === undefined) return upperCased(row);
  return row;
}

/** Looked for first, because upper-casing every key costs more than encoding it; names are ASCII. */
const LOWER_CASE = /[a-z]/;

function upperCased(row: RawRow): RawRow {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(row)) {
    if (!LOWER_CASE.test(key)) continue;
    const name = key.toUpperCase();
    if (row[name] !== undefined) continue;
    copy ??= copyOf(row);
    if (copy[name] === undefined) copy[name] = row[key];
  }
  return copy ?? row;
}

/** Without a prototype: a caller's key "__proto__" is a key like any other. */
function copyOf(row: RawRow): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(row)) copy[key] = row[key];
  return copy;
}
