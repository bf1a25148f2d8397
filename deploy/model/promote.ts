import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames, qualified, shared } from '../dataset/names.js';
import { messageOf, UserError } from '../errors.js';
import { crown, type RegistryEntry, versions } from './registry.js';
import { endpointStatus } from './sagemaker.js';

export interface PromoteResult {
  readonly version: string;
  readonly previous: string | null;
  /** The prediction that proved the switch, in days. */
  readonly proof: number;
}

/**
 * Switches predict_los and predict_los_detail to a version and proves it by scoring a row. Each switch is one
 * ALTER FUNCTION, so that a query sees the old version or the new one, never half of each.
 * @param name version such as `health-v3`; left out: the newest trained one
 */
export async function promote(ctx: Context, contract: Contract, name?: string): Promise<PromoteResult> {
  const all = await versions(ctx);
  const known = all.filter((candidate) => candidate.dataset === contract.name);
  const entry = name
    ? known.find((candidate) => candidate.version === name)
    : known.find((candidate) => candidate.requestTranslator !== null);
  if (!entry)
    throw new UserError(
      name
        ? `There is no version ${name}; known are ${known.map((candidate) => candidate.version).join(', ') || 'none'}.`
        : `No version of ${contract.name} has been trained yet.`,
      { next: name ? 'Give one of these.' : 'Run los train first.' },
    );
  if (!entry.requestTranslator || !entry.endpoint)
    throw new UserError(`${entry.version} was never finished (${entry.status}).`, {
      next: 'Run los train again.',
    });
  const status = await endpointStatus(ctx, entry.endpoint);
  if (status !== 'InService')
    throw new UserError(`The endpoint ${entry.endpoint} of ${entry.version} is ${status ?? 'gone'}.`, {
      next: 'Promote another version, or train a new one with los train.',
    });

  const previous = all.find((candidate) => candidate.status === 'CHAMPION' && candidate !== entry) ?? null;
  const proof = await ctx.progress.step(`Switch predict_los to ${entry.version}`, async () => {
    await switchTo(ctx, entry);
    try {
      return await prove(ctx, contract, entry);
    } catch (error) {
      if (previous) await switchTo(ctx, previous);
      throw new UserError(
        `${entry.version} does not answer as it should: ${messageOf(error)} ${previous ? `predict_los is back on ${previous.version}.` : 'No version was promoted before it.'}`,
        { next: 'Run los status, then train again.', cause: error },
      );
    }
  });
  await crown(ctx, entry.version);
  await ctx.mail.send('promotion', {
    summary: `predict_los answers from ${entry.version} now.`,
    version: entry.version,
    previous: previous?.version ?? null,
    next: previous ? `To go back: los promote ${previous.version}` : undefined,
  });
  return { version: entry.version, previous: previous?.version ?? null, proof };
}

async function switchTo({ snowflake, settings }: Context, entry: RegistryEntry): Promise<void> {
  for (const name of [shared.predict, shared.detail])
    await snowflake.execute(
      `ALTER FUNCTION ${qualified(settings, name)}(OBJECT) SET REQUEST_TRANSLATOR = ${qualified(settings, entry.requestTranslator ?? '')}`,
    );
}

/** Scores one row of the feature table through both functions. */
async function prove(
  { snowflake, settings }: Context,
  contract: Contract,
  entry: RegistryEntry,
): Promise<number> {
  const [row] = await snowflake.query<{ DAYS: number; VERSION: string }>(
    `SELECT ${qualified(settings, shared.predict)}(FEATURES) AS DAYS,
  ${qualified(settings, shared.detail)}(FEATURES):version::VARCHAR AS VERSION
FROM (SELECT ${featureObject(contract)} AS FEATURES FROM ${qualified(settings, datasetNames(contract).features)} LIMIT 1)`,
  );
  if (!row) throw new Error('The feature table is empty, so nothing could be scored.');
  if (row.VERSION !== entry.version) throw new Error(`${row.VERSION} answered instead.`);
  if (!Number.isFinite(Number(row.DAYS))) throw new Error(`It answered ${row.DAYS}.`);
  return Number(row.DAYS);
}
