import { SLOW_MS } from '@local-cloud/kit/faults/fault.js';
import type { Account } from '../../account.js';
import type { Task } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import { meterOf, type TimedTask } from '../../metering/meter.js';
import { evaluate } from '../../query/evaluate.js';
import type { Session } from '../../sessions/session.js';
import { requireRunnable } from '../graph/access.js';
import { fullName, type Graph } from '../graph/graph.js';

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
  /** Ends this run alone; see SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS. */
  abort: AbortController;
}

/** As TASK_HISTORY's SCHEDULED_FROM shows them; docs: sql-reference/functions/task_history. */
export type RunOrigin = 'SCHEDULE' | 'EXECUTE_TASK' | 'TRIGGER' | 'AUTOMATIC RETRY' | 'MANUAL RETRY';

/** One run of a graph, with the definitions it began with. */
export interface GraphRun {
  /** GRAPH_RUN_GROUP_ID: the same for a run and its retries. */
  id: string;
  graph: Graph;
  from: RunOrigin;
  config: string | undefined;
  scheduled: number;
  /** When the group's first run was scheduled. */
  originallyScheduled: number;
  /** The latest group that had succeeded when this one's first run began. */
  lastSuccess: { id: string; originallyScheduled: number } | undefined;
  attempt: number;
  nextScheduled: number | undefined;
  /** When the tasks that have run ended, by the meter; the next one begins then. */
  meteredUntil?: number;
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
 * @param ended is told of each task that has ended
 * @returns how it ended; the caller puts it into the run
 */
export async function runGraph(
  account: Account,
  graphRun: GraphRun,
  { record, ended }: { record: (run: TaskRun) => void; ended: (run: TaskRun) => void },
): Promise<GraphRun['state']> {
  const { graph, runs } = graphRun;
  graphRun.state = 'EXECUTING';
  // "When USER_TASK_TIMEOUT_MS is set in the root task, the timeout applies to the entire task graph."
  const deadline = deadlineOf(account, graph.root.timeoutMs);
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
      const before = await Promise.all(above.map(start));
      const states = before.map((run) => run?.state);
      const ready =
        states.includes('SUCCEEDED') && states.every((state) => state === 'SUCCEEDED' || state === 'SKIPPED');
      if (!ready) return undefined;
    }
    // A retry keeps what has succeeded.
    const before = runs.get(fullName(task));
    if (before?.state === 'SUCCEEDED' || before?.state === 'SKIPPED') return before;
    return one(task);
  };
  const one = async (task: Task): Promise<TaskRun> => {
    const run = newRun(account, graphRun, task);
    runs.set(fullName(task), run);
    record(run);
    const own = task === graph.root ? deadline : deadlineOf(account, task.timeoutMs);
    await runTask(account, run, own ?? deadline ?? account.clock.now() + DEFAULT_TIMEOUT_MS);
    ended(run);
    return run;
  };
  await Promise.all([graph.root, ...resumed].map(start));
  const states = [...runs.values()].map((run) => run.state);
  if (graph.finalizer?.state === 'started' && runs.get(fullName(graph.root))?.state !== 'SKIPPED') {
    states.push((await one(graph.finalizer)).state);
  }
  if (states.includes('CANCELLED')) return 'CANCELLED';
  if (states.includes('FAILED')) return 'FAILED';
  return runs.get(fullName(graph.root))?.state === 'SKIPPED' ? 'SKIPPED' : 'SUCCEEDED';
}

/** USER_TASK_TIMEOUT_MS where it is not set, and what 0 means; docs: sql-reference/sql/create-task. */
const DEFAULT_TIMEOUT_MS = 3_600_000;
const LONGEST_TIMEOUT_MS = 604_800_000;

function deadlineOf(account: Account, timeoutMs: number | undefined): number | undefined {
  return timeoutMs === undefined ? undefined : account.clock.now() + (timeoutMs || LONGEST_TIMEOUT_MS);
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
    abort: new AbortController(),
  };
}

/**
 * Runs one task as its owner: WHEN first, then its statement. The outcome is in `run`; nothing is thrown.
 * @param deadline when it times out, in milliseconds since 1970
 */
