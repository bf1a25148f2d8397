import { meanOf } from '../../udfs/curve/curve.js';
import { curveOfHazards } from '../../udfs/curve/hazards.js';
import type { Hazards } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { FEWEST_PATIENTS, patientOf } from '../ground/small-groups.js';
import { query, type Work } from '../ground/work.js';
import { type Ending, innerDaysOf } from './inner-days.js';

/** Periods of a stay, the open last one among them: more did not predict better on real stays (bench/notes/curve.md). */
const MOST_PERIODS = 16;
/**
 * Shares of stays that are gone by a period's end: evenly, and finer where few have gone and where few are left. Who leaves on the first day
 * is not like who leaves on the second, and the tail is decided where few are left.
 */
const SHARES: readonly number[] = (() => {
  const shares: number[] = [];
  for (let k = 1; k <= 14; k++) shares.push(k / 16);
  return [0.01, ...shares, 0.9, 0.93, 0.955, 0.97, 0.98, 0.99];
})();
/** Sums of weights that differ by less are the same. */
const TOLERANCE = 1e-9;
/**
 * A serverless endpoint takes 4 MB a request, and requests have up to 1,000 rows (versions/batch-rows.ts): the bytes that a
 * row's lines may have together.
 */
const ROW_BYTES = 4000;
/** Bytes that a period adds to a line, at most. */
const SUFFIX_BYTES = 12;

/**
 * The periods of a version's training stays; null where there cannot be two, or a row's lines would be too long.
 * @param longestLine bytes of an encoded row
 */
export function* fitPeriods({ contract, settings }: Plan, longestLine: number): Work<Hazards | null> {
  const rows = yield* query(
    `SELECT CEIL(LOS) AS DAY, SUM(ROW_WEIGHT) AS W, COUNT_IF(PLACE = 1) AS PATIENTS
FROM (SELECT LOS, ROW_WEIGHT, ROW_NUMBER() OVER (PARTITION BY ${patientOf(contract)} ORDER BY LOS DESC) AS PLACE
  FROM ${qualify(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = 'train') GROUP BY 1 ORDER BY 1`,
  );
  const endings = rows.map((row) => ({
    day: Number(row.DAY),
    weight: Number(row.W),
    patients: Number(row.PATIENTS),
  }));
  const lines = Math.floor(ROW_BYTES / (longestLine + SUFFIX_BYTES));
  return periodsOf(endings, Math.min(MOST_PERIODS, lines + 1));
}

/**
 * Divides stays into periods of about equally many endings.
 * @param endings ascending by day
 * @param most periods, the open last one among them
 */
export function periodsOf(endings: readonly Ending[], most: number): Hazards | null {
  // Where stays are few days, several shares fall on one: then more of them are looked at.
  let ends: number[] = [];
  for (let count = SHARES.length; count > 0; count--) {
    ends = endsOf(endings, pickShares(count));
    if (ends.length < most) break;
  }
  if (ends.length === 0 || ends.length >= most) return null;
  const last = ends[ends.length - 1] as number;
  let over = 0;
  let reaching = 0;
  for (const { day, weight } of endings)
    if (day > last) {
      over += weight * (day - last);
      reaching += weight;
    }
  return {
    ends,
    suffixes: suffixesOf(endings, ends),
    excess: calibrateExcess(over / reaching),
    inner: innerDaysOf(endings, ends),
  };
}

/**
 * The excess with which the open period, written down as a few points with straight lines between, has the mean that stays have.
 */
function calibrateExcess(excess: number): number {
  const outlived = [0];
  let used = excess;
  for (let i = 0; i < 8; i++)
    used *= excess / Math.max(1e-9, meanOf(curveOfHazards(outlived, { ends: [0], excess: used }, 0)));
  return Math.round(Math.max(1, used) * 1e4) / 1e4;
}

/** The first day by whose end each share is gone, as long as ten patients leave in its period and ten outlive it. */
function endsOf(endings: readonly Ending[], shares: readonly number[]): number[] {
  const all = endings.reduce((sum, { weight }) => sum + weight, 0);
  let beyond = endings.reduce((sum, { patients }) => sum + patients, 0);
  const ends: number[] = [];
  let gone = 0;
  let leaving = 0;
  let next = 0;
  for (const { day, weight, patients } of endings) {
    gone += weight;
    leaving += patients;
    beyond -= patients;
    if (beyond < FEWEST_PATIENTS || next === shares.length) break;
    if (leaving < FEWEST_PATIENTS || gone < all * (shares[next] as number) - TOLERANCE) continue;
    while (next < shares.length && gone >= all * (shares[next] as number) - TOLERANCE) next++;
    ends.push(day);
    leaving = 0;
  }
  return ends;
}

/** So many of the shares, the first and the last among them; of one alone the last. */
function pickShares(count: number): number[] {
  const shares: number[] = count > 1 ? [SHARES[0] as number] : [];
  for (let k = shares.length + 1; k <= count; k++)
    shares.push(SHARES[Math.round((k * SHARES.length) / count) - 1] as number);
  return shares;
}

/**
 * A period is told to the model as its number and as the log-odds to leave in it, over all training rows: trees part periods
 * by the one, and a linear model with the other as it is would be the proportional odds of discrete time.
 */
function suffixesOf(endings: readonly Ending[], ends: readonly number[]): string[] {
  return ends.map((end, k) => {
    const from = k > 0 ? (ends[k - 1] as number) : Number.NEGATIVE_INFINITY;
    let leaving = 0;
    let staying = 0;
    for (const { day, weight } of endings) {
      if (day > from && day <= end) leaving += weight;
      else if (day > end) staying += weight;
    }
    return `,${k},${Math.round(Math.log((leaving + 0.5) / (staying + 0.5)) * 1e3) / 1e3}`;
  });
}
