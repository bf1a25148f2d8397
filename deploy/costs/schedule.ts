import { cronFields, cronValues, intervalSeconds } from '../ground/schedule.js';

const DAYS_A_MONTH = 365 / 12;

/**
 * How often a task graph can run in a month: an average for a schedule, the most for a triggered one.
 * @param schedule Snowflake's words, `5 MINUTE`, `USING CRON 0 6 * * MON-FRI UTC`, or `triggered`
 */
export function runsPerMonth(schedule: string): number {
  const interval = intervalSeconds(schedule);
  if (interval !== undefined) return (DAYS_A_MONTH * 86_400) / interval;
  const { minutes, hours, days, months, weekdays } = cronFields(schedule);
  const share = (field: string, low: number, high: number) =>
    cronValues(field, low, high).size / (high - low + 1);
  const dayShare = share(days, 1, 31) * share(weekdays, 0, 6) * share(months, 1, 12);
  return cronValues(minutes, 0, 59).size * cronValues(hours, 0, 23).size * DAYS_A_MONTH * dayShare;
}
