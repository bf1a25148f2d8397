import type { Contract } from '../dataset/contract.js';
import { dateLiteral } from '../ground/names.js';
import { query, queryFirst, type Row, type Work } from '../ground/work.js';

/** Which labelled admissions are used, and what they stand for. */
export interface Cohort {
  /** SQL condition over the feature table; null: every labelled row. */
  readonly condition: string | null;
  /** Rule that was applied to stays that are missing at the cut-off, for people; empty when nothing had to be. */
  readonly rule: string;
  /** Facts about the stays that are missing; null: none is. */
  readonly missing: Missing | null;
  /** First day of admissions that are left out because too many like them are still in; left out: there is none. */
  readonly openDay?: string;
  /** Stays without an end were taken out of the table, so that those of the last days are the short ones alone. */
  readonly truncated?: boolean;
  /** First day of the admissions that are used; left out: all are. */
  readonly from?: string;
}

/** Stays that end after the cut-off are not in the data, so late admissions show only their shorter ones. */
export interface Missing {
  /** Last day of discharge in the data. */
  readonly cutOff: string;
  /** Days within which almost every stay ends: admissions that long before the cut-off show them all. */
  readonly complete: number;
  /** Days from the cohort's last admission to the cut-off: stays up to there are seen of every admission. */
  readonly shortest: number;
  readonly longest: number;
  /** Share of all admissions that have at least so many days to the cut-off. */
  reach(days: number): number;
  /** Share of all stays that are longer than so many days. */
  shareLonger(days: number): number;
}

export const everyRow: Cohort = { condition: null, rule: '', missing: null };

/** Largest share of stays that are missing of the admissions in the cohort (over a week of admissions). */
const MISSING_SHARE = 0.05;
/** Share of missing stays up to which stays count as complete. */
const COMPLETE_SHARE = 0.002;
/** Discharges break off when the last week has at least this share of an average week's. */
const BREAK_SHARE = 0.2;
/** A single long stay must not stand for more than this many. */
const MAX_WEIGHT = 10;
/** Stays that would stand for more than this many weigh the same, together with those that nothing could show. */
const POOLED_FROM = 3;
/** Lynden-Bell's product needs some rows at risk to say anything. */
const MIN_AT_RISK = 10;

/** Number of admissions by a number of days: a stay, or the time from admission to the cut-off. */
export type Counts = ReadonlyMap<number, number>;

/**
 * Stays that had not ended when the data was taken would, if dropped, leave only the short stays of late
 * admissions. What is done depends on what the data shows:
 *
 * - Nothing is open and discharges tail off by themselves: the data is complete, nothing is done.
 * - Open stays are in the table: the cohort ends before the first day from which on the weeks of admissions have more than
 *   5 % of them. One that has them and is followed by others that have not does not end it: discharges were lost there.
 * - No open stay is in the table, but discharges break off (the last week has as many as others): those who
 *   had not left were removed from it. Then stays are truncated: one is there only if it fitted between
 *   admission and cut-off. The cohort ends where 5 % of stays would be missing.
 *
 * In the two last cases the stays left in the cohort are weighted (procedures/fitting/split.ts) by the inverse of the
 * probability that an admission could be observed for that long. That probability is the admissions' own
 * distribution, which under truncation is estimated by Lynden-Bell's product (Lynden-Bell 1971; Woodroofe
 * 1985). It assumes that stays do not depend on the date of admission.
 */
export function* matureCohort(source: string, admission: string): Work<Cohort> {
  const openDay = yield* firstOpenDay(source, admission);
  const byOpenDay = openDay === null ? null : `${admission} < ${dateLiteral(openDay)}`;
  const cutOff = yield* breakOff(source, admission);
  if (cutOff === null)
    return byOpenDay && openDay
      ? { ...everyRow, condition: byOpenDay, rule: `admitted before ${openDay}`, openDay }
      : everyRow;

  const observable = `DATEDIFF(day, ${admission}, ${dateLiteral(cutOff)})`;
  const stays = yield* countsOf(source, 'LOS', 'LOS >= 0');
  const truncated = lyndenBell(stays, yield* countsOf(source, observable, 'LOS >= 0'));
  let shortest = truncated.daysCovering(1 - MISSING_SHARE);
  let { reach } = truncated;
  if (byOpenDay) {
    // The open stays are rows too, so the admissions' distribution is plain to see.
    const times = yield* countsOf(source, observable, `${admission} IS NOT NULL AND ${byOpenDay}`);
    shortest = Math.min(...times.keys());
    reach = shareFrom(times);
  }
  return {
    condition: byOpenDay ?? `${observable} >= ${shortest}`,
    rule: `discharges break off on ${cutOff}, so admissions of the last ${shortest} days are left out and long stays weighted by the inverse of their chance to be seen`,
    missing: {
      cutOff,
      complete: truncated.daysCovering(1 - COMPLETE_SHARE),
      shortest,
      longest: Math.max(...stays.keys()),
      reach,
      shareLonger: truncated.shareLonger,
    },
    ...(openDay === null ? { truncated: true } : { openDay }),
  };
}

