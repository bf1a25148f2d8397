import type { LongStay } from '../../udfs/model.js';
import { weightedMean } from '../fitting/weights.js';
import { qualified, shared } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { query, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { bandCount } from './intervals.js';

const ROWS_PER_POINT = 100;
const MAX_POINTS = 50;

/** The share of long stays among the validation rows in narrow bands of predictions, made monotone. */
export function* fitLongStay(plan: Plan, version: Version): Work<LongStay> {
  const bands = yield* bandCount(plan, version, ROWS_PER_POINT, MAX_POINTS);
  const days = plan.settings.training.longStayDays;
  const rows = yield* query(
    `SELECT BAND, ${weightedMean('PREDICTED_LOS')} AS PREDICTED, SUM(WEIGHT) AS N, SUM(IFF(LOS >= ${days}, WEIGHT, 0)) AS LONG_STAYS
FROM (SELECT LOS, PREDICTED_LOS, WEIGHT, NTILE(${bands}) OVER (ORDER BY PREDICTED_LOS, CASE_ID) AS BAND
  FROM ${qualified(plan.settings, shared.evaluation)} WHERE VERSION = ? AND SIDE = 'validation')
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

/** Rows and hits are sums of weights. */
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
      const last = pools[pools.length - 1] as (typeof pools)[0];
      const before = pools[pools.length - 2];
      if (!before || before.hits * last.rows < last.hits * before.rows) break;
      before.rows += last.rows;
      before.hits += last.hits;
      before.predicted += last.predicted;
      pools.pop();
    }
  }
  let least = 0;
  return pools.map(({ rows, hits, predicted }) => {
    // A small pool is held further away from 0 and 1; it must not undo the order by that.
    least = Math.max(least, Math.min(1 - 0.5 / rows, Math.max(0.5 / rows, hits / rows)));
    return [rounded(predicted / rows), least];
  });
}

function rounded(days: number): number {
  return Math.round(days * 1e4) / 1e4;
}
