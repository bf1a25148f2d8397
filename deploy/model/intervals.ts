import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { qualified, shared } from '../../procedures/ground/names.js';
import type { Fitted } from '../../udfs/curve/fit.js';
import type { Band, Widening } from '../../udfs/model.js';
import type { Context } from '../context.js';
import { sqlFile } from '../sql-file.js';
import { foldOf } from './split.js';
import type { Version } from './version.js';
import { lowerQuantile, reached, upperQuantile } from './weights.js';
import { fitWidenings, narrowed } from './widenings.js';

/** Each interval band rests on at least this many rows, so that its 2.5 % points are order statistics. */
const ROWS_PER_BAND = 250;
const MAX_BANDS = 20;

/** The intervals of a version that has predicted its validation rows. */
export interface Intervals {
  readonly bands: Band[];
  readonly widenings: Widening[];
}

/** Intervals by band of the prediction, wider for groups that need it, and over all as wide as asked. */
export async function fitIntervals(ctx: Context, contract: Contract, version: Version): Promise<Intervals> {
  const bands = await fitBands(ctx, version);
  const widenings = await fitWidenings(ctx, contract, version, bands);
  if (widenings.length === 0) return { bands, widenings };
  const narrow = await narrowed(ctx, contract, version, bands, widenings);
  return { bands: narrow, widenings: await fitWidenings(ctx, contract, version, narrow, widenings) };
}

/**
 * Split conformal prediction within bands of equally many predictions (Mondrian): the ends are the order
 * statistics ⌊(n + 1) α/2⌋ and ⌈(n + 1)(1 − α/2)⌉ of the signed errors, which holds the coverage in each band
 * for finite n (Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", 4.5; signed errors, because
 * stays are skewed). Where rows are weighted, their weighted counterparts (weights.ts).
 */
export async function fitBands(ctx: Context, version: Version): Promise<Band[]> {
  const bands = await bandCount(ctx, version, ROWS_PER_BAND, MAX_BANDS);
  const rows = await ctx.snowflake.query<Record<string, number>>(
    `SELECT BAND, MAX(PREDICTED_LOS) AS UP_TO, 
  ${lowerQuantile('ERROR', '0.1')} AS LOW, ${upperQuantile('ERROR', '0.9')} AS HIGH,
  ${lowerQuantile('ERROR', '0.025')} AS LOW95, ${upperQuantile('ERROR', '0.975')} AS HIGH95
FROM (SELECT BAND, PREDICTED_LOS, ERROR, WEIGHT, ${reached('ERROR, CASE_ID', 'BAND')}
  FROM (SELECT CASE_ID, PREDICTED_LOS, WEIGHT, LOS - PREDICTED_LOS AS ERROR,
      NTILE(${bands}) OVER (ORDER BY PREDICTED_LOS, CASE_ID) AS BAND
    FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = 'validation'))
GROUP BY BAND ORDER BY BAND`,
    [version.name],
  );
  return rows.map((row, i) => ({
    upTo: i === rows.length - 1 ? null : up(row.UP_TO),
    low: -up(-Number(row.LOW)),
    high: up(row.HIGH),
    low95: -up(-Number(row.LOW95)),
    high95: up(row.HIGH95),
  }));
}

/**
 * How stays spread around the predictions of a version that has predicted its validation rows, and what else was
 * considered. Fitted inside Snowflake (udfs/curve/fit.ts); only the spread comes out.
 */
export async function fitVersionSpread(ctx: Context, contract: Contract, version: Version): Promise<Fitted> {
  const { snowflake, settings } = ctx;
  const [row] = await snowflake.query<{ FITTED: Fitted | string }>(
    sqlFile('sql/calibration/spread.sql', {
      fit: qualified(settings, shared.fitSpread),
      evaluation: evaluation(ctx),
      set: qualified(settings, datasetNames(contract).trainingSet),
      id: contract.id,
      fold: foldOf(contract),
    }),
    [version.name],
  );
  const fitted = row?.FITTED;
  return (typeof fitted === 'string' ? JSON.parse(fitted) : fitted) as Fitted;
}

/** How many bands of at least so many validation rows there can be. */
export async function bandCount(ctx: Context, version: Version, rows: number, most: number): Promise<number> {
  const [count] = await ctx.snowflake.query<{ N: number }>(
    `SELECT COUNT(*) AS N FROM ${evaluation(ctx)} WHERE VERSION = ? AND SIDE = 'validation'`,
    [version.name],
  );
  return Math.max(1, Math.min(most, Math.floor(Number(count?.N ?? 0) / rows)));
}

function evaluation(ctx: Context): string {
  return qualified(ctx.settings, shared.evaluation);
}

/** Four decimals, outwards: rounded inwards, an interval would lose the rows that its ends were taken from. */
function up(value: unknown): number {
  return Math.ceil(Number(value) * 1e4 - 1e-6) / 1e4;
}
