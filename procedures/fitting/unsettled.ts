import type { Contract } from '../dataset/contract.js';
import { dateLiteral } from '../ground/names.js';
import { queryFirst, type Work } from '../ground/work.js';
import type { Cohort } from './cohort.js';

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
export function* unsettledOf(
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
