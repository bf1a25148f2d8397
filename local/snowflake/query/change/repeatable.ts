import type { Binder } from '../bind/binder.js';

/** What gives the same when a transaction makes its writes again, so that it need not keep rows. */

/** Functions of DuckDB that give something else each time. */
const VOLATILE = /\b(random|uuid|gen_random_uuid|next_of_sequence|input_number)\b/i;

/** Whether DuckDB SQL draws something: random numbers, what comes next of a sequence. */
export const draws = (sql: string): boolean => VOLATILE.test(sql);

/**
 * True if rows come out of a query the same each time: no table (the statement's temporary ones are tables), file or
 * stream is read, and nothing is drawn.
 */
export function isFixed({ collected }: Binder, rows: string): boolean {
  const reads = collected.tables.size + collected.deferred.length + collected.steps.length > 0;
  return !reads && !draws(rows) && !/\bread_\w+\(|"\$rows_/i.test(rows);
}

/** Texts, and what a row's own number makes of nothing else. */
const APART = /'(?:[^']|'')*'|\brow_number\(\) OVER \(\)|\bIS (?:NOT )?DISTINCT FROM\b/gi;
/** What chooses between rows, or puts them together, in an order that may be another one the next time; and users' functions. */
const BY_ORDER = /\b(?:LIMIT|OFFSET|GROUP BY|DISTINCT|SAMPLE|OVER|read_\w+|js_\w+)\b/i;
/** Names of ours that are no table: aliases, and columns that stand behind one. */
const ALIASES = /"\$(?:t\d+|with\d+|row|found|clause|source|new|old)"/g;

/**
 * True if a query gives the same rows when a transaction makes it again: it takes row by row from tables that the transaction has
 * locked, which no other can have changed by then, and what it has changed itself is made again before. It may read no other
 * table of DuckDB's, such as a statement's temporary ones.
 */
export function isRepeatable({ collected, session }: Binder, query: string): boolean {
  const { tables, deferred, steps } = collected;
  if (tables.size === 0 || deferred.length + steps.length > 0 || draws(query)) return false;
  if (![...tables.keys()].every((id) => session.transaction.holds(id))) return false;
  const text = query.replace(APART, ' ');
  return !BY_ORDER.test(text) && !text.replace(ALIASES, ' ').includes('"$');
}

/** What may give other rows, or other values, when rows come in another order. */
const BY_CHANCE = /\b(?:LIMIT|OFFSET|DISTINCT ON|SAMPLE|OVER|PIVOT)\b/i;
/** Functions that give the same in whatever order their rows come. */
const ORDERLESS = new Set(
  'count min max bool_and bool_or coalesce nullif substr sha256 concat timezone make_timestamptz make_date'.split(
    ' ',
  ),
);
/** Words that stand before a bracket. */
const WORDS = new Set(
  'all and as between by case cast decimal else exists from having in is join lateral not on or select then union when where with'.split(
    ' ',
  ),
);
/** What is ours in what a stream gives: a change's number stands once. */
const OF_STREAMS =
  /\barg_m(?:in|ax)\("\$action", "\$seq"\)|"\$(?:seq|action|update|changed|from|to|first|last)"/g;

/**
 * The tables from which a query would give the same rows again, in whatever order, for as long as no one writes them: it reads nothing else, not
 * what the transaction has written itself, and no value follows from the order of rows. Streams are as they were when it began.
 * @returns their ids; undefined where it might give others
 */
export function askedFrom({ account, collected, session }: Binder, query: string): number[] | undefined {
  const { tables, deferred, streams, steps } = collected;
  if (deferred.length > streams.length || steps.length > 0 || draws(query)) return undefined;
  const sources = [...new Set([...tables.keys(), ...streams.map(({ tableId }) => tableId)])];
  const own = (id: number) => {
    const table = account.catalog.get(id);
    return session.transaction.holds(id) || table?.kind !== 'TABLE' || table.persistence === 'temporary';
  };
  if (sources.length === 0 || sources.some(own)) return undefined;
  const text = query
    .replace(/'(?:[^']|'')*'/g, ' ')
    .replace(OF_STREAMS, ' ')
    .replace(ALIASES, ' ');
  if (BY_CHANCE.test(text) || text.includes('"$')) return undefined;
  const calls = [...text.matchAll(/([\w"$]+)\s*\(/g)].map(([, name]) => name!.toLowerCase());
  return calls.every((name) => ORDERLESS.has(name) || WORDS.has(name)) ? sources : undefined;
}

/** Texts, and what stands before a bracket without being called. */
const NO_CALLS = /'(?:[^']|'')*'|\b(?:CAST|DECIMAL)\(|\b(?:AND|OR|NOT|IN|WHEN|THEN|ELSE|SET|WHERE)\s*\(/gi;

/**
 * True if a command that reads its own table alone changes the same rows in the same way whenever a transaction makes it again: the
 * table is locked, and nothing is called that may give something else.
 */
export const isSettled = (command: string): boolean => !/[\w"]\s*\(/.test(command.replace(NO_CALLS, ' '));
