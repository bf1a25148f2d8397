import { identifier } from '../catalog/catalog.js';
import type { Task } from '../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../errors.js';
import { alterOutcome, dropObject, readNamed } from '../kernel/named-object.js';
import { createHead, type OptionValue, readOptions } from '../kernel/options.js';
import { createInSchema } from '../kernel/schema-object.js';
import { type Statement, type StatementContext, type StatementOutcome, status } from '../kernel/statement.js';
import { blankTask, readBody, readClauses, readNames, refuseUser, type TaskClauses } from './definition.js';
import { taskEngine } from './engine/engine.js';
import { execute } from './execute.js';
import { requireRunnable } from './graph/access.js';
import { readCondition } from './graph/condition.js';
import { fullName, requireSuspendedRoot, rootOf } from './graph/graph.js';
import { checkOptions, checkPlace, isNonRoot, requireTarget } from './graph/place.js';
import { withOptions } from './graph/properties.js';
import { versionOf } from './graph/versions.js';
import { describe, show } from './show.js';

/** CREATE [OR REPLACE | OR ALTER] TASK … | CLONE; a new task is suspended. */
async function create(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'TASK');
  if (tokens.take('CLONE')) return clone(context, head);
  const clauses = readClauses(tokens);
  const existing = account.catalog.find('TASK', head.name, session) as Task | undefined;
  if (existing && (head.orAlter || (head.orReplace && isNonRoot(existing))))
    requireSuspendedRoot(account, existing);
  if (existing && head.orAlter) {
    account.access.requireOwnership(session, existing);
    const { state, resumedOn, suspendedOn, suspendedReason, version } = existing;
    const kept = JSON.parse(JSON.stringify({ state, resumedOn, suspendedOn, suspendedReason, version }));
    const next = buildTask(context, { ...blankTask(existing), ...kept }, clauses);
    await account.catalog.change(session.connection, (tx) => tx.put(next));
    taskEngine(account).onChange();
    return status(`Task ${identifier(existing.name)} successfully created.`);
  }
  const outcome = await createInSchema<Task>(context, 'TASK', 'Task', head, (base) =>
    buildTask(context, blankTask(base), clauses),
  );
  taskEngine(account).onChange();
  return outcome;
}

/** A task with the same properties; it keeps its predecessors if the cloning role owns the original. */
async function clone(
  context: StatementContext,
  head: ReturnType<typeof createHead>,
): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const source = account.catalog.resolve('TASK', tokens.name(), session) as Task;
  if (!tokens.done && !tokens.is(';'))
    throw localRefusal('CREATE TASK … CLONE with other properties', 'use ALTER TASK on the clone');
  account.access.requireOwnership(session, source);
  const outcome = await createInSchema<Task>(context, 'TASK', 'Task', head, (base) => {
    const { state, resumedOn, suspendedOn, suspendedReason, version, finalizes, ...properties } = source;
    const task: Task = { ...properties, ...base, comment: source.comment, state: 'suspended' };
    checkPlace(context, task);
    return task;
  });
  taskEngine(account).onChange();
  return outcome;
}

/** Applies the clauses and checks them against the graph. */
function buildTask(context: StatementContext, task: Task, clauses: TaskClauses): Task {
  const next = withOptions(task, clauses.options);
  next.predecessors = (clauses.after ?? []).map((parts) => full(context, parts));
  if (clauses.finalizes) next.finalizes = full(context, clauses.finalizes);
  if (clauses.condition !== undefined) next.condition = clauses.condition;
  if (clauses.definition !== undefined) next.definition = clauses.definition;
  requireWarehouse(context, next);
  checkOptions(next, clauses.options);
  requireTarget(next);
  checkPlace(context, next);
  return next;
}

function requireWarehouse({ account, session }: StatementContext, task: Task): void {
  if (task.warehouse === undefined) return;
  const warehouse = account.catalog.find('WAREHOUSE', [task.warehouse], session);
  if (!warehouse)
    throw new SnowflakeError(
      '091094',
      '55000',
      `Nonexistent warehouse ${identifier(task.warehouse)} was specified.`,
    );
  account.access.require(session, 'USAGE', warehouse);
}

function full({ account, session }: StatementContext, parts: string[]): string {
  const [database, schema, name] = account.catalog.qualify(parts, session);
  return fullName({ database, schema, name });
}

async function alter(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', 'TASK');
  const { object: task } = readNamed(context, 'TASK');
  if (!task) return alterOutcome();
  const next =
    tokens.is('SUSPEND') || tokens.is('RESUME') ? switchTask(context, task) : changeTask(context, task);
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => tx.put(next));
  taskEngine(account).onChange();
  return alterOutcome();
}

