import { intervalSeconds } from '../scoring/schedule.js';

const DAYS_A_MONTH = 365 / 12;

/**
 * How often a task graph can run in a month: an average for a schedule, the most for a triggered one.
 * @param schedule Snowflake's words, `5 MINUTE`, `USING CRON 0 6 * * MON-FRI UTC`, or `triggered`
 */
export function runsPerMonth(schedule: string): number {
  const interval = intervalSeconds(schedule);
  if (interval !== undefined) return (DAYS_A_MONTH * 86_400) / interval;
  const [minutes, hours, days, months, weekdays] = schedule.replace(/^USING CRON\s+/, '').split(/\s+/);
  const share = (field: string | undefined, low: number, high: number) =>
    values(field ?? '*', low, high).size / (high - low + 1);
  const dayShare = share(days, 1, 31) * share(weekdays, 0, 6) * share(months, 1, 12);
  return values(minutes ?? '*', 0, 59).size * values(hours ?? '*', 0, 23).size * DAYS_A_MONTH * dayShare;
}

const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The values that a cron field names: `*`, `5`, `1-5`, steps like `0/10`, `MON-FRI`, and lists of these. */
function values(field: string, low: number, high: number): Set<number> {
  const number = (text: string) => {
    const named = NAMES.indexOf(text.toUpperCase());
    return named >= 0 ? named : Number(text);
  };
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '*', step = '1'] = part.split('/');
    const [from, to] = range === '*' ? [low, high] : range.split('-').map(number);
    const last = to ?? (part.includes('/') ? high : from!);
    for (let value = from!; value <= last; value += Number(step)) found.add(value);
  }
  return found;
}
