import { qualified, shared } from '../../procedures/ground/names.js';
import { FEWEST_PATIENTS } from '../../procedures/ground/small-groups.js';
import type { Context } from '../context.js';
import { forDataset } from '../dataset/context.js';
import type { Picture } from '../mail/events.js';

/** Weeks of it. */
const WEEKS = 12;

/**
 * How far off predictions are, week by week of admission: as their curves expect it, and as it turned out.
 * @returns undefined before anything has been watched
 */
export async function errorPicture(ctx: Context): Promise<Picture | undefined> {
  const rows = await ctx.snowflake.query<Record<string, string | number | null>>(
    `SELECT TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD') AS DAY, EXPECTED_MAE, MAE FROM ${qualified(ctx.settings, shared.watchPerformance)}
WHERE DATASET = ? AND GROUPED_BY = 'all' AND PERIOD = 'week' AND ROW_COUNT >= ${FEWEST_PATIENTS}
QUALIFY ROW_NUMBER() OVER (PARTITION BY FROM_DAY ORDER BY WATCHED_ON DESC) = 1 ORDER BY FROM_DAY DESC LIMIT ${WEEKS}`,
    [forDataset(ctx).contract.name],
  );
  const weeks = rows.reverse();
  const last = weeks.at(-1);
  if (!last || weeks.length < 2) return undefined;
  const value = (of: string | number | null | undefined) => (of == null ? null : Number(of));
  const lines = [
    { name: 'estimated', values: weeks.map(({ EXPECTED_MAE }) => value(EXPECTED_MAE)), dashed: true },
    { name: 'turned out', values: weeks.map(({ MAE }) => value(MAE)) },
  ];
  const known = weeks.filter(({ MAE }) => MAE !== null).at(-1);
  const label = `Mean absolute error by week of admission: estimated ${Number(last.EXPECTED_MAE).toFixed(1)} days for the week from ${last.DAY}${
    known ? `; ${Number(known.MAE).toFixed(1)} days is how the week from ${known.DAY} turned out` : ''
  }.`;
  return {
    title: 'Mean absolute error by week of admission, days',
    alt: label,
    draw: async () => {
      const { timeline } = await import('../charts/timeline.js');
      return timeline({
        label,
        days: weeks.map(({ DAY }) => String(DAY)),
        lines,
        unit: 'days off on average',
      });
    },
  };
}
