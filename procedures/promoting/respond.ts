import { perform, speak } from '../ground/inside.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import type { Work } from '../ground/work.js';
import { refuseHiddenTables } from '../records/hidden-tables.js';
import { type Outcome, recordRun } from '../runs.js';
import type { PromoteResult } from './promote.js';

/** Answers for a procedure; refusals are said in words (ground/inside.ts). */
export function respond<T>(plan: Plan, work: Work<T>): T {
  try {
    perform(plan.settings, refuseHiddenTables(plan.settings, plan.contract));
    return perform(plan.settings, work);
  } catch (error) {
    return speak(error);
  }
}

/**
 * The same, written down in LOS_RUN_LOG.
 * @param kind as it stands there
 * @param tell what the log says of the result
 */
export function respondAndRecord<T>(
  plan: Plan,
  kind: string,
  work: Work<T>,
  tell: (result: T) => Outcome,
): T {
  try {
    const { settings, contract } = plan;
    perform(settings, refuseHiddenTables(settings, contract));
    const run = { kind, dataset: contract.name };
    return recordRun(qualify(settings, 'LOS_RUN_LOG'), run, () => {
      const result = perform(settings, work);
      return { ...tell(result), result };
    }).result;
  } catch (error) {
    return speak(error);
  }
}

/** Details of a promotion in the log: from where to where, and the gates with whether it passed each. */
export function promotion({ version, previous, gates, reason }: PromoteResult): Outcome {
  const judged = gates.map(({ name, passed }) => ({ name, passed }));
  return {
    rows: 0,
    details: { version, previous, gates: judged, ...(reason === undefined ? {} : { reason }) },
  };
}
