import type { PlanSource, ProcedureObject } from '../object.js';
import { recordRun, scalar } from '../runs.js';
import { type ShadowSettings, shadowPlan } from './statements/shadow.js';

/** Derived from the settings (statements/shadow.ts) and compiled in. */
declare const PLAN: { dataset: string; version: string; status: string; score: string; runLog: string };

export const object = {
  signature: {
    name: 'SHADOW_ADMISSIONS',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  only: 'challenger',
  needs: ['LOS_SHADOW_LOG'],
  plan: (from: PlanSource<ShadowSettings>) => ({ PLAN: shadowPlan(from) }),
} as const satisfies ProcedureObject<typeof shadowAdmissions>;

/**
 * Lets the challenger predict what the champion has just predicted and writes it down beside. One INSERT reads
 * the stream on the prediction log, asks the challenger and keeps its answers: each admission once.
 * @returns {rows, version, run}
 * @example
 * CALL SHADOW_ADMISSIONS();
 */
export default function shadowAdmissions() {
  return recordRun(PLAN.runLog, { kind: 'shadow', dataset: PLAN.dataset }, () => {
    const status = scalar(PLAN.status);
    if (status === null || status === 'REMOVED' || status === 'FAILED')
      throw new Error(
        `${PLAN.version} cannot be asked: it is ${status === null ? 'not known' : String(status).toLowerCase()}. Name another one in tasks.challenger, or none, and run "los apply".`,
      );
    const score = snowflake.createStatement({ sqlText: PLAN.score });
    score.execute();
    return { rows: score.getNumRowsInserted(), version: PLAN.version };
  });
}
