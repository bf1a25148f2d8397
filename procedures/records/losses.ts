import { type Place, qualify, schemaPath } from '../ground/names.js';
import { query, type Row, type Work } from '../ground/work.js';
import { COUNTS } from './counted.js';

/** Object that was there, and what brings it back; undefined where nothing does. */
export interface LostObject {
  readonly name: string;
  readonly what: string;
  readonly mend?: string;
}

/** Way in which the rows of SHOW are read. */
export interface Reading {
  /** Reads in a comment whether los made it, and whether los dropped it on purpose. */
  comment(text: unknown): { readonly ours: boolean; readonly givenUp: boolean };
  /** A time as a person reads it. */
  time(at: unknown): string;
}

/** A table that is declared and is not there. */
export interface GoneTable {
  readonly name: string;
  /** Names that it had in earlier releases. */
  readonly formerly: readonly string[];
  /** The beginning of its comment. */
  readonly description: string;
}

/** Incarnations of these names that were dropped and can be brought back, the last one first. */
function findDropped(rows: readonly Row[], names: readonly string[]): Row[] {
  const timeOf = (row: Row) => new Date(row.dropped_on as string | Date).getTime();
  return rows
    .filter((row) => Boolean(row.dropped_on) && names.indexOf(String(row.name)) >= 0)
    .sort((a, b) => timeOf(b) - timeOf(a));
}

/** UNDROP brings back the last one of a name, and refuses where the name is taken (sql-reference/sql/undrop-table). */
function undrop(path: string, newer: number): string {
  const aside: string[] = [];
  for (let i = 1; i <= newer; i++)
    aside.push(`UNDROP TABLE ${path}; ALTER TABLE ${path} RENAME TO ${path}_NEWER_${i}; `);
  return `${aside.join('')}UNDROP TABLE ${path};`;
}

/** Rows; none where what is asked is not there. */
function* queryOrNothing(sql: string): Work<readonly Row[]> {
  try {
    return yield* query(sql);
  } catch (error) {
    if (!/does not exist/i.test(String((error as Partial<Error>).message))) throw error;
    return [];
  }
}

/**
 * That a table of the hospital has been there, as what is computed from it shows: from an empty one it would follow that all of that has gone.
 * @param sourceOf what is computed from it, qualified
 */
export function* findLostSource(
  place: Place,
  name: string,
  sourceOf: string,
): Work<{ readonly message: string; readonly next: string } | undefined> {
  const row = (yield* queryOrNothing(`SELECT COUNT(*) AS N FROM ${sourceOf}`))[0];
  const rows = Number(row === undefined ? 0 : row.N);
  if (rows === 0) return undefined;
  return {
    message: `${name} is gone, or the role may not see it, while ${sourceOf} has ${rows.toLocaleString('en-US')} rows computed from it. An empty one in its place would take all of these for withdrawn.`,
    next: `UNDROP TABLE ${qualify(place, name)}; or load it again from its source. To start over on purpose: DELETE FROM ${sourceOf}; Then run los apply again.`,
  };
}

/** Finds what became of tables that are gone. Of one that never was, held no row or was given up there is nothing to say. */
export function* findLostTables(
  place: Place,
  gone: readonly GoneTable[],
  read: Reading,
): Work<readonly LostObject[]> {
  if (gone.length === 0) return [];
  const shown = yield* queryOrNothing(`SHOW TABLES HISTORY IN SCHEMA ${schemaPath(place)}`);
  const counted = yield* queryOrNothing(
    `SELECT TABLE_NAME, SUM(ROW_COUNT) AS N, MAX(COUNTED_AT) AS AT FROM ${qualify(place, COUNTS)} GROUP BY TABLE_NAME`,
  );
  return gone
    .map((each) => findLoss(place, each, shown, counted, read))
    .filter((loss): loss is LostObject => loss !== undefined);
}

