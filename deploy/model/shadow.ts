import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { literal, qualified, shared } from '../dataset/names.js';
import { UserError } from '../errors.js';
import { findVersion } from './registry.js';
import { endpointStatus } from './sagemaker.js';
import { versionOf } from './version.js';

/** A challenger beside the champions that answered, on admissions whose stay is known by now. */
export interface ShadowResult {
  readonly version: string;
  /** Logged predictions that the challenger was asked about now. */
  readonly scored: number;
  /** Logged predictions with a known stay and an answer of the challenger; errors in days are on these. */
  readonly known: number;
  readonly rmse: number | null;
  readonly mae: number | null;
  readonly championRmse: number | null;
  readonly championMae: number | null;
}

/**
 * Lets a version that is not the champion predict every logged admission it has not predicted yet, from the
 * inputs that were logged then, and compares it with what was answered as far as the stays are known. Run again,
 * it takes up what has come since.
 */
export async function shadow(ctx: Context, contract: Contract, name?: string): Promise<ShadowResult> {
  const { snowflake, settings } = ctx;
  const entry = await findVersion(ctx, contract, name);
  if (entry.status === 'CHAMPION')
    throw new UserError(`${entry.version} is the champion: what it predicts is in the log already.`, {
      next: 'Name a challenger; los model lists the versions.',
    });
  const status = entry.endpoint ? await endpointStatus(ctx, entry.endpoint) : undefined;
  if (status !== 'InService')
    throw new UserError(`The endpoint of ${entry.version} is ${status ?? 'gone'}, so it cannot be asked.`, {
      next: 'Name another version, or train one with los train.',
    });
  const log = qualified(settings, shared.log);
  const target = qualified(settings, shared.shadow);
  const { predict } = versionOf(contract, settings, entry.number);
  const scored = await snowflake.execute(
    `INSERT INTO ${target} (VERSION, DATASET, CASE_ID, RUN_ID, PREDICTED_AT, PREDICTED_LOS)
SELECT ?, DATASET, CASE_ID, RUN_ID, CURRENT_TIMESTAMP(), ${qualified(settings, predict)}(FEATURES):days::FLOAT
FROM (SELECT l.DATASET, l.CASE_ID, l.RUN_ID, l.FEATURES FROM ${log} AS l
  LEFT JOIN ${target} AS s ON s.CASE_ID = l.CASE_ID AND s.RUN_ID = l.RUN_ID AND s.VERSION = ${literal(entry.version)}
  WHERE l.DATASET = ${literal(contract.name)} AND s.VERSION IS NULL)`,
    [entry.version],
  );
  const [row] = await snowflake.query<Record<string, number | null>>(
    `SELECT COUNT(*) AS N, SQRT(AVG(POWER(s.PREDICTED_LOS - l.ACTUAL_LOS, 2))) AS RMSE,
  AVG(ABS(s.PREDICTED_LOS - l.ACTUAL_LOS)) AS MAE, SQRT(AVG(POWER(l.PREDICTED_LOS - l.ACTUAL_LOS, 2))) AS CHAMPION_RMSE,
  AVG(ABS(l.PREDICTED_LOS - l.ACTUAL_LOS)) AS CHAMPION_MAE
FROM ${target} AS s JOIN ${log} AS l ON l.CASE_ID = s.CASE_ID AND l.RUN_ID = s.RUN_ID AND l.DATASET = s.DATASET
WHERE s.VERSION = ? AND l.ACTUAL_LOS IS NOT NULL`,
    [entry.version],
  );
  const maybe = (value: number | null | undefined) =>
    value === null || value === undefined ? null : Number(value);
  return {
    version: entry.version,
    scored,
    known: Number(row?.N ?? 0),
    rmse: maybe(row?.RMSE),
    mae: maybe(row?.MAE),
    championRmse: maybe(row?.CHAMPION_RMSE),
    championMae: maybe(row?.CHAMPION_MAE),
  };
}
