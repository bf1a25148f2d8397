import { perform, speak } from '../../ground/inside.js';
import { qualify } from '../../ground/names.js';
import type { Work } from '../../ground/work.js';
import { refuseHiddenTables } from '../../records/hidden-tables.js';
import { recordRun } from '../../runs.js';
import type { Exploration } from '../answer.js';
import type { ExplorePlan } from '../plan.js';

/** Answers, as a run in LOS_RUN_LOG. */
export function answerAndRecord(
  { contract, settings }: ExplorePlan,
  work: Work<Exploration>,
): Exploration & { run: string } {
  try {
    perform(settings, refuseHiddenTables(settings, contract));
    const { result, run } = recordRun(
      qualify(settings, 'LOS_RUN_LOG'),
      { kind: 'explore', dataset: contract.name },
      () => {
        const made = perform(settings, work);
        return { rows: made.overview.stays, details: { questions: made.questions.length }, result: made };
      },
    );
    return { ...result, run };
  } catch (error) {
    return speak(error);
  }
}
