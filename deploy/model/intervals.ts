import type { Band, LongStay } from '../../udfs/model.js';
import type { Context } from '../context.js';
import { qualified, shared } from '../dataset/names.js';
import type { Version } from './version.js';

/** Each interval band rests on at least this many rows, so that its 2.5 % points are order statistics. */
const ROWS_PER_BAND = 200;
const MAX_BANDS = 20;
const ROWS_PER_POINT = 100;
const MAX_POINTS = 50;

/** What calibration adds to a model. */
export interface Calibration {
  readonly bands: Band[];
  readonly longStay: LongStay;
  /** Rows it rests on. */
  readonly rows: number;
}

/**
 * Intervals and long-stay probabilities from the version's own answers on its validation rows, which it was
 * not fitted to. Everything is aggregated in Snowflake.
 */
export async function calibrate(ctx: Context, version: Version): Promise<Calibration> {
  const [count] = await ctx.snowflake.query<{ N: number }>(
    `SELECT COUNT(*) AS N FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = 'validation'`,
    [version.name],
  );
  const rows = Number(count?.N ?? 0);
  return {
    rows,
    bands: await intervalBands(ctx, version, pieces(rows, ROWS_PER_BAND, MAX_BANDS)),
    longStay: await longStay(ctx, version, pieces(rows, ROWS_PER_POINT, MAX_POINTS)),
  };
}

/**
 * Split conformal prediction within bands of equally many predictions (Mondrian): the ends are the order
 * statistics ⌊(n + 1) α/2⌋ and ⌈(n + 1)(1 − α/2)⌉ of the signed errors, which holds the coverage in each band
 * for finite n (Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", 4.5; signed errors, because
 * stays are skewed).
 */
async function intervalBands(ctx: Context, version: Version, bands: number): Promise<Band[]> {
  const low = (share: number) => `MAX(IFF(POSITION <= GREATEST(1, FLOOR((N + 1) * ${share})), ERROR, NULL))`;
  const high = (share: number) => `MIN(IFF(POSITION >= LEAST(N, CEIL((N + 1) * ${share})), ERROR, NULL))`;
  const rows = await ctx.snowflake.query<Record<string, number>>(
    `SELECT BAND, MAX(PREDICTED_LOS) AS UP_TO, ${low(0.1)} AS LOW, ${high(0.9)} AS HIGH,
  ${low(0.025)} AS LOW95, ${high(0.975)} AS HIGH95
FROM (SELECT BAND, PREDICTED_LOS, ERROR, COUNT(*) OVER (PARTITION BY BAND) AS N,
    ROW_NUMBER() OVER (PARTITION BY BAND ORDER BY ERROR, CASE_ID) AS POSITION
  FROM (SELECT CASE_ID, PREDICTED_LOS, LOS - PREDICTED_LOS AS ERROR,
      NTILE(${bands}) OVER (ORDER BY PREDICTED_LOS, CASE_ID) AS BAND
    FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = 'validation'))
GROUP BY BAND ORDER BY BAND`,
    [version.name],
  );
  return rows.map((row, i) => ({
    upTo: i === rows.length - 1 ? null : rounded(row.UP_TO),
    low: rounded(row.LOW),
    high: rounded(row.HIGH),
    low95: rounded(row.LOW95),
    high95: rounded(row.HIGH95),
  }));
}

/** The share of long stays in narrow bands of predictions, made monotone. */
async function longStay(ctx: Context, version: Version, bands: number): Promise<LongStay> {
  const days = ctx.settings.training.longStayDays;
  const rows = await ctx.snowflake.query<Record<string, number>>(
    `SELECT BAND, AVG(PREDICTED_LOS) AS PREDICTED, COUNT(*) AS N, COUNT_IF(LOS >= ${days}) AS LONG_STAYS
FROM (SELECT LOS, PREDICTED_LOS, NTILE(${bands}) OVER (ORDER BY PREDICTED_LOS, CASE_ID) AS BAND
  FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = 'validation')
GROUP BY BAND ORDER BY BAND`,
    [version.name],
  );
  const counted = rows.map((row) => ({
    predicted: Number(row.PREDICTED),
    rows: Number(row.N),
    hits: Number(row.LONG_STAYS),
  }));
  return { days, points: monotone(counted) };
}

interface Counted {
  readonly predicted: number;
  readonly rows: number;
  readonly hits: number;
}

/**
 * Isotonic regression by pooling adjacent violators: a longer prediction never has a smaller probability.
 * No probability is nearer to 0 or 1 than half a row, for so much the rows cannot tell.
 * @param counted ascending by prediction
 */
export function monotone(counted: readonly Counted[]): [number, number][] {
  const pools: { rows: number; hits: number; predicted: number }[] = [];
  for (const { predicted, rows, hits } of counted) {
    pools.push({ rows, hits, predicted: predicted * rows });
    for (;;) {
      const last = pools.at(-1)!;
      const before = pools.at(-2);
      if (!before || before.hits * last.rows < last.hits * before.rows) break;
      before.rows += last.rows;
      before.hits += last.hits;
      before.predicted += last.predicted;
      pools.pop();
    }
  }
  return pools.map(({ rows, hits, predicted }) => [
    rounded(predicted / rows),
    Math.min(1 - 0.5 / rows, Math.max(0.5 / rows, hits / rows)),
  ]);
}

function pieces(rows: number, each: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(rows / each)));
}

function evaluation(ctx: Context): string {
  return qualified(ctx.settings, shared.evaluation);
}

function rounded(value: unknown): number {
  return Math.round(Number(value) * 1e4) / 1e4;
}
