import type { Account } from '../account.js';
import type { Task } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import type { Session } from '../sessions/session.js';
import { fullName, type Graph } from './graph.js';

export type RunState =
  | 'SCHEDULED'
  | 'EXECUTING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'FAILED_AND_AUTO_SUSPENDED'
  | 'CANCELLED'
  | 'SKIPPED';

/** One run of one task: a row of TASK_HISTORY. Times in milliseconds since 1970. */
export interface TaskRun {
  task: Task;
  graph: GraphRun;
  state: RunState;
  scheduled: number;
  started: number | undefined;
  completed: number | undefined;
  queryId: string | undefined;
  errorCode: string | undefined;
  errorMessage: string | undefined;
  returnValue: string | undefined;
  attempt: number;
}

/** One run of a graph, with the definitions it began with. */
export interface GraphRun {
  id: string;
  graph: Graph;
  from: 'SCHEDULE' | 'EXECUTE TASK' | 'AUTO RETRY' | 'EXECUTE TASK RETRY';
  config: string | undefined;
  scheduled: number;
  attempt: number;
  nextScheduled: number | undefined;
  /** The latest run of each task, by full name. */
  runs: Map<string, TaskRun>;
  state: 'SCHEDULED' | 'EXECUTING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'SKIPPED';
  abort: AbortController;
}

/** What the functions that a task calls (SYSTEM$SET_RETURN_VALUE …) need to know; in the session's notes. */
const NOTE = 'task run';

/** The task run that this session, or the one that called its procedure, belongs to. */
export function currentRun(session: Session): TaskRun | undefined {
  for (let at: Session | undefined = session; at; at = at.caller) {
    const run = at.notes.get(NOTE) as TaskRun | undefined;
    if (run) return run;
  }
  return undefined;
}

/**
 * Runs a graph: the root, then each task whose resumed predecessors have all ended well, the finalizer last.
 * A failed task stops what follows it; a skipped root (WHEN) the whole run.
 * @param record keeps each run for TASK_HISTORY as soon as it is known
 * @returns how it ended; the caller puts it into the run
 */
export async function runGraph(
  account: Account,
  graphRun: GraphRun,
  record: (run: TaskRun) => void,
): Promise<GraphRun['state']> {
  const { graph, runs } = graphRun;
  graphRun.state = 'EXECUTING';
  const resumed = graph.children.filter((task) => task.state === 'started');
  const done = new Map<string, Promise<TaskRun | undefined>>();
  const start = (task: Task): Promise<TaskRun | undefined> => {
    const name = fullName(task);
    let promise = done.get(name);
    if (!promise) {
      promise = step(task);
      done.set(name, promise);
    }
    return promise;
  };
  const step = async (task: Task): Promise<TaskRun | undefined> => {
    const above =
      task === graph.root
        ? []
        : [graph.root, ...resumed].filter((each) => task.predecessors.includes(fullName(each)));
    if (task !== graph.root) {
      const ended = await Promise.all(above.map(start));
      const states = ended.map((run) => run?.state);
      const ready =
        states.includes('SUCCEEDED') && states.every((state) => state === 'SUCCEEDED' || state === 'SKIPPED');
      if (!ready) return undefined;
    }
    // A retry keeps what has succeeded.
    const before = runs.get(fullName(task));
    if (before?.state === 'SUCCEEDED' || before?.state === 'SKIPPED') return before;
    const run = newRun(account, graphRun, task);
    runs.set(fullName(task), run);
    record(run);
    await runTask(account, run);
    return run;
  };
  await Promise.all([graph.root, ...resumed].map(start));
  const states = [...runs.values()].map((run) => run.state);
  if (graph.finalizer?.state === 'started' && runs.get(fullName(graph.root))?.state !== 'SKIPPED') {
    const run = newRun(account, graphRun, graph.finalizer);
    runs.set(fullName(graph.finalizer), run);
    record(run);
    await runTask(account, run);
    states.push(run.state);
  }
  if (states.includes('CANCELLED')) return 'CANCELLED';
  if (states.includes('FAILED')) return 'FAILED';
  return runs.get(fullName(graph.root))?.state === 'SKIPPED' ? 'SKIPPED' : 'SUCCEEDED';
}

function newRun(account: Account, graph: GraphRun, task: Task): TaskRun {
  return {
    task,
    graph,
    state: 'SCHEDULED',
    scheduled: task === graph.graph.root ? graph.scheduled : account.clock.now(),
    started: undefined,
    completed: undefined,
    queryId: undefined,
    errorCode: undefined,
    errorMessage: undefined,
    returnValue: undefined,
    attempt: graph.attempt,
  };
}

/** Runs one task as its owner: WHEN first, then its statement. The outcome is in `run`; nothing is thrown. */
async function runTask(account: Account, run: TaskRun): Promise<void> {
  const { task } = run;
  run.state = 'EXECUTING';
  run.started = account.clock.now();
  const stop = new AbortController();
  const cancel = () => stop.abort();
  run.graph.abort.signal.addEventListener('abort', cancel);
  const over = new AbortController();
  let timedOut = false;
  if (task.timeoutMs > 0)
    void account.clock.sleep(task.timeoutMs, over.signal).then(() => {
      if (over.signal.aborted) return;
      timedOut = true;
      stop.abort();
    });
  let session: Session | undefined;
  try {
    session = await taskSession(account, run);
    if (task.condition !== undefined && !(await conditionHolds(account, session, task.condition))) {
      run.state = 'SKIPPED';
      run.errorCode = '0040003';
      run.errorMessage = 'Conditional expression for task evaluated to false.';
      return;
    }
    const result = await account.run(session, task.definition, { signal: stop.signal });
    run.queryId = result.queryId;
    run.state = 'SUCCEEDED';
  } catch (error) {
    run.queryId ??= session?.queryIds[session.queryIds.length - 1];
    const known = error instanceof SnowflakeError;
    run.state = run.graph.abort.signal.aborted ? 'CANCELLED' : 'FAILED';
    run.errorCode = timedOut ? '000630' : known ? error.code : '000603';
    run.errorMessage = timedOut
      ? `Statement reached its statement or warehouse timeout of ${task.timeoutMs / 1000} second(s) and was canceled.`
      : error instanceof Error
        ? error.message
        : String(error);
  } finally {
    over.abort();
    run.graph.abort.signal.removeEventListener('abort', cancel);
    run.completed = account.clock.now();
    if (session) await account.closeSession(session);
  }
}

async function taskSession(account: Account, run: TaskRun): Promise<Session> {
  const { task } = run;
  const session = await account.internalSession({
    user: 'SYSTEM',
    role: task.owner,
    database: task.database,
    schema: task.schema,
    ...(task.warehouse !== undefined && { warehouse: task.warehouse }),
  });
  session.notes.set(NOTE, run);
  for (const [name, value] of Object.entries(task.sessionParameters)) await session.setParameter(name, value);
  return session;
}

async function conditionHolds(account: Account, session: Session, condition: string): Promise<boolean> {
  const { evaluate } = await import('../query/index.js');
  const { cell } = await evaluate({ account, session }, condition);
  return cell === '1' || cell === 'true';
}
