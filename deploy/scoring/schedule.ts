import type { TaskSettings } from '../settings/settings.js';

/**
 * A triggered graph runs as soon as a stream has data (Snowflake looks about every 30 s), but not sooner than this after
 * the run before: each run keeps the warehouse awake for two minutes, and one that fails is tried again.
 */
export const TRIGGER_SECONDS = 300;

/**
 * Failed runs in a row after which Snowflake suspends the graph, and somebody has to resume it: about a day of runs every
 * quarter of an hour. A night without AWS passes by itself.
 */
export const MOST_FAILURES = 100;

const SECONDS = { SECOND: 1, MINUTE: 60, HOUR: 3600 } as const;

/** The clause of CREATE TASK that says when a root task starts; docs: user-guide/tasks-triggered. */
export function startClause(schedule: string): string {
  return schedule === 'triggered'
    ? `USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = ${TRIGGER_SECONDS}`
    : `SCHEDULE = '${schedule}'`;
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
    return `An admission is predicted about a minute after it is in its table, ${TRIGGER_SECONDS / 60} minutes at most where the run before was just now.`;
  const interval = intervalSeconds(schedule);
  if (interval === undefined) return `An admission is predicted at the next time of ${schedule}.`;
  const shown =
    interval % 60 === 0 ? `${interval / 60} minute${interval === 60 ? '' : 's'}` : `${interval} seconds`;
  return `An admission is predicted within ${shown} of being in its table, and the minute that a run takes.`;
}
