import type { Band, Margin, Widening } from '../../udfs/model.js';
import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames, qualified, shared } from '../dataset/names.js';
import type { Version } from './version.js';
import { lowerQuantile, reached, upperQuantile, weightedMean } from './weights.js';

/** Each interval band rests on at least this many rows, so that its 2.5 % points are order statistics. */
const ROWS_PER_BAND = 300;
const MAX_BANDS = 20;

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
  const scores = groups.flatMap((names, i) =>
    [`80 AS SHARE, ${score('low', 'high')}`, `95 AS SHARE, ${score('low95', 'high95')}`].map(
      (scored) =>
        `SELECT ${i} AS GROUPING_NO, ${names.map((name) => `COALESCE(TO_VARCHAR(G_${name}), '')`).join(` || '|' || `)} AS KEY, ${scored} AS SCORE, CASE_ID, WEIGHT FROM errors`,
    ),
  );
  // Half a standard error more than asked, because a group's rows are few. Not for the 95 % interval: its ends
  // are the extremes of a small group already.
  const least = 'IFF(SHARE = 80, 0.8 + 0.5 * SQRT(0.16 / N), 0.95)';
  const within = 'GROUPING_NO, KEY, SHARE';
  const rows = await ctx.snowflake.query<GroupScores>(
    `WITH errors AS (SELECT ${[...new Set(groups.flat())].map((name) => `s.${name} AS G_${name}`).join(', ')}, e.CASE_ID, e.WEIGHT,
    e.PREDICTED_LOS, e.LOS - e.PREDICTED_LOS AS ERROR FROM ${evaluation(ctx)} AS e
  JOIN ${qualified(ctx.settings, datasetNames(contract).trainingSet)} AS s ON TO_VARCHAR(s.${contract.id}) = e.CASE_ID
  WHERE e.VERSION = ? AND e.SIDE = 'validation')
SELECT ${within}, N, ${weightedMean('IFF(SCORE <= 0, 1, 0)')} AS COVERED, ${upperQuantile('SCORE', least)} AS MARGIN
FROM (SELECT *, ${reached('SCORE, CASE_ID', within)},
    POWER(SUM(WEIGHT) OVER (PARTITION BY ${within}), 2) / SUM(WEIGHT * WEIGHT) OVER (PARTITION BY ${within}) AS N
  FROM (${scores.join('\n    UNION ALL ')}))
GROUP BY ${within}, N HAVING COUNT(*) >= ${ROWS_PER_GROUP} ORDER BY GROUPING_NO, KEY, SHARE`,
    [version.name],
  );
  return groups.flatMap((features, i): Widening[] => {
    const wide = new Map<string, Margin>();
    for (const row of rows.filter(({ GROUPING_NO }) => Number(GROUPING_NO) === i)) {
      const days = marginOf(row);
      const [margin80, margin95] = wide.get(row.KEY) ?? [0, 0];
      if (days > 0) wide.set(row.KEY, Number(row.SHARE) === 80 ? [days, margin95] : [margin80, days]);
    }
    return wide.size > 0 ? [{ features, groups: Object.fromEntries(wide) }] : [];
  });
}

/** How the bands do in a group; N rows of equal weight would say as much as its own. */
interface GroupScores extends Record<string, unknown> {
  GROUPING_NO: number;
  KEY: string;
  /** 80 or 95. */
  SHARE: number;
  N: number;
  COVERED: number;
  MARGIN: number;
}

/** Of many groups some look badly covered by chance alone: only what a standard error does not explain counts. */
function marginOf({ SHARE, N, COVERED, MARGIN }: GroupScores): number {
  const share = Number(SHARE) / 100;
  const n = Number(N);
  if (Number(COVERED) + Math.sqrt((share * (1 - share)) / n) >= share) return 0;
  return rounded((Number(MARGIN) * n) / (n + SHRINKAGE));
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
