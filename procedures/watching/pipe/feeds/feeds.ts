import { admissionTimes, type Feed, feedsOf } from '../../../dataset/origin/feed-views.js';
import { literal, qualify } from '../../../ground/names.js';
import { unlessUnreadable } from '../../../ground/stale.js';
import { execute, query, type Row, type Work } from '../../../ground/work.js';
import { COUNTS } from '../../../records/counted.js';
import type { WatchPlan } from '../../plan.js';
import type { Sign } from '../../signs.js';
import type { Check } from '../checks.js';
import { type Arrivals, isDoubtful, judgeArrivals, NEWEST, type Unusual, WINDOWS } from './usual-days.js';
import { type HourlyArrivals, type Hours, hoursOff } from './usual-hours.js';

/** Days that are read where nothing is remembered of a feed. */
const FIRST_DAYS = 90;

/** Asks whether each feed beside the admissions can be read, and comes as on its good days and at their hours, as admissions do. */
export const feedsCheck: Check = {
  name: 'feeds',
  kinds: ['source'],
  look: (plan) => lookAtFeeds(plan, [...feedsOf(plan.contract), ...admissionTimes(plan.contract)]),
};

type FeedPlan = Pick<WatchPlan, 'place' | 'zone'> & { readonly contract: { readonly name: string } };

/** A sign for each feed with which something is wrong. */
export function* lookAtFeeds(plan: FeedPlan, feeds: readonly Feed[]): Work<readonly Sign[]> {
  if (feeds.length === 0) return [];
  const signs: Sign[] = [];
  const memory = yield* query<Memory>(memorySql(plan, feeds));
  for (const feed of feeds) {
    const sign = (subject: string, severity: Sign['severity'], message: string, next: string) =>
      signs.push({ kind: 'source', subject, severity, message, next, lookAt: 'source' });
    const why = yield* unlessUnreadable(function* () {
      const arrivals = yield* arrivalsOf(plan, feed, memory);
      const meant = `If it is meant: CALL ACCEPT_CHANGES(${literal(feed.view)});`;
      const late = hoursOff(arrivals.hours);
      if (late !== undefined)
        sign(
          clockOf(feed),
          'warning',
          `The times of ${feed.name} have been about ${Math.abs(late)} hours ${late > 0 ? 'later' : 'earlier'} than usual for two days or more. Predictions and beds take them as they stand.`,
          `Look whether the clock, the time zone or the interface of their source has changed. ${meant}`,
        );
      const unusual = feed.hoursAlone ? undefined : judgeArrivals(arrivals);
      if (unusual !== undefined)
        sign(
          feed.name,
          'warning',
          describe(feed, unusual),
          `Look whether a load or an interface stands still or ran twice. ${meant}`,
        );
      else yield* remember(plan, feed, arrivals, late === undefined);
    });
    // That admissions cannot be read is an alarm of its own.
    if (why !== undefined && !feed.hoursAlone)
      sign(
        `reading ${feed.name}`,
        feed.severity,
        `The ${feed.name} cannot be read: ${why} ${feed.without}`,
        'los doctor says which grant is missing, and who gives it; what is gone or has other columns, its owner brings back.',
      );
  }
  return signs;
}

/** A day of what is remembered: rows of a feed (NAME: its view), an alarm (its name) to the day UNTIL, a holiday, or today. */
interface Memory extends Row {
  /** Of a count, 24 of them by the hour, as JSON. */
  readonly HOURS: string | null;
  readonly KIND: 'count' | 'alarm' | 'holiday' | 'today';
  readonly NAME: string | null;
  readonly DAY: number;
  readonly UNTIL: number | null;
  readonly N: number | null;
}

const dayNumber = (date: string) => `DATEDIFF(day, '1970-01-01'::DATE, ${date})`;
const clock = (zone: string, moment = 'CURRENT_TIMESTAMP()') =>
  `CONVERT_TIMEZONE(${literal(zone)}, ${moment})::TIMESTAMP_NTZ`;

function memorySql({ place, zone, contract }: FeedPlan, feeds: readonly Feed[]): string {
  const inList = (key: (feed: Feed) => string) => feeds.map((feed) => literal(key(feed))).join(', ');
  return `SELECT 'count' AS KIND, TABLE_NAME AS NAME, ${dayNumber('DAY')} AS DAY, NULL::NUMBER AS UNTIL, ROW_COUNT AS N, HOURS
FROM ${qualify(place, COUNTS)} WHERE DATASET = ${literal(contract.name)} AND TABLE_NAME IN (${inList(({ view }) => view)})
UNION ALL
SELECT 'alarm', SUBJECT, ${dayNumber(`TO_DATE(${clock(zone, 'RAISED_AT')})`)}, COALESCE(${dayNumber('ENDED_ON')}, 999999), NULL, NULL
FROM ${qualify(place, 'LOS_ALARMS')} WHERE DATASET = ${literal(contract.name)} AND KIND = 'source' AND SUBJECT IN (${inList(({ name }) => name)}, ${inList(clockOf)})
UNION ALL
SELECT 'holiday', NAME, ${dayNumber('DAY')}, NULL, NULL, NULL FROM ${qualify(place, 'LOS_HOLIDAYS')} WHERE DAY >= DATEADD(day, -${NEWEST + 1}, CURRENT_DATE())
UNION ALL
SELECT 'today', NULL, ${dayNumber(`TO_DATE(${clock(zone)})`)}, NULL, NULL, NULL`;
}

/** What an alarm about the times of a feed is called. */
const clockOf = ({ name }: Feed) => `clock of ${name}`;

type Looked = Arrivals & { readonly hours: HourlyArrivals };

