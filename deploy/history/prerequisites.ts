import { schemaPath } from '../../procedures/ground/names.js';
import { requireValue } from '../../udfs/require-value.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import { type Change, makePlan, type Stack } from '../resources/plan.js';
import { idOf, type ResourceId } from '../resources/resource.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';

/** Objects that the history needs: in the order in which it is made. */
export function historyPrerequisites({ settings: { snowflake } }: Pick<Context, 'settings'>): ResourceId[] {
  return [
    `snowflake.warehouse:${snowflake.warehouse.name}`,
    `snowflake.database:${snowflake.database}`,
    `snowflake.schema:${snowflake.schema}`,
    `snowflake.table:LOS_DEPLOYMENT_LOG`,
  ];
}

/**
 * Makes the history and what holds it, as far as they do not exist, and mends the warehouse that writes it: the one thing
 * that two applies do beside each other, as nothing can tell them of each other before.
 * @returns the changes that were carried out here
 * @throws UserError when one of the names is another's
 */
export async function ensureHistoryTable(ctx: Context, stack: Stack): Promise<Change[]> {
  const ids = historyPrerequisites(ctx);
  const resources = stack.resources.filter((resource) => ids.includes(idOf(resource)));
  const kinds = stack.kinds.filter(({ id }) => resources.some(({ kind }) => kind === id));
  const plan = await makePlan(ctx, { ...stack, resources, kinds });
  const carriedOut: Change[] = [];
  for (const id of ids) {
    const change = plan.changes.find((change) => change.id === id);
    if (!change?.resource) continue;
    const { resource, live, action } = change;
    // All else can be changed once the history can be written. A warehouse that does not resume keeps it from that, and so does a table that
    // lacks a column.
    const mends = resource.kind === 'snowflake.warehouse' || change.differences.length > 0;
    if (action === 'update' && !mends) continue;
    const kind = requireValue(
      kinds.find((kind) => kind.id === resource.kind),
      `the kind ${resource.kind}`,
    );
    const fingerprint = fingerprintOf(resource.kind, resource.definition);
    try {
      if (action === 'update' && live) await kind.update(ctx, resource, fingerprint, live);
      else if (action === 'rename' && live && kind.move) await kind.move(ctx, resource, fingerprint, live);
      else await kind.create(ctx, resource, fingerprint);
      carriedOut.push(change);
    } catch (error) {
      // Another apply was quicker since the listing. Whose it is, the plan under the lease will say.
      if (!(error instanceof SnowflakeError && error.nameTaken)) throw error;
    }
  }
  await useProject(ctx);
  return carriedOut;
}

/**
 * Sets the context of a session that finds these objects at its login; asked for as a plan lists them. What was
 * dropped is made by the plan, which then uses it.
 */
export async function useProject(ctx: Context): Promise<void> {
  const { database, schema, warehouse } = ctx.settings.snowflake;
  for (const [show, name, use] of [
    ['SHOW WAREHOUSES', warehouse.name, `USE WAREHOUSE ${warehouse.name}`],
    [`SHOW SCHEMAS IN DATABASE ${database}`, schema, `USE SCHEMA ${schemaPath(ctx.settings)}`],
  ] as const) {
    const row = (await showOrNothing(ctx, show)).find((each) => each.name === name);
    if (row && row.is_current !== 'Y') await ctx.snowflake.execute(use);
  }
}
