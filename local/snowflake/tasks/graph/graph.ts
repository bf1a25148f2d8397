import type { Account } from '../../account.js';
import { identifier } from '../../catalog/catalog.js';
import type { Task } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';

/** A task's full name, as predecessors and FINALIZE refer to it. */
export function fullName(task: { database: string; schema: string; name: string }): string {
  return [task.database, task.schema, task.name].map(identifier).join('.');
}

/** A root task with everything that hangs on it. */
export interface Graph {
  root: Task;
  /** Without the root and the finalizer. */
  children: Task[];
  finalizer: Task | undefined;
}

/** Every task of the account. */
export function allTasks(account: Account): Task[] {
  return account.catalog.list('TASK');
}

/** The task of a full name, as predecessors are kept. */
export function findTask(account: Account, name: string): Task | undefined {
  return allTasks(account).find((task) => fullName(task) === name);
}

/** The root of a task's graph: itself if it follows nothing. */
export function rootOf(account: Account, task: Task): Task {
  let at = task;
  for (let depth = 0; depth < 1000; depth++) {
    const above = at.finalizes ?? at.predecessors[0];
    const next = above === undefined ? undefined : findTask(account, above);
    if (!next) return at;
    at = next;
  }
  return at;
}

/** A root task with all that follow it. */
export function graphOf(account: Account, root: Task): Graph {
  const tasks = allTasks(account);
  const names = new Set([fullName(root)]);
  const children: Task[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const task of tasks) {
      if (names.has(fullName(task)) || !task.predecessors.some((name) => names.has(name))) continue;
      names.add(fullName(task));
      children.push(task);
      grown = true;
    }
  }
  return { root, children, finalizer: tasks.find((task) => task.finalizes === fullName(root)) };
}

/** @throws SnowflakeError 091089 unless the graph's root is suspended */
export function requireSuspendedRoot(account: Account, task: Task): void {
  const root = rootOf(account, task);
  if (root.state === 'started')
    throw new SnowflakeError(
      '091089',
      '55000',
      `Unable to update graph with root task ${fullName(root)} since that root task is not suspended.`,
    );
}

/** @throws SnowflakeError if the new edges would make a cycle or leave the schema or owner */
export function checkEdges(account: Account, task: Task, predecessors: string[]): void {
  for (const name of predecessors) {
    const above = findTask(account, name);
    if (!above)
      throw new SnowflakeError(
        '002003',
        '42S02',
        `SQL compilation error:\nTask '${name}' does not exist or not authorized.`,
      );
    if (above.database !== task.database || above.schema !== task.schema)
      throw new SnowflakeError(
        '091090',
        '55000',
        `Task ${fullName(task)} and its predecessor ${name} must be in the same schema.`,
      );
    if (above.owner !== task.owner)
      throw new SnowflakeError(
        '091091',
        '55000',
        `Task ${fullName(task)} and its predecessor ${name} must have the same owner.`,
      );
    if (above.id === task.id || follows(account, above, fullName(task)))
      throw new SnowflakeError(
        '091092',
        '55000',
        `Task ${fullName(task)} cannot follow ${name}: the graph would have a cycle.`,
      );
  }
}

function follows(account: Account, task: Task, name: string): boolean {
  return task.predecessors.some((above) => {
    if (above === name) return true;
    const next = findTask(account, above);
    return next !== undefined && follows(account, next, name);
  });
}
