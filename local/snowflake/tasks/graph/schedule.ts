import { CronExpressionParser } from 'cron-parser';
import { SnowflakeError } from '../../errors.js';

const UNITS: Record<string, number> = { S: 1_000, M: 60_000, H: 3_600_000 };

/** Milliseconds of an interval `5 MINUTES`, `10 s`, `1 HOUR`; undefined if the text is none. */
export function intervalMs(text: string): number | undefined {
  const interval = /^(\d+)\s*(S|SECONDS?|M|MINUTES?|H|HOURS?)\s*$/i.exec(text);
  return interval ? Number(interval[1]) * UNITS[interval[2]![0]!.toUpperCase()]! : undefined;
}

/** `5 MINUTE`, `10 SECONDS`, `1 HOUR` or `USING CRON minute hour day month weekday time-zone`. */
function parse(schedule: string): { every: number } | { cron: string; zone: string } {
  const every = intervalMs(schedule);
  // Docs: 10 seconds to 8 days.
  if (every !== undefined && every >= 10_000 && every <= 8 * 86_400_000) return { every };
  const cron = /^\s*USING\s+CRON\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(\S+)\s*$/i.exec(schedule);
  if (cron) return { cron: cron[1]!, zone: cron[2]! };
  throw scheduleError(
    schedule,
    'expected "<n> {SECONDS | MINUTES | HOURS}" or "USING CRON <minute> <hour> <day> <month> <weekday> <time zone>"',
  );
}

/** @throws SnowflakeError if the schedule cannot be understood */
export function checkSchedule(schedule: string): void {
  nextRun(schedule, 0, 0);
}

/**
 * When a schedule is due next.
 * @param after milliseconds since 1970; the answer is later
 * @param base where intervals are counted from: when the task was resumed
 */
export function nextRun(schedule: string, after: number, base: number): number {
  const parsed = parse(schedule);
  if ('every' in parsed)
    // Also before the base, where the clock has been set back.
    return base + (Math.floor((after - base) / parsed.every) + 1) * parsed.every;
  try {
    return CronExpressionParser.parse(parsed.cron, { tz: parsed.zone, currentDate: new Date(after) })
      .next()
      .getTime();
  } catch (error) {
    throw scheduleError(schedule, (error as Error).message);
  }
}

function scheduleError(schedule: string, why: string): SnowflakeError {
  return new SnowflakeError(
    '001008',
    '22023',
    `SQL compilation error:\nInvalid schedule was specified. Please refer to the docs on what constitutes a valid schedule. ('${schedule}': ${why}.)`,
  );
}
