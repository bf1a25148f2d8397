import type { Snowflake } from '../clients/snowflake.js';
import { literal } from '../dataset/names.js';

/** Which labelled admissions are used, and with what weight. */
export interface Cohort {
  /** SQL condition over the feature table; null: every labelled row. */
  readonly condition: string | null;
  /** SQL expression of a row's weight. */
  readonly weight: string;
  readonly weighted: boolean;
  /** What was done about stays that are missing at the cut-off, for people; empty when nothing had to be. */
  readonly rule: string;
}

export const everyRow: Cohort = { condition: null, weight: '1::FLOAT', weighted: false, rule: '' };

/** Of the admissions in the cohort, at most this share of stays is missing (over a week of admissions). */
const MISSING_SHARE = 0.05;
/** Discharges break off when the last week has at least this share of an average week's. */
const BREAK_SHARE = 0.2;
/** A single long stay must not stand for more than this many. */
const MAX_WEIGHT = 10;
/** Lynden-Bell's product needs some rows at risk to say anything. */
const MIN_AT_RISK = 10;

/** How many admissions had a number of days: a stay, or the time from admission to the cut-off. */
export type Counts = ReadonlyMap<number, number>;

/**
 * Stays that had not ended when the data was taken would, if dropped, leave only the short stays of late
 * admissions. What is done depends on what the data shows:
 *
 * - Nothing is open and discharges tail off by themselves: the data is complete, nothing is done.
 * - Open stays are in the table: the cohort ends before the first day whose week of admissions has more than
 *   5 % of them.
 * - No open stay is in the table, but discharges break off (the last week has as many as others): whoever
 *   had not left was removed from it. Then stays are truncated: one is there only if it fitted between
 *   admission and cut-off. The cohort ends where 5 % of stays would be missing.
 *
 * In the two last cases the stays left in the cohort are weighted by the inverse probability that an
 * admission of the cohort could be observed for that long. That probability is the admissions' own
 * distribution, which under truncation is estimated by Lynden-Bell's product (Lynden-Bell 1971; Woodroofe
 * 1985). It assumes that stays do not depend on the date of admission.
 */
export async function matureCohort(snowflake: Snowflake, source: string, admission: string): Promise<Cohort> {
  const openDay = await firstOpenDay(snowflake, source, admission);
  const byOpenDay = openDay === null ? null : `${admission} < TO_DATE(${literal(openDay)})`;
  const cutOff = await breakOff(snowflake, source, admission);
  if (cutOff === null)
    return byOpenDay ? { ...everyRow, condition: byOpenDay, rule: `admitted before ${openDay}` } : everyRow;

  const observable = `DATEDIFF(day, ${admission}, TO_DATE(${literal(cutOff)}))`;
  const counts = async (value: string, where: string) =>
    new Map(
      (
        await snowflake.query<{ DAYS: number; N: number }>(
          `SELECT ${value} AS DAYS, COUNT(*) AS N FROM ${source} WHERE ${where} GROUP BY 1`,
        )
      ).map((row): [number, number] => [Number(row.DAYS), Number(row.N)]),
    );
  let shortest: number;
  let reach: (days: number) => number;
  if (byOpenDay) {
    // The open stays are rows too, so the admissions' distribution is plain to see.
    const times = await counts(observable, `${admission} IS NOT NULL AND ${byOpenDay}`);
    shortest = Math.min(...times.keys());
    reach = shareFrom(times);
  } else {
    const stays = await counts('LOS', 'LOS IS NOT NULL');
    const times = await counts(observable, 'LOS IS NOT NULL');
    const truncated = lyndenBell(stays, times);
    shortest = truncated.enough(1 - MISSING_SHARE);
    reach = truncated.reach;
  }
  const weights = inverseWeights(reach, shortest, await longest(snowflake, source));
  const condition = byOpenDay ?? `${observable} >= ${shortest}`;
  const weighted = Object.keys(weights).length > 0;
  return {
    condition,
    weight: weighted
      ? `COALESCE(GET(PARSE_JSON(${literal(JSON.stringify(weights))}), TO_VARCHAR(LOS::NUMBER))::FLOAT, 1)`
      : everyRow.weight,
    weighted,
    rule: `discharges break off on ${cutOff}, so admissions of the last ${shortest} days are left out and long stays weighted by the inverse of their chance to be seen`,
  };
}