/** Reads a feed: every column of its newest rows, so that one of another type shows. */
function* arrivalsOf({ place, zone }: FeedPlan, feed: Feed, memory: readonly Memory[]): Work<Looked> {
  const { name, view, known, delay } = feed;
  const of = (kind: Memory['KIND'], key: string) =>
    memory.filter(({ KIND, NAME }) => KIND === kind && NAME === key);
  const counted = new Map(of('count', view).map(({ DAY, N }) => [Number(DAY), Number(N)] as const));
  const rows = yield* query(
    `SELECT ${dayNumber('TO_DATE(T)')} AS DAY, DATE_PART(hour, T) AS HOUR, COUNT(*) AS N, COUNT(DISTINCT X) AS DIFFERENT${WINDOWS.map((days, i) => `, COUNT_IF(T > DATEADD(hour, -${24 * days + delay}, NOW)) AS W${i}`).join('')}, COUNT(DISTINCT IFF(T > DATEADD(hour, -${24 + delay}, NOW), X, NULL)) AS NEW
FROM (SELECT ${known} AS T, HASH(*) AS X, ${clock(zone)} AS NOW FROM ${qualify(place, view)})
WHERE T <= NOW AND T > DATEADD(day, -${counted.size === 0 ? FIRST_DAYS : NEWEST + 1}, NOW) GROUP BY 1, 2`,
  );
  const sum = (key: string) => rows.reduce((total, row) => total + Number(row[key]), 0);
  const now = new Map<number, number>();
  const byHour = new Map<number, number[]>();
  for (const { DAY, HOUR, N } of rows) {
    const hours = byHour.get(Number(DAY)) || new Array<number>(24).fill(0);
    hours[Number(HOUR)] = Number(N);
    byHour.set(Number(DAY), hours);
    now.set(Number(DAY), (now.get(Number(DAY)) || 0) + Number(N));
  }
  const alarmsOf = (subject: string) =>
    of('alarm', subject).map(({ DAY, UNTIL }) => [Number(DAY), Number(UNTIL)] as const);
  const alarms = alarmsOf(name);
  const remembered = new Map<number, Hours>();
  for (const { DAY, HOURS } of of('count', view)) if (HOURS) remembered.set(Number(DAY), JSON.parse(HOURS));
  const today = Number(memory.filter(({ KIND }) => KIND === 'today')[0]?.DAY);
  return {
    today,
    // What the feed has of the past is all that is known at the first look, but where a person has accepted what it had become.
    counted: counted.size === 0 && alarms.length === 0 ? now : counted,
    now,
    lately: WINDOWS.map((_, i) => sum(`W${i}`)),
    differentLately: sum('NEW'),
    all: sum('N'),
    different: sum('DIFFERENT'),
    alarms,
    holidays: memory.filter(({ KIND }) => KIND === 'holiday').map(({ DAY }) => Number(DAY)),
    hours: {
      today,
      remembered: counted.size === 0 ? byHour : remembered,
      now: byHour,
      alarms: [...alarms, ...alarmsOf(clockOf(feed))],
    },
  };
}

/**
 * Keeps what came on days that have been over for a day, once: what an accident changes later is held against it.
 * @param inTime whether its hours are usual
 */
function* remember(
  { place, contract }: FeedPlan,
  { view }: Feed,
  { today, counted, now, alarms, hours }: Looked,
  inTime: boolean,
): Work<void> {
  const isFirst = counted === now || counted.size === 0;
  const end = alarms.reduce((last, [, to]) => Math.max(last, to), 0);
  const days: (readonly [number, number, string | null])[] = [];
  // A day without a row is one too, but for those before the first.
  const first = isFirst ? Math.max(end + 1, Math.min(today, ...Array.from(now.keys()))) : today - NEWEST;
  for (let day = first; day <= today - 2; day++)
    if ((isFirst || !counted.has(day)) && !isDoubtful(alarms, day)) {
      const kept = inTime && !isDoubtful(hours.alarms, day) ? hours.now.get(day) : undefined;
      days.push([day, now.get(day) || 0, kept === undefined ? null : JSON.stringify(kept)]);
    }
  if (days.length === 0) return;
  yield* execute(
    `MERGE INTO ${qualify(place, COUNTS)} AS t USING (
  SELECT DATEADD(day, VALUE[0]::NUMBER, '1970-01-01'::DATE) AS DAY, VALUE[1]::NUMBER AS N, AS_VARCHAR(VALUE[2]) AS HOURS FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?)))
) AS n ON t.DATASET = ? AND t.TABLE_NAME = ? AND t.DAY = n.DAY
WHEN NOT MATCHED THEN INSERT (DATASET, TABLE_NAME, DAY, ROW_COUNT, COUNTED_AT, EXPIRES, HOURS) VALUES (?, ?, n.DAY, n.N, CURRENT_TIMESTAMP(), TRUE, n.HOURS)`,
    [JSON.stringify(days), contract.name, view, contract.name, view],
  );
}

/** Counts of the operation alone. */
function describe({ name, delay }: Feed, { what, days, rows, usual }: Unusual): string {
  const period = days === 1 ? 'a day' : `${days} days`;
  if (what === 'few')
    return `In the last ${24 * days + delay} hours ${rows} rows of ${name} were recorded; in ${period} at least ${usual} are usual. What is made of them knows no more.`;
  return what === 'lost'
    ? `Of ${period} of the last week ${rows} rows of ${name} are left of ${usual}.`
    : `Of ${period} of the last week ${rows} rows of ${name} are there, where ${usual} are to be expected: they have come more than once.`;
}
