import type { Fitted } from '../../udfs/fitting/fit.js';
import type { Band, Ends, Widening } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { foldOf } from '../fitting/split.js';
import { lowerQuantile, reached, upperQuantile } from '../fitting/weights.js';
import { qualified, shared } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { first, query, variant, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { errorSql, fitWidenings, narrowed } from './widenings.js';

/** Each interval band rests on at least this many rows, so that its 2.5 % points are order statistics. */
const ROWS_PER_BAND = 250;
const MAX_BANDS = 20;

/** The intervals of a version that has predicted its validation rows. */
export interface Intervals {
  readonly bands: Band[];
  readonly ends: Ends | undefined;
  readonly widenings: Widening[];
}

/**
 * Intervals by band of the prediction, wider for groups that need it, and over all as wide as asked.
 * @param ends `curve` where curves are the model's own: they tell how uncertain a patient's stay is among those of the same mean
 */
export function* fitIntervals(plan: Plan, version: Version, ends?: Ends): Work<Intervals> {
  const bands = yield* fitBands(plan, version, ends);
  const widenings = yield* fitWidenings(plan, version, bands, ends);
  if (widenings.length === 0) return { bands, ends, widenings };
  const narrow = yield* narrowed(plan, version, bands, widenings, ends);
  return { bands: narrow, ends, widenings: yield* fitWidenings(plan, version, narrow, ends, widenings) };
}

/**
 * Split conformal prediction within bands of equally many predictions (Mondrian): the ends are the order
 * statistics ⌊(n + 1) α/2⌋ and ⌈(n + 1)(1 − α/2)⌉ of the signed errors, which holds the coverage in each band
 * for finite n (Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", 4.5; signed errors, because
 * stays are skewed). Where rows are weighted, their weighted counterparts (weights.ts).
 */
export function* fitBands(plan: Plan, version: Version, ends?: Ends): Work<Band[]> {
  const bands = yield* bandCount(plan, version, ROWS_PER_BAND, MAX_BANDS);
  const rows = yield* query(
    `SELECT BAND, MAX(PREDICTED_LOS) AS UP_TO, 
  ${lowerQuantile('ERROR', '0.1')} AS LOW, ${upperQuantile('ERROR', '0.9')} AS HIGH,
  ${lowerQuantile('ERROR', '0.025')} AS LOW95, ${upperQuantile('ERROR', '0.975')} AS HIGH95
FROM (SELECT BAND, PREDICTED_LOS, ERROR, WEIGHT, ${reached('ERROR, CASE_ID', 'BAND')}
  FROM (SELECT CASE_ID, PREDICTED_LOS, WEIGHT, ${errorSql(ends)} AS ERROR,
      NTILE(${bands}) OVER (ORDER BY PREDICTED_LOS, CASE_ID) AS BAND
    FROM ${evaluation(plan)} WHERE VERSION = ? AND SIDE = 'validation'))
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
 * considered. Fitted inside Snowflake (udfs/fitting/fit.ts); only the spread comes out.
 */
export function* fitVersionSpread(plan: Plan, version: Version): Work<Fitted> {
  const { contract, settings } = plan;
  const row = yield* first(
    sqlText(plan, 'calibration/spread', {
      fit: qualified(settings, shared.fitSpread),
      evaluation: evaluation(plan),
      set: qualified(settings, datasetNames(contract).trainingSet),
      id: contract.id,
      fold: foldOf(contract),
    }),
    [version.name],
  );
  return variant<Fitted>(row?.FITTED);
}

/** How many bands of at least so many validation rows there can be. */
function* bandCount(plan: Plan, version: Version, rows: number, most: number): Work<number> {
  const count = yield* first(
    `SELECT COUNT(*) AS N FROM ${evaluation(plan)} WHERE VERSION = ? AND SIDE = 'validation'`,
    [version.name],
  );
  return Math.max(1, Math.min(most, Math.floor(Number(count?.N || 0) / rows)));
}

function evaluation(plan: Plan): string {
  return qualified(plan.settings, shared.evaluation);
}

/** Four decimals, outwards: rounded inwards, an interval would lose the rows that its ends were taken from. */
function up(value: unknown): number {
  return Math.ceil(Number(value) * 1e4 - 1e-6) / 1e4;
}
