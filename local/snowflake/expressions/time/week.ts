import type { CallContext } from '../function.js';

/**
 * Weeks as the session's WEEK_START and WEEK_OF_YEAR_POLICY rule them
 * (docs.snowflake.com/en/sql-reference/functions-date-time, calendar weeks and weekdays).
 */
interface WeekRules {
  /** ISO number of the weeks' first day; Monday (1) for WEEK_START 0 too. */
  start: number;
  /** WEEK_START was 1 to 7, so that DAYOFWEEK counts from that day; else 0 is Sunday. */
  given: boolean;
  /** The policy 1: a year's first week is that of January 1. Otherwise it has at least four days of the year. */
  firstOfJanuary: boolean;
}

function weekRules({ b }: CallContext): WeekRules {
  const start = Number(b.session.parameter('WEEK_START'));
  const firstOfJanuary = Number(b.session.parameter('WEEK_OF_YEAR_POLICY')) === 1;
  return { start: start || 1, given: start > 0, firstOfJanuary };
}

/** The first day of a date's week, as a DATE. */
export function weekStart(date: string, call: CallContext): string {
  const { start } = weekRules(call);
  const day = `CAST(${date} AS DATE)`;
  return `(${day} - CAST((isodow(${day}) - ${start} + 7) % 7 AS INTEGER))`;
}

/** DuckDB SQL for the parts DAYOFWEEK, WEEK and YEAROFWEEK of a date. */
export function weekPart(part: string, date: string, call: CallContext): string | undefined {
  const { start, given, firstOfJanuary } = weekRules(call);
  if (part === 'dayofweek')
    return given ? `((isodow(${date}) - ${start} + 7) % 7 + 1)` : `dayofweek(${date})`;
  if (part !== 'week' && part !== 'yearofweek') return undefined;
  if (firstOfJanuary && part === 'yearofweek') return `year(${date})`;
  if (!firstOfJanuary && start === 1) return part === 'week' ? `weekofyear(${date})` : `isoyear(${date})`;
  const year = firstOfJanuary ? `year(${date})` : `year(${weekStart(date, call)} + 3)`;
  if (part === 'yearofweek') return year;
  // January 4 always lies in the first week that has four days of its year.
  const inFirst = `make_date(${year}, 1, ${firstOfJanuary ? 1 : 4})`;
  return `(date_diff('day', ${weekStart(inFirst, call)}, ${weekStart(date, call)}) // 7 + 1)`;
}
