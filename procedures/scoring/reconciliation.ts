import { recordRun, run, runInTransaction } from '../runs.js';
import type { BuildPlan } from './plans.js';
import type { Tally } from './tally.js';
import { withdrawGone } from './withdrawals.js';

/** Compares everything with everything, so that what a stream has missed does not stay unseen; writes its run into the run log. */
export function reconcileAll(plan: BuildPlan, total: Tally): void {
  recordRun(plan.runLog, { kind: 'reconciliation', dataset: plan.dataset }, () =>
    runInTransaction(() => {
      const { queue, actuals } = plan.all;
      run(queue.clear);
      const withdrawn = withdrawGone(plan, 'all', total);
      const queued = run(queue.fill).getNumRowsInserted();
      const settled = run(actuals).getNumRowsUpdated();
      total.queued += queued;
      total.actuals += settled;
      return { rows: withdrawn + settled, details: { withdrawn, waiting: queued, actuals: settled } };
    }),
  );
}
