import { loadXgboost, XgboostMissing } from '@local-cloud/aws/xgboost/library.js';

/** Why no model can be trained or served, and what to do about it. */
export interface TrainingProblem {
  readonly why: string;
  readonly toDo: string;
}

/** What its SageMaker lacks on this machine, before a job is started that would fail for it; undefined: nothing. */
export function trainingProblem(): TrainingProblem | undefined {
  try {
    loadXgboost();
    return undefined;
  } catch (error) {
    if (!(error instanceof XgboostMissing)) throw error;
    return { why: error.why, toDo: error.toDo };
  }
}
