import { perform, speak } from '../ground/inside.js';
import { qualify } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { refuseHiddenTables } from '../records/hidden-tables.js';
import { recordRun } from '../runs.js';
import { explore } from './explore.js';
import { type ExploreSettings, explorePlan } from './make-plan.js';
import type { ExplorePlan } from './plan.js';

/** Derived from the dataset contract and the settings (make-plan.ts) and compiled in. */
declare const PLAN: ExplorePlan;

export const object = {
  signature: {
    name: 'EXPLORE_ADMISSIONS',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'read',
  needs: ['<TABLE>', 'LOS_RUN_LOG'],
  plan: (from: PlanSource<ExploreSettings>) => ({ PLAN: explorePlan(from) }),
} as const satisfies ProcedureObject<typeof exploreAdmissions>;

/**
 * Answers the contract's questions of the admissions, and those that are asked of all, in tables and sentences.
 * @returns {dataset, longStayDays, overview, highlights, questions: [{id, question, answer, tables, weight}], leftOut, run}
 * @example
 * CALL EXPLORE_ADMISSIONS();
 */
export default function exploreAdmissions() {
  try {
    const { contract, settings } = PLAN;
    perform(settings, refuseHiddenTables(settings, contract));
    const { result, run } = recordRun(
      qualify(settings, 'LOS_RUN_LOG'),
      { kind: 'explore', dataset: contract.name },
      () => {
        const made = perform(settings, explore(PLAN));
        return { rows: made.overview.stays, details: { questions: made.questions.length }, result: made };
      },
    );
    return { ...result, run };
  } catch (error) {
    return speak(error);
  }
}
