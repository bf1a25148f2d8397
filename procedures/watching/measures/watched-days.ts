import { qualify } from '../../ground/names.js';
import { queryFirst, Refused, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import { dayAfter, type Window } from './measuring.js';

/** So many days without anybody in which no weekday has anything usual any more: the data are of the past. */
const PAST_DAYS = 56;

/**
 * What a table of a year that is over tells is of its own days: today there would be no admission, no discharge, and a champion of years ago.
 * A feed that has stopped while it was watched is another matter, and has its alarm.
 */
export function dayToWatch(
  over: string,
  came: string | null,
  watched: string | null,
  notes: string[],
): string {
  if (came === null || came >= dayAfter(over, -PAST_DAYS)) return over;
  if (watched !== null && watched > came) return over;
  notes.push(`The last admission is of ${came}: monitoring used the end of that day.`);
  return came;
}

/**
 * From a slip in the year on no earlier day could be watched until it has come. What is found of an earlier day would end or raise
 * alarms that are of today.
 */
export function requireInTurn(day: string, over: string, watched: string | null): void {
  if (day > dayAfter(over, 1))
    throw new Refused(
      `The day ${day} has not begun yet: the last that has ended is ${over}.`,
      'Leave the day out, or name one that has passed.',
    );
  if (watched !== null && watched > day)
    throw new Refused(
      `Monitoring is at ${watched} already, so ${day} cannot be monitored any more.`,
      'Ask for that day or a later one.',
    );
}

/** The last day of the data that was watched, YYYY-MM-DD; null: none was. */
export function* lastWatched({ contract, place }: WatchPlan): Work<string | null> {
  const row = yield* queryFirst(
    `SELECT TO_VARCHAR(MAX(WATCHED_ON), 'YYYY-MM-DD') AS LAST FROM ${qualify(place, 'LOS_WATCH_PIPELINE')} WHERE DATASET = ?`,
    [contract.name],
  );
  return row?.LAST ? String(row.LAST) : null;
}

/** Tells whether a watch has looked at the predictions of this week before. */
export function* isWatched({ contract, place }: WatchPlan, version: string, week: Window): Work<boolean> {
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N FROM ${qualify(place, 'LOS_WATCH_PERFORMANCE')} WHERE DATASET = ? AND VERSION = ? AND PERIOD = 'week' AND FROM_DAY = TO_DATE(?, 'YYYY-MM-DD')`,
    [contract.name, version, week.from],
  );
  return Number(row?.N || 0) > 0;
}
