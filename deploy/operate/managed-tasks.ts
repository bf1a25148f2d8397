import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { deployRoleHas } from '../resources/snowflake/grants.js';

const RIGHT = 'EXECUTE MANAGED TASK';

/**
 * Stops an apply before it changes anything where its tasks could not be resumed afterwards: predictions would stop. Of the deploy role
 * alone, whose rights los bootstrap grants; others may have them from the roles below theirs.
 * @throws UserError where tasks compute without a warehouse, and the role may not have such tasks
 */
export async function requireManagedTasks(ctx: Context): Promise<void> {
  const { settings, snowflake } = ctx;
  if (settings.tasks.compute === 'warehouse') return;
  const role = settings.snowflake.roles.deploy;
  // SHOW answers without a warehouse, which this apply may be there to mend; the plan asks the same.
  const roles = await snowflake.query('SHOW ROLES');
  if (!roles.some(({ name, is_current: current }) => name === role && current === 'Y')) return;
  if (await deployRoleHas(ctx, RIGHT)) return;
  throw new UserError(`${role} may not have tasks without a warehouse (tasks.compute: serverless).`, {
    next: `Let ACCOUNTADMIN run GRANT ${RIGHT} ON ACCOUNT TO ROLE ${role}, or set tasks.compute: warehouse.`,
  });
}
