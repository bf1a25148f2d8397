import { unlessUnreadable } from '../ground/stale.js';
import { attempt, execute, type Failure, queryFirst, transaction, type Work } from '../ground/work.js';
import type { FillIn, ListSql } from './plan.js';

/** A list that cannot be read, and why. */
export interface UnreadList {
  readonly name: string;
  readonly why: string;
}

/** What a forecast does without: in words of the error; undefined: nothing. */
export interface ListGaps {
  readonly unread: readonly UnreadList[];
  readonly unasked: string | undefined;
}

/**
 * Reads the list of planned admissions as it stood on the evening, has the champion predict who is new on it, and says what the list
 * explains of those who are expected. A model that does not answer does not stop the forecast: these patients then stay as past ones did.
 * Nor does a list that cannot be read: it is taken for an empty one, and others count.
 * @param at fills in the day
 * @param live whether it is the last day known, and not one of the past
 * @param change what is changed on the list once it is read; what the champion then says is not kept
 * @returns why the list was not read, or the model not asked, if they could not be
 */
export function* readList(
  sql: ListSql,
  at: FillIn,
  live: boolean,
  change?: () => Work<void>,
): Work<ListGaps> {
  const unread = yield* readLists(sql, at);
  if (change) yield* change();
  for (const step of sql.prepare) yield* execute(at(step));
  const failures: Failure[] = [];
  const champion = (yield* queryFirst<{ VERSION: string | null }>(sql.champion))?.VERSION;
  if (champion) {
    const ask = at(sql.ask, { live: live ? 'TRUE' : 'FALSE' });
    yield* attempt(failures, 'planned admissions', 0, () => execute(ask, [champion]));
    yield* transaction(function* () {
      yield* execute(sql.replace);
      if (!change) yield* execute(sql.keep);
    });
  }
  for (const step of sql.count) yield* execute(at(step));
  return { unread, unasked: failures[0]?.why };
}

/** Reads the lists as one. Only where that fails each is tried alone, and those are read that can be. @returns the others */
function* readLists({ lists, read, unread }: ListSql, at: FillIn): Work<UnreadList[]> {
  const readRows = (rows: readonly string[]) => execute(at(read, { lists: rows.join(' UNION ALL ') }));
  const why = yield* unlessUnreadable(() => readRows(lists.map(({ rows }) => rows)));
  if (why === undefined) return [];
  const failed: UnreadList[] = [];
  const readable: string[] = [];
  for (const { name, rows } of lists) {
    const reason = lists.length === 1 ? why : yield* unlessUnreadable(() => readRows([rows]));
    if (reason === undefined) readable.push(rows);
    else failed.push({ name, why: reason });
  }
  yield* readable.length > 0 ? readRows(readable) : execute(unread);
  return failed;
}
