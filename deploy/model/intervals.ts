import type { Band, Margin, Widening } from '../../udfs/model.js';
import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames, qualified, shared } from '../dataset/names.js';
import type { Version } from './version.js';

/** Each interval band rests on at least this many rows, so that its 2.5 % points are order statistics. */
const ROWS_PER_BAND = 300;
const MAX_BANDS = 20;

/**
 * Split conformal prediction within bands of equally many predictions (Mondrian): the ends are the order
 * statistics ⌊(n + 1) α/2⌋ and ⌈(n + 1)(1 − α/2)⌉ of the signed errors, which holds the coverage in each band
 * for finite n (Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", 4.5; signed errors, because
 * stays are skewed).
 */
export async function fitBands(ctx: Context, version: Version): Promise<Band[]> {
  const bands = await bandCount(ctx, version, ROWS_PER_BAND, MAX_BANDS);
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

/** A group needs this many validation rows to be looked at. */
const ROWS_PER_GROUP = 50;
/** A group's margin counts as if so many rows without one stood beside its own: small groups stay near 0. */
const SHRINKAGE = 30;

/**
 * Groups that the contract names and in which the bands alone cover too little: how far both ends must move
 * outwards (the conformal quantile of max(low − actual, actual − high) within the group, shrunk). Only groups
 * of model inputs: what is known after admission alone cannot shape a prediction made on admission. Nothing is
 * narrowed in return: over all, a little more than asked is covered.
 */
export async function fitWidenings(
  ctx: Context,
  contract: Contract,
  version: Version,
  bands: readonly Band[],
): Promise<Widening[]> {
  const groups = contract.groups.filter((names) => names.every((name) => contract.features[name]));
  if (groups.length === 0) return [];
  const score = (low: 'low' | 'low95', high: 'high' | 'high95') =>
    `GREATEST(${byBand(bands, low)} - ERROR, ERROR - ${byBand(bands, high)})`;
  // Half a standard error more than asked, because a group's rows are few. Not for the 95 % interval: its ends
  // are the extremes of a small group already.
  const least80 = '(0.8 + 0.5 * SQRT(0.16 / N))';
  const keys = groups.map(
    (names, i) =>
      `SELECT ${i} AS GROUPING_NO, ${names.map((name) => `COALESCE(TO_VARCHAR(${name}), '')`).join(` || '|' || `)} AS KEY, S80, S95 FROM scored`,
  );
  const rows = await ctx.snowflake.query<Record<string, number> & { KEY: string }>(
    `WITH scored AS (SELECT *, ${score('low', 'high')} AS S80, ${score('low95', 'high95')} AS S95
  FROM (SELECT s.*, e.PREDICTED_LOS, e.LOS - e.PREDICTED_LOS AS ERROR FROM ${evaluation(ctx)} AS e
    JOIN ${qualified(ctx.settings, datasetNames(contract).trainingSet)} AS s ON TO_VARCHAR(s.${contract.id}) = e.CASE_ID
    WHERE e.VERSION = ? AND e.SIDE = 'validation'))
SELECT GROUPING_NO, KEY, N, AVG(IFF(S80 <= 0, 1, 0)) AS COVERED80, AVG(IFF(S95 <= 0, 1, 0)) AS COVERED95,
  MIN(IFF(R80 >= LEAST(N, CEIL((N + 1) * ${least80})), S80, NULL)) AS MARGIN80,
  MIN(IFF(R95 >= LEAST(N, CEIL((N + 1) * 0.95)), S95, NULL)) AS MARGIN95
FROM (SELECT *, COUNT(*) OVER (PARTITION BY GROUPING_NO, KEY) AS N,
    ROW_NUMBER() OVER (PARTITION BY GROUPING_NO, KEY ORDER BY S80) AS R80,
    ROW_NUMBER() OVER (PARTITION BY GROUPING_NO, KEY ORDER BY S95) AS R95
  FROM (${keys.join('\n    UNION ALL ')}))
WHERE N >= ${ROWS_PER_GROUP}
GROUP BY GROUPING_NO, KEY, N ORDER BY GROUPING_NO, KEY`,
    [version.name],
  );
  // Of many groups some look badly covered by chance alone: only what a standard error does not explain counts.
  const margin = (days: number | undefined, n: number, covered: number | undefined, share: number) =>
    Number(covered) + Math.sqrt((share * (1 - share)) / n) < share
      ? rounded((Number(days) * n) / (n + SHRINKAGE))
      : 0;
  return groups.flatMap((features, i): Widening[] => {
    const wide = rows
      .filter((row) => Number(row.GROUPING_NO) === i)
      .map((row): [string, Margin] => {
        const n = Number(row.N);
        return [
          row.KEY,
          [margin(row.MARGIN80, n, row.COVERED80, 0.8), margin(row.MARGIN95, n, row.COVERED95, 0.95)],
        ];
      })
      .filter(([, [margin80, margin95]]) => margin80 > 0 || margin95 > 0);
    return wide.length > 0 ? [{ features, groups: Object.fromEntries(wide) }] : [];
  });
}

/** An end of the interval as SQL over PREDICTED_LOS, as `bandOf` in udfs/predictions.ts chooses it. */
function byBand(bands: readonly Band[], end: 'low' | 'high' | 'low95' | 'high95'): string {
  const cases = bands.map((band) =>
    band.upTo === null ? `ELSE ${band[end]}` : `WHEN PREDICTED_LOS <= ${band.upTo} THEN ${band[end]}`,
  );
  return cases.length === 1 ? `${bands[0]![end]}` : `CASE ${cases.join(' ')} END`;
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

function rounded(value: unknown): number {
  return Math.round(Number(value) * 1e4) / 1e4;
}
