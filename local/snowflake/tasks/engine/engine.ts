import { randomUUID } from 'node:crypto';
import type { Account } from '../../account.js';
import type { Task } from '../../catalog/objects.js';
import { streamKeeper } from '../../streams/keeper.js';
import { allTasks, fullName, graphOf } from '../graph/graph.js';
import { isNonRoot } from '../graph/place.js';
import { nextRun } from '../graph/schedule.js';
import { type Failures, keepRun, readRuns } from './kept-runs.js';
import { type GraphRun, type RunOrigin, runGraph, type TaskRun } from './run.js';
import { Triggers } from './triggers.js';

/** Tasks come back with their schema (UNDROP), too: so often it is looked which there are. */
const LONGEST_SLEEP_MS = 60_000;
/** Runs held in memory at most. */
const KEPT_RUNS = 20_000;

/**
 * Runs an account's tasks: on their schedules by the account's clock, when their streams have data, and on EXECUTE
 * TASK. Whether runs of a graph overlap is its root's OVERLAP_POLICY: a due run that may not is passed over, one
 * asked for by EXECUTE TASK waits, and replaces another that waits (docs: sql-reference/sql/execute-task).
 */
export class TaskEngine {
  readonly history: TaskRun[] = [];
  readonly graphRuns: GraphRun[] = [];
  /** When each started root is due next, by task id. */
  private readonly due = new Map<number, { schedule: string; at: number; seen: number }>();
  private readonly running = new Map<number, Map<GraphRun, Promise<void>>>();
  /** Runs that EXECUTE TASK asked for while another one may not be overlapped. */
  private readonly waiting = new Map<number, GraphRun>();
  private readonly failures = new Map<number, Failures>();
  private readonly triggers: Triggers;
  private readonly stopped = new AbortController();
  private wake = new AbortController();
  private loop: Promise<void> | undefined;
  private asleep = false;
  private restored!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(private readonly account: Account) {
    this.triggers = new Triggers(account);
    streamKeeper(account).onWritten((tableId) => {
      if (this.triggers.ask(tableId)) this.wake.abort();
    });
  }

  /** Begins to follow the schedules; on `stop` running tasks are cancelled. */
  start(): void {
    this.loop ??= this.restore().then(() => this.follow());
  }

