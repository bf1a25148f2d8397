import { intervalSeconds } from '../ground/schedule.js';
import { tasksBeside } from '../headers/files.js';
import type { Settings } from '../settings/settings.js';
import { runsPerMonth } from './schedule.js';

/** Credits that tasks use in a month: what is to be expected, and where every run finds admissions. */
export interface TaskCredits {
  readonly typical: number;
  readonly most: number;
  /** Runs a month. */
  readonly runs: { readonly typical: number; readonly most: number };
}

const HOURS_A_MONTH = 730;
/** Of a warehouse, by its size. */
export const CREDITS_AN_HOUR = { XSMALL: 1, SMALL: 2, MEDIUM: 4, LARGE: 8, XLARGE: 16 };
/** Snowflake bills at least this much whenever a warehouse resumes. */
const LEAST_SECONDS = 60;

/** What is expected where the account cannot tell: admissions a day, and as many discharges and corrections. */
export const ADMISSIONS_A_DAY = 70;
/** Changes an hour by day, from 7 to 21 o'clock, when four fifths of them come, and by night. */
const CHANGES_AN_HOUR = [
  { hours: 14, rate: (0.8 * 3 * ADMISSIONS_A_DAY) / 14 },
  { hours: 10, rate: (0.2 * 3 * ADMISSIONS_A_DAY) / 10 },
];

/** Seconds that a task computes in a run, as the local account meters it (test/journeys/credits.test.ts). */
const GRAPH_SECONDS = 4.9;
const TASK_SECONDS: Readonly<Record<string, number>> = {
  LOS_MONITOR_HOURLY: 2.5,
  LOS_FORECAST_BEDS: 7,
  LOS_WATCH: 9,
};
const OTHER_SECONDS = 30;
/** A serverless endpoint that has not been asked for ten minutes takes some 20 s to answer, and the run waits for it. */
const COLD_SECONDS = 20;
const COLD_AFTER_HOURS = 1 / 6;

/**
 * Credits of the tasks by the schedules, and by how the hospital's rows come.
 * @param seen runs of the scoring graph a day, where the account can tell; left out: 70 admissions a day that come as they happen
 */
export function taskCredits(
  settings: Settings,
  seen?: number,
): { readonly graph: TaskCredits; readonly beside: TaskCredits } {
  const { tasks, endpoint } = settings;
  const most = tasks.resumed ? runsPerMonth(tasks.schedule) : 0;
  const typical = Math.min(most, seen === undefined ? expectedRuns(tasks.schedule) : (seen * 365) / 12);
  const cold = endpoint.type === 'serverless' ? COLD_SECONDS : 0;
  const graph = creditsOf(settings, { typical, most }, GRAPH_SECONDS + cold * coldShare(tasks.schedule));
  const beside = tasks.resumed ? tasksBeside(settings) : [];
  // A task beside the graph often finds the warehouse awake.
  const asleep = tasks.compute === 'warehouse' && most > 0 ? 1 - typical / most : 1;
  const others = beside.map(({ name, schedule }) => {
    const runs = runsPerMonth(schedule);
    return creditsOf(settings, { typical: runs * asleep, most: runs }, TASK_SECONDS[name] ?? OTHER_SECONDS);
  });
  const sum = (value: (of: TaskCredits) => number) => others.reduce((all, each) => all + value(each), 0);
  // One warehouse is awake for a whole month at most.
  const left =
    tasks.compute === 'warehouse'
      ? HOURS_A_MONTH * CREDITS_AN_HOUR[settings.snowflake.warehouse.size] - graph.most
      : Number.POSITIVE_INFINITY;
  return {
    graph,
    beside: {
      typical: sum((each) => each.typical),
      most: Math.min(
        left,
        sum((each) => each.most),
      ),
      runs: { typical: sum((each) => each.runs.typical), most: sum((each) => each.runs.most) },
    },
  };
}

/** Serverless statements are taken for an X-Small's, which those of a hospital are. @param seconds that a run computes */
function creditsOf(
  { tasks, snowflake }: Settings,
  runs: { readonly typical: number; readonly most: number },
  seconds: number,
): TaskCredits {
  const { size, autoSuspendSeconds } = snowflake.warehouse;
  if (tasks.compute === 'serverless')
    return { typical: (runs.typical * seconds) / 3600, most: (runs.most * seconds) / 3600, runs };
  const credits = (count: number, each: number) =>
    Math.min(HOURS_A_MONTH, (count * each) / 3600) * CREDITS_AN_HOUR[size];
  return {
    typical: credits(runs.typical, Math.max(LEAST_SECONDS, seconds + autoSuspendSeconds)),
    most: credits(runs.most, LEAST_SECONDS + autoSuspendSeconds),
    runs,
  };
}

/** Runs a month that find changes, which come by chance: none in an interval has the probability exp(-rate · interval). */
function expectedRuns(schedule: string): number {
  const interval = intervalSeconds(schedule);
  const all = runsPerMonth(schedule);
  if (interval === undefined) {
    const mean = CHANGES_AN_HOUR.reduce((sum, { hours, rate }) => sum + hours * rate, 0) / 24;
    return all * (1 - Math.exp((-mean * HOURS_A_MONTH) / all));
  }
  return (overDay((rate) => runsAnHour(schedule, interval / 3600, rate)) * 365) / 12;
}

/** A triggered graph waits for the interval, then for the next change. @param hours of the interval */
function runsAnHour(schedule: string, hours: number, rate: number): number {
  return schedule === 'triggered' ? 1 / (hours + 1 / rate) : (1 - Math.exp(-rate * hours)) / hours;
}

/** Of the runs, how many find an endpoint that has gone cold. */
function coldShare(schedule: string): number {
  const hours = (intervalSeconds(schedule) ?? Number.POSITIVE_INFINITY) / 3600;
  if (hours > COLD_AFTER_HOURS) return 1;
  const runs = (rate: number) => runsAnHour(schedule, hours, rate);
  return overDay((rate) => runs(rate) * Math.exp(-rate * COLD_AFTER_HOURS)) / overDay(runs);
}

/** What a day comes to. @param anHour by the changes in it */
function overDay(anHour: (rate: number) => number): number {
  return CHANGES_AN_HOUR.reduce((sum, { hours, rate }) => sum + hours * anHour(rate), 0);
}
