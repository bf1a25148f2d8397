import { literal } from './names.js';
import { queryFirst, type Work } from './work.js';

/**
 * Tells whether a text is a day of the calendar, YYYY-MM-DD: the 30th of February is none, though Date.parse takes it for a day of March.
 * @example
 * isDay('2026-02-30'); // false
 */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

/**
 * SQL of the day that a clock of the hospital shows: the session may be in another zone, and so may the account.
 * @param moment SQL of a moment (TIMESTAMP_LTZ or TIMESTAMP_TZ); left out: now
 */
export function dayAt(zone: string, moment = 'CURRENT_TIMESTAMP()'): string {
  return `TO_DATE(CONVERT_TIMEZONE(${literal(zone)}, ${moment}))`;
}

/**
 * The last day whose end has been seen, YYYY-MM-DD: until noon yesterday, from noon on today.
 * @param zone the hospital's: a session may have another, and an account is in Los Angeles unless it says otherwise
 */
export function* lastDay(zone: string): Work<string> {
  return String((yield* queryFirst(`SELECT ${lastDaySql(zone)} AS DAY`))?.DAY);
}

/** SQL of the last day that is over, YYYY-MM-DD: always yesterday, by the clock of the hospital's zone. */
export function dayOverSql(zone: string): string {
  return daySql(zone, 24);
}

/** SQL of the last day whose end has been seen. */
export function lastDaySql(zone: string): string {
  return daySql(zone, 12);
}

/** @param hours that have passed since the moment whose day it is: of a time with an offset, by the clock of that offset */
function daySql(zone: string, hours: number): string {
  return `TO_VARCHAR(DATEADD(hour, -${hours}, CONVERT_TIMEZONE(${literal(zone)}, CURRENT_TIMESTAMP())), 'YYYY-MM-DD')`;
}
