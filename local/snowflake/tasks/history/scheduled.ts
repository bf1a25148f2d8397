import type { Account } from '../../account.js';
import type { Task } from '../../catalog/objects.js';
import type { Place } from '../../kernel/information-view.js';
import { taskEngine } from '../engine/engine.js';
import type { GraphRun, TaskRun } from '../engine/run.js';
import { allTasks, fullName, graphOf } from '../graph/graph.js';

/** So far ahead the history functions show runs (docs: sql-reference/functions/task_history). */
const AHEAD_MS = 8 * 86_400_000;

/** The next run of every resumed root with a schedule, as it stands in the histories: SCHEDULED. */
export function runsToCome(account: Account): GraphRun[] {
  const now = account.clock.now();
  return allTasks(account).flatMap((root) => {
    const scheduled = taskEngine(account).nextDue(root);
    if (scheduled === undefined || root.state !== 'started' || scheduled > now + AHEAD_MS) return [];
    const graph: GraphRun = {
      id: '',
      graph: graphOf(account, root),
      from: 'SCHEDULE',
      config: root.config,
      scheduled,
      originallyScheduled: scheduled,
      lastSuccess: undefined,
      attempt: 1,
      nextScheduled: undefined,
      runs: new Map(),
      state: 'SCHEDULED',
      abort: new AbortController(),
    };
    const run: TaskRun = {
      task: root,
      graph,
      state: 'SCHEDULED',
      scheduled,
      started: undefined,
      completed: undefined,
      queryId: undefined,
      errorCode: undefined,
      errorMessage: undefined,
      returnValue: undefined,
      attempt: 1,
      abort: new AbortController(),
    };
    graph.runs.set(fullName(root), run);
    return [graph];
  });
}

/**
 * Whether the session may see a task's runs: as its owner, with MONITOR or OPERATE on it, with MONITOR EXECUTION on
 * the account, or as ACCOUNTADMIN (docs: sql-reference/functions/task_history, "Usage notes").
 */
export function mayMonitor({ account: { access }, session }: Place, task: Task): boolean {
  return (
    access.holds(session, task, 'MONITOR', 'OPERATE') ||
    access.holdsAccount(session, 'MONITOR EXECUTION') ||
    access.activeRoles(session).has('ACCOUNTADMIN')
  );
}
