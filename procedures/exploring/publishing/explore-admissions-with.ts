import { Refused, type Work } from '../../ground/work.js';
import type { PlanSource, ProcedureObject } from '../../object.js';
import type { Exploration } from '../answer.js';
import { explore } from '../explore.js';
import { type ExploreSettings, explorePlan } from '../make-plan.js';
import type { ExplorePlan } from '../plan.js';
import { answerAndRecord } from './record.js';

declare const PLAN: ExplorePlan;

export const object = {
  signature: {
    name: 'EXPLORE_ADMISSIONS',
    args: [['OPTIONS', 'OBJECT']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'patients',
  needs: ['<TABLE>', 'LOS_RUN_LOG'],
  plan: (from: PlanSource<ExploreSettings>) => ({ PLAN: explorePlan(from) }),
} as const satisfies ProcedureObject<typeof exploreAdmissionsWith>;

/**
 * The same of all stays that have ended by now, for those who may read rows: two of these answers may differ by single patients.
 * @param options {current: true}
 * @returns as EXPLORE_ADMISSIONS()
 * @example
 * CALL EXPLORE_ADMISSIONS({'current': TRUE});
 */
export default function exploreAdmissionsWith(options: object | null) {
  return answerAndRecord(PLAN, current(options || {}));
}

function* current(options: { readonly current?: unknown }): Work<Exploration> {
  if (options.current !== true || Object.keys(options).length > 1)
    throw new Refused(
      'The only option of EXPLORE_ADMISSIONS is current, and it is TRUE.',
      'CALL EXPLORE_ADMISSIONS() gives the answer of the month.',
    );
  return yield* explore(PLAN);
}
