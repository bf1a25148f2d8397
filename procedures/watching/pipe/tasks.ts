import { literal, qualify, schemaPath } from '../../ground/names.js';
import { query, queryFirst, type Row, type Work } from '../../ground/work.js';
import { graphEnd, graphSteps } from '../../scoring/graph-tasks.js';
import type { WatchPlan } from '../plan.js';
import { IDLE_TASKS, type Sign } from '../signs.js';
import { isNotShown } from './streams.js';

/** The tasks without which no admission is predicted or nothing is watched; the one that looks runs. */
const TASKS: readonly string[] = [...graphSteps.map(({ task }) => task), graphEnd.task, 'LOS_WATCH'];

/** That a task is suspended or gone, although the settings have tasks run. Those that a running apply has suspended are none. */
export function* lookAtTasks({ place, tasksRun }: WatchPlan): Work<Sign[]> {
  if (!tasksRun) return [];
  const shown = yield* showTasks(place);
  const state = (name: string) =>
    String(shown.find((row) => row.name === name)?.state || 'gone').toLowerCase();
  const idle = TASKS.filter((name) => state(name) !== 'started');
  // No task at all is to be seen where SHOW is refused.
  if (shown.length === 0 || idle.length === 0) return [];
  const busy = yield* queryFirst(
    `SELECT COUNT(*) AS N FROM ${qualify(place, 'LOS_DEPLOYMENT_LOG')} WHERE STATUS = 'RUNNING' AND ALIVE_UNTIL > CURRENT_TIMESTAMP()`,
  );
  if (Number(busy?.N || 0) > 0) return [];
  const words = idle.map((name) => `${name} is ${state(name)}`).join(', ');
  return [
    {
      kind: 'scoring',
      subject: IDLE_TASKS,
      severity: 'critical',
      message: `Of the tasks ${words}: ${idle.every((name) => name === 'LOS_WATCH') ? 'inputs and predictions are not watched' : 'new admissions get no prediction'}.`,
      next: 'los apply makes and resumes tasks; or ALTER TASK … RESUME;',
      lookAt: 'scoring',
    },
  ];
}

function* showTasks(place: WatchPlan['place']): Work<readonly Row[]> {
  try {
    return yield* query(`SHOW TASKS LIKE ${literal('LOS_%')} IN SCHEMA ${schemaPath(place)}`);
  } catch (error) {
    if (!isNotShown(error)) throw error;
    return [];
  }
}
