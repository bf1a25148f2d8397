import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import type { Nearer } from '../../procedures/watching/publishing/nearer.js';
import type { DateLine } from '../../procedures/watching/publishing/nearer-event.js';
import type { Reader } from '../reader.js';

/** A line of LOS_DATE_ACCURACY. */
export interface MonthLine extends DateLine {
  /** First day of the month of discharge, YYYY-MM-DD. */
  readonly month: string;
}

/** Lines of all months, the latest month first; none where the contract names no dates that people expect. */
export async function readDateLines(ctx: Reader, contract: Contract): Promise<readonly MonthLine[]> {
  if (contract.expectedDischarge === undefined) return [];
  const rows = await ctx.snowflake.query<Record<string, string | number | null>>(
    `SELECT TO_VARCHAR(MONTH, 'YYYY-MM-DD') AS FIRST, * EXCLUDE MONTH FROM ${qualify(ctx.settings, 'LOS_DATE_ACCURACY')}
WHERE DATASET = ${literal(contract.name)} ORDER BY FIRST DESC, GROUPED_BY, LEVEL`,
  );
  return rows.map((row) => ({
    month: String(row.FIRST),
    groupedBy: String(row.GROUPED_BY),
    level: String(row.LEVEL),
    stays: Number(row.STAYS),
    figures: {
      people: Number(row.PEOPLE_MAE),
      model: Number(row.MODEL_MAE),
      both: Number(row.BOTH_MAE),
      shareOnDay: Number(row.ON_DAY),
      within1: Number(row.WITHIN_1),
      modelWithin1: Number(row.MODEL_WITHIN_1),
      shareEarly: Number(row.EARLY),
      shareLate: Number(row.LATE),
      nearer: row.NEARER as Nearer,
    },
  }));
}
