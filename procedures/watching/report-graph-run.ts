import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type WatchedSettings, watchPlan } from './make-plan.js';
import { type GraphRunReport, reportGraphRun } from './pipe/graph-run.js';
import type { WatchPlan } from './plan.js';

declare const PLAN: WatchPlan;

export const object = {
  signature: {
    name: 'REPORT_GRAPH_RUN',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: (from: PlanSource<WatchedSettings>) => ({ PLAN: watchPlan(from) }),
} as const satisfies ProcedureObject<typeof report>;

/**
 * Reports how the run of the task graph ended that it finalizes, where that is news, and recreates streams that cannot be read.
 * @returns {events, failed}
 * @example
 * CALL REPORT_GRAPH_RUN();
 */
export default function report(): GraphRunReport {
  try {
    return perform(PLAN.place, reportGraphRun(PLAN));
  } catch (error) {
    return speak(error);
  }
}
