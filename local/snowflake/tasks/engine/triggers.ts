import type { Account } from '../../account.js';
import type { CatalogObject, Task } from '../../catalog/objects.js';
import { tracks } from '../../catalog/tracked-tables.js';
import { streamsIn } from '../graph/condition.js';
import { allTasks } from '../graph/graph.js';
import { isTriggered } from '../graph/place.js';
import { isDue } from './run.js';

/** "If a task hasn't run for 12 hours, Snowflake schedules a health check." */
const HEALTH_CHECK_MS = 12 * 3_600_000;
/** USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS where it is not set. */
const DEFAULT_INTERVAL_SECONDS = 30;

interface Trigger {
  /** Which resumption of the task this is. */
  resumedOn: number | undefined;
  /** Whether its streams may have data that it was not asked about yet. */
  asked: boolean;
  notBefore: number;
  healthCheck: number;
}

/**
 * Tasks that the data of streams starts (docs: user-guide/tasks-triggered). Their WHEN is evaluated when they are
 * resumed, when a transaction has written to a table with streams, when a run has ended, and every twelve hours; a
 * run starts if it holds, but not sooner after the one before than the minimum interval.
 */
export class Triggers {
  private readonly states = new Map<number, Trigger>();

  constructor(private readonly account: Account) {}

  /** The streams on a table may have data now. @returns whether there is a task to ask */
  ask(tableId: number): boolean {
    let any = false;
    for (const [id, state] of this.states) {
      if (!this.reads(this.account.catalog.get(id), tableId)) continue;
      state.asked = true;
      any = true;
    }
    return any;
  }

  /** Whether a task's WHEN names a stream that offers the table's changes, or one that is not to be found: then asking it tells why. */
  private reads(task: CatalogObject | undefined, tableId: number): boolean {
    if (task?.kind !== 'TASK' || task.condition === undefined) return true;
    return streamsIn(task.condition).some((name) => {
      const full = [task.database, task.schema].slice(0, 3 - name.length).concat(name);
      const stream = this.account.catalog
        .list('STREAM')
        .find((each) => [each.database, each.schema, each.name].join('\0') === full.join('\0'));
      return stream === undefined || tracks(stream, tableId);
    });
  }

  /** A run of this task has ended: its stream may have had data meanwhile. */
  onEnd(taskId: number): void {
    const state = this.states.get(taskId);
    if (state) state.asked = true;
  }

  /** The tasks that must run now, and when to check again. */
  async check(isRunning: (task: Task) => boolean): Promise<{ run: Task[]; next: number }> {
    const run: Task[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const task of this.tasksToTrigger()) {
      const state = this.states.get(task.id)!;
      // "If a task is running and the stream has new data, the task pauses until the current task is complete."
      if (isRunning(task)) continue;
      const now = this.account.clock.now();
      const healthCheck = now >= state.healthCheck;
      if ((state.asked || healthCheck) && now >= state.notBefore) {
        state.asked = false;
        // A check that finds nothing is in the history as a skipped run.
        if (healthCheck || (await this.holds(task))) {
          const interval = (task.triggerIntervalSeconds ?? DEFAULT_INTERVAL_SECONDS) * 1000;
          state.notBefore = now + Math.min(interval, HEALTH_CHECK_MS);
          state.healthCheck = now + HEALTH_CHECK_MS;
          run.push(task);
          continue;
        }
      }
      next = Math.min(next, state.asked ? state.notBefore : state.healthCheck);
    }
    return { run, next };
  }

  private tasksToTrigger(): Task[] {
    const tasks = allTasks(this.account).filter((task) => task.state === 'started' && isTriggered(task));
    const ids = new Set(tasks.map((task) => task.id));
    for (const id of this.states.keys()) if (!ids.has(id)) this.states.delete(id);
    const now = this.account.clock.now();
    for (const { id, resumedOn } of tasks)
      if (this.states.get(id)?.resumedOn !== resumedOn)
        this.states.set(id, { resumedOn, asked: true, notBefore: now, healthCheck: now + HEALTH_CHECK_MS });
    return tasks;
  }

  /** A WHEN that cannot be evaluated lets the task run, and fail with the reason in its history. */
  private async holds(task: Task): Promise<boolean> {
    try {
      return await isDue(this.account, task);
    } catch {
      return true;
    }
  }
}
