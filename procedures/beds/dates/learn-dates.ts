import { unlessUnreadable } from '../../ground/stale.js';
import { execute, type Work } from '../../ground/work.js';
import type { BedsSql, DatesSql, FillIn } from '../plan.js';

/**
 * Reads the dates of discharge that people expect, and learns what they tell.
 * @returns why they could not be read, if so: patients then leave as without them
 */
export function* learnDates(sql: DatesSql, at: FillIn): Work<string | undefined> {
  const unread = yield* unlessUnreadable(() => execute(at(sql.read)));
  if (unread === undefined) yield* execute(at(sql.learn));
  return unread;
}

/** That dates of discharge are not read. @param why what Snowflake says of them */
export function noteOfDates(why: string): string {
  return `Dates of discharge that people expect cannot be read, so patients leave as without them: ${why}`;
}

/**
 * Each patient's chances to stay, night by night.
 * @param undated why people's dates could not be read, if so
 */
export function* makeEach({ each, dates }: BedsSql, at: FillIn, undated: string | undefined): Work<void> {
  yield* execute(at(each));
  if (dates !== null && undated === undefined) yield* execute(at(dates.blend));
}
