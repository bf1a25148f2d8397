import type { Context } from '../context.js';
import { literal, qualified, shared } from '../dataset/names.js';
import { UserError } from '../errors.js';
import { type Block, bootstrap, type Interval } from './bootstrap.js';
import type { RegistryEntry } from './registry.js';

/** One version's side of a comparison; errors in days. */
export interface Side {
  readonly version: string;
  readonly rmse: number;
  readonly mae: number;
  readonly bias: number;
}

/** Two versions on the same rows, none of which either has seen. */
export interface Comparison {
  readonly rows: number;
  readonly a: Side;
  readonly b: Side;
  /** How much smaller the first one's error is, with 95 % bootstrap intervals: above 0 it is better. */
  readonly rmseGain: { readonly days: number; readonly confidence: Interval };
  readonly maeGain: { readonly days: number; readonly confidence: Interval };
}

const FEWEST_ROWS = 100;

/**
 * Compares two versions of a dataset on holdout rows: on those that one was asked about while the other was
 * measured, else on those that both were measured on. Nothing is predicted again, so it works without
 * endpoints, and a row that a version was trained on is never among them. Rows count with their weights.
 */
export async function compare(ctx: Context, a: RegistryEntry, b: RegistryEntry): Promise<Comparison> {
  const blocks = await blocksOf(ctx, a, b);
  const sums = blocks.reduce<Record<string, number>>((all, block) => {
    for (const [name, value] of Object.entries(block)) all[name] = (all[name] ?? 0) + value;
    return all;
  }, {});
  const rows = sums.N ?? 0;
  if (rows < FEWEST_ROWS)
    throw new UserError(
      `${a.version} and ${b.version} have only ${rows} holdout rows in common, too few to compare them.`,
      { next: 'Train again: a new version is measured beside the champion on the same rows.' },
    );
  const rmse = (s: Block, side: string) => Math.sqrt(s[`${side}_EE`]! / s.W!);
  const mae = (s: Block, side: string) => s[`${side}_AE`]! / s.W!;
  const rmseGain = (s: Block) => rmse(s, 'B') - rmse(s, 'A');
  const maeGain = (s: Block) => mae(s, 'B') - mae(s, 'A');
  const side = (version: string, name: string): Side => ({
    version,
    rmse: rmse(sums, name),
    mae: mae(sums, name),
    bias: sums[`${name}_E`]! / sums.W!,
  });
  const confidence = bootstrap(blocks, { rmseGain, maeGain });
  return {
    rows,
    a: side(a.version, 'A'),
    b: side(b.version, 'B'),
    rmseGain: { days: rmseGain(sums), confidence: confidence.rmseGain! },
    maeGain: { days: maeGain(sums), confidence: confidence.maeGain! },
  };
}

/** Sums per block of admissions over the rows that answer for both. */
async function blocksOf({ snowflake, settings }: Context, a: RegistryEntry, b: RegistryEntry) {
  const table = qualified(settings, shared.evaluation);
  const beside = (own: RegistryEntry, other: RegistryEntry, first: string, second: string) =>
    `SELECT CASE_ID, LOS, COALESCE(WEIGHT, 1) AS WEIGHT, PREDICTED_LOS AS ${first}, BEFORE_LOS AS ${second} FROM ${table}
  WHERE VERSION = ${literal(own.version)} AND SIDE = 'holdout' AND BEFORE_VERSION = ${literal(other.version)}`;
  // The later a version's data, the fewer stays are missing, and the smaller the weights.
  const common = `SELECT a.CASE_ID, a.LOS, LEAST(COALESCE(a.WEIGHT, 1), COALESCE(b.WEIGHT, 1)) AS WEIGHT, a.PREDICTED_LOS AS A, b.PREDICTED_LOS AS B FROM ${table} AS a
  JOIN ${table} AS b ON b.CASE_ID = a.CASE_ID AND b.LOS = a.LOS
  WHERE a.VERSION = ${literal(a.version)} AND a.SIDE = 'holdout' AND b.VERSION = ${literal(b.version)} AND b.SIDE = 'holdout'`;
  for (const pairs of [beside(a, b, 'A', 'B'), beside(b, a, 'B', 'A'), common]) {
    const rows = await snowflake.query<Record<string, unknown>>(
      `SELECT SUBSTR(MD5('block ' || CASE_ID), 1, 2) AS BLOCK, COUNT(*) AS N, SUM(WEIGHT) AS W,
  SUM(WEIGHT * (A - LOS)) AS A_E, SUM(WEIGHT * POWER(A - LOS, 2)) AS A_EE, SUM(WEIGHT * ABS(A - LOS)) AS A_AE,
  SUM(WEIGHT * (B - LOS)) AS B_E, SUM(WEIGHT * POWER(B - LOS, 2)) AS B_EE, SUM(WEIGHT * ABS(B - LOS)) AS B_AE
FROM (${pairs}) GROUP BY BLOCK ORDER BY BLOCK`,
    );
    if (rows.length > 0)
      return rows.map(
        ({ BLOCK, ...block }): Block =>
          Object.fromEntries(Object.entries(block).map(([name, value]) => [name, Number(value)])),
      );
  }
  return [];
}
