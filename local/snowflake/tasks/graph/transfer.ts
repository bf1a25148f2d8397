import type { Account } from '../../account.js';
import type { Task } from '../../catalog/objects.js';
import { allTasks, findTask, fullName, requireSuspendedRoot } from './graph.js';

/**
 * What GRANT OWNERSHIP makes of tasks: they are suspended, and links between tasks that have one owner no longer
 * are severed (docs: user-guide/tasks-graphs, "Manage task graph ownership"; sql-reference/sql/grant-ownership).
 * @param moved the tasks that get the owner; a single one must be suspended before
 * @returns the new states of these, and of others that lose a predecessor
 * @throws SnowflakeError 091089
 */
export function transferTasks(account: Account, moved: Task[], owner: string): Task[] {
  const [only, another] = moved;
  if (only && !another) requireSuspendedRoot(account, only);
  const names = new Set(moved.map(fullName));
  const now = account.clock.now();
  const stays = (name: string) => names.has(name) || findTask(account, name)?.owner === owner;
  const changed = moved.map(
    ({ finalizes, ...task }): Task => ({
      ...task,
      ...(finalizes !== undefined && stays(finalizes) && { finalizes }),
      owner,
      predecessors: task.predecessors.filter(stays),
      state: 'suspended',
      suspendedOn: now,
      suspendedReason: 'GRANT_OWNERSHIP',
    }),
  );
  for (const task of allTasks(account)) {
    if (names.has(fullName(task)) || task.owner === owner) continue;
    const predecessors = task.predecessors.filter((name) => !names.has(name));
    const { finalizes, ...rest } = task;
    if (finalizes !== undefined && names.has(finalizes))
      changed.push({
        ...rest,
        state: 'suspended',
        suspendedOn: now,
        suspendedReason: 'FINALIZER_BECAME_ROOT',
      });
    else if (predecessors.length < task.predecessors.length)
      changed.push({
        ...task,
        predecessors,
        ...(predecessors.length === 0 && {
          state: 'suspended',
          suspendedOn: now,
          suspendedReason: 'CHILD_BECAME_ROOT',
        }),
      });
  }
  return changed;
}
