import { attempt, execute, type Failure, queryFirst, transaction, type Work } from '../ground/work.js';
import type { ListSql } from './plan.js';

/**
 * Reads the list of planned admissions as it stood on the evening, has the champion predict who is new on it, and adds its patients to the
 * census. A model that does not answer does not stop the forecast: these patients then stay as past ones did.
 * @param at fills in the day
 * @param live whether it is the last day known, and not one of the past
 * @param fillIn fills in factors of the nights, too
 * @returns why the model was not asked, if it could not be
 */
export function* readList(
  sql: ListSql,
  at: (text: string) => string,
  live: boolean,
  fillIn: (text: string) => string,
): Work<string | undefined> {
  for (const step of sql.read) yield* execute(at(step));
  const failures: Failure[] = [];
  const champion = (yield* queryFirst<{ VERSION: string | null }>(sql.champion))?.VERSION;
  if (champion) {
    const ask = at(sql.ask)
      .split('/*live*/')
      .join(live ? 'TRUE' : 'FALSE');
    yield* attempt(failures, 'planned admissions', 0, () => execute(ask, [champion]));
    yield* transaction(function* () {
      yield* execute(sql.replace);
      yield* execute(sql.keep);
    });
  }
  for (const step of sql.count) yield* execute(fillIn(at(step)));
  return failures[0]?.why;
}
