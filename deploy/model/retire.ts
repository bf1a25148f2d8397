import { DeleteEndpointConfigCommand, DeleteModelCommand } from '@aws-sdk/client-sagemaker';
import type { Contract } from '../../procedures/dataset/contract.js';
import { qualified } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { isMissing } from '../ground/aws-errors.js';
import { deleteEndpoint } from '../resources/aws/endpoint-removal.js';
import { markRemoved, type RegistryEntry, versions } from './registry.js';
import { versionOf } from './version.js';

/**
 * The versions that the retention rule gives up: all that ended but the champion, the champion before it (for
 * los rollback) and the newest `keep` others. One whose training is still going on is left alone.
 * @param known versions of one dataset, newest first
 */
export function expired(known: readonly RegistryEntry[], keep: number): RegistryEntry[] {
  const former = known
    .filter(({ status, promotedAt }) => status === 'RETIRED' && promotedAt !== null)
    .sort((a, b) => Date.parse(b.promotedAt!) - Date.parse(a.promotedAt!))[0];
  const others = known.filter(
    (entry) => (entry.status === 'TRAINED' || entry.status === 'RETIRED') && entry !== former,
  );
  return [...others.slice(keep), ...known.filter(({ status }) => status === 'FAILED')];
}

/**
 * Removes expired versions, but for the challenger of the settings: their endpoints, which cost money, and their
 * functions. What was measured of them and their artifacts stay, their training files until they expire.
 * @returns names of the removed versions
 */
export async function retireExpired(ctx: Context, contract: Contract): Promise<string[]> {
  const known = (await versions(ctx)).filter(({ dataset }) => dataset === contract.name);
  const { training, tasks } = ctx.settings;
  const gone = expired(known, training.keepVersions).filter(({ version }) => version !== tasks.challenger);
  for (const entry of gone) await removeVersion(ctx, contract, entry);
  return gone.map(({ version }) => version);
}

async function removeVersion(ctx: Context, contract: Contract, entry: RegistryEntry): Promise<void> {
  const version = versionOf(contract, ctx.settings, entry.number);
  const { sageMaker } = ctx.aws;
  const name = version.endpoint;
  // From the caller to the called, so that nothing is left that refers to something missing.
  for (const routine of [
    `${version.predict}(OBJECT)`,
    `${version.requestTranslator}(OBJECT)`,
    `${version.reasonsTranslator}(OBJECT)`,
    `${version.encoder}(OBJECT, OBJECT)`,
  ])
    await ctx.snowflake.execute(`DROP FUNCTION IF EXISTS ${qualified(ctx.settings, routine)}`);
  for (const remove of [
    () => deleteEndpoint(ctx, name),
    () => sageMaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })),
    () => sageMaker.send(new DeleteModelCommand({ ModelName: name })),
  ])
    await remove().catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  await markRemoved(ctx, entry.version);
}
