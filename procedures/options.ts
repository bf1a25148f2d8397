import { isDay } from './ground/days.js';
import { Refused } from './ground/work.js';

/** Kind of value of an option. */
export type OptionKind = 'boolean' | 'whole number' | 'text' | 'list' | 'day';

const LONGEST = 200;

const KINDS: Readonly<
  Record<
    OptionKind,
    { readonly is: (value: unknown) => boolean; readonly but?: string; readonly next: string }
  >
> = {
  boolean: { is: (value) => typeof value === 'boolean', next: 'Write it as TRUE or FALSE.' },
  'whole number': {
    is: (value) => typeof value === 'number' && Number.isInteger(value),
    next: 'Write a whole number.',
  },
  text: {
    is: (value) => typeof value === 'string' && value.length > 0 && value.length <= LONGEST,
    next: `Write a text of at most ${LONGEST} characters.`,
  },
  list: { is: Array.isArray, next: 'Write a list: [ … ].' },
  day: { is: isDay, but: ', which is no day', next: 'Write it as YYYY-MM-DD.' },
};

/**
 * Refuses options of a procedure that it does not have, and values of another type: an attacker's as well as a slip of the pen,
 * for `'promote': 'no'` must not promote.
 * @param given what the caller has typed; NULL: no options
 * @param kinds the options that there are
 * @param orNull those that may be NULL, which is as if they were left out
 * @returns the options that are there
 * @throws Refused, which names the first that is wrong
 * @example
 * const { force = false } = readOptions('PROMOTE_MODEL', asked, { force: 'boolean' });
 */
export function readOptions<T extends object>(
  procedure: string,
  given: T | null | undefined,
  kinds: Readonly<Record<keyof T & string, OptionKind>>,
  orNull: readonly (keyof T & string)[] = [],
): T {
  const known = Object.keys(kinds) as (keyof T & string)[];
  if (given === null || given === undefined) return {} as T;
  if (typeof given !== 'object' || Array.isArray(given))
    throw new Refused(
      `The options of ${procedure} are ${quote(given)}.`,
      `Write an object: {'${known[0]}': …}, or NULL.`,
    );
  const read: Partial<T> = {};
  for (const name of Object.keys(given) as (keyof T & string)[]) {
    if (known.indexOf(name) < 0)
      throw new Refused(
        `${procedure} has no option ${quote(name)}.`,
        known.length > 1 ? `Its options are ${known.join(', ')}.` : `Its only option is ${known[0]}.`,
      );
    const value: unknown = given[name];
    if (value === undefined || (value === null && orNull.indexOf(name) >= 0)) continue;
    const { is, but = '', next } = KINDS[kinds[name]];
    if (!is(value)) throw new Refused(`The option ${name} is ${quote(value)}${but}.`, next);
    read[name] = given[name];
  }
  return read as T;
}

/**
 * A value that a caller typed, short and in quotes, as a message shows it.
 * @example
 * quote('a"b'); // "\"a\\\"b\""
 */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) || String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