/** A schema or database that was dropped, or in whose place another was made: all tables are in the former one. */
export function* findLostContainer(
  place: Place,
  noun: 'SCHEMA' | 'DATABASE',
  read: Reading,
): Work<readonly LostObject[]> {
  const { database, schema } = place.snowflake;
  const name = noun === 'SCHEMA' ? schema : database;
  const look = function* (of: 'SCHEMA' | 'DATABASE', path: string): Work<LostObject[] | undefined> {
    const own = of === 'SCHEMA' ? schema : database;
    const found = yield* queryOrNothing(
      `SHOW ${of}S HISTORY LIKE '${own}'${of === 'SCHEMA' ? ` IN DATABASE ${database}` : ''}`,
    );
    const shown = found.filter((row) => row.name === own);
    const last = findDropped(shown, [own])[0];
    const taken = shown.some((row) => !row.dropped_on);
    if (last === undefined) return undefined;
    if (read.comment(last.comment).givenUp || (taken && of === noun)) return [];
    const what = `The ${of.toLowerCase()} ${own} was dropped at ${read.time(last.dropped_on)}, with all tables in it.`;
    const aside = taken ? `ALTER ${of} ${path} RENAME TO ${path}_NEW; ` : '';
    return [{ name, what, mend: `${aside}UNDROP ${of} ${path};` }];
  };
  const within = noun === 'SCHEMA' ? yield* look('SCHEMA', schemaPath(place)) : undefined;
  return within || (yield* look('DATABASE', database)) || [];
}

/** It was dropped, or renamed, or is known by its count alone. */
function findLoss(
  place: Place,
  { name, formerly, description }: GoneTable,
  shown: readonly Row[],
  counted: readonly Row[],
  read: Reading,
): LostObject | undefined {
  const live = shown.filter((row) => !row.dropped_on);
  if (live.some((row) => row.name === name)) return undefined;
  const dropped = findDropped(shown, [name].concat(formerly));
  // One without a row is no loss, but one before it may be.
  const at = dropped.findIndex(
    ({ comment, rows }) =>
      read.comment(comment).ours && (read.comment(comment).givenUp || rows === null || Number(rows) > 0),
  );
  const last = dropped[at];
  if (last !== undefined && read.comment(last.comment).givenUp) return undefined;
  if (last !== undefined)
    return {
      name,
      what: `${last.name} was dropped at ${read.time(last.dropped_on)} with ${describeRows(last.rows)}.`,
      mend: undrop(qualify(place, String(last.name)), at),
    };
  const renamed = live.find(
    ({ comment }) =>
      description !== '' && String(comment).indexOf(description) === 0 && read.comment(comment).ours,
  );
  const known = counted.find((row) => row.TABLE_NAME === name && Number(row.N) > 0);
  const had = known === undefined ? '' : `it had ${describeRows(known.N)} at ${read.time(known.AT)}`;
  if (renamed !== undefined)
    return {
      name,
      what: `${name} is gone, and ${renamed.name} looks like it under another name${had && ` (${had})`}.`,
      mend: `ALTER TABLE ${qualify(place, String(renamed.name))} RENAME TO ${qualify(place, name)};`,
    };
  return had
    ? { name, what: `${name} is gone: ${had}, and Time Travel does not show it any more.` }
    : undefined;
}

function describeRows(rows: unknown): string {
  return `${Number(rows || 0).toLocaleString('en-US')} rows`;
}

/** Says what has happened, and what a person does next: bring it back, or accept that it is lost. */
export function describeLosses(losses: readonly LostObject[]): { message: string; next: string } {
  const mends = losses.map(({ mend }) => mend).filter((mend) => mend !== undefined);
  const mended = mends.length > 0 ? `${mends.join(' ')} Then los apply.` : 'See docs/runbook/tables.md.';
  const accept = losses.map(({ name }) => `--accept-loss ${name}`).join(' ');
  return {
    message: `${losses.map(({ what }) => what).join(' ')} Nothing can compute these rows again.`,
    next: `${mended} To begin without the rows: los apply ${accept}`,
  };
}
