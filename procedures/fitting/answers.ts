import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { execute, Refused, transaction, type Work } from '../ground/work.js';
import { stageOf } from './training-file.js';

/**
 * Loads what a batch transform has answered; asked again, it replaces what an earlier delivery left.
 * @param candidate whose answers they are, for LOS_CANDIDATE_PREDICTIONS
 * @param path folder of the exchange stage
 */
export function* loadAnswers(plan: Plan, run: string, candidate: string, path: string): Work<void> {
  const table = qualify(plan.settings, 'LOS_CANDIDATE_PREDICTIONS');
  yield* transaction(function* () {
    yield* execute(`DELETE FROM ${table} WHERE RUN_ID = ? AND CANDIDATE = ?`, [run, candidate]);
    yield* execute(
      sqlText(plan, 'training/load-answers', {
        table,
        run: literal(run),
        candidate: literal(candidate),
        folder: `${stageOf(plan, path)}/`,
      }),
    );
  });
}

/** @throws Refused where a transform has not answered each line: then no answer can be given to its row */
export function requireLines(what: string, answered: number, asked: number): void {
  if (answered === asked && asked > 0) return;
  throw new Refused(
    `The batch transform of ${what} answered ${answered} of ${Number.isFinite(asked) ? asked : 'all'} lines.`,
    'Train again: los train.',
  );
}

/** Forgets the answers of a run, when they have told what they were asked for. */
export function* forgetAnswers({ settings }: Pick<Plan, 'settings'>, run: string): Work<void> {
  yield* execute(`DELETE FROM ${qualify(settings, 'LOS_CANDIDATE_PREDICTIONS')} WHERE RUN_ID = ?`, [run]);
}
