import type { SqlSignature } from '../../udfs/signature.js';
import { perform, speak } from '../ground/inside.js';
import { qualified } from '../ground/names.js';
import { recorded } from '../runs.js';
import { explore } from './explore.js';
import type { ExplorePlan } from './plan.js';

/** Derived from the dataset contract and the settings (deploy/eda/plan.ts) and compiled in. */
declare const PLAN: ExplorePlan;

export const signature = {
  name: 'EXPLORE_ADMISSIONS',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof exploreAdmissions>;

/**
 * Answers the contract's questions of the admissions, and those that are asked of all, in tables and sentences.
 * @returns {dataset, longStayDays, overview, highlights, questions: [{id, question, answer, tables, weight}], leftOut, run}
 */
export default function exploreAdmissions() {
  try {
    const { contract, settings } = PLAN;
    const { result, run } = recorded(
      qualified(settings, 'LOS_RUN_LOG'),
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
