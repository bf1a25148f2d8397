import type { Account } from '../account.js';
import type { Task } from '../catalog/objects.js';
import { listVisible, readShowFilter, type ShownColumns, showResult, showTime } from '../kernel/show.js';
import { STATEMENT_TYPE, type StatementContext, type StatementOutcome } from '../kernel/statement.js';
import { fullName, graphOf, rootOf } from './graph/graph.js';
import { isNonRoot } from './graph/place.js';

/** docs: sql-reference/sql/show-tasks */
const TERSE: ShownColumns<Task> = {
  created_on: showTime,
  name: (task) => task.name,
  kind: null,
  database_name: (task) => task.database,
  schema_name: (task) => task.schema,
  schedule: (task) => task.schedule ?? null,
};

const columnsToShow = ({ account }: StatementContext): ShownColumns<Task> => ({
  created_on: showTime,
  name: (task) => task.name,
  id: (task) => `${task.id}`,
  database_name: (task) => task.database,
  schema_name: (task) => task.schema,
  owner: (task) => task.owner,
  comment: (task) => task.comment,
  warehouse: (task) => task.warehouse ?? null,
  schedule: (task) => task.schedule ?? null,
  predecessors: (task) => JSON.stringify(task.predecessors),
  state: (task) => task.state,
  definition: (task) => task.definition,
  condition: (task) => task.condition ?? null,
  allow_overlapping_execution: (task) =>
    isNonRoot(task) ? 'null' : String(task.overlapPolicy !== 'NO_OVERLAP'),
  error_integration: null,
  last_committed_on: (task) => timeOrNull(rootOf(account, task).version?.committedOn),
  last_suspended_on: (task) => timeOrNull(task.suspendedOn),
  owner_role_type: 'ROLE',
  config: (task) => task.config ?? null,
  task_relations: (task) => JSON.stringify(relations(account, task)),
  last_suspended_reason: (task) => task.suspendedReason ?? null,
  success_integration: null,
  scheduling_mode: (task) => {
    if (task.warehouse !== undefined || isNonRoot(task)) return null;
    return task.targetCompletionInterval === undefined ? 'FIXED' : 'FLEXIBLE';
  },
  target_completion_interval: (task) => task.targetCompletionInterval ?? null,
  execute_as_user: null,
  overlap_policy: (task) => (isNonRoot(task) ? null : task.overlapPolicy),
  created_by_user: null,
});

const timeOrNull = (ms: number | undefined) => (ms === undefined ? null : showTime(ms));

function relations(account: Account, task: Task): object {
  const { root, finalizer } = graphOf(account, rootOf(account, task));
  return {
    Predecessors: task.predecessors,
    ...(task.finalizes !== undefined && { FinalizedRootTask: task.finalizes }),
    ...(root.id === task.id && finalizer && { FinalizerTask: fullName(finalizer) }),
  };
}

/** SHOW [TERSE] TASKS … [ROOT ONLY] */
export function show(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('TASKS');
  const filter = readShowFilter(context, 'TASK');
  const { limit } = filter;
  const tasks = listVisible(context, 'TASK', { ...filter, limit: Number.POSITIVE_INFINITY })
    .filter((task) => !filter.rootOnly || !isNonRoot(task))
    .slice(0, limit);
  return showResult(terse ? TERSE : columnsToShow(context), tasks);
}

/** DESCRIBE TASK: what SHOW shows of it. */
export function describe(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  tokens.expect('TASK');
  const task = account.catalog.resolve('TASK', tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['MONITOR', 'OPERATE', 'OWNERSHIP'], task);
  return showResult(columnsToShow(context), [task], STATEMENT_TYPE.DESCRIBE);
}
