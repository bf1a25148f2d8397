import { missingRight } from '../../deploy/clients/missing-right.js';
import { lateAdmissions } from '../../deploy/operate/health.js';
import { heldChanges } from '../../deploy/operate/held-changes.js';
import { lastRuns } from '../../deploy/watching/last-runs.js';
import { graphSteps } from '../../procedures/scoring/graph-tasks.js';
import { type Answer, breaks, type Check } from '../check.js';
import type { Scene } from './scene.js';

/** Checks of how the task graph has scored, which no plan tells. */
export const taskChecks: readonly Check<Scene>[] = [
  {
    name: 'last-run',
    asks: 'the last run of every task ended well',
    needs: ['tasks', 'warehouse'],
    look: lastRun,
  },
  {
    name: 'held',
    asks: "no change of the hospital's table is held as an accident",
    needs: ['tables'],
    async look({ ctx, contract }) {
      const held = await heldChanges(ctx, contract);
      return held && breaks(held.what, held.next);
    },
  },
  {
    name: 'waiting',
    asks: 'no admission waits longer than two schedules to be scored',
    needs: ['last-run', 'tables'],
    async look({ ctx, contract, los }) {
      const late = await lateAdmissions(ctx, contract);
      return late === undefined
        ? undefined
        : breaks(late, `${los('score')}: it runs the task graph once and says what stands in its way`);
    },
  },
];

async function lastRun({ ctx, los }: Scene): Promise<Answer | undefined> {
  const tasks = graphSteps.map(({ task }) => task);
  const runs = await lastRuns(ctx, tasks, { skipped: false });
  for (const task of tasks) {
    const last = runs.find(({ name }) => name === task);
    if (!last || last.state === 'SUCCEEDED') continue;
    const mend = missingRight(last.error ?? '');
    const contract =
      task === tasks[0] ? ` (${los('dataset check')} holds the contract against its table)` : '';
    return breaks(
      `The last run of ${task} ended as ${last.state}: ${last.error ?? 'no reason is given'}`,
      mend
        ? `${mend} Then ${los('score')}`
        : `Mend that cause${contract}, then ${los('score')}; the admissions wait, none is lost`,
    );
  }
  return undefined;
}