  /** Settles when the runs before the last restart are in the history again. */
  readonly ready: Promise<void> = new Promise((resolve, reject) => {
    this.restored = { resolve, reject };
  });

  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake.abort();
    for (const run of this.graphRuns) run.abort.abort();
    await this.loop;
    await Promise.all([...this.running.values()].flatMap((runs) => [...runs.values()]));
  }

  /** To be called when a task was created, changed, resumed, suspended or dropped. */
  onChange(): void {
    this.start();
    this.wake.abort();
  }

  /** EXECUTE TASK: a run of the graph now, or after the running one. */
  execute(root: Task, { config, retryOf }: { config?: string; retryOf?: GraphRun }): void {
    const run = this.newRun(
      root,
      this.account.clock.now(),
      retryOf ? 'MANUAL RETRY' : 'EXECUTE_TASK',
      retryOf ? retryOf.config : config,
    );
    if (retryOf) this.keepSuccesses(run, retryOf);
    if (!this.mustWait(root)) {
      this.launch(run);
      return;
    }
    const replaced = this.waiting.get(root.id);
    if (replaced) this.graphRuns.splice(this.graphRuns.indexOf(replaced), 1);
    this.waiting.set(root.id, run);
  }

  /** The latest run of a graph, or of one of its run groups, if any. */
  lastRun(root: Task, group?: string): GraphRun | undefined {
    return this.graphRuns.findLast(
      (run) => run.graph.root.id === root.id && (group === undefined || run.id === group),
    );
  }

  /** Cancels what is running of one task. @returns those runs */
  cancel(task: Task): TaskRun[] {
    const active = this.history.filter((run) => run.task.id === task.id && run.state === 'EXECUTING');
    for (const run of active) run.abort.abort();
    return active;
  }

  /** Whether no task runs or is about to: a clock that is moved then overtakes none, which would seem to have run for as long. */
  get isIdle(): boolean {
    const isRunning = [...this.running.values()].some((runs) => runs.size > 0);
    return this.asleep && !this.wake.signal.aborted && !isRunning;
  }

  /** When a root is due next, if it has a schedule and is resumed. */
  nextDue(task: Task): number | undefined {
    return this.due.get(task.id)?.at;
  }

  private async restore(): Promise<void> {
    try {
      const { runs, failures } = await readRuns(this.account);
      for (const each of failures) this.failures.set(each.rootId, each);
      this.graphRuns.unshift(...runs);
      this.history.unshift(
        ...runs.flatMap((run) => [...run.runs.values()].filter((each) => each.attempt === run.attempt)),
      );
      this.restored.resolve();
    } catch (error) {
      this.restored.reject(error);
      throw error;
    }
  }

  private async follow(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      this.wake = new AbortController();
      const now = this.account.clock.now();
      let next = now + LONGEST_SLEEP_MS;
      for (const root of this.rootsToSchedule()) {
        const due = this.due.get(root.id)!;
        if (due.at <= now) {
          if (!this.mustWait(root)) this.launch(this.newRun(root, due.at, 'SCHEDULE'));
          due.at = nextRun(root.schedule!, now, root.resumedOn ?? root.createdOn);
        }
        next = Math.min(next, due.at);
      }
      const triggered = await this.triggers.check((root) => this.isRunning(root.id));
      for (const root of triggered.run) this.launch(this.newRun(root, now, 'TRIGGER'));
      next = Math.min(next, triggered.next);
      this.asleep = true;
      await this.account.clock.sleep(next - this.account.clock.now(), this.wake.signal);
      this.asleep = false;
    }
  }

  private rootsToSchedule(): Task[] {
    const roots = allTasks(this.account).filter(
      (task) => task.state === 'started' && task.schedule !== undefined && !isNonRoot(task),
    );
    const ids = new Set(roots.map((root) => root.id));
    for (const id of this.due.keys()) if (!ids.has(id)) this.due.delete(id);
    const now = this.account.clock.now();
    for (const root of roots) {
      const schedule = `${root.schedule} ${root.resumedOn}`;
      const known = this.due.get(root.id);
      // A clock that has been set back makes what was next hours away.
      if (known?.schedule === schedule && known.seen <= now) known.seen = now;
      else {
        const at = nextRun(root.schedule!, now, root.resumedOn ?? root.createdOn);
        this.due.set(root.id, { schedule, at, seen: now });
      }
    }
    return roots;
  }

  private isRunning(rootId: number): boolean {
    return (this.running.get(rootId)?.size ?? 0) > 0;
  }

  /** OVERLAP_POLICY: whether a new run may not start now (docs: user-guide/tasks-graphs). */
  private mustWait(root: Task): boolean {
    const running = [...(this.running.get(root.id)?.keys() ?? [])];
    if (root.overlapPolicy === 'ALLOW_ALL_OVERLAP') return false;
    if (root.overlapPolicy === 'NO_OVERLAP') return running.length > 0;
    return running.some(({ graph, runs }) => runs.get(fullName(graph.root))?.completed === undefined);
  }

  private newRun(root: Task, scheduled: number, from: RunOrigin, config = root.config): GraphRun {
    const success = this.graphRuns.findLast(
      (run) => run.graph.root.id === root.id && run.state === 'SUCCEEDED',
    );
    const run: GraphRun = {
      id: randomUUID(),
      graph: graphOf(this.account, root),
      from,
      config,
      scheduled,
      originallyScheduled: scheduled,
      lastSuccess: success && { id: success.id, originallyScheduled: success.originallyScheduled },
      attempt: 1,
      nextScheduled: this.due.get(root.id)?.at,
      runs: new Map(),
      state: 'SCHEDULED',
      abort: new AbortController(),
    };
    this.graphRuns.push(run);
    if (this.graphRuns.length > KEPT_RUNS) this.graphRuns.shift();
    return run;
  }

  private launch(run: GraphRun): void {
    const { id } = run.graph.root;
    const all = this.running.get(id) ?? new Map<GraphRun, Promise<void>>();
    this.running.set(id, all);
    const work = this.runWhole(run).finally(() => {
      all.delete(run);
      this.startWaiting(run.graph.root);
      this.triggers.onEnd(id);
      this.wake.abort();
    });
    all.set(run, work);
  }

  private startWaiting(root: Task): void {
    const run = this.waiting.get(root.id);
    if (!run || this.stopped.signal.aborted || this.mustWait(root)) return;
    this.waiting.delete(root.id);
    this.launch(run);
  }

  /** A graph run with its automatic retries, and what follows from its failure. */
  private async runWhole(first: GraphRun): Promise<void> {
    let run = first;
    const { root } = first.graph;
    for (let attempt = 1; ; attempt++) {
      if (this.stopped.signal.aborted) return;
      const state = await runGraph(this.account, run, {
        record: (taskRun) => this.remember(taskRun),
        ended: (taskRun) => {
          if (taskRun.task === root) this.startWaiting(root);
        },
      });
      const again = state === 'FAILED' && attempt <= root.autoRetryAttempts;
      const failures = again ? undefined : this.failuresAfter(root, state);
      const suspends = failures !== undefined && (await this.suspendAfter(run, failures));
      await keepRun(this.account, run, state, suspends ? { ...failures, count: 0 } : failures);
      const retry = again
        ? this.newRun(root, this.account.clock.now(), 'AUTOMATIC RETRY', run.config)
        : undefined;
      if (retry) this.keepSuccesses(retry, run);
      // Only now: a waiter for the end must find the retry begun and the suspension done.
      run.state = state;
      if (!retry) return;
      run = retry;
    }
  }

  private keepSuccesses(retry: GraphRun, of: GraphRun): void {
    retry.attempt = of.attempt + 1;
    retry.id = of.id;
    retry.originallyScheduled = of.originallyScheduled;
    retry.lastSuccess = of.lastSuccess;
    for (const [name, run] of of.runs)
      if ((run.state === 'SUCCEEDED' || run.state === 'SKIPPED') && run.task !== of.graph.finalizer)
        retry.runs.set(name, run);
  }

  /** What a run's end makes of its root's failures in a row; undefined if it says nothing of them. */
  private failuresAfter(root: Task, state: GraphRun['state']): Failures | undefined {
    if (state !== 'FAILED' && state !== 'SUCCEEDED') return undefined;
    const resumedOn = root.resumedOn ?? 0;
    const before = this.failures.get(root.id);
    const count = before?.resumedOn === resumedOn ? before.count : 0;
    const failures = { rootId: root.id, resumedOn, count: state === 'FAILED' ? count + 1 : 0 };
    this.failures.set(root.id, failures);
    return failures;
  }

  /** SUSPEND_TASK_AFTER_NUM_FAILURES. @returns whether the root was suspended */
  private async suspendAfter(run: GraphRun, { rootId, count }: Failures): Promise<boolean> {
    const root = this.account.catalog.get(rootId) as Task | undefined;
    if (!root || root.suspendAfterFailures === 0 || count < root.suspendAfterFailures) return false;
    if (root.state !== 'started') return false;
    for (const each of run.runs.values())
      if (each.state === 'FAILED') each.state = 'FAILED_AND_AUTO_SUSPENDED';
    this.failures.delete(root.id);
    const connection = await this.account.storage.connect();
    try {
      await this.account.catalog.change(connection, (tx) => {
        // Another may have altered or dropped it meanwhile.
        const current = this.account.catalog.get(rootId);
        if (current?.kind !== 'TASK') return;
        tx.put({
          ...current,
          state: 'suspended',
          suspendedOn: this.account.clock.now(),
          suspendedReason: 'SUSPENDED_DUE_TO_ERRORS',
        });
      });
    } finally {
      connection.close();
    }
    this.onChange();
    return true;
  }

  private remember(run: TaskRun): void {
    this.history.push(run);
    if (this.history.length > KEPT_RUNS) this.history.splice(0, KEPT_RUNS / 10);
  }
}

const engines = new WeakMap<Account, TaskEngine>();

/** The account's task engine; it follows schedules once started (when the account opens, or a task changes). */
export function taskEngine(account: Account): TaskEngine {
  let engine = engines.get(account);
  if (!engine) {
    engine = new TaskEngine(account);
    engines.set(account, engine);
  }
  return engine;
}
