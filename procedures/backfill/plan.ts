import type { Plan } from '../ground/plan.js';

/** What STEP_BACKFILL is compiled with: what training is, and the statements of scoring (statements.ts). */
export interface BackfillPlan extends Plan {
  readonly statements: BackfillStatements;
}

/** Each takes the run's id as often as it has `?`. */
export interface BackfillStatements {
  /** VERSION of the champion. */
  readonly champion: string;
  /** Writes down what is asked about; `{{line}}` is the version's function. */
  readonly freeze: string;
  /** Takes the lock on the queue: who corrects it or scores from it ends before, or begins after. */
  readonly hold: string;
  /** Logs what was answered; `{{detail}}` is the version's function. */
  readonly log: string;
  /** Takes what has been logged out of the quarantine. */
  readonly unquarantine: string;
  /** Takes off the queue what has been logged, and what there was nothing to ask about: that would be claimed again and again. */
  readonly done: string;
  /** Queues again what is still claimed: an update would wake no task. */
  readonly release: readonly string[];
  /** Recreates the stream on the open ones. */
  readonly restoreStream: string;
}

/** Under this name answers are loaded into LOS_CANDIDATE_PREDICTIONS. */
export const ANSWERS = 'backfill';
