import { fill } from '../ground/plan.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { recordRun, run } from '../runs.js';
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
    const rows = snowflake.execute({ sqlText: PLAN.status });
    const known = rows.next();
    const status = known ? String(rows.getColumnValue(1)) : 'not known';
    const predict = known ? rows.getColumnValue(2) : null;
    if (predict === null || status === 'REMOVED' || status === 'FAILED')
      throw new Error(
        `${PLAN.version} cannot be asked: it is ${status.toLowerCase()}. Name another one in tasks.challenger, or none, and run "los apply".`,
      );
    const score = run(fill(PLAN.score, { predict: String(predict) }));
    return { rows: score.getNumRowsInserted(), version: PLAN.version };
  });
}
