import type { Row } from '../ground/work.js';

/** What was there, and what brings it back; undefined where nothing does. */
export interface LostObject {
  readonly name: string;
  readonly what: string;
  readonly mend?: string;
}

/** What a comment says of its object: whether los made it, and whether los dropped it on purpose. */
export type ReadComment = (comment: unknown) => { readonly ours: boolean; readonly givenUp: boolean };

/** How a person reads a time that SHOW gave. */
export type ReadTime = (at: unknown) => string;

/** A table that is declared and is not there. */
export interface GoneTable {
  readonly name: string;
  /** Names that it had in earlier releases. */
  readonly formerly: readonly string[];
  /** The beginning of its comment. */
  readonly description: string;
}

/** Incarnations of these names that were dropped and can be brought back, the last one first. */
export function droppedOnes(rows: readonly Row[], names: readonly string[]): Row[] {
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

/**
 * What became of a table that is gone: it was dropped, or renamed, or is known by its count alone. Undefined where it never was, or was given up.
 * @param shown rows of SHOW TABLES HISTORY
 * @param counted rows of LOS_TABLE_COUNTS, as TABLE_NAME, N and AT
 * @param qualified the name with database and schema
 */
export function findLoss(
  { name, formerly, description }: GoneTable,
  shown: readonly Row[],
  counted: readonly Row[],
  qualified: (name: string) => string,
  read: ReadComment,
  when: ReadTime,
): LostObject | undefined {
  const live = shown.filter((row) => !row.dropped_on);
  if (live.some((row) => row.name === name)) return undefined;
  const dropped = droppedOnes(shown, [name].concat(formerly));
  // One without a row is no loss, but one before it may be.
  const at = dropped.findIndex(
    ({ comment, rows }) => read(comment).ours && (read(comment).givenUp || rows === null || Number(rows) > 0),
  );
  const last = dropped[at];
  if (last !== undefined && read(last.comment).givenUp) return undefined;
  if (last !== undefined)
    return {
      name,
      what: `${last.name} was dropped at ${when(last.dropped_on)} with ${describeRows(last.rows)}.`,
      mend: undrop(qualified(String(last.name)), at),
    };
  const renamed = live.find(
    ({ comment }) => description !== '' && String(comment).indexOf(description) === 0 && read(comment).ours,
  );
  const known = counted.find((row) => row.TABLE_NAME === name && Number(row.N) > 0);
  const had = known === undefined ? '' : `it had ${describeRows(known.N)} at ${when(known.AT)}`;
  if (renamed !== undefined)
    return {
      name,
      what: `${name} is gone, and ${renamed.name} looks like it under another name${had && ` (${had})`}.`,
      mend: `ALTER TABLE ${qualified(String(renamed.name))} RENAME TO ${qualified(name)};`,
    };
  return had
    ? { name, what: `${name} is gone: ${had}, and Time Travel does not show it any more.` }
    : undefined;
}

function describeRows(rows: unknown): string {
  return `${Number(rows || 0).toLocaleString('en-US')} rows`;
}

/** What has happened, and what a person does next: bring it back, or accept that it is lost. */
export function describeLosses(losses: readonly LostObject[]): { message: string; next: string } {
  const mends = losses.map(({ mend }) => mend).filter((mend) => mend !== undefined);
  const mended = mends.length > 0 ? `${mends.join(' ')} Then los apply.` : 'See docs/runbook/tables.md.';
  const accept = losses.map(({ name }) => `--accept-loss ${name}`).join(' ');
  return {
    message: `${losses.map(({ what }) => what).join(' ')} Nothing can compute these rows again.`,
    next: `${mended} To begin without the rows: los apply ${accept}`,
  };
}
