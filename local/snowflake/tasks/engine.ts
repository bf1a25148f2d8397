import { randomUUID } from 'node:crypto';
import type { Account } from '../account.js';
import type { Task } from '../catalog/objects.js';
import { allTasks, graphOf } from './graph.js';
import { keepRun, keptRuns } from './kept-runs.js';
import { type GraphRun, runGraph, type TaskRun } from './run.js';
import { nextRun } from './schedule.js';

/** Runs held in memory at most. */
const KEPT_RUNS = 20_000;

/**
 * Runs an account's tasks: on their schedules, by the account's clock, and on EXECUTE TASK. One graph runs at a
 * time unless its root allows overlap: a due run is then passed over, one asked for by EXECUTE TASK waits.
 */
export class TaskEngine {
  readonly history: TaskRun[] = [];
  readonly graphRuns: GraphRun[] = [];
  /** When each started root is due next, by task id. */
  private readonly due = new Map<number, { schedule: string; at: number }>();
  private readonly running = new Map<number, Set<Promise<void>>>();
  private readonly failures = new Map<number, number>();
  private readonly stopped = new AbortController();
  private wake = new AbortController();
  private loop: Promise<void> | undefined;
  private restored!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(private readonly account: Account) {}

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
    await Promise.all([...this.running.values()].flatMap((runs) => [...runs]));
  }

  /** To be called when a task was created, changed, resumed, suspended or dropped. */
  changed(): void {
    this.start();
    this.wake.abort();
  }

  /** EXECUTE TASK: a run of the graph now, or after the running one. */
  execute(root: Task, options: { config?: string; retryOf?: GraphRun } = {}): GraphRun {
    const { retryOf } = options;
    const run = this.newRun(
      root,
      this.account.clock.now(),
      retryOf ? 'EXECUTE TASK RETRY' : 'EXECUTE TASK',
      options.config,
    );
    if (retryOf) this.keepSuccesses(run, retryOf);
    const before = root.overlapPolicy === 'NO_OVERLAP' ? [...(this.running.get(root.id) ?? [])] : [];
    this.launch(run, Promise.all(before));
    return run;
  }

  /** The latest run of a graph, if any. */
  lastRun(root: Task): GraphRun | undefined {
    return this.graphRuns.findLast((run) => run.graph.root.id === root.id);
  }

  cancel(root: Task): number {
    const active = this.graphRuns.filter((run) => run.graph.root.id === root.id && run.state === 'EXECUTING');
    for (const run of active) run.abort.abort();
    return active.length;
  }

  nextDue(task: Task): number | undefined {
    return this.due.get(task.id)?.at;
  }

  private async restore(): Promise<void> {
    try {
      const runs = await keptRuns(this.account);
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
      let next = Number.POSITIVE_INFINITY;
      for (const root of this.startedRoots()) {
        const due = this.due.get(root.id)!;
        if (due.at <= now) {
          this.runDue(root, due.at);
          due.at = nextRun(root.schedule!, now, root.resumedOn ?? root.createdOn);
        }
        next = Math.min(next, due.at);
      }
      if (next === Number.POSITIVE_INFINITY) await aborted(this.wake.signal);
      else await this.account.clock.sleep(next - this.account.clock.now(), this.wake.signal);
    }
  }

  private startedRoots(): Task[] {
    const roots = allTasks(this.account).filter(
      (task) =>
        task.state === 'started' &&
        task.schedule !== undefined &&
        task.predecessors.length === 0 &&
        !task.finalizes,
    );
    const ids = new Set(roots.map((root) => root.id));
    for (const id of this.due.keys()) if (!ids.has(id)) this.due.delete(id);
    for (const root of roots) {
      const schedule = `${root.schedule} ${root.resumedOn}`;
      if (this.due.get(root.id)?.schedule === schedule) continue;
      const at = nextRun(root.schedule!, this.account.clock.now(), root.resumedOn ?? root.createdOn);
      this.due.set(root.id, { schedule, at });
    }
    return roots;
  }

  private runDue(root: Task, scheduled: number): void {
    const busy = (this.running.get(root.id)?.size ?? 0) > 0;
    if (busy && root.overlapPolicy === 'NO_OVERLAP') return; // Snowflake passes over a run that would overlap
    this.launch(this.newRun(root, scheduled, 'SCHEDULE'), Promise.resolve());
  }

  private newRun(root: Task, scheduled: number, from: GraphRun['from'], config = root.config): GraphRun {
    const run: GraphRun = {
      id: randomUUID(),
      graph: graphOf(this.account, root),
      from,
      config,
      scheduled,
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

  private launch(run: GraphRun, after: Promise<unknown>): void {
    const id = run.graph.root.id;
    const all = this.running.get(id) ?? new Set();
    this.running.set(id, all);
    const work = after.then(() => this.whole(run)).finally(() => all.delete(work));
    all.add(work);
  }

  /** A graph run with its automatic retries, and what follows from its failure. */
  private async whole(first: GraphRun): Promise<void> {
    let run = first;
    const { root } = first.graph;
    for (let attempt = 1; ; attempt++) {
      if (this.stopped.signal.aborted) return;
      const state = await runGraph(this.account, run, (taskRun) => this.remember(taskRun));
      const again = state === 'FAILED' && attempt <= root.autoRetryAttempts;
      const retry = again ? this.newRun(root, this.account.clock.now(), 'AUTO RETRY', run.config) : undefined;
      if (retry) this.keepSuccesses(retry, run);
      else if (state === 'FAILED') await this.countFailure(run);
      else if (state === 'SUCCEEDED') this.failures.delete(root.id);
      // Only now: whoever waits for the end must find the retry begun and the suspension done.
      run.state = state;
      await keepRun(this.account, run);
      if (!retry) return;
      run = retry;
    }
  }

  private keepSuccesses(retry: GraphRun, of: GraphRun): void {
    retry.attempt = of.attempt + 1;
    retry.id = of.id;
    for (const [name, run] of of.runs)
      if ((run.state === 'SUCCEEDED' || run.state === 'SKIPPED') && run.task !== of.graph.finalizer)
        retry.runs.set(name, run);
  }

  /** SUSPEND_TASK_AFTER_NUM_FAILURES. */
  private async countFailure(run: GraphRun): Promise<void> {
    const root = this.account.catalog.get(run.graph.root.id) as Task | undefined;
    if (!root) return;
    const count = (this.failures.get(root.id) ?? 0) + 1;
    this.failures.set(root.id, count);
    if (root.suspendAfterFailures === 0 || count < root.suspendAfterFailures || root.state !== 'started')
      return;
    for (const each of run.runs.values())
      if (each.state === 'FAILED') each.state = 'FAILED_AND_AUTO_SUSPENDED';
    this.failures.delete(root.id);
    const connection = await this.account.storage.connect();
    try {
      await this.account.catalog.change(connection, (tx) => tx.put({ ...root, state: 'suspended' }));
    } finally {
      connection.close();
    }
    this.changed();
  }

  private remember(run: TaskRun): void {
    this.history.push(run);
    if (this.history.length > KEPT_RUNS) this.history.splice(0, KEPT_RUNS / 10);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
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
