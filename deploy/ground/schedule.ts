import { itemAt } from '../../udfs/require-value.js';
import type { Settings, TaskSettings } from '../settings/settings.js';

/**
 * A triggered graph runs as soon as a stream has data (Snowflake looks about every 30 s), but not sooner than this after the run before. So an
 * admission waits as long as by `15 MINUTE` at most, many wait a minute, and the price is the same. What fails is tried again after as long.
 */
export const TRIGGER_SECONDS = 900;

/**
 * Failed runs in a row after which Snowflake suspends the graph, and an operator has to resume it: about a day of runs every
 * 15 minutes. A night without AWS passes by itself.
 */
export const MOST_FAILURES = 100;

const SECONDS = { SECOND: 1, MINUTE: 60, HOUR: 3600 } as const;

/** The clause of CREATE TASK that says when a root task starts; docs: user-guide/tasks-triggered. */
export function startClause(schedule: string): string {
  return schedule === 'triggered'
    ? `USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = ${TRIGGER_SECONDS}`
    : `SCHEDULE = '${schedule}'`;
}

/**
 * The clause of CREATE TASK that says what it computes with: without a warehouse Snowflake chooses, up to the size of the warehouse. A
 * serverless task that a stream triggers has to say in what time it is to end; docs: user-guide/tasks-intro, user-guide/tasks-triggered.
 * @param triggered whether it starts by its condition alone
 */
export function computeClause(
  { tasks, snowflake }: Pick<Settings, 'tasks' | 'snowflake'>,
  triggered: boolean,
): string {
  if (tasks.compute === 'warehouse') return `WAREHOUSE = ${snowflake.warehouse.name}`;
  const interval = triggered ? " TARGET_COMPLETION_INTERVAL = '15 MINUTES'" : '';
  return `SERVERLESS_TASK_MAX_STATEMENT_SIZE = '${snowflake.warehouse.size}'${interval}`;
}

/** Seconds from one run to the next, at least; undefined for a cron schedule, where they differ. */
export function intervalSeconds(schedule: string): number | undefined {
  if (schedule === 'triggered') return TRIGGER_SECONDS;
  const interval = /^(\d+) (SECOND|MINUTE|HOUR)S?$/.exec(schedule);
  return interval ? Number(interval[1]) * SECONDS[interval[2] as keyof typeof SECONDS] : undefined;
}

/** When an admission that is written into its table is predicted, in a sentence. */
export function delayInWords({ schedule, resumed }: Pick<TaskSettings, 'schedule' | 'resumed'>): string {
  if (!resumed) return 'The task graph is suspended (tasks.resumed): predictions come by los score alone.';
  if (schedule === 'triggered')
    return `An admission is predicted about a minute after it is in its table, ${TRIGGER_SECONDS / 60} minutes at most where the run before was just now, or over rows of others.`;
  const interval = intervalSeconds(schedule);
  if (interval === undefined) return `An admission is predicted at the next time of ${schedule}.`;
  const shown =
    interval % 60 === 0 ? `${interval / 60} minute${interval === 60 ? '' : 's'}` : `${interval} seconds`;
  return `An admission is predicted within ${shown} of being in its table, and the minute that a run takes.`;
}

/** The fields of a cron schedule in Snowflake's words: `USING CRON 0 6 * * MON-FRI America/New_York`. */
export function cronFields(schedule: string) {
  const [minutes = '*', hours = '*', days = '*', months = '*', weekdays = '*', zone = 'UTC'] = schedule
    .replace(/^USING CRON\s+/, '')
    .split(/\s+/);
  return { minutes, hours, days, months, weekdays, zone };
}

const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The values that a cron field names: `*`, `5`, `1-5`, steps like `0/10`, `MON-FRI`, and lists of these. */
export function cronValues(field: string, low: number, high: number): Set<number> {
  const number = (text: string) => {
    const named = NAMES.indexOf(text.toUpperCase());
    return named >= 0 ? named : Number(text);
  };
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '*', step = '1'] = part.split('/');
    const [from = low, to = part.includes('/') ? high : from] =
      range === '*' ? [low, high] : range.split('-').map(number);
    for (let value = from; value <= to; value += Number(step)) found.add(value);
  }
  return found;
}

