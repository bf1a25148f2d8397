const DAYS_A_MONTH = 365 / 12;
const SECONDS = { SECOND: 1, MINUTE: 60, HOUR: 3600 } as const;

/**
 * How often a task's schedule fires in a month, on average.
 * @param schedule Snowflake's words: `5 MINUTE`, `USING CRON 0 6 * * MON-FRI UTC`
 */
export function runsPerMonth(schedule: string): number {
  const interval = /^(\d+) (SECOND|MINUTE|HOUR)S?$/.exec(schedule);
  if (interval)
    return (DAYS_A_MONTH * 86_400) / (Number(interval[1]) * SECONDS[interval[2] as keyof typeof SECONDS]);
  const [minutes, hours, days, months, weekdays] = schedule.replace(/^USING CRON\s+/, '').split(/\s+/);
  const share = (field: string | undefined, low: number, high: number) =>
    values(field ?? '*', low, high) / (high - low + 1);
  const dayShare = share(days, 1, 31) * share(weekdays, 0, 6) * share(months, 1, 12);
  return values(minutes ?? '*', 0, 59) * values(hours ?? '*', 0, 23) * DAYS_A_MONTH * dayShare;
}

const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** How many values a cron field names: `*`, `5`, `1-5`, steps like `0/10`, `MON-FRI`, and lists of these. */
function values(field: string, low: number, high: number): number {
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
  return found.size;
}
