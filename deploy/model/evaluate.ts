import type { Band } from '../../udfs/model.js';
import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames, qualified, shared } from '../dataset/names.js';
import { hashBelow, type SplitResult } from './split.js';
import type { Version } from './version.js';

/** How good a version is on rows that nothing of it has seen. All errors are in days. */
export interface Metrics {
  readonly rows: number;
  readonly rmse: number;
  readonly mae: number;
  readonly r2: number;
  /** Errors of predicting the training mean for everybody. */
  readonly meanRmse: number;
  readonly meanMae: number;
  /** Predicted minus actual, mean. */
  readonly bias: number;
  /** Share of rows inside their 80 % interval. */
  readonly coverage: number;
}

/** Rows that are enough to calibrate intervals; more only cost requests. */
const CALIBRATION_ROWS = 20_000;
/** Each interval band rests on at least this many rows. */
const ROWS_PER_BAND = 200;

/** Asks the version, through its own external function, for the rows of one side. */
export async function predictSide(
  ctx: Context,
  contract: Contract,
  version: Version,
  side: 'validation' | 'holdout',
  split: SplitResult,
): Promise<number> {
  const { settings, snowflake } = ctx;
  const share = side === 'holdout' ? 1 : Math.min(1, CALIBRATION_ROWS / split.validation);
  const table = qualified(settings, datasetNames(contract).trainingSet);
  await snowflake.execute(`DELETE FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = ?`, [
    version.name,
    side,
  ]);
  return await snowflake.execute(
    `INSERT INTO ${evaluation(ctx)} (VERSION, SIDE, CASE_ID, LOS, PREDICTED_LOS, LOW_LOS, HIGH_LOS)
SELECT ?, SIDE, CASE_ID, LOS, DETAIL:days::FLOAT, DETAIL:low::FLOAT, DETAIL:high::FLOAT
FROM (SELECT SIDE, TO_VARCHAR(${contract.id}) AS CASE_ID, LOS,
    ${qualified(settings, version.predict)}(${featureObject(contract)}) AS DETAIL
  FROM ${table} WHERE SIDE = ?${share < 1 ? ` AND ${hashBelow(contract.id, share, 'sample')}` : ''})`,
    [version.name, side],
  );
}

/**
 * 80 % intervals by predicted stay (split conformal): the 10 % and 90 % points of actual − predicted on the
 * validation side, in bands of equally many rows.
 */
export async function calibrate(ctx: Context, version: Version): Promise<Band[]> {
  const [count] = await ctx.snowflake.query<{ N: number }>(
    `SELECT COUNT(*) AS N FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = 'validation'`,
    [version.name],
  );
  const bands = Math.max(1, Math.min(10, Math.floor(Number(count?.N ?? 0) / ROWS_PER_BAND)));
  const rows = await ctx.snowflake.query<{ UP_TO: number; LOW: number; HIGH: number }>(
    `SELECT BAND, MAX(PREDICTED_LOS) AS UP_TO,
  PERCENTILE_CONT(0.1) WITHIN GROUP (ORDER BY LOS - PREDICTED_LOS) AS LOW,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY LOS - PREDICTED_LOS) AS HIGH
FROM (SELECT LOS, PREDICTED_LOS, NTILE(${bands}) OVER (ORDER BY PREDICTED_LOS) AS BAND
  FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = 'validation')
GROUP BY BAND ORDER BY BAND`,
    [version.name],
  );
  return rows.map((row, i) => ({
    upTo: i === rows.length - 1 ? null : rounded(row.UP_TO),
    low: rounded(row.LOW),
    high: rounded(row.HIGH),
  }));
}

/** Errors on the holdout side, beside those of the training mean. */
export async function holdoutMetrics(ctx: Context, version: Version, split: SplitResult): Promise<Metrics> {
  const [row] = await ctx.snowflake.query<Record<string, number>>(
    `SELECT COUNT(*) AS N, SQRT(AVG(POWER(PREDICTED_LOS - LOS, 2))) AS RMSE, AVG(ABS(PREDICTED_LOS - LOS)) AS MAE,
  1 - SUM(POWER(PREDICTED_LOS - LOS, 2)) / SUM(POWER(LOS - SIDE_MEAN, 2)) AS R2,
  SQRT(AVG(POWER(LOS - ${split.trainMean}, 2))) AS MEAN_RMSE, AVG(ABS(LOS - ${split.trainMean})) AS MEAN_MAE,
  AVG(PREDICTED_LOS - LOS) AS BIAS, AVG(IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, 1, 0)) AS COVERAGE
FROM (SELECT LOS, PREDICTED_LOS, LOW_LOS, HIGH_LOS, AVG(LOS) OVER () AS SIDE_MEAN
  FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = 'holdout')`,
    [version.name],
  );
  const number = (key: string) => Number(row?.[key] ?? Number.NaN);
  return {
    rows: number('N'),
    rmse: number('RMSE'),
    mae: number('MAE'),
    r2: number('R2'),
    meanRmse: number('MEAN_RMSE'),
    meanMae: number('MEAN_MAE'),
    bias: number('BIAS'),
    coverage: number('COVERAGE'),
  };
}

function evaluation(ctx: Context): string {
  return qualified(ctx.settings, shared.evaluation);
}

function rounded(days: number): number {
  return Math.round(Number(days) * 1e4) / 1e4;
}