/** Hours from one run to the next, at most: an upper bound where a cron schedule names days. */
export function longestGapHours(schedule: string): number {
  const interval = intervalSeconds(schedule);
  if (interval !== undefined) return interval / 3600;
  const { hours, days, months, weekdays, zone } = cronFields(schedule);
  if (months !== '*' || days !== '*') return longestMonths(months) * 31 * 24;
  if (weekdays !== '*') return 7 * 24;
  const hoursOfRuns = [...cronValues(hours, 0, 23)].sort((a, b) => a - b);
  // In spring a clock leaps over an hour, in which Snowflake runs nothing then (docs: user-guide/tasks-intro).
  const leapt = zone === 'UTC' ? [] : hoursOfRuns.filter((hour) => hour <= LATEST_LEAP);
  return Math.max(
    longestOf(hoursOfRuns),
    ...leapt.map((hour) => longestOf(hoursOfRuns.filter((other) => other !== hour))),
  );
}

/** The latest hour over which a clock is put forward anywhere. */
const LATEST_LEAP = 3;

/** Hours from one hour of the day to the next, at most; at least one: the minutes are not looked at. Where none is left, until the day after. */
function longestOf(hoursOfRuns: readonly number[]): number {
  return hoursOfRuns.length === 0
    ? 48
    : Math.max(
        1,
        ...hoursOfRuns.map((hour, i) => (hoursOfRuns[i + 1] ?? itemAt(hoursOfRuns, 0) + 24) - hour),
      );
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Months from one that a cron field names to the next, at most: 12 of a schedule for January. */
function longestMonths(field: string): number {
  const numbers = field.toUpperCase().replace(/[A-Z]{3}/g, (name) => String(MONTHS.indexOf(name) + 1));
  const months = [...cronValues(numbers, 1, 12)].sort((a, b) => a - b);
  return Math.max(...months.map((month, i) => (months[i + 1] ?? itemAt(months, 0) + 12) - month));
}

/**
 * Number of runs of a task graph in a month: an average for a schedule, the most for a triggered one.
 * @param schedule Snowflake's words, `5 MINUTE`, `USING CRON 0 6 * * MON-FRI UTC`, or `triggered`
 */
export function runsPerMonth(schedule: string): number {
  const days = 365 / 12;
  const interval = intervalSeconds(schedule);
  if (interval !== undefined) return (days * 86_400) / interval;
  const fields = cronFields(schedule);
  const share = (field: string, low: number, high: number) =>
    cronValues(field, low, high).size / (high - low + 1);
  const dayShare = share(fields.days, 1, 31) * share(fields.weekdays, 0, 6) * share(fields.months, 1, 12);
  return cronValues(fields.minutes, 0, 59).size * cronValues(fields.hours, 0, 23).size * days * dayShare;
}

const MINUTE = 60_000;

/**
 * Number of times that a schedule was due after `since` and up to `now` (both in milliseconds since 1970).
 * @param most counting ends here: there is no need to know how often a minute-schedule was due in a year
 */
export function timesDue(schedule: string, since: number, now: number, most: number): number {
  const interval = intervalSeconds(schedule);
  if (interval !== undefined)
    return Math.min(most, Math.max(0, Math.floor((now - since) / (interval * 1000))));
  const isDue = cronMatcher(schedule);
  let count = 0;
  for (let at = (Math.floor(since / MINUTE) + 1) * MINUTE; at <= now && count < most; at += MINUTE)
    if (isDue(at)) count++;
  return count;
}

/** Makes a test of a cron schedule for the minute that begins at a time. */
function cronMatcher(schedule: string): (at: number) => boolean {
  const { minutes, hours, days, months, weekdays, zone } = cronFields(schedule);
  const [minute, hour] = [cronValues(minutes, 0, 59), cronValues(hours, 0, 23)];
  const [day, month, weekday] = [
    cronValues(days, 1, 31),
    cronValues(months, 1, 12),
    cronValues(weekdays, 0, 6),
  ];
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ minute: 'numeric', hour: 'numeric', day: 'numeric', month: 'numeric', weekday: 'short' },
  });
  return (at) => {
    const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    const on = day.has(Number(parts.day));
    const onWeekday = weekday.has(NAMES.indexOf(String(parts.weekday).toUpperCase()));
    return (
      minute.has(Number(parts.minute)) &&
      hour.has(Number(parts.hour)) &&
      month.has(Number(parts.month)) &&
      // Both given: one of them is enough, as for cron everywhere.
      (days !== '*' && weekdays !== '*' ? on || onWeekday : on && onWeekday)
    );
  };
}