/** Weight by stay, three decimals; stays that every admission of the cohort could show are left out: 1. */
export function inverseWeights(
  reach: (days: number) => number,
  shortest: number,
  longest: number,
): Record<string, number> {
  const weights: Record<string, number> = {};
  const all = reach(shortest);
  for (let days = Math.max(0, Math.floor(shortest)) + 1; days <= longest; days++) {
    const weight = Math.round(Math.min(MAX_WEIGHT, all / reach(days)) * 1000) / 1000;
    if (weight > 1) weights[days] = weight;
  }
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
): { reach(days: number): number; enough(share: number): number } {
  const last = Math.max(...times.keys());
  const atRisk: number[] = [];
  let risk = 0;
  for (let day = 0; day <= last; day++) {
    // Every stay ends by its admission's cut-off, so whoever has less time left also had the shorter stay.
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
    reach: (days) => reaching[Math.max(0, Math.min(last, Math.ceil(days)))] || Number.MIN_VALUE,
    enough: (share) =>
      Math.max(
        0,
        ended.findIndex((value) => value >= share),
      ),
  };
}

/** First day of admission whose week has too many open stays; null when there is none. */
async function firstOpenDay(snowflake: Snowflake, source: string, admission: string): Promise<string | null> {
  const [row] = await snowflake.query<{ OPEN_DAY: string | null }>(`SELECT
  TO_VARCHAR(MIN(DAY), 'YYYY-MM-DD') AS OPEN_DAY
FROM (
  SELECT DAY, SUM(ADMISSIONS) OVER (ORDER BY DAY ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS WEEK_ADMISSIONS,
    SUM(STAYS) OVER (ORDER BY DAY ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS WEEK_STAYS
  FROM (SELECT TO_DATE(${admission}) AS DAY, COUNT(*) AS ADMISSIONS, COUNT(LOS) AS STAYS FROM ${source} GROUP BY 1)
)
WHERE WEEK_ADMISSIONS - WEEK_STAYS > ${MISSING_SHARE} * WEEK_ADMISSIONS`);
  return row?.OPEN_DAY ?? null;
}

/** Day on which discharges break off; null when they tail off, as they do where every stay was followed to its end. */
async function breakOff(snowflake: Snowflake, source: string, admission: string): Promise<string | null> {
  const [row] = await snowflake.query<{
    LAST_DAY: string | null;
    SPAN: number;
    N: number;
    LAST_WEEK: number;
  }>(
    `SELECT TO_VARCHAR(MAX(LAST_DAY), 'YYYY-MM-DD') AS LAST_DAY,
  DATEDIFF(day, MIN(DAY), MAX(LAST_DAY)) + 1 AS SPAN, COUNT(*) AS N,
  COUNT_IF(DATEDIFF(day, DAY, LAST_DAY) < 7) AS LAST_WEEK
FROM (SELECT DAY, MAX(DAY) OVER () AS LAST_DAY
  FROM (SELECT DATEADD(day, LOS::NUMBER, TO_DATE(${admission})) AS DAY FROM ${source} WHERE LOS IS NOT NULL))`,
  );
  if (!row?.LAST_DAY || Number(row.SPAN) < 28) return null;
  const anyWeek = (Number(row.N) / Number(row.SPAN)) * 7;
  return Number(row.LAST_WEEK) >= BREAK_SHARE * anyWeek ? row.LAST_DAY : null;
}

async function longest(snowflake: Snowflake, source: string): Promise<number> {
  const [row] = await snowflake.query<{ LONGEST: number }>(`SELECT MAX(LOS) AS LONGEST FROM ${source}`);
  return Number(row?.LONGEST ?? 0);
}
