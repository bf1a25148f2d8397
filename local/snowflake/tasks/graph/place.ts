// What a task may say depends on its place: roots, children, finalizers, serverless and triggered tasks.
import { identifier } from '../../catalog/catalog.js';
import type { Task } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { OptionValue } from '../../kernel/options.js';
import type { StatementContext } from '../../kernel/statement.js';
import { streamsIn } from './condition.js';
import { allTasks, checkEdges, findTask, fullName, graphOf, requireSuspendedRoot } from './graph.js';
import { sizeRank } from './properties.js';

const refusal = (message: string, code = '091099') => new SnowflakeError(code, '55000', message);

/** True if the task follows others or finalizes a graph. */
export const isNonRoot = (task: Task): boolean =>
  task.predecessors.length > 0 || task.finalizes !== undefined;

/**
 * True if new data of a stream starts the task: it has no schedule, and its WHEN asks for a stream's data
 * (docs: user-guide/tasks-triggered).
 */
export function isTriggered(task: Task): boolean {
  if (task.schedule !== undefined || task.condition === undefined || isNonRoot(task)) return false;
  return streamsIn(task.condition).length > 0;
}

/** Checks a new or changed task against its graph. @throws SnowflakeError */
export function checkPlace({ account }: Pick<StatementContext, 'account'>, task: Task): void {
  const above = task.finalizes === undefined ? task.predecessors : [task.finalizes];
  if (task.finalizes !== undefined && task.predecessors.length > 0)
    throw refusal(`Task ${fullName(task)} cannot have predecessors as a finalizer task.`);
  if (above.includes(fullName(task)))
    throw refusal(`Task ${fullName(task)} cannot use itself as its predecessor.`);
  checkEdges(account, task, above);
  for (const name of task.predecessors)
    if (findTask(account, name)!.finalizes !== undefined)
      throw refusal(`Task ${name} cannot have children as a finalizer task.`);
  if (above.length > 0 && task.schedule !== undefined)
    throw refusal(
      task.finalizes === undefined
        ? `Task ${identifier(task.name)} cannot have both a schedule and a predecessor.`
        : `Task ${identifier(task.name)} cannot have a schedule and be a finalizer task.`,
      '091093',
    );
  if (above.length > 0 && task.config !== undefined)
    throw refusal(`Task ${fullName(task)} cannot both be a non-root task and have a config.`);
  for (const name of above) requireSuspendedRoot(account, findTask(account, name)!);
  checkLimits({ account }, task);
  if (task.finalizes !== undefined) checkFinalizer({ account }, task, findTask(account, task.finalizes)!);
}

function checkFinalizer({ account }: Pick<StatementContext, 'account'>, task: Task, root: Task): void {
  if (isNonRoot(root))
    throw refusal(`Task ${fullName(task)} cannot finalize a non-root task ${fullName(root)}.`, '091094');
  if (allTasks(account).some((each) => each.predecessors.includes(fullName(task))))
    throw refusal(`Task ${fullName(task)} cannot have children as a finalizer task.`);
  const other = graphOf(account, root).finalizer;
  if (other && fullName(other) !== fullName(task))
    throw refusal(`Finalize target ${identifier(root.name)} already have finalizer.`, '091095');
}

/** "A single task is limited to 100 predecessor tasks and 100 child tasks" (docs: sql-reference/sql/create-task). */
function checkLimits({ account }: Pick<StatementContext, 'account'>, task: Task): void {
  if (task.predecessors.length > 100)
    throw refusal(`Task ${fullName(task)} has more than the 100 predecessors that a task may have.`);
  for (const name of task.predecessors) {
    const children = allTasks(account).filter(
      (each) => each.id !== task.id && each.predecessors.includes(name),
    );
    if (children.length >= 100)
      throw refusal(`Task ${name} would have more than the 100 children that a task may have.`);
  }
}

/**
 * Checks the options that a statement gives against what kind of task it makes.
 * @throws SnowflakeError for what only a root, or only a serverless task, may have
 */
export function checkOptions(task: Task, given: Record<string, OptionValue | undefined>): void {
  const has = (key: string) => given[key] !== undefined;
  if (has('OVERLAP_POLICY') && has('ALLOW_OVERLAPPING_EXECUTION')) {
    const meant = given.ALLOW_OVERLAPPING_EXECUTION === true ? 'ALLOW_CHILD_OVERLAP' : 'NO_OVERLAP';
    if (String(given.OVERLAP_POLICY).toUpperCase() !== meant)
      throw refusal(
        'Cannot specify ALLOW_OVERLAPPING_EXECUTION and OVERLAP_POLICY to different values in the same command.',
      );
  }
  if (isNonRoot(task)) {
    if (has('OVERLAP_POLICY')) throw refusal(`Cannot set overlap policy on non-root task ${fullName(task)}.`);
    if (given.ALLOW_OVERLAPPING_EXECUTION === true)
      throw refusal(`Cannot set allow_overlapping_execution on non-root task ${fullName(task)}.`);
    for (const key of ['SUSPEND_TASK_AFTER_NUM_FAILURES', 'TASK_AUTO_RETRY_ATTEMPTS'])
      if (has(key))
        throw refusal(
          `Cannot set parameter ${key} on non-root task ${identifier(task.name)}. Non-root tasks use the parameter setting from their root task. Please set this on the root task for this task instead.`,
        );
  }
  checkServerless(task);
}

function checkServerless({ warehouse, initialSize, minSize, maxSize, targetCompletionInterval }: Task): void {
  if (warehouse !== undefined)
    for (const [key, value] of Object.entries({
      USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE: initialSize,
      SERVERLESS_TASK_MIN_STATEMENT_SIZE: minSize,
      SERVERLESS_TASK_MAX_STATEMENT_SIZE: maxSize,
      TARGET_COMPLETION_INTERVAL: targetCompletionInterval,
    }))
      if (value !== undefined) throw refusal(`Cannot set ${key} on a non-serverless task.`);
  const requireOrder = (small: string | undefined, large: string | undefined, message: string) => {
    if (small !== undefined && large !== undefined && sizeRank(small) > sizeRank(large))
      throw refusal(message);
  };
  requireOrder(
    minSize,
    maxSize,
    `SERVERLESS_TASK_MIN_STATEMENT_SIZE (${minSize}) cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE (${maxSize}).`,
  );
  requireOrder(
    minSize,
    initialSize,
    `USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE (${initialSize}) cannot be less than SERVERLESS_TASK_MIN_STATEMENT_SIZE (${minSize}).`,
  );
  requireOrder(
    initialSize,
    maxSize,
    `USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE (${initialSize}) cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE (${maxSize}).`,
  );
}

/** CREATE of a serverless triggered task (docs: user-guide/tasks-triggered). @throws SnowflakeError */
export function requireTarget(task: Task): void {
  if (isTriggered(task) && task.warehouse === undefined && task.targetCompletionInterval === undefined)
    throw refusal(
      `Task ${fullName(task)} is a serverless triggered task and needs a TARGET_COMPLETION_INTERVAL.`,
    );
}
