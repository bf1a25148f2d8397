import type { Task } from '../catalog/objects.js';
import { notSupportedLocally } from '../errors.js';
import { shown, shownTime } from '../statements/show.js';
import {
  STATEMENT_TYPE,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from '../statements/statement.js';
import { fullName, graphOf, rootOf } from './graph.js';

const SHOWN = [
  'created_on',
  'name',
  'id',
  'database_name',
  'schema_name',
  'owner',
  'comment',
  'warehouse',
  'schedule',
  'predecessors',
  'state',
  'definition',
  'condition',
  'allow_overlapping_execution',
  'error_integration',
  'last_committed_on',
  'last_suspended_on',
  'owner_role_type',
  'config',
  'budget',
  'task_relations',
  'last_suspended_reason',
];

function row(context: StatementContext, task: Task): (string | null)[] {
  const graph = graphOf(context.account, rootOf(context.account, task));
  const relations = {
    Predecessors: task.predecessors,
    ...(task.finalizes !== undefined && { FinalizedRootTask: task.finalizes }),
    ...(graph.root.id === task.id && graph.finalizer && { FinalizerTask: fullName(graph.finalizer) }),
  };
  return [
    shownTime(task),
    task.name,
    `${task.id}`,
    task.database,
    task.schema,
    task.owner,
    task.comment,
    task.warehouse ?? null,
    task.schedule ?? null,
    JSON.stringify(task.predecessors),
    task.state,
    task.definition,
    task.condition ?? null,
    String(task.overlapPolicy !== 'NO_OVERLAP'),
    null,
    null,
    null,
    'ROLE',
    task.config ?? null,
    null,
    JSON.stringify(relations),
    null,
  ];
}

export function show(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  tokens.take('TERSE');
  tokens.expect('TASKS');
  if (tokens.is('ROOT'))
    throw notSupportedLocally('SHOW TASKS … ROOT ONLY', 'it is not built', 'Filter by predecessors.');
  return textResult(
    SHOWN,
    (shown(context, 'TASK') as Task[]).map((task) => row(context, task)),
    STATEMENT_TYPE.SHOW,
  );
}

export function describe(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  tokens.expect('TASK');
  const task = account.catalog.resolve('TASK', tokens.name(), session) as Task;
  tokens.expectEnd();
  account.access.requireAny(session, ['MONITOR', 'OPERATE', 'OWNERSHIP'], task);
  return textResult(SHOWN, [row(context, task)], STATEMENT_TYPE.DESCRIBE);
}
