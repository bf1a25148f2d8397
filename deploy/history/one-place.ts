import { schemaPath } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { readMarker } from '../ground/marker.js';

/**
 * Looks whether the deployment of this prefix runs in another schema already. Endpoints, roles and the REST API have their names by the prefix, so
 * that the first version trained in a second schema would find the endpoint of the first one's, and answer from it.
 * @throws UserError when it does
 */
export async function requireOnePlace({ settings, snowflake }: Context): Promise<void> {
  const here = schemaPath(settings);
  const tasks = await snowflake.query(`SHOW TASKS LIKE 'LOS_BUILD_FEATURES' IN ACCOUNT`);
  const other = tasks.find(
    (task) =>
      readMarker(settings.prefix, task.comment).owner === 'managed' &&
      `${task.database_name}.${task.schema_name}` !== here,
  );
  if (!other) return;
  throw new UserError(
    `The deployment ${settings.prefix} is in ${other.database_name}.${other.schema_name} already. Endpoints, roles and API of one in ${here} would be the same ones.`,
    {
      next: `Give this one a prefix of its own, or make it an environment of los.config.yaml (--env), which has its own of every name. To move it: los destroy --yes with the settings that it has now, then los apply.`,
    },
  );
}
