import type { Account } from '../../account.js';
import type { Task } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Session } from '../../sessions/session.js';

/**
 * What a task's owner role needs to have it run: EXECUTE TASK on the account, EXECUTE MANAGED TASK as well without
 * a warehouse, USAGE on the warehouse otherwise (docs: user-guide/tasks-intro, "Running tasks").
 * @throws SnowflakeError 091081, 003001
 */
export function requireRunnable(account: Account, task: Task): void {
  const owner = { role: task.owner, secondaryRoles: false } as Session;
  const { access, catalog } = account;
  const privileges = ['EXECUTE TASK', ...(task.warehouse === undefined ? ['EXECUTE MANAGED TASK'] : [])];
  for (const privilege of privileges)
    if (!access.holdsAccount(owner, privilege))
      throw new SnowflakeError(
        '091081',
        '42501',
        `Cannot execute task , ${privilege} privilege must be granted to owner role`,
      );
  if (task.warehouse === undefined) return;
  const warehouse = catalog.at('WAREHOUSE', task.warehouse);
  if (!warehouse || !access.holds(owner, warehouse, 'USAGE'))
    throw new SnowflakeError(
      '091081',
      '42501',
      `Cannot execute task , USAGE privilege on the task's warehouse must be granted to owner role`,
    );
}