async function runTask(account: Account, run: TaskRun, deadline: number): Promise<void> {
  const { task } = run;
  run.state = 'EXECUTING';
  run.started = account.clock.now();
  const stop = new AbortController();
  const stopNow = () => stop.abort();
  const cancels = [run.graph.abort.signal, run.abort.signal];
  for (const signal of cancels) signal.addEventListener('abort', stopNow);
  const over = new AbortController();
  let timedOut = false;
  void account.clock.sleep(deadline - account.clock.now(), over.signal).then(() => {
    if (over.signal.aborted) return;
    timedOut = true;
    stop.abort();
  });
  let session: Session | undefined;
  let timed: TimedTask | undefined;
  const meter = meterOf(account);
  try {
    requireRunnable(account, task);
    session = await taskSession(account, task, run);
    if (task.condition !== undefined && !(await conditionHolds(account, session, task.condition))) {
      run.state = 'SKIPPED';
      run.errorCode = '0040003';
      run.errorMessage = 'Conditional expression for task evaluated to false.';
      return;
    }
    timed = meter.beginTask(session, run.graph.meteredUntil ?? 0);
    const lost = await spoil(account, stop.signal);
    const result = await account.run(session, task.definition, { signal: stop.signal });
    run.queryId = result.queryId;
    if (lost) throw lost;
    run.state = 'SUCCEEDED';
  } catch (error) {
    run.queryId ??= session?.queryIds[session.queryIds.length - 1];
    const known = error instanceof SnowflakeError;
    run.state = cancels.some((signal) => signal.aborted) ? 'CANCELLED' : 'FAILED';
    run.errorCode = timedOut ? '000630' : known ? error.code : '000603';
    run.errorMessage = timedOut
      ? `Statement reached its statement or warehouse timeout of ${(deadline - run.started) / 1000} second(s) and was canceled.`
      : error instanceof Error
        ? error.message
        : String(error);
  } finally {
    over.abort();
    for (const signal of cancels) signal.removeEventListener('abort', stopNow);
    run.completed = account.clock.now();
    if (timed)
      run.graph.meteredUntil = meter.endTask(
        timed,
        task.warehouse === undefined ? fullName(task) : undefined,
      );
    if (session) await account.closeSession(session);
  }
}

/**
 * What a fault set on `snowflake:TASK` does to the run (see local/kit/faults): it waits, or fails.
 * @returns the error that the run ends with although its statement was run
 */
async function spoil(account: Account, signal: AbortSignal): Promise<SnowflakeError | undefined> {
  const kind = account.faults?.take('snowflake:TASK');
  if (!kind) return undefined;
  const error = new SnowflakeError(
    '000603',
    'XX000',
    'SQL execution internal error:\nProcessing aborted by error 300002:1; incident (a fault set on command).',
  );
  if (kind === 'lose') return error;
  if (kind !== 'slow' && kind !== 'hang') throw error;
  // Until it is cancelled or times out.
  if (kind === 'hang') while (!signal.aborted) await account.clock.sleep(SLOW_MS, signal);
  else await account.clock.sleep(SLOW_MS, signal);
  return undefined;
}

/** Whether the WHEN of a task that nothing runs yet holds; see TaskEngine, triggered tasks. @throws SnowflakeError */
export async function isDue(account: Account, task: Task): Promise<boolean> {
  const session = await taskSession(account, task);
  try {
    return await conditionHolds(account, session, task.condition!);
  } finally {
    await account.closeSession(session);
  }
}

async function taskSession(account: Account, task: Task, run?: TaskRun): Promise<Session> {
  const session = await account.internalSession({
    user: 'SYSTEM',
    role: task.owner,
    database: task.database,
    schema: task.schema,
    ...(task.warehouse !== undefined && { warehouse: task.warehouse }),
  });
  if (run) session.notes.set(NOTE, run);
  for (const [name, value] of Object.entries(task.sessionParameters)) await session.setParameter(name, value);
  return session;
}

async function conditionHolds(account: Account, session: Session, condition: string): Promise<boolean> {
  const { cell } = await evaluate({ account, session }, condition);
  return cell === '1' || cell === 'true';
}
