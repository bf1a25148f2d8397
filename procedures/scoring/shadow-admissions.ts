import type { SqlSignature } from '../../udfs/signature.js';
import { recorded, scalar } from '../runs.js';

/** Derived from the settings (deploy/model/shadow-plan.ts) and compiled in. */
declare const PLAN: { dataset: string; version: string; status: string; score: string; runLog: string };

export const signature = {
  name: 'SHADOW_ADMISSIONS',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof shadowAdmissions>;

/**
 * Lets the challenger predict what the champion has just predicted and writes it down beside. One INSERT reads
 * the stream on the prediction log, asks the challenger and keeps its answers: each admission once.
 * @returns {rows, version, run}
 */
export default function shadowAdmissions() {
  return recorded(PLAN.runLog, { kind: 'shadow', dataset: PLAN.dataset }, () => {
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
