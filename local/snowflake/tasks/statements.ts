import { identifier } from '../catalog/catalog.js';
import type { Task } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import { altered, dropObject, readNamed } from '../statements/named-object.js';
import { createHead, readOptions } from '../statements/options.js';
import { createInSchema } from '../statements/schema-object.js';
import {
  type Statement,
  type StatementContext,
  type StatementOutcome,
  status,
} from '../statements/statement.js';
import {
  readBody,
  readClauses,
  readCondition,
  readNames,
  type TaskClauses,
  withOptions,
} from './definition.js';
import { taskEngine } from './engine.js';
import { checkEdges, findTask, fullName, graphOf, requireSuspendedRoot, rootOf } from './graph.js';
import { describe, show } from './show.js';

/** CREATE [OR REPLACE | OR ALTER] TASK; a new task is suspended. */
async function create(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  const head = createHead(tokens, 'TASK');
  const clauses = readClauses(tokens);
  const existing = account.catalog.find('TASK', head.name, session) as Task | undefined;
  if (
    existing &&
    (head.orReplace || head.orAlter) &&
    (existing.predecessors.length > 0 || existing.finalizes)
  )
    requireSuspendedRoot(account, existing);
  if (existing && head.orAlter) {
    account.access.requireOwnership(session, existing);
    const next = built(context, { ...blank(existing), state: existing.state }, clauses);
    await account.catalog.change(session.connection, (tx) => tx.put(next));
    taskEngine(account).changed();
    return status(`Task ${identifier(existing.name)} successfully created.`);
  }
  const outcome = await createInSchema<Task>(context, 'TASK', 'Task', head, (base) =>
    built(context, blank(base), clauses),
  );
  taskEngine(account).changed();
  return outcome;
}

type TaskBase = Pick<Task, 'id' | 'name' | 'owner' | 'comment' | 'createdOn' | 'database' | 'schema'>;

function blank({ id, name, owner, createdOn, database, schema }: TaskBase): Task {
  return {
    id,
    name,
    owner,
    createdOn,
    database,
    schema,
    comment: '',
    kind: 'TASK',
    predecessors: [],
    definition: '',
    state: 'suspended',
    overlapPolicy: 'NO_OVERLAP',
    suspendAfterFailures: 10,
    autoRetryAttempts: 0,
    timeoutMs: 3_600_000,
    sessionParameters: {},
  };
}

/** Applies the clauses and checks them against the graph. */
function built(context: StatementContext, task: Task, clauses: TaskClauses): Task {
  const { account, session } = context;
  const next = withOptions(task, clauses.options);
  if (next.warehouse !== undefined) {
    const warehouse = account.catalog.resolve('WAREHOUSE', [next.warehouse], session);
    account.access.require(session, 'USAGE', warehouse);
  }
  next.predecessors = (clauses.after ?? []).map((parts) => full(context, parts));
  if (clauses.finalizes) next.finalizes = full(context, clauses.finalizes);
  if (clauses.condition !== undefined) next.condition = clauses.condition;
  if (clauses.definition !== undefined) next.definition = clauses.definition;
  checkPlace(context, next);
  return next;
}

function checkPlace({ account }: StatementContext, task: Task): void {
  const above = task.finalizes === undefined ? task.predecessors : [task.finalizes];
  checkEdges(account, task, above);
  if (above.length > 0 && task.schedule !== undefined)
    throw new SnowflakeError(
      '091093',
      '55000',
      `Task ${fullName(task)} cannot have both a schedule and a predecessor.`,
    );
  for (const name of above) requireSuspendedRoot(account, findTask(account, name)!);
  if (task.finalizes === undefined) return;
  const root = findTask(account, task.finalizes)!;
  if (root.predecessors.length > 0 || root.finalizes)
    throw new SnowflakeError(
      '091094',
      '55000',
      `Task ${fullName(root)} is no root task, so no task can finalize it.`,
    );
  const other = graphOf(account, root).finalizer;
  if (other && fullName(other) !== fullName(task))
    throw new SnowflakeError(
      '091095',
      '55000',
      `Root task ${fullName(root)} already has the finalizer task ${fullName(other)}.`,
    );
}

function full({ account, session }: StatementContext, parts: string[]): string {
  const [database, schema, name] = account.catalog.qualify(parts, session);
  return fullName({ database, schema, name });
}

async function alter(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('ALTER', 'TASK');
  const { object: task } = readNamed(context, 'TASK');
  if (!task) return altered();
  const next =
    tokens.is('SUSPEND') || tokens.is('RESUME') ? switched(context, task) : changedTask(context, task);
  tokens.expectEnd();
  await account.catalog.change(session.connection, (tx) => tx.put(next));
  taskEngine(account).changed();
  return altered();
}

