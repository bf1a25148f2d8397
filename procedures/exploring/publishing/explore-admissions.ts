import type { PlanSource, ProcedureObject } from '../../object.js';
import { type ExploreSettings, explorePlan } from '../make-plan.js';
import type { ExplorePlan } from '../plan.js';
import { explorationOfMonth } from './publish.js';
import { answerAndRecord } from './record.js';

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
  needs: ['<TABLE>', 'LOS_PUBLICATIONS', 'LOS_PUBLISHED_ROWS', 'LOS_PUBLISHED_STAYS', 'LOS_RUN_LOG'],
  plan: (from: PlanSource<ExploreSettings>) => ({ PLAN: explorePlan(from) }),
} as const satisfies ProcedureObject<typeof exploreAdmissions>;

/**
 * Answers the contract's questions of the admissions, and those that are asked of all, in tables and sentences. An answer lasts until as many
 * other stays have ended, or 5,000, and the next one is about those.
 * @returns {dataset, longStayDays, overview, highlights, questions: [{id, question, answer, tables, weight}], leftOut, run}
 * @example
 * CALL EXPLORE_ADMISSIONS();
 */
export default function exploreAdmissions() {
  return answerAndRecord(PLAN, explorationOfMonth(PLAN));
}
