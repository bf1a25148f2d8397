import type { Task } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import { type Binder, splitName } from '../query/binder.js';
import { systemFunction } from '../routines/system-function.js';
import { TEXT } from '../types/data-type.js';
import { taskEngine } from './engine.js';
import { fullName, graphOf } from './graph.js';
import { currentRun, type TaskRun } from './run.js';

function requireRun(b: Binder, name: string): TaskRun {
  const run = currentRun(b.session);
  if (run) return run;
  throw new SnowflakeError('090263', '55000', `Function ${name} must be called from within a task.`);
}

systemFunction('SYSTEM$SET_RETURN_VALUE', [1, 1], TEXT(), (b, [value]) => {
  if ((value ?? '').length > 10_240)
    throw new SnowflakeError('090264', '22023', 'The return value of a task is limited to 10 kB.');
  requireRun(b, 'SYSTEM$SET_RETURN_VALUE').returnValue = value ?? undefined;
  return 'Task return value set successfully.';
});

systemFunction('SYSTEM$GET_PREDECESSOR_RETURN_VALUE', [0, 1], TEXT(), (b, [name]) => {
  const run = requireRun(b, 'SYSTEM$GET_PREDECESSOR_RETURN_VALUE');
  const wanted = name === undefined ? undefined : splitName(name ?? '').at(-1);
  const predecessors = run.task.predecessors.map((each) => run.graph.runs.get(each));
  if (wanted === undefined && run.task.predecessors.length > 1)
    throw new SnowflakeError(
      '090265',
      '22023',
      'SYSTEM$GET_PREDECESSOR_RETURN_VALUE needs the name of one of the several predecessors.',
    );
  const found =
    wanted === undefined ? predecessors[0] : predecessors.find((each) => each?.task.name === wanted);
  return found?.returnValue ?? null;
});

systemFunction('SYSTEM$GET_TASK_GRAPH_CONFIG', [0, 1], TEXT(), (b, [path]) => {
  const { config } = requireRun(b, 'SYSTEM$GET_TASK_GRAPH_CONFIG').graph;
  if (config === undefined || path === undefined || path === null) return config ?? null;
  let value = JSON.parse(config) as unknown;
  for (const key of path.match(/[^.[\]"']+/g) ?? [])
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value === undefined || value === null
    ? null
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
});

systemFunction('SYSTEM$CURRENT_USER_TASK_NAME', [0, 0], TEXT(), (b) => {
  return fullName(requireRun(b, 'SYSTEM$CURRENT_USER_TASK_NAME').task);
});

systemFunction('SYSTEM$TASK_RUNTIME_INFO', [1, 1], TEXT(), (b, [what]) => {
  const run = requireRun(b, 'SYSTEM$TASK_RUNTIME_INFO');
  const { graph, task } = run;
  const iso = (ms: number) => new Date(ms).toISOString();
  const values: Record<string, string | null> = {
    CURRENT_TASK_NAME: fullName(task),
    CURRENT_ROOT_TASK_NAME: fullName(graph.graph.root),
    CURRENT_ROOT_TASK_UUID: String(graph.graph.root.id),
    CURRENT_TASK_GRAPH_RUN_GROUP_ID: graph.id,
    CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP: iso(graph.scheduled),
  };
  const key = (what ?? '').toUpperCase();
  if (!(key in values))
    throw new SnowflakeError(
      '001015',
      '22023',
      `SYSTEM$TASK_RUNTIME_INFO does not know '${what}'. Known: ${Object.keys(values).join(', ')}.`,
    );
  return values[key]!;
});

/** Resumes a root task and all that hang on it, children first. */
systemFunction('SYSTEM$TASK_DEPENDENTS_ENABLE', [1, 1], TEXT(), async (b, [name]) => {
  const { account, session } = b;
  const root = account.catalog.resolve('TASK', splitName(name ?? ''), session) as Task;
  const graph = graphOf(account, root);
  const tasks = [...graph.children.reverse(), ...(graph.finalizer ? [graph.finalizer] : []), root];
  for (const task of tasks)
    if (task.state !== 'started') await account.run(session, `ALTER TASK ${fullName(task)} RESUME`);
  return 'Statement executed successfully.';
});

systemFunction('SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS', [1, 1], TEXT(), (b, [name]) => {
  const task = b.account.catalog.resolve('TASK', splitName(name ?? ''), b.session) as Task;
  b.account.access.requireAny(b.session, ['OPERATE', 'OWNERSHIP'], task);
  return `${taskEngine(b.account).cancel(task)} ongoing execution(s) of task ${fullName(task)} cancelled.`;
});
