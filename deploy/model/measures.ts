import { qualified, shared } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';

/** A line of LOS_MEASURES; null where a measure has no meaning for the predictor. */
export interface Measure {
  /** `model`, `mean`, `median`, or the version that was champion then. */
  readonly predictor: string;
  /** `all`, `decile of the prediction`, or the contract's columns joined by ×. */
  readonly groupedBy: string;
  readonly level: string;
  readonly rows: number;
  /** Admissions that the rows stand for, and how many rows of equal weight would say as much. */
  readonly admissions: number;
  readonly effectiveRows: number;
  readonly rmse: number;
  readonly mae: number;
  readonly bias: number;
  readonly bedDaysPredicted: number;
  readonly bedDaysActual: number;
  readonly coverage: number | null;
  readonly width: number | null;
  readonly coverage95: number | null;
}

/** Everything that was measured of a version, largest groups first. */
export async function measuresOf({ snowflake, settings }: Context, version: string): Promise<Measure[]> {
  const rows = await snowflake.query<Record<string, unknown>>(
    `SELECT * FROM ${qualified(settings, shared.measures)} WHERE VERSION = ?
ORDER BY GROUPED_BY, IFF(GROUPED_BY LIKE 'decile%', LEVEL, NULL), ROW_COUNT DESC, LEVEL, PREDICTOR`,
    [version],
  );
  const maybe = (value: unknown) => (value === null || value === undefined ? null : Number(value));
  return rows.map((row) => ({
    predictor: String(row.PREDICTOR),
    groupedBy: String(row.GROUPED_BY),
    level: String(row.LEVEL),
    rows: Number(row.ROW_COUNT),
    // Versions measured before rows had weights.
    admissions: Number(row.ADMISSIONS ?? row.ROW_COUNT),
    effectiveRows: Number(row.EFFECTIVE_ROWS ?? row.ROW_COUNT),
    rmse: Number(row.RMSE),
    mae: Number(row.MAE),
    bias: Number(row.BIAS),
    bedDaysPredicted: Number(row.BED_DAYS_PREDICTED),
    bedDaysActual: Number(row.BED_DAYS_ACTUAL),
    coverage: maybe(row.COVERAGE_80),
    width: maybe(row.WIDTH_80),
    coverage95: maybe(row.COVERAGE_95),
  }));
}
