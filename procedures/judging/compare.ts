import { datasetNames } from '../dataset/names.js';
import { firstOpenDay } from '../fitting/cohort.js';
import { type Block, blockOf, bootstrap, type Interval, total } from '../ground/bootstrap.js';
import { dateLiteral, literal, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { query, queryFirst, Refused, type Work } from '../ground/work.js';
import type { RegistryEntry } from '../versions/registry.js';

/** One version's side of a comparison; errors in days. */
export interface Side {
  readonly version: string;
  readonly rmse: number;
  readonly mae: number;
  readonly bias: number;
  /** CRPS of its curves. */
  readonly crps: number;
}

/** Gain of the first one in error, in days, with its 95 % bootstrap interval: above 0 it is better. */
export interface ErrorGain {
  readonly days: number;
  readonly confidence: Interval;
}

/** Two versions on the same rows, none of which either has seen; `b` may be whatever answered. */
export interface Comparison {
  readonly rows: number;
  readonly a: Side;
  readonly b: Side;
  readonly rmseGain: ErrorGain;
  readonly maeGain: ErrorGain;
  /** Gain in CRPS, of the whole distribution. */
  readonly crpsGain: ErrorGain;
}

const FEWEST_ROWS = 100;

/**
 * Compares two versions of a dataset on holdout rows: on those that one was asked about while the other was
 * measured, else on those that both were measured on. Nothing is predicted again, so it works without
 * endpoints, and a row that a version was trained on is never among them. Rows count with their weights.
 */
export function* compare(plan: Plan, a: RegistryEntry, b: RegistryEntry): Work<Comparison> {
  for (const pairs of holdoutPairs(plan, a, b)) {
    const blocks = yield* blocksOf(pairs);
    if (blocks.length === 0) continue;
    const comparison = comparisonOf(blocks, a.version, b.version);
    if (comparison.rows >= FEWEST_ROWS) return comparison;
    throw refuseTooFew(a, b, comparison.rows);
  }
  throw refuseTooFew(a, b, 0);
}

function refuseTooFew(a: RegistryEntry, b: RegistryEntry, rows: number): Refused {
  return new Refused(
    `${a.version} and ${b.version} have only ${rows} holdout rows in common, too few to compare them.`,
    'Train again: a new version is measured beside the champion on the same rows.',
  );
}

/**
 * The same on admissions that have arrived since both were trained and of which both have predictions, as
 * champion or in shadow. Only days of which nearly every stay has ended, because among the ended stays of late
 * admissions the short ones are too many.
 * @param b null: whatever version answered
 * @returns null when there are too few such admissions
 */
export function* compareLive(plan: Plan, a: RegistryEntry, b: RegistryEntry | null): Work<Comparison | null> {
  const { contract, settings } = plan;
  const log = qualify(settings, 'LOS_PREDICTION_LOG');
  const versions = [a, ...(b ? [b] : [])].map(({ version }) => literal(version)).join(', ');
  const logged = `SELECT CASE_ID, RUN_ID, PREDICTED_AT, PREDICTED_LOS, CURVE, ACTUAL_LOS AS LOS FROM ${log}
  WHERE DATASET = ${literal(contract.name)} AND WITHDRAWN_AT IS NULL AND NOT COALESCE(AFTER_DISCHARGE, FALSE)
  AND PREDICTED_LOS IS NOT NULL AND PREDICTED_AT >= (
    SELECT MAX(CREATED_AT) FROM ${qualify(settings, 'LOS_MODEL_REGISTRY')} WHERE VERSION IN (${versions}))`;
  const openDay = yield* firstOpenDay(`(${logged})`, 'PREDICTED_AT');
  const answers = (entry: RegistryEntry) => `(SELECT CASE_ID, RUN_ID, PREDICTED_LOS AS P, CURVE FROM (
    SELECT CASE_ID, RUN_ID, PREDICTED_AT, PREDICTED_LOS, CURVE FROM ${log} WHERE MODEL_VERSION = ${literal(entry.version)}
    UNION ALL SELECT CASE_ID, RUN_ID, PREDICTED_AT, PREDICTED_LOS, CURVE FROM ${qualify(settings, 'LOS_SHADOW_LOG')} WHERE VERSION = ${literal(entry.version)})
  WHERE PREDICTED_LOS IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID, RUN_ID ORDER BY PREDICTED_AT DESC, PREDICTED_LOS DESC) = 1)`;
  const score = (curve: string) => `${qualify(settings, 'LOS_EVALUATE_CURVE')}(${curve}, l.LOS)[0]::FLOAT`;
  const joinSql = (entry: RegistryEntry, name: string) =>
    `JOIN ${answers(entry)} AS ${name} ON ${name}.CASE_ID = l.CASE_ID AND ${name}.RUN_ID = l.RUN_ID`;
  const pairs = `SELECT l.CASE_ID, l.LOS, 1 AS WEIGHT, a.P AS A, ${b ? 'b.P' : 'l.PREDICTED_LOS'} AS B,
    ${score('a.CURVE')} AS A_CRPS, ${score(b ? 'b.CURVE' : 'l.CURVE')} AS B_CRPS
  FROM (${logged}) AS l ${joinSql(a, 'a')} ${b ? joinSql(b, 'b') : ''}
  WHERE l.LOS IS NOT NULL${openDay === null ? '' : ` AND TO_DATE(l.PREDICTED_AT) < ${dateLiteral(openDay)}`}`;
  if ((yield* patientsOf(plan, pairs)) < FEWEST_PATIENTS) return null;
  const blocks = yield* blocksOf(pairs);
  const comparison = comparisonOf(blocks, a.version, b ? b.version : 'what was answered');
  return comparison.rows < FEWEST_ROWS ? null : comparison;
}

/** Distinct patients of the same. */
function* patientsOf({ contract, settings }: Plan, pairs: string): Work<number> {
  const { id, patient = id } = contract;
  const row = yield* queryFirst(
    `SELECT COUNT(DISTINCT COALESCE(TO_VARCHAR(f.${patient}), '')) AS N FROM (${pairs}) AS p
LEFT JOIN ${qualify(settings, datasetNames(contract).features)} AS f ON TO_VARCHAR(f.${id}) = p.CASE_ID
WHERE p.A_CRPS + p.B_CRPS IS NOT NULL`,
  );
  return Number(row?.N || 0);
}

/** Sums of both sides: errors, their squares and absolute values, and scores of curves. */
const SUMS = [
  ...(['N', 'W'] as const),
  ...(['A_E', 'A_EE', 'A_AE', 'A_SCORE', 'B_E', 'B_EE', 'B_AE', 'B_SCORE'] as const),
] as const;
type Sums = Block<(typeof SUMS)[number]>;

function comparisonOf(blocks: readonly Sums[], a: string, b: string): Comparison {
  const sums = total(blocks);
  const rmse = (s: Sums, side: 'A' | 'B') => Math.sqrt(s[`${side}_EE`] / s.W);
  const mae = (s: Sums, side: 'A' | 'B') => s[`${side}_AE`] / s.W;
  const rmseGain = (s: Sums) => rmse(s, 'B') - rmse(s, 'A');
  const maeGain = (s: Sums) => mae(s, 'B') - mae(s, 'A');
  const crps = (s: Sums, side: 'A' | 'B') => s[`${side}_SCORE`] / s.W;
  const crpsGain = (s: Sums) => crps(s, 'B') - crps(s, 'A');
  const side = (version: string, name: 'A' | 'B'): Side => ({
    version,
    rmse: rmse(sums, name),
    mae: mae(sums, name),
    bias: sums[`${name}_E`] / sums.W,
    crps: crps(sums, name),
  });
  const confidence = bootstrap(blocks, { rmseGain, maeGain, crpsGain });
  return {
    rows: sums.N || 0,
    a: side(a, 'A'),
    b: side(b, 'B'),
    rmseGain: { days: rmseGain(sums), confidence: confidence.rmseGain },
    maeGain: { days: maeGain(sums), confidence: confidence.maeGain },
    crpsGain: { days: crpsGain(sums), confidence: confidence.crpsGain },
  };
}

/**
 * SELECTs of CASE_ID, LOS, WEIGHT and both predictions, A and B, with the scores of both curves, on holdout rows; the first that
 * finds rows counts.
 */
function holdoutPairs({ settings }: Plan, a: RegistryEntry, b: RegistryEntry): string[] {
  const table = qualify(settings, 'LOS_EVALUATION');
  const pairsSql = (own: RegistryEntry, other: RegistryEntry, first: string, second: string) =>
    `SELECT CASE_ID, LOS, COALESCE(WEIGHT, 1) AS WEIGHT, PREDICTED_LOS AS ${first}, BEFORE_LOS AS ${second},
    CRPS AS ${first}_CRPS, BEFORE_CRPS AS ${second}_CRPS FROM ${table}
  WHERE VERSION = ${literal(own.version)} AND SIDE = 'holdout' AND BEFORE_VERSION = ${literal(other.version)}`;
  // The later a version's data, the fewer stays are missing, and the smaller the weights.
  const common = `SELECT a.CASE_ID, a.LOS, LEAST(COALESCE(a.WEIGHT, 1), COALESCE(b.WEIGHT, 1)) AS WEIGHT,
    a.PREDICTED_LOS AS A, b.PREDICTED_LOS AS B, a.CRPS AS A_CRPS, b.CRPS AS B_CRPS FROM ${table} AS a
  JOIN ${table} AS b ON b.CASE_ID = a.CASE_ID AND b.LOS = a.LOS
  WHERE a.VERSION = ${literal(a.version)} AND a.SIDE = 'holdout' AND b.VERSION = ${literal(b.version)} AND b.SIDE = 'holdout'`;
  return [pairsSql(a, b, 'A', 'B'), pairsSql(b, a, 'B', 'A'), common];
}

/** Sums per block of admissions, of those that both have a curve of. */
function* blocksOf(pairs: string): Work<Sums[]> {
  const rows = yield* query(
    `SELECT SUBSTR(MD5('block ' || CASE_ID), 1, 2) AS BLOCK, COUNT(*) AS N, SUM(WEIGHT) AS W,
  SUM(WEIGHT * (A - LOS)) AS A_E, SUM(WEIGHT * POWER(A - LOS, 2)) AS A_EE, SUM(WEIGHT * ABS(A - LOS)) AS A_AE,
  SUM(WEIGHT * (B - LOS)) AS B_E, SUM(WEIGHT * POWER(B - LOS, 2)) AS B_EE, SUM(WEIGHT * ABS(B - LOS)) AS B_AE,
  SUM(WEIGHT * A_CRPS) AS A_SCORE, SUM(WEIGHT * B_CRPS) AS B_SCORE
FROM (${pairs}) WHERE A_CRPS + B_CRPS IS NOT NULL GROUP BY BLOCK ORDER BY BLOCK`,
  );
  return rows.map((row) => blockOf(row, SUMS));
}