function switched(context: StatementContext, task: Task): Task {
  const { account, session, tokens } = context;
  account.access.requireAny(session, ['OPERATE', 'OWNERSHIP'], task);
  const resume = tokens.next().value === 'RESUME';
  if (rootOf(account, task).id !== task.id) requireSuspendedRoot(account, task);
  if (!resume) return { ...task, state: 'suspended' };
  requireExecuteTask(context, task);
  return { ...task, state: 'started', resumedOn: account.clock.now() };
}

/** The owner role needs EXECUTE TASK (EXECUTE MANAGED TASK without a warehouse) on the account. */
function requireExecuteTask({ account, session }: StatementContext, task: Task): void {
  const asOwner = Object.create(session, { role: { value: task.owner }, secondaryRoles: { value: false } });
  const privilege = task.warehouse === undefined ? 'EXECUTE MANAGED TASK' : 'EXECUTE TASK';
  if (account.access.holdsAccount(asOwner, privilege)) return;
  throw new SnowflakeError(
    '091081',
    '42501',
    `Cannot execute task , ${privilege} privilege must be granted to owner role`,
  );
}

function changedTask(context: StatementContext, task: Task): Task {
  const { account, session, tokens } = context;
  account.access.requireOwnership(session, task);
  requireSuspendedRoot(account, task);
  let next: Task = { ...task };
  const names = () => readNames(tokens).map((parts) => full(context, parts));
  if (tokens.take('SET', 'FINALIZE')) {
    tokens.expect('=');
    next.finalizes = names()[0]!;
  } else if (tokens.take('SET')) next = withOptions(next, readOptions(tokens));
  else if (tokens.take('UNSET', 'FINALIZE')) delete next.finalizes;
  else if (tokens.take('UNSET')) {
    const keys: string[] = [];
    do keys.push(tokens.identifier());
    while (tokens.take(','));
    next = withOptions(next, Object.fromEntries(keys.map((key) => [key, undefined])));
  } else if (tokens.take('ADD', 'AFTER'))
    next.predecessors = [...new Set([...next.predecessors, ...names()])];
  else if (tokens.take('REMOVE', 'AFTER')) {
    const gone = new Set(names());
    next.predecessors = next.predecessors.filter((name) => !gone.has(name));
  } else if (tokens.take('REMOVE', 'WHEN')) delete next.condition;
  else if (tokens.take('MODIFY', 'WHEN')) next.condition = readCondition(tokens);
  else {
    tokens.expect('MODIFY', 'AS');
    next.definition = readBody(tokens);
  }
  checkPlace(context, next);
  return next;
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
          tx.put({ ...rest, state: 'suspended' });
        }
        if (!each.predecessors.includes(name)) continue;
        const predecessors = each.predecessors.filter((other) => other !== name);
        tx.put({ ...each, predecessors, state: predecessors.length === 0 ? 'suspended' : each.state });
      }
    },
    after: () => taskEngine(account).changed(),
  });
}

/** EXECUTE TASK name [RETRY LAST | USING CONFIG = '…']: the graph runs in the background. */
async function execute(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('EXECUTE', 'TASK');
  const task = account.catalog.resolve('TASK', tokens.name(), session) as Task;
  account.access.requireAny(session, ['OPERATE', 'OWNERSHIP'], task);
  const retry = tokens.take('RETRY', 'LAST');
  let config: string | undefined;
  if (tokens.take('USING', 'CONFIG')) {
    tokens.expect('=');
    config = tokens.string();
  }
  tokens.expectEnd();
  if (task.predecessors.length > 0 || task.finalizes)
    throw new SnowflakeError(
      '091096',
      '55000',
      `Task ${fullName(task)} is not a root task: EXECUTE TASK runs a whole graph. Execute ${fullName(rootOf(account, task))}.`,
    );
  requireExecuteTask(context, task);
  const engine = taskEngine(account);
  await engine.ready;
  const last = engine.lastRun(task);
  if (retry && last?.state !== 'FAILED' && last?.state !== 'CANCELLED')
    throw new SnowflakeError(
      '091097',
      '55000',
      `Cannot retry task ${fullName(task)}: its last graph run has not failed.`,
    );
  engine.execute(task, {
    ...(config !== undefined && { config }),
    ...(retry && last && { retryOf: last, config: last.config }),
  } as never);
  return status(`Task ${identifier(task.name)} is scheduled to run immediately.`);
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