function* countsOf(source: string, value: string, where: string): Work<Counts> {
  const rows = yield* query(
    `SELECT ${value} AS DAYS, COUNT(*) AS N FROM ${source} WHERE ${where} GROUP BY 1`,
  );
  return new Map(rows.map((row): [number, number] => [Number(row.DAYS), Number(row.N)]));
}

/**
 * Weights by stay for admissions that have from `shortest` to `longest` days to the cut-off, three decimals.
 * Stays that are not among them weigh 1: all of these admissions show them.
 * @param reach share of all admissions that have at least so many days to the cut-off
 * @param between fewest and most days that these admissions have to the cut-off
 * @param longestStay in days; longer ones do not occur
 * @param longer share of all stays that are longer than so many days. The longest that these admissions could show stand for those that
 *   none of them could, too: a few stays of a thousand, but twice that share of the bed-days
 */
export function inverseWeights(
  reach: (days: number) => number,
  [fewest, most]: readonly [fewest: number, most: number],
  longestStay: number,
  longer: (days: number) => number,
): Record<string, number> {
  const weights: Record<string, number> = {};
  const beyond = reach(most + 1);
  const all = reach(fewest) - beyond;
  const chance = (days: number) => Math.max(0, reach(days) - beyond) / all;
  const write = (days: number, weight: number) => {
    const rounded = Math.round(Math.min(MAX_WEIGHT, weight) * 1000) / 1000;
    if (rounded > 1) weights[days] = rounded;
  };
  let days = Math.max(0, Math.floor(fewest)) + 1;
  for (; days <= longestStay && chance(days) >= 1 / POOLED_FROM; days++) write(days, 1 / chance(days));
  let shown = 0;
  for (let day = days; day <= longestStay; day++) shown += (longer(day - 1) - longer(day)) * chance(day);
  const pooled = shown > 0 ? longer(days - 1) / shown : MAX_WEIGHT;
  for (; days <= longestStay; days++) write(days, pooled);
  return weights;
}

/** Share of the counted admissions that have at least so many days. */
export function shareFrom(counts: Counts): (days: number) => number {
  let total = 0;
  for (const n of counts.values()) total += n;
  return (days) => {
    let n = 0;
    for (const [time, count] of counts) if (time >= days) n += count;
    return n / total;
  };
}

/**
 * Lynden-Bell's estimate for stays that are seen only where they are no longer than the time from admission
 * to the cut-off.
 * @param stays observed stays by days
 * @param times the same admissions by days to the cut-off
 */
export function lyndenBell(
  stays: Counts,
  times: Counts,
): { reach(days: number): number; daysCovering(share: number): number; shareLonger(days: number): number } {
  const last = Math.max(...times.keys());
  const atRisk: number[] = [];
  let risk = 0;
  for (let day = 0; day <= last; day++) {
    // Every stay ends by its admission's cut-off, so an admission with less time left also had the shorter stay.
    risk += (stays.get(day) ?? 0) - (times.get(day - 1) ?? 0);
    atRisk.push(risk);
  }
  // Of all admissions, the share with at least so many days to the cut-off.
  const reaching: number[] = [1];
  for (let day = 0; day < last; day++) {
    const n = atRisk[day] ?? 0;
    const gone = n < MIN_AT_RISK ? 0 : (times.get(day) ?? 0) / n;
    reaching.push((reaching[day] ?? 1) * (1 - Math.min(gone, 1)));
  }
  // Of all stays, the share that is no longer than so many days.
  const ended: number[] = new Array(last + 1).fill(1);
  for (let day = last; day > 0; day--) {
    const n = atRisk[day] ?? 0;
    const ending = n < MIN_AT_RISK ? 0 : (stays.get(day) ?? 0) / n;
    ended[day - 1] = (ended[day] ?? 1) * (1 - Math.min(ending, 1));
  }
  return {
    reach: (days) => reaching[Math.max(0, Math.ceil(days))] ?? 0,
    shareLonger: (days) => 1 - (ended[Math.max(0, Math.floor(days))] ?? 1),
    daysCovering: (share) =>
      Math.max(
        0,
        ended.findIndex((value) => value >= share),
      ),
  };
}

/**
 * First day of admission of the last stretch of days whose week has too many open stays; null when there is none. An earlier one after which a
 * whole week of such days has few again is no end of the data: some discharges were never written down.
 */
