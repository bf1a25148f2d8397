/** Days by number since 1970. What came of a feed on a day, as it was counted when the day had been over for a day. */
export type DayCounts = ReadonlyMap<number, number>;

/** Rows of a feed, as a look finds them and as they are remembered. */
export interface Arrivals {
  /** The day of the look, by the hospital's clock. */
  readonly today: number;
  /** What was counted first of each day, and what the feed has of it now. */
  readonly counted: DayCounts;
  readonly now: DayCounts;
  /** Rows of the last days and the feed's delay, for each of WINDOWS. */
  readonly lately: readonly number[];
  /** Of the rows of the first of WINDOWS, and of all that were read, how many are different. */
  readonly differentLately: number;
  readonly all: number;
  readonly different: number;
  /** First and last day of each alarm about it; the last of one that is open lies ahead. */
  readonly alarms: readonly (readonly [number, number])[];
  readonly holidays: readonly number[];
}

/** Something that is not as it should be: rows that came in so many days, or of the days that are compared, against as many as are usual. */
export interface Unusual {
  readonly what: 'few' | 'lost' | 'twice';
  readonly days: number;
  readonly rows: number;
  readonly usual: number;
}

/** Days that are looked back at: what comes every hour is missed within a day, one ward of many within a week. */
export const WINDOWS = [1, 2, 3, 7] as const;
/** For each, the share of the fewest that ever came in as many days, below which too few came: a partial loss takes longer to tell. */
const SHARES = [0.3, 0.4, 0.5, 0.6];
/** An alarm ends with so much more, and not where chance brings a few. */
const RECOVERED = 0.15;
/** So seldom may chance alone bring so few: of a feed with 12 rows on its quietest day a day without any, of one with 2 a week. */
export const CHANCE = 1e-5;
/** Days of the yardstick, of which so many have to be known. */
const YARDSTICK = 28;
const ENOUGH = 7;
/** The newest days are no yardstick yet: an outage that is told after a week has none of itself in it. */
export const NEWEST = 8;
/** Of fewer rows nothing is said about rows that are lost or doubled. */
const ROWS = 20;
/** Days that have been over for a day, and whose counts are held against those of before. */
const COMPARED = [2, 3, 4];

/** Chance of so few: P(X ≤ rows) of a Poisson number. */
export function chanceOfSoFew(rows: number, mean: number): number {
  // More than nine standard deviations, and terms without end.
  if (mean > 1000 && rows <= 0.7 * mean) return 0;
  let term = Math.exp(-mean);
  let sum = term;
  for (let i = 1; i <= rows; i++) {
    term *= mean / i;
    sum += term;
  }
  return sum;
}

/** Tells a day in an alarm, or so shortly before one that it may be of the same accident. */
export function isDoubtful(alarms: Arrivals['alarms'], day: number): boolean {
  return alarms.some(([from, to]) => day >= from - NEWEST && day <= to);
}

/** The good days that a look is held against. */
function yardstick({ today, counted, alarms }: Arrivals): number[] {
  const days: number[] = [];
  counted.forEach((_, day) => {
    if (day <= today - NEWEST && !isDoubtful(alarms, day)) days.push(day);
  });
  return days.sort((a, b) => b - a).slice(0, YARDSTICK);
}

/** The fewest rows of so many days on end; undefined: too little is known. */
function fewest(counted: DayCounts, good: readonly number[], days: number): number | undefined {
  const sums: number[] = [];
  for (const last of good) {
    let sum = 0;
    for (let day = last; day > last - days; day--)
      sum += good.indexOf(day) < 0 ? Number.NaN : (counted.get(day) as number);
    if (sum >= 0) sums.push(sum);
  }
  return sums.length < ENOUGH ? undefined : Math.min(...sums);
}

/** Tells that the last day that is over had about as many rows as days of its name: then the accident is over, whatever the week still lacks. */
function isBack({ today, counted, now }: Arrivals, good: readonly number[]): boolean {
  const same = good.filter((day) => (today - 1 - day) % 7 === 0);
  const mean = same.reduce((sum, day) => sum + (counted.get(day) as number), 0) / same.length;
  return mean >= ROWS && (now.get(today - 1) || 0) >= 0.75 * mean;
}

/** Judges a feed; undefined: nothing is unusual. */
export function judgeArrivals(arrivals: Arrivals): Unusual | undefined {
  const { today, counted, now, lately, holidays, alarms } = arrivals;
  const known = COMPARED.map((ago) => today - ago).filter((day) => counted.has(day));
  const had = known.reduce((sum, day) => sum + (counted.get(day) as number), 0);
  const has = known.reduce((sum, day) => sum + (now.get(day) || 0), 0);
  if (had >= ROWS && has <= 0.6 * had) return { what: 'lost', days: known.length, rows: has, usual: had };
  if (had >= ROWS && has >= 1.8 * had) return { what: 'twice', days: known.length, rows: has, usual: had };
  const { differentLately, all, different } = arrivals;
  const [newest] = lately as [number];
  const [older, olderDifferent] = [all - newest, different - differentLately];
  if (newest >= ROWS && differentLately <= 0.6 * newest && olderDifferent >= 0.8 * older)
    return { what: 'twice', days: 1, rows: newest, usual: differentLately };
  const good = yardstick(arrivals);
  const more = alarms.some(([, to]) => to > today) ? RECOVERED : 0;
  for (let i = 0; i < WINDOWS.length; i++) {
    const [days, rows] = [WINDOWS[i] as number, lately[i] as number];
    // On a holiday nothing may come.
    const rests = holidays.filter((day) => day >= today - days && day <= today).length;
    // What an accident that is over lacks is no second one.
    if (alarms.some(([, to]) => to <= today && to >= today - days)) continue;
    const usual = rests < days ? fewest(counted, good, days - rests) : undefined;
    if (
      usual === undefined ||
      rows > ((SHARES[i] as number) + more) * usual ||
      chanceOfSoFew(rows, usual) >= CHANCE
    )
      continue;
    if (days === 1 || !isBack(arrivals, good)) return { what: 'few', days, rows, usual };
  }
  return undefined;
}
