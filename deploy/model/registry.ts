import type { Contract } from '../../procedures/dataset/contract.js';
import { qualified, shared } from '../../procedures/ground/names.js';
import type { Model } from '../../udfs/model.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { Metrics } from './evaluate.js';

/** Where a version stands. */
export type Status = 'TRAINING' | 'TRAINED' | 'CHAMPION' | 'RETIRED' | 'FAILED' | 'REMOVED';

/** A version as LOS_MODEL_REGISTRY knows it. */
export interface RegistryEntry {
  readonly version: string;
  readonly number: number;
  readonly dataset: string;
  readonly status: Status;
  readonly endpoint: string | null;
  readonly requestTranslator: string | null;
  /** When it became champion last, in ISO form; null: never. */
  readonly promotedAt: string | null;
  readonly createdAt: string;
}

/** What was written down when a version was trained. */
export interface VersionRecord {
  readonly metrics: Metrics;
  readonly model: Model;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly lineage: Readonly<Record<string, unknown>>;
  readonly trainingJob: string;
  readonly artifact: string;
}

/** Takes the next free number of the dataset by writing its row. */
export async function openVersion(ctx: Context, contract: Contract): Promise<number> {
  const table = registryTable(ctx);
  const [row] = await ctx.snowflake.query<{ NEXT: number }>(
    `SELECT COALESCE(MAX(NUMBER), 0) + 1 AS NEXT FROM ${table} WHERE DATASET = ?`,
    [contract.name],
  );
  const number = Number(row?.NEXT ?? 1);
  await ctx.snowflake.execute(
    `INSERT INTO ${table} (VERSION, DATASET, NUMBER, STATUS, CREATED_AT)
SELECT ?, ?, ?, 'TRAINING', CURRENT_TIMESTAMP()`,
    [`${contract.name}-v${number}`, contract.name, number],
  );
  return number;
}

export interface Trained {
  readonly version: string;
  readonly endpoint: string;
  readonly job: string;
  readonly artifact: string;
  readonly requestTranslator: string;
  readonly model: Model;
  readonly parameters: object;
  readonly metrics: Metrics;
  readonly lineage: object;
}

/** Fills in a version that was trained and evaluated. */
export async function closeVersion(ctx: Context, trained: Trained): Promise<void> {
  await ctx.snowflake.execute(
    `UPDATE ${registryTable(ctx)} SET STATUS = 'TRAINED', ENDPOINT = ?, TRAINING_JOB = ?, ARTIFACT = ?,
  REQUEST_TRANSLATOR = ?, MODEL = PARSE_JSON(?), PARAMETERS = PARSE_JSON(?), METRICS = PARSE_JSON(?),
  LINEAGE = PARSE_JSON(?)
WHERE VERSION = ?`,
    [
      trained.endpoint,
      trained.job,
      trained.artifact,
      trained.requestTranslator,
      JSON.stringify(trained.model),
      JSON.stringify(trained.parameters),
      JSON.stringify(trained.metrics),
      JSON.stringify(trained.lineage),
      trained.version,
    ],
  );
}

/** A version whose training did not end well keeps its number. */
export async function failVersion(ctx: Context, version: string): Promise<void> {
  await ctx.snowflake.execute(`UPDATE ${registryTable(ctx)} SET STATUS = 'FAILED' WHERE VERSION = ?`, [
    version,
  ]);
}

/**
 * Makes one version the champion and retires the one before, in one statement. There is one predict_los, so
 * there is one champion, whatever dataset it is of.
 */
export async function crown(ctx: Context, version: string): Promise<void> {
  await ctx.snowflake.execute(
    `UPDATE ${registryTable(ctx)}
SET STATUS = IFF(VERSION = ?, 'CHAMPION', 'RETIRED'), PROMOTED_AT = IFF(VERSION = ?, CURRENT_TIMESTAMP(), PROMOTED_AT)
WHERE VERSION = ? OR STATUS = 'CHAMPION'`,
    [version, version, version],
  );
}

/** All versions of all datasets, newest first. */
export async function versions(ctx: Context): Promise<RegistryEntry[]> {
  const rows = await ctx.snowflake.query<{
    VERSION: string;
    DATASET: string;
    NUMBER: number;
    STATUS: Status;
    ENDPOINT: string | null;
    REQUEST_TRANSLATOR: string | null;
    PROMOTED: string | null;
    CREATED: string;
  }>(
    `SELECT VERSION, DATASET, NUMBER, STATUS, ENDPOINT, REQUEST_TRANSLATOR,
  TO_VARCHAR(PROMOTED_AT, 'YYYY-MM-DD"T"HH24:MI:SS.FF3TZHTZM') AS PROMOTED,
  TO_VARCHAR(CREATED_AT, 'YYYY-MM-DD"T"HH24:MI:SS.FF3TZHTZM') AS CREATED
FROM ${registryTable(ctx)}
ORDER BY CREATED_AT DESC, NUMBER DESC`,
  );
  return rows.map((row) => ({
    version: row.VERSION,
    number: Number(row.NUMBER),
    dataset: row.DATASET,
    status: row.STATUS,
    endpoint: row.ENDPOINT,
    requestTranslator: row.REQUEST_TRANSLATOR,
    promotedAt: row.PROMOTED,
    createdAt: row.CREATED,
  }));
}

/** The version that answers predict_los, if it is of this dataset. */
export async function championOf(ctx: Context, dataset: string): Promise<RegistryEntry | undefined> {
  return (await versions(ctx)).find((entry) => entry.status === 'CHAMPION' && entry.dataset === dataset);
}

/** The version of that name, or with no name the newest that was finished. */
export async function findVersion(ctx: Context, contract: Contract, name?: string): Promise<RegistryEntry> {
  const known = (await versions(ctx)).filter(({ dataset }) => dataset === contract.name);
  const entry = name
    ? known.find(({ version }) => version === name)
    : known.find(({ requestTranslator, status }) => requestTranslator !== null && status !== 'REMOVED');
  if (entry) return entry;
  throw new UserError(
    name
      ? `There is no version ${name}; known are ${known.map(({ version }) => version).join(', ') || 'none'}.`
      : `No version of ${contract.name} has been trained yet.`,
    { next: name ? 'Give one of these.' : 'Run los train first.' },
  );
}

/** @throws UserError for a version whose training did not end well */
export async function recordOf(ctx: Context, version: string): Promise<VersionRecord> {
  const [row] = await ctx.snowflake.query<Record<string, unknown>>(
    `SELECT METRICS, MODEL, PARAMETERS, LINEAGE, TRAINING_JOB, ARTIFACT FROM ${registryTable(ctx)}
WHERE VERSION = ? AND METRICS IS NOT NULL`,
    [version],
  );
  if (!row)
    throw new UserError(`${version} was never finished, so nothing is known of it.`, {
      next: 'Run los train again.',
    });
  const variant = <T>(value: unknown) => (typeof value === 'string' ? JSON.parse(value) : value) as T;
  return {
    metrics: variant(row.METRICS),
    model: variant(row.MODEL),
    parameters: variant(row.PARAMETERS),
    lineage: variant(row.LINEAGE),
    trainingJob: String(row.TRAINING_JOB),
    artifact: String(row.ARTIFACT),
  };
}

/** Marks a version whose endpoint and functions were removed. */
export async function markRemoved(ctx: Context, version: string): Promise<void> {
  await ctx.snowflake.execute(`UPDATE ${registryTable(ctx)} SET STATUS = 'REMOVED' WHERE VERSION = ?`, [
    version,
  ]);
}

function registryTable(ctx: Context): string {
  return qualified(ctx.settings, shared.registry);
}
