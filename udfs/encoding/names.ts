import type { RawRow } from './encoding.js';

/** Looked for first, because upper-casing every key costs more than encoding it; a contract's names are ASCII. */
const LOWER_CASE = /[a-z]/;

/**
 * The row by the names that the model knows, which are in upper case. A caller may have written them in any case: keys
 * of JSON and of OBJECT_CONSTRUCT stay as they are, while Snowflake upper-cases the columns that the names come from.
 * A key in upper case goes before all others; of several others the first counts.
 * @returns the row itself where all its keys are in upper case
 */
export function upperCased(row: RawRow): RawRow {
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
export function copyOf(row: RawRow): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(row)) copy[key] = row[key];
  return copy;
}