function switchTask(context: StatementContext, task: Task): Task {
  const { account, session, tokens } = context;
  account.access.requireAny(session, ['OPERATE', 'OWNERSHIP'], task);
  const resume = tokens.next().value === 'RESUME';
  const root = rootOf(account, task).id === task.id;
  if (!root) requireSuspendedRoot(account, task);
  if (!resume) return suspendTask(context, task, 'USER_SUSPENDED');
  requireRunnable(account, task);
  return {
    ...task,
    state: 'started',
    resumedOn: account.clock.now(),
    ...(root && { version: versionOf(account, task) }),
  };
}

function suspendTask(
  { account }: Pick<StatementContext, 'account'>,
  task: Task,
  reason: NonNullable<Task['suspendedReason']>,
): Task {
  return { ...task, state: 'suspended', suspendedOn: account.clock.now(), suspendedReason: reason };
}

function changeTask(context: StatementContext, task: Task): Task {
  const { account, session, tokens } = context;
  account.access.requireOwnership(session, task);
  requireSuspendedRoot(account, task);
  let next: Task = { ...task };
  let given: Record<string, OptionValue> = {};
  const names = () => readNames(tokens).map((parts) => full(context, parts));
  if (tokens.take('SET', 'FINALIZE')) {
    tokens.expect('=');
    next.finalizes = names()[0]!;
  } else if (tokens.is('SET', 'EXECUTE') || tokens.is('UNSET', 'EXECUTE')) refuseUser();
  else if (tokens.is('SET', 'TAG') || tokens.is('UNSET', 'TAG') || tokens.is('SET', 'CONTACT'))
    throw localRefusal('tags and contacts of a task', 'they are not built');
  else if (tokens.take('SET')) {
    given = readOptions(tokens);
    next = withOptions(next, given);
    if (given.WAREHOUSE !== undefined) requireWarehouse(context, next);
  } else if (tokens.take('UNSET', 'FINALIZE')) {
    delete next.finalizes;
    next = suspendTask(context, next, 'FINALIZER_BECAME_ROOT');
  } else if (tokens.take('UNSET')) {
    const keys: string[] = [];
    do keys.push(tokens.identifier());
    while (tokens.take(','));
    next = withOptions(next, Object.fromEntries(keys.map((key) => [key, undefined])));
  } else if (tokens.take('ADD', 'AFTER'))
    next.predecessors = [...new Set([...next.predecessors, ...names()])];
  else if (tokens.take('REMOVE', 'AFTER')) next = withoutPredecessors(context, next, names());
  else if (tokens.take('REMOVE', 'WHEN')) delete next.condition;
  else if (tokens.take('MODIFY', 'WHEN')) next.condition = readCondition(tokens);
  else {
    tokens.expect('MODIFY', 'AS');
    next.definition = readBody(tokens);
  }
  checkOptions(next, given);
  checkPlace(context, next);
  return next;
}

function withoutPredecessors(
  context: Pick<StatementContext, 'account'>,
  task: Task,
  names: readonly string[],
): Task {
  for (const name of names)
    if (!task.predecessors.includes(name))
      throw new SnowflakeError(
        '091099',
        '55000',
        `Task ${identifier(task.name)} does not have predecessor ${name}.`,
      );
  const predecessors = task.predecessors.filter((name) => !names.includes(name));
  const next = { ...task, predecessors };
  return predecessors.length === 0 ? suspendTask(context, next, 'CHILD_BECAME_ROOT') : next;
}

function drop(context: StatementContext): Promise<StatementOutcome> {
  const { account } = context;
  return dropObject(context, 'TASK', {
    also(tx, task) {
      if (rootOf(account, task).id !== task.id) requireSuspendedRoot(account, task);
      // What followed the task loses it as a predecessor, and is suspended if it was its only one.
      const name = fullName(task);
      for (const each of account.catalog.list('TASK')) {
        if (each.finalizes === name) {
          const { finalizes: _, ...rest } = each;
          tx.put(suspendTask(context, rest, 'FINALIZER_BECAME_ROOT'));
        }
        if (each.predecessors.includes(name)) tx.put(withoutPredecessors(context, each, [name]));
      }
    },
    after: () => taskEngine(account).onChange(),
  });
}

/** The statements on tasks. */
export const taskStatements: Statement[] = [
  { leading: [['CREATE', 'TASK']], ddl: true, run: create },
  { leading: [['ALTER', 'TASK']], ddl: true, run: alter },
  { leading: [['DROP', 'TASK']], ddl: true, run: drop },
  { leading: [['EXECUTE', 'TASK']], run: execute },
  { leading: [['SHOW', 'TASKS']], run: show },
  { leading: [['DESCRIBE', 'TASK']], run: describe },
];
