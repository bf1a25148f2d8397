import { Refused, type Work } from '../../ground/work.js';
import type { PlanSource, ProcedureObject } from '../../object.js';
import { readOptions } from '../../options.js';
import type { Exploration } from '../answer.js';
import { explore } from '../explore.js';
import { type ExploreSettings, explorePlan } from '../make-plan.js';
import type { ExplorePlan } from '../plan.js';
import { answerAndRecord } from './record.js';

/** Derived from the dataset contract and the settings (make-plan.ts) and compiled in. */
declare const PLAN: ExplorePlan;

interface ExploreOptions {
  /** All stays that have ended by now, not of the published ones. */
  readonly current?: boolean;
}

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
 * @param options current: TRUE
 * @returns as EXPLORE_ADMISSIONS()
 * @example
 * CALL EXPLORE_ADMISSIONS({'current': TRUE});
 */
export default function exploreAdmissionsWith(options: ExploreOptions | null) {
  return answerAndRecord(PLAN, current(options));
}

function* current(options: ExploreOptions | null): Work<Exploration> {
  const asked = readOptions<ExploreOptions>('EXPLORE_ADMISSIONS', options, { current: 'boolean' });
  if (!asked.current)
    throw new Refused(
      'With options, EXPLORE_ADMISSIONS answers of all stays by now: current is TRUE.',
      'CALL EXPLORE_ADMISSIONS() gives the answer of the month.',
    );
  return yield* explore(PLAN);
}
