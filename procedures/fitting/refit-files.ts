import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import type { Hazards } from '../../udfs/model.js';
import type { Plan } from '../ground/plan.js';
import type { Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { hazardLines } from './hazard-files.js';
import type { SplitResult } from './split.js';
import { addressOf, trainingRowsSql, unload } from './training-file.js';

/** Patients of one of the sixteen folds stop the rounds of a refit. */
const STOPPING = "ROW_FOLD = 'f'";
const EVERY = 'TRUE';

/**
 * Writes what the chosen candidate is fitted to once more, when it has been chosen, calibrated and judged: the rows of every side, the
 * newest among them. A version that learned from the oldest four fifths alone is months old when it begins to serve.
 *
 * No procedure can read how many rounds early stopping took. So a sixteenth of the patients, of all months, stops the rounds of the refit
 * as the validation rows stopped those of the first fit: with known rounds, scaled by the rows, it is as good (bench/notes/curve.md).
 * @param hazards periods, of a model of hazards; null: it is one of days
 * @param stops whether the candidate stops early; else every row is learned from
 * @returns the folder's s3:// address; train/ is in it, and validation/ where rows stop it
 */
export function* writeRefitFiles(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  split: Pick<SplitResult, 'weighted'>,
  hazards: Hazards | null,
  stops: boolean,
): Work<string> {
  const folder = `${version.folder}/refit`;
  const write = function* (channel: 'train' | 'validation', which: string): Work<void> {
    const rows = (['train', 'others'] as const)
      .map((side) => trainingRowsSql(plan, features, side, split, which))
      .join('\n  UNION ALL ');
    yield* unload(
      plan,
      `${folder}/${channel}`,
      hazards
        ? yield* hazardLines(plan, rows, hazards, EVERY)
        : `SELECT LINE FROM (${rows}) ORDER BY CASE_ID`,
    );
  };
  yield* write('train', stops ? `NOT ${STOPPING}` : EVERY);
  if (stops) yield* write('validation', STOPPING);
  return addressOf(plan, folder);
}
