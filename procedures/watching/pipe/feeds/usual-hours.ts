import { isDoubtful, NEWEST } from './usual-days.js';

/** Rows of a day by the hour of the hospital's clock: 24 counts. */
export type Hours = readonly number[];

/** Hours of a feed's days, by number since 1970, as they are remembered and as the feed has them now. */
export interface HourlyArrivals {
  readonly today: number;
  readonly remembered: ReadonlyMap<number, Hours>;
  readonly now: ReadonlyMap<number, Hours>;
  /** First and last day of each alarm about it; the last of one that is open lies ahead. */
  readonly alarms: readonly (readonly [number, number])[];
}

/** Days of the two halves that must agree, newest first: a busy feed is told after two days, one of 20 rows a day after a week. */
const HALVES = [
  [1, 1],
  [4, 3],
] as const;
/** Good days that are compared with, of which so many have to be known: two weekends. */
const YARDSTICK = 28;
const ENOUGH = 14;
/** By so much likelier, as a natural logarithm, must other hours make each half: by e^10, and twice what any good days came to. */
const LIKELIER = 10;
const BEYOND_USUAL = 2;
/** A change of one hour comes twice a year by itself, to loads that keep to another zone's time. */
const LEAST = 2;
/** Rows that come in fewer hours than this (e to the entropy) come by loads: a late one is no clock that is wrong. */
const SPREAD = 6;

const add = (days: readonly Hours[]): number[] =>
  Array.from({ length: 24 }, (_, hour) => days.reduce((sum, day) => sum + (day[hour] as number), 0));

/** By how much likelier these rows are if their times are so many hours too late, than as they are. */
function gain(hours: Hours, usual: readonly number[], late: number): number {
  return hours.reduce(
    (sum, rows, hour) => sum + rows * ((usual[(hour - late + 24) % 24] as number) - (usual[hour] as number)),
    0,
  );
}

/** The change of hours that both halves speak for most, and how much. */
function best(halves: readonly Hours[], usual: readonly number[]): { late: number; gain: number } {
  let found = { late: 0, gain: 0 };
  for (let late = LEAST; late <= 24 - LEAST; late++) {
    const least = Math.min(...halves.map((half) => gain(half, usual, late)));
    if (least > found.gain) found = { late: late > 12 ? late - 24 : late, gain: least };
  }
  return found;
}

/**
 * Tells a feed whose times are off by hours, as of a clock, a time zone or an interface that forgot one: the hours at which rows come are as
 * they were on good days, but moved.
 * @returns hours by which times are later than usual (below 0: earlier); undefined: nothing is unusual, or too little is known
 */
export function hoursOff({ today, remembered, now, alarms }: HourlyArrivals): number | undefined {
  const good = Array.from(remembered.keys())
    .filter((day) => day <= today - NEWEST && !isDoubtful(alarms, day))
    .sort((a, b) => b - a)
    .slice(0, YARDSTICK)
    .map((day) => remembered.get(day) as Hours);
  if (good.length < ENOUGH) return undefined;
  const sums = add(good);
  const rows = sums.reduce((sum, n) => sum + n, 0);
  const shares = sums.map((n) => (n + 0.5) / (rows + 12));
  const usual = shares.map(Math.log);
  if (Math.exp(-shares.reduce((sum, share, hour) => sum + share * (usual[hour] as number), 0)) < SPREAD)
    return undefined;
  for (const [newer, older] of HALVES) {
    const halvesOf = (days: readonly Hours[]) => [add(days.slice(0, newer)), add(days.slice(newer))];
    const newest = Array.from({ length: newer + older }, (_, ago) => now.get(today - 1 - ago));
    if (newest.some((day) => day === undefined)) continue;
    const halves = halvesOf(newest as Hours[]);
    const found = best(halves, usual);
    if (found.gain < LIKELIER) continue;
    const most = good
      .slice(newer + older - 1)
      .map((_, i) => best(halvesOf(good.slice(i, i + newer + older)), usual).gain);
    // The older half may have the day on which it began in it.
    if (found.gain > BEYOND_USUAL * Math.max(...most)) return best(halves.slice(0, 1), usual).late;
  }
  return undefined;
}
