import type { Context } from '../../deploy/context.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { schemaObjects } from '../../deploy/objects/index.js';
import { sortByDependency } from '../../deploy/resources/plan.js';
import { idOf } from '../../deploy/resources/resource.js';
import type { SqlDefinition } from '../../deploy/resources/snowflake/definition.js';

/**
 * The statements that make the schema without AWS: neither external functions, nor the SQL functions around these, nor tasks; what follows
 * from others comes after them.
 */
export async function schemaStatements(ctx: Pick<Context, 'settings' | 'aws'>): Promise<string[]> {
  const { dataset, timeZone } = ctx.settings;
  const { objects } = await schemaObjects(ctx, loadContract(dataset, timeZone), []);
  const own = objects
    .map(({ resource }) => resource)
    .filter(({ kind }) => /table|view|stream|stage|format|procedure|\.function/.test(kind))
    .filter(
      ({ kind, definition }) => kind !== 'snowflake.function' || / JAVASCRIPT/.test(createOf(definition)),
    );
  const ids = new Set(own.map(idOf));
  const among = own.map((each) => ({ ...each, dependsOn: each.dependsOn.filter((id) => ids.has(id)) }));
  return sortByDependency(among).map(({ definition }) => createOf(definition));
}

function createOf(definition: unknown): string {
  return (definition as SqlDefinition).create;
}
