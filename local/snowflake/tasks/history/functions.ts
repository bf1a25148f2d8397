import { identifier } from '../../catalog/catalog.js';
import type { Task } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { SystemFunction } from '../../feature.js';
import { splitName } from '../../language/split-name.js';
import type { Binder } from '../../query/bind/binder.js';
import { TEXT } from '../../types/data-type.js';
import { taskEngine } from '../engine/engine.js';
import { currentRun, type TaskRun } from '../engine/run.js';
import { configValue } from '../graph/config.js';
import { fullName, graphOf } from '../graph/graph.js';

function requireRun(b: Binder, name: string): TaskRun {
  const run = currentRun(b.session);
  if (run) return run;
  throw new SnowflakeError('090263', '55000', `Function ${name} must be called from within a task.`);
}

const setReturnValue: SystemFunction = {
  name: 'SYSTEM$SET_RETURN_VALUE',
  arity: [1, 1],
  returns: TEXT(),
  run: (b, [value]) => {
    if (Buffer.byteLength(value ?? '') > 10_240)
      throw new SnowflakeError('090264', '22023', 'The return value of a task is limited to 10 kB.');
    requireRun(b, 'SYSTEM$SET_RETURN_VALUE').returnValue = value ?? undefined;
    return 'Task return value set successfully.';
  },
};

/**
 * The name may be left out where one predecessor is resumed; it may be an ancestor's
 * (docs: sql-reference/functions/system_get_predecessor_return_value).
 */
const getPredecessorReturnValue: SystemFunction = {
  name: 'SYSTEM$GET_PREDECESSOR_RETURN_VALUE',
  arity: [0, 1],
  returns: TEXT(),
  run: (b, [name]) => {
    const { task, graph } = requireRun(b, 'SYSTEM$GET_PREDECESSOR_RETURN_VALUE');
    const refuse = (message: string) => new SnowflakeError('090265', '22023', message);
    const tasksEnabled = (names: string[]) =>
      [graph.graph.root, ...graph.graph.children].filter(
        (each) => names.includes(fullName(each)) && (each === graph.graph.root || each.state === 'started'),
      );
    let above = tasksEnabled(task.predecessors);
    if (name === undefined) {
      const [only, another] = above;
      if (!only || another)
        throw refuse(
          'SYSTEM$GET_PREDECESSOR_RETURN_VALUE needs the name of a predecessor: the task does not have just one that is enabled.',
        );
      return graph.runs.get(fullName(only))?.returnValue ?? null;
    }
    const wanted = (name ?? '').replace(/^"(.*)"$/s, '$1');
    for (const seen = new Set<Task>(); above.length > 0; ) {
      const found = above.find((each) => each.name === wanted);
      if (found) return graph.runs.get(fullName(found))?.returnValue ?? null;
      for (const each of above) seen.add(each);
      above = tasksEnabled(above.flatMap((each) => each.predecessors)).filter((each) => !seen.has(each));
    }
    throw refuse(`Task ${fullName(task)} has no enabled predecessor '${name}'. Names are case-sensitive.`);
  },
};

const getTaskGraphConfig: SystemFunction = {
  name: 'SYSTEM$GET_TASK_GRAPH_CONFIG',
  arity: [0, 1],
  returns: TEXT(),
  run: (b, [path]) => {
    const { config } = requireRun(b, 'SYSTEM$GET_TASK_GRAPH_CONFIG').graph;
    if (config === undefined || path === undefined || path === null) return config ?? null;
    return configValue(config, path);
  },
};

const currentUserTaskName: SystemFunction = {
  name: 'SYSTEM$CURRENT_USER_TASK_NAME',
  arity: [0, 0],
  returns: TEXT(),
  run: (b) => {
    return fullName(requireRun(b, 'SYSTEM$CURRENT_USER_TASK_NAME').task);
  },
};

/** docs: sql-reference/functions/system_task_runtime_info */
const taskRuntimeInfo: SystemFunction = {
  name: 'SYSTEM$TASK_RUNTIME_INFO',
  arity: [1, 1],
  returns: TEXT(),
  run: (b, [what]) => {
    const { graph, task } = requireRun(b, 'SYSTEM$TASK_RUNTIME_INFO');
    const iso = (ms: number) => new Date(ms).toISOString();
    const { lastSuccess } = graph;
    const values: Record<string, string | null> = {
      CURRENT_TASK_NAME: fullName(task),
      CURRENT_ROOT_TASK_NAME: fullName(graph.graph.root),
      CURRENT_ROOT_TASK_UUID: String(graph.graph.root.id),
      CURRENT_TASK_GRAPH_RUN_GROUP_ID: graph.id,
      CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP: iso(graph.originallyScheduled),
      LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID: lastSuccess?.id ?? null,
      LAST_SUCCESSFUL_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP: lastSuccess
        ? iso(lastSuccess.originallyScheduled)
        : null,
    };
    const key = (what ?? '').toUpperCase();
    if (!Object.hasOwn(values, key))
      throw new SnowflakeError(
        '001015',
        '22023',
        `SYSTEM$TASK_RUNTIME_INFO does not know '${what}'. Known: ${Object.keys(values).join(', ')}.`,
      );
    return values[key]!;
  },
};

/** Resumes a task and all that hang on it, children first; it need not be a root. */
const taskDependentsEnable: SystemFunction = {
  name: 'SYSTEM$TASK_DEPENDENTS_ENABLE',
  arity: [1, 1],
  returns: TEXT(),
  run: async (b, [name]) => {
    const { account, session } = b;
    const task = account.catalog.resolve('TASK', splitName(name ?? ''), session) as Task;
    const { children, finalizer } = graphOf(account, task);
    for (const each of [...children.reverse(), ...(finalizer ? [finalizer] : []), task])
      if (each.state !== 'started') await account.run(session, `ALTER TASK ${fullName(each)} RESUME`);
    return 'Statement executed successfully.';
  },
};

/** docs: sql-reference/functions/system_user_task_cancel_ongoing_executions */
const userTaskCancelOngoingExecutions: SystemFunction = {
  name: 'SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS',
  arity: [1, 1],
  returns: TEXT(),
  run: (b, [name]) => {
    const { account, session } = b;
    const task = account.catalog.find('TASK', splitName(name ?? ''), session) as Task | undefined;
    if (!task) throw new SnowflakeError('091090', '02000', `Task '${name}' not found or not authorized.`);
    account.access.requireAny(session, ['OPERATE', 'OWNERSHIP'], task);
    const runs = taskEngine(account).cancel(task);
    if (runs.length === 0)
      return `Task ${identifier(task.name)} has no currently running executions. If the task was dropped or replaced after a previous execution started, use SYSTEM$CANCEL_QUERY along with the query id to cancel the run.`;
    const ids = runs.flatMap(({ queryId }) => queryId ?? []);
    return `Marked ${runs.length} task runs for cancellation. It may take a few seconds for cancellation to complete. Query ids canceled: [${ids.join(', ')}]`;
  },
};

export const taskFunctions: SystemFunction[] = [
  setReturnValue,
  getPredecessorReturnValue,
  getTaskGraphConfig,
  currentUserTaskName,
  taskRuntimeInfo,
  taskDependentsEnable,
  userTaskCancelOngoingExecutions,
];
