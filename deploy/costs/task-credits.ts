import { intervalSeconds, runsPerMonth } from '../ground/schedule.js';
import { tasksBeside } from '../headers/files.js';
import type { Settings } from '../settings/settings.js';

/** Range of an estimate: at least, in the middle, and at most, where every run finds admissions. */
export interface Range {
  readonly least: number;
  readonly typical: number;
  readonly most: number;
}

type Way = keyof Range;

export const range = (of: (way: Way) => number): Range => ({
  least: of('least'),
  typical: of('typical'),
  most: of('most'),
});

/** Monthly use of tasks: credits, and runs of the scoring graph and of tasks beside it. */
export interface TaskCredits {
  readonly credits: Range;
  readonly graphRuns: Range;
  readonly otherRuns: number;
}

export const HOURS_A_MONTH = 730;
/** Snowflake bills at least this much whenever a warehouse resumes. */
const LEAST_SECONDS = 60;
/** Credits for an hour of a serverless task that computes with an X-Small (Snowflake Service Consumption Table of 2026, table 5). */
const SERVERLESS_CREDITS = 0.9;

const SIZES = { XSMALL: 1, SMALL: 2, MEDIUM: 4, LARGE: 8, XLARGE: 16 };

/** Credits an hour of the warehouse, which is of the first generation. */
export const creditsAnHour = ({ snowflake: { warehouse } }: Settings) => SIZES[warehouse.size];

/**
 * Assumptions without a source: seconds of a statement that reads, and of one that writes (public logs of dbt: .45 to
 * 1.7 for a table made); seconds until a serverless endpoint that went cold answers (public projects: 1 to 20), and
 * after how many hours it does, which no page says; credits for compiling a statement, which serverless tasks pay in
 * full, as SHOW by 4.4 an hour. The middle is what the local account meters with.
 */
export const ASSUMED = {
  least: { read: 0.1, write: 0.2, cold: 1, warmHours: 1 / 4, compile: 1e-5 },
  typical: { read: 0.2, write: 0.5, cold: 5, warmHours: 1 / 6, compile: 2e-5 },
  most: { read: 0.5, write: 1.7, cold: 20, warmHours: 1 / 12, compile: 1e-4 },
};

/** Expected admissions a day where the account cannot tell, and as many discharges and corrections. */
export const ADMISSIONS_A_DAY = 70;
/** Changes an hour by day, from 7 to 21 o'clock, when four fifths of them come, and by night. */
const CHANGES_AN_HOUR = [
  { hours: 14, rate: (0.8 * 3 * ADMISSIONS_A_DAY) / 14 },
  { hours: 10, rate: (0.2 * 3 * ADMISSIONS_A_DAY) / 10 },
];

/** Statements of a run that read, that write, and that are SHOW or DDL, as the local account counts them (test/journeys/credits.test.ts). */
type Statements = readonly [reads: number, writes: number, shows: number];
const OF_GRAPH: Statements = [14, 14, 0];
const OF_TASK: Readonly<Record<string, Statements>> = {
  LOS_MONITOR_HOURLY: [5, 3, 4],
  LOS_FORECAST_BEDS: [10, 8, 21],
  LOS_WATCH: [26, 12, 3],
};
const OF_OTHERS: Statements = [100, 30, 10];

/**
 * By the schedules, and by how the hospital's rows come. Serverless statements are taken for an X-Small's, which those of a hospital are.
 * @param seen runs of the scoring graph a day, where the account can tell; left out: 70 admissions a day that come as they happen
 */
export function taskCredits(settings: Settings, seen?: number): TaskCredits {
  const { tasks, endpoint } = settings;
  const most = tasks.resumed ? runsPerMonth(tasks.schedule) : 0;
  const typical = Math.min(most, seen === undefined ? expectedRuns(tasks.schedule) : (seen * 365) / 12);
  const others = (tasks.resumed ? tasksBeside(settings) : []).map(({ name, schedule }) => ({
    runs: runsPerMonth(schedule),
    statements: OF_TASK[name] ?? OF_OTHERS,
  }));
  // A task beside the graph often finds the warehouse awake.
  const asleep = tasks.compute === 'warehouse' && most > 0 ? 1 - typical / most : 1;
  const graphRuns = { least: typical, typical, most };
  const credits = range((way) => {
    const { cold, warmHours } = ASSUMED[way];
    const waits = endpoint.type === 'serverless' ? cold * coldShare(tasks.schedule, warmHours) : 0;
    const graph = creditsOf(settings, way, graphRuns[way], OF_GRAPH, waits);
    const sum = others.reduce(
      (all, { runs, statements }) =>
        all + creditsOf(settings, way, way === 'most' ? runs : runs * asleep, statements),
      graph,
    );
    // One warehouse is awake for a whole month at most.
    return tasks.compute === 'warehouse' ? Math.min(sum, HOURS_A_MONTH * creditsAnHour(settings)) : sum;
  });
  return { credits, graphRuns, otherRuns: others.reduce((sum, { runs }) => sum + runs, 0) };
}

/** @param waits seconds of a run in which it waits for an endpoint */
export function creditsOf(
  settings: Settings,
  way: Way,
  runs: number,
  [reads, writes, shows]: Statements,
  waits = 0,
): number {
  const { read, write, compile } = ASSUMED[way];
  const seconds = (reads + shows) * read + writes * write + waits;
  if (settings.tasks.compute === 'serverless')
    return runs * ((seconds * SERVERLESS_CREDITS + shows * read * 4.4) / 3600 + (reads + writes) * compile);
  // It is suspended a minute after the last statement.
  const awake = seconds + LEAST_SECONDS;
  return ((runs * awake) / 3600) * creditsAnHour(settings);
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

/** A triggered graph runs once the interval is over if a change came in it, else with the next one. @param hours of the interval */
function runsAnHour(schedule: string, hours: number, rate: number): number {
  const none = Math.exp(-rate * hours);
  return schedule === 'triggered' ? 1 / (hours + none / rate) : (1 - none) / hours;
}

/**
 * Share of the runs that find an endpoint gone cold: nothing came for
 * as long as one stays warm, as far as a run would have noticed.
 */
function coldShare(schedule: string, warmHours: number): number {
  const hours = (intervalSeconds(schedule) ?? Number.POSITIVE_INFINITY) / 3600;
  if (hours > warmHours) return 1;
  const quiet = schedule === 'triggered' ? warmHours : hours * Math.floor(warmHours / hours + 1e-9);
  const runs = (rate: number) => runsAnHour(schedule, hours, rate);
  return overDay((rate) => runs(rate) * Math.exp(-rate * quiet)) / overDay(runs);
}

/** Sums an hourly figure over a day. @param anHour by the changes in it */
function overDay(anHour: (rate: number) => number): number {
  return CHANGES_AN_HOUR.reduce((sum, { hours, rate }) => sum + hours * anHour(rate), 0);
}
