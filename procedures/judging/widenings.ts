import type { Band, Ends, Margin, Widening } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { reached, upperQuantile, weightedMean } from '../fitting/weights.js';
import { flatMap, fromEntries } from '../ground/lists.js';
import { literal, qualified, shared } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { query, type Row, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** A group needs this many validation rows to be looked at. */
const ROWS_PER_GROUP = 50;
/** Of stays that intervals cover, in %. */
const SHARES = [80, 95] as const;
/** A group's margin counts as if so many rows without one stood beside its own: small groups stay near 0. */
const SHRINKAGE = 30;
/**
 * Standard errors by which a group must be covered too little. Days beside a mean cover nearly every group too little or too much, curves few: by
 * resampling real stays (docs/curve.md) one finds those that need it, two leave alone those that do not.
 */
const BEYOND = { days: 1, curve: 2 } as const;

/**
 * How far an actual stay lies from the middle of what was predicted, in what the ends of intervals are told in, as SQL over a row of
 * LOS_EVALUATION: days beside the prediction, or the log-odds of its place on its own curve (udfs/curve/ends.ts).
 */
export function errorSql(ends: Ends | undefined): string {
  if (ends === undefined) return 'LOS - PREDICTED_LOS';
  const gone = 'GONE_BEFORE + (GONE_BY - GONE_BEFORE) * (LOS - CEIL(LOS) + 1)';
  const kept = `LEAST(GREATEST(${gone}, 0.0001), 0.9999)`;
  return `LN(${kept} / (1 - ${kept}))`;
}

/**
 * Groups that the contract names and in which the bands alone cover too little: how far both ends must move
 * outwards (the conformal quantile of max(low − actual, actual − high) within the group, shrunk). Only groups
 * of model inputs: what is known after admission alone cannot shape a prediction made on admission.
 * @param ends what the bands are told in
 * @param before widenings that were fitted to bands which have been narrowed since: a group in which these cover
 *   too little now is widened anew, the others keep theirs
 */
export function* fitWidenings(
  plan: Plan,
  version: Version,
  bands: readonly Band[],
  ends?: Ends,
  before: readonly Widening[] = [],
): Work<Widening[]> {
  const { contract } = plan;
  const groups = contract.groups.filter((names) => names.every((name) => contract.features[name]));
  if (groups.length === 0) return [];
  const keys = groups.map((names, i) => `SELECT ${i} AS GROUPING_NO, ${keyOf(names)} AS KEY, * FROM judged`);
  const scores = SHARES.map(
    (share) =>
      `SELECT GROUPING_NO, KEY, ${share} AS SHARE, SCORE_${share} AS SCORE, ALLOWED_${share} AS ALLOWED, CASE_ID, WEIGHT FROM keyed`,
  );
  // Half a standard error more than asked, because a group's rows are few. Not for the 95 % interval: its ends
  // are the extremes of a small group already.
  const least = 'IFF(SHARE = 80, 0.8 + 0.5 * SQRT(0.16 / N), 0.95)';
  const within = 'GROUPING_NO, KEY, SHARE';
  // What was widened before may need more by any shortfall, the others by one beyond chance. Only rows of such groups are put in order.
  const beyond = before.length > 0 ? 0 : BEYOND[ends ?? 'days'];
  const rows = yield* query<GroupScores>(
    `WITH errors AS (${errorsSql(plan, groups, ends)}),
judged AS (SELECT *, ${SHARES.map((share) => `${scoreSql(bands, share)} AS SCORE_${share}, ${marginSql(before, share)} AS ALLOWED_${share}`).join(', ')} FROM errors),
keyed AS (${keys.join('\n  UNION ALL ')}),
scored AS (${scores.join('\n  UNION ALL ')}),
short AS (
  SELECT ${within}, POWER(SUM(WEIGHT), 2) / SUM(WEIGHT * WEIGHT) AS N, ${weightedMean('IFF(SCORE <= ALLOWED, 1, 0)')} AS COVERED
  FROM scored GROUP BY ${within}
  HAVING COUNT(*) >= ${ROWS_PER_GROUP} AND COVERED + ${beyond} * SQRT(SHARE * (100 - SHARE) / 10000 / N) < SHARE / 100 + 1e-9
)
SELECT ${within}, N, COVERED, ${upperQuantile('SCORE', least)} AS MARGIN
FROM (SELECT scored.*, N, COVERED, ${reached('SCORE, CASE_ID', 'scored.GROUPING_NO, scored.KEY, scored.SHARE')}
  FROM scored JOIN short ON short.GROUPING_NO = scored.GROUPING_NO AND short.KEY = scored.KEY AND short.SHARE = scored.SHARE)
GROUP BY ${within}, N, COVERED ORDER BY GROUPING_NO, KEY, SHARE`,
    [version.name],
  );
  return flatMap(groups, (features, i): Widening[] => {
    const known = before.find((widening) => widening.features.join() === features.join());
    const wide = new Map<string, Margin>(Object.entries(known ? known.groups : {}));
    for (const row of rows.filter(({ GROUPING_NO }) => Number(GROUPING_NO) === i)) {
      const [margin80, margin95] = wide.get(row.KEY) || [0, 0];
      // That a group needs one is not asked twice.
      const needed = (Number(row.SHARE) === 80 ? margin80 : margin95) > 0;
      const margin = marginOf(row, needed ? 0 : BEYOND[ends ?? 'days']);
      if (margin > 0) wide.set(row.KEY, Number(row.SHARE) === 80 ? [margin, margin95] : [margin80, margin]);
    }
    return wide.size > 0 ? [{ features, groups: fromEntries(wide) }] : [];
  });
}

/** How the bands do in a group; N rows of equal weight would say as much as its own. */
interface GroupScores extends Row {
  readonly GROUPING_NO: number;
  readonly KEY: string;
  /** 80 or 95. */
  readonly SHARE: number;
  readonly N: number;
  readonly COVERED: number;
  readonly MARGIN: number;
}

/**
 * Of many groups some look badly covered by chance alone: only what standard errors do not explain counts.
 * @param beyond how many of them
 */
function marginOf({ SHARE, N, COVERED, MARGIN }: GroupScores, beyond: number): number {
  const share = Number(SHARE) / 100;
  const n = Number(N);
  if (Number(COVERED) + beyond * Math.sqrt((share * (1 - share)) / n) >= share) return 0;
  return Math.round(((Number(MARGIN) * n) / (n + SHRINKAGE)) * 1e4) / 1e4;
}

/** A little more than asked, because the groups were looked for among these same rows. */
const LEAST = { 80: '0.805', 95: '0.95' } as const;

/**
 * The bands, narrowed by what the widenings cover too much: both ends of each band move inwards as far as the
 * conformal quantile of its rows' scores, widenings counted, allows. Without this, over all about 82 % would be
 * inside the 80 % intervals.
 */
export function* narrowed(
  plan: Plan,
  version: Version,
  bands: readonly Band[],
  widenings: readonly Widening[],
  ends?: Ends,
): Work<Band[]> {
  const score = (share: 80 | 95) =>
    `SELECT BAND, ${share} AS SHARE, ${scoreSql(bands, share)} - ${marginSql(widenings, share)} AS SCORE, CASE_ID, WEIGHT FROM banded`;
  const rows = yield* query(
    `WITH banded AS (SELECT *, ${byBand(bands, (_band, i) => String(i))} AS BAND
  FROM (${errorsSql(
    plan,
    widenings.map(({ features }) => features),
    ends,
  )}))
SELECT BAND, SHARE, ${upperQuantile('SCORE', `IFF(SHARE = 80, ${LEAST[80]}, ${LEAST[95]})`)} AS SCORE
FROM (SELECT *, ${reached('SCORE, CASE_ID', 'BAND, SHARE')} FROM (${score(80)} UNION ALL ${score(95)}))
GROUP BY BAND, SHARE`,
    [version.name],
  );
  return bands.map((band, i) => {
    const inwards = (share: 80 | 95, width: number) => {
      const row = rows.find(({ BAND, SHARE }) => Number(BAND) === i && Number(SHARE) === share);
      // Never so far that the ends would meet.
      const far = Math.min(Math.max(0, -Number(row?.SCORE || 0)), width / 3);
      return Math.floor(far * 1e4) / 1e4;
    };
    const far = inwards(80, band.high - band.low);
    const far95 = inwards(95, band.high95 - band.low95);
    const at = (end: number) => Math.round(end * 1e4) / 1e4;
    return {
      upTo: band.upTo,
      low: at(band.low + far),
      high: at(band.high - far),
      low95: at(band.low95 + far95),
      high95: at(band.high95 - far95),
    };
  });
}

/** Validation rows with ERROR and what groups are made of; one bind: the version. */
function errorsSql(
  { contract, settings }: Plan,
  groups: readonly (readonly string[])[],
  ends?: Ends,
): string {
  return `SELECT ${groupColumns(groups).join(', ')}, e.CASE_ID, e.WEIGHT, e.PREDICTED_LOS, e.ERROR
  FROM (SELECT CASE_ID, WEIGHT, PREDICTED_LOS, ${errorSql(ends)} AS ERROR
    FROM ${qualified(settings, shared.evaluation)} WHERE VERSION = ? AND SIDE = 'validation') AS e
  JOIN ${qualified(settings, datasetNames(contract).trainingSet)} AS s ON TO_VARCHAR(s.${contract.id}) = e.CASE_ID`;
}

/** What groups are made of, from a row `s` of the training set. */
export function groupColumns(groups: readonly (readonly string[])[]): string[] {
  return Array.from(new Set(flatMap(groups, (names) => names))).map((name) => `s.${name} AS G_${name}`);
}

/** How far an error lies outside its band's interval; inside it is below 0. */
function scoreSql(bands: readonly Band[], share: 80 | 95): string {
  const end = (name: 'low' | 'high') =>
    byBand(bands, (band) => String(share === 80 ? band[name] : band[`${name}95`]));
  return `GREATEST(${end('low')} - ERROR, ERROR - ${end('high')})`;
}

/** Something of a row's band as SQL over PREDICTED_LOS, as `bandOf` in udfs/predictions.ts chooses it. */
function byBand(bands: readonly Band[], value: (band: Band, i: number) => string): string {
  const cases = bands.map((band, i) =>
    band.upTo === null
      ? `ELSE ${value(band, i)}`
      : `WHEN PREDICTED_LOS <= ${band.upTo} THEN ${value(band, i)}`,
  );
  return cases.length === 1 ? value(bands[0]!, 0) : `CASE ${cases.join(' ')} END`;
}

/** The widest margin of the groups that a row with its groupColumns belongs to, as `marginOf` in udfs/widening.ts chooses it. */
export function marginSql(widenings: readonly Widening[], share: 80 | 95): string {
  const margins = widenings.map(({ features, groups }) => {
    const cases = Object.entries(groups).map(
      ([key, margin]) => `WHEN ${literal(key)} THEN ${margin[share === 80 ? 0 : 1]}`,
    );
    return `CASE ${keyOf(features)} ${cases.join(' ')} ELSE 0 END`;
  });
  return `GREATEST(${['0', ...margins].join(', ')})`;
}

/** The name of a row's group, as `marginOf` puts it together. */
function keyOf(features: readonly string[]): string {
  return features.map((name) => `COALESCE(TO_VARCHAR(G_${name}), '')`).join(` || '|' || `);
}
