import { schemaPath, shared } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import { makePlan, type Stack } from '../resources/plan.js';
import { idOf, type ResourceId } from '../resources/resource.js';

/** What the history needs to be written: in the order in which it is made. */
export function groundOf({ settings: { snowflake } }: Pick<Context, 'settings'>): ResourceId[] {
  return [
    `snowflake.warehouse:${snowflake.warehouse.name}`,
    `snowflake.database:${snowflake.database}`,
    `snowflake.schema:${snowflake.schema}`,
    `snowflake.table:${shared.history}`,
  ];
}

/**
 * Makes the history and what holds it, as far as they do not exist: the one thing that two first applies do beside
 * each other, as there is nothing yet that could tell them of each other.
 * @returns what was made here
 * @throws UserError when one of the names is somebody else's
 */
export async function layGround(ctx: Context, stack: Stack): Promise<ResourceId[]> {
  const ids = groundOf(ctx);
  const resources = stack.resources.filter((resource) => ids.includes(idOf(resource)));
  const kinds = stack.kinds.filter(({ id }) => resources.some(({ kind }) => kind === id));
  const plan = await makePlan(ctx, { resources, kinds });
  const made: ResourceId[] = [];
  for (const id of ids) {
    const change = plan.changes.find((change) => change.id === id && change.action === 'create');
    if (!change?.resource) continue;
    const { resource } = change;
    const kind = kinds.find((kind) => kind.id === resource.kind)!;
    try {
      await kind.create(ctx, resource, fingerprintOf(resource.kind, resource.definition));
      made.push(id);
    } catch (error) {
      // Another apply was quicker since the listing. Whose it is, the plan under the lease will say.
      if (!(error instanceof SnowflakeError && error.nameTaken)) throw error;
    }
  }
  await useProject(ctx);
  return made;
}

/**
 * What the session begins with when it finds these at its login. What somebody has dropped is made by the plan, which
 * then uses it.
 */
export async function useProject({ snowflake, settings }: Context): Promise<void> {
  for (const use of [
    `USE WAREHOUSE ${settings.snowflake.warehouse.name}`,
    `USE SCHEMA ${schemaPath(settings)}`,
  ])
    await snowflake.execute(use).catch((error: unknown) => {
      if (!(error instanceof SnowflakeError && error.missingObject)) throw error;
    });
}