export function* firstOpenDay(source: string, admission: string): Work<string | null> {
  const row = yield* queryFirst<Row & { OPEN_DAY: string | null }>(`SELECT
  TO_VARCHAR(MIN(IFF(OPEN = 1 AND DAY > LAST_FULL, DAY, NULL)), 'YYYY-MM-DD') AS OPEN_DAY
FROM (
  SELECT DAY, OPEN, COALESCE(MAX(IFF(FULL_WEEK = 7, DAY, NULL)) OVER (), TO_DATE('0001-01-01', 'YYYY-MM-DD')) AS LAST_FULL
  FROM (
    SELECT DAY, OPEN, SUM(1 - OPEN) OVER (ORDER BY DAY ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS FULL_WEEK
    FROM (
      SELECT DAY, IFF(SUM(ADMISSIONS - STAYS) OVER (ORDER BY DAY ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)
        > ${MISSING_SHARE} * SUM(ADMISSIONS) OVER (ORDER BY DAY ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), 1, 0) AS OPEN
      FROM (SELECT TO_DATE(${admission}) AS DAY, COUNT(*) AS ADMISSIONS, COUNT(LOS) AS STAYS FROM ${source} GROUP BY 1)
    )
  )
)`);
  return row ? row.OPEN_DAY : null;
}

/** Day on which discharges break off; null when they tail off, as they do where every stay was followed to its end. */
function* breakOff(source: string, admission: string): Work<string | null> {
  const row = yield* queryFirst<Row & { LAST_DAY: string | null }>(
    `SELECT TO_VARCHAR(MAX(LAST_DAY), 'YYYY-MM-DD') AS LAST_DAY,
  DATEDIFF(day, MIN(DAY), MAX(LAST_DAY)) + 1 AS SPAN, SUM(STAYS) AS N,
  SUM(IFF(DATEDIFF(day, DAY, LAST_DAY) < 7, STAYS, 0)) AS LAST_WEEK
FROM (SELECT DAY, STAYS, MAX(DAY) OVER () AS LAST_DAY
  FROM (SELECT DATEADD(day, LOS::NUMBER, TO_DATE(${admission})) AS DAY, COUNT(*) AS STAYS FROM ${source} WHERE LOS >= 0 GROUP BY 1))`,
  );
  if (!row?.LAST_DAY || Number(row.SPAN) < 28) return null;
  const anyWeek = (Number(row.N) / Number(row.SPAN)) * 7;
  return Number(row.LAST_WEEK) >= BREAK_SHARE * anyWeek ? row.LAST_DAY : null;
}

/**
 * Admissions that nothing can be chosen or judged by, as too many like them have not left yet, and that still tell of the newest days: those
 * that came too late and have ended (side `late`), and those of any day that have not (`open`, whose stay is the days so far). A refit of
 * hazards learns from both: of who has not left it learns the periods that the stay has outlived.
 */
export interface Unsettled {
  /** SQL conditions over the source's rows, f. */
  readonly late: string;
  readonly open: string;
  /** SQL, over them, of the days that a stay without an end has lasted. */
  readonly soFar: string;
}

/**
 * @param source the admissions, in SQL
 * @returns null where there are none, or where stays without an end were taken out of the table: of those that came late only the short
 *   ones are in it then
 */
export function* openRows(
  { admission, discharge, split }: Pick<Contract, 'admission' | 'discharge' | 'split'>,
  { openDay, truncated, from }: Cohort,
  source: string,
): Work<Unsettled | null> {
  if (!admission || !discharge || split || truncated) return null;
  const row = yield* queryFirst(
    `SELECT COUNT_IF(LOS IS NULL) AS N, MAX(LOS) AS LONGEST,
  TO_VARCHAR(MAX(DATEADD(day, COALESCE(GREATEST(LOS, 0), 0)::NUMBER, TO_DATE(${admission}))), 'YYYY-MM-DD') AS LAST_DAY
FROM ${source}`,
  );
  if (!(Number(row?.N) > 0) || !row?.LAST_DAY || row.LONGEST === null) return null;
  const soFar = `DATEDIFF(day, TO_DATE(f.${admission}), ${dateLiteral(String(row.LAST_DAY))})`;
  const used = from === undefined ? '' : ` AND f.${admission} >= ${dateLiteral(from)}`;
  return {
    late: openDay === undefined ? 'FALSE' : `(f.LOS >= 0 AND f.${admission} >= ${dateLiteral(openDay)})`,
    // Longer than any stay has been: its discharge was lost.
    open: `(f.LOS IS NULL AND ${soFar} BETWEEN 0 AND ${Number(row.LONGEST)}${used})`,
    soFar,
  };
}
