import { unlessUnreadable } from '../ground/stale.js';
import { attempt, execute, type Failure, queryFirst, transaction, type Work } from '../ground/work.js';
import type { FillIn, ListSql } from './plan.js';

/** What a forecast does without: in words of the error; undefined: nothing. */
export interface ListGaps {
  readonly unread: string | undefined;
  readonly unasked: string | undefined;
}

/**
 * Reads the list of planned admissions as it stood on the evening, has the champion predict who is new on it, and says what the list
 * explains of those who are expected. A model that does not answer does not stop the forecast: these patients then stay as past ones did.
 * Nor does a list that cannot be read: it is taken for an empty one.
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
  const [list, ...others] = sql.read as [string, ...string[]];
  const unread = yield* unlessUnreadable(
    () => execute(at(list)),
    () => execute(sql.unread),
  );
  if (change) yield* change();
  for (const step of others) yield* execute(at(step));
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
