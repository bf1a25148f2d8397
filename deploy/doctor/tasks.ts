import { schemaPath } from '../../procedures/ground/names.js';
import { graphEnd, graphSteps } from '../../procedures/scoring/graph-tasks.js';
import { lackedRight } from '../clients/refused.js';
import { forDataset } from '../dataset/context.js';
import { lateAdmissions } from '../operate/health.js';
import { lastRuns } from '../operate/last-runs.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import type { Check, Problem } from './check.js';
import type { Scene } from './scene.js';

/** The task graph that scores without anybody asking. */
export const taskChecks: readonly Check[] = [
  { name: 'tasks', title: 'the task graph exists and runs by itself', needs: ['database'], look: graph },
  {
    name: 'last-run',
    title: 'the last run of every task ended well',
    needs: ['tasks', 'warehouse'],
    look: lastRun,
  },
  {
    name: 'waiting',
    title: 'no admission waits longer than two schedules to be scored',
    needs: ['last-run', 'tables'],
    look: waiting,
  },
];

async function graph(scene: Scene): Promise<Problem | undefined> {
  const { settings } = scene.ctx;
  const rows = await showOrNothing(scene.ctx, `SHOW TASKS IN SCHEMA ${schemaPath(settings)}`);
  for (const { task: name } of [...graphSteps, graphEnd]) {
    const task = rows.find((row) => row.name === name);
    if (!task) return { what: `The task ${name} does not exist.`, fix: scene.los('apply') };
    if (settings.tasks.resumed && String(task.state).toLowerCase() !== 'started')
      return {
        what: `The task ${name} is suspended, so no admission is scored on schedule.`,
        fix: `SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('${schemaPath(settings)}.${graphSteps[0].task}'); or ${scene.los('apply')}`,
      };
  }
  return undefined;
}

async function lastRun(scene: Scene): Promise<Problem | undefined> {
  const runs = await lastRuns(
    scene.ctx,
    graphSteps.map(({ task }) => task),
    { skipped: false },
  );
  for (const { task } of graphSteps) {
    const last = runs.find(({ name }) => name === task);
    if (!last || last.state === 'SUCCEEDED') continue;
    const mend = lackedRight(last.error ?? '');
    return {
      what: `The last run of ${task} ended as ${last.state}: ${last.error ?? 'no reason is given'}`,
      fix: mend
        ? `${mend} Then ${scene.los('score')}`
        : `Mend that cause${task === graphSteps[0].task ? ` (${scene.los('dataset check')} holds the contract against its table)` : ''}, then ${scene.los('score')}; the admissions wait, none is lost`,
    };
  }
  return undefined;
}

async function waiting(scene: Scene): Promise<Problem | undefined> {
  const late = await lateAdmissions(scene.ctx, forDataset(scene.ctx).contract);
  if (late === undefined) return undefined;
  return {
    what: late,
    fix: `${scene.los('score')}: it runs the task graph once and says what stands in its way`,
  };
}
