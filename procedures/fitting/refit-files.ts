import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import type { Hazards } from '../../udfs/model.js';
import type { Plan } from '../ground/plan.js';
import type { Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { hazardLines } from './hazard-files.js';
import type { SplitResult } from './split.js';
import { addressOf, type OtherSide, type Side, trainingRowsSql, unload } from './training-file.js';

/** Patients of one of the sixteen folds stop the rounds of a refit. */
const STOPPING = "ROW_FOLD = 'f'";
const EVERY = 'TRUE';

/**
 * Writes what the chosen candidate is fitted to once more, when it has been chosen, calibrated and judged: the rows of every side, the
 * newest among them, and of hazards also those that are still in (unsettled.ts). A version that learned from the oldest four fifths alone is months old when it begins to serve.
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
  split: Pick<SplitResult, 'weighted' | 'unsettled'>,
  hazards: Hazards | null,
  stops: boolean,
): Work<string> {
  const folder = `${version.folder}/refit`;
  // Who has not left yet stands for itself then, and no other stay for it.
  const isWhole = hazards !== null && split.unsettled === true;
  const select = (side: Side | OtherSide, which: string) =>
    trainingRowsSql(plan, features, side, split, which, isWhole ? '1' : 'ROW_WEIGHT');
  const write = function* (channel: 'train' | 'validation', which: string): Work<void> {
    const path = `${folder}/${channel}`;
    const rows = (['train', 'others', ...(isWhole ? (['late'] as const) : [])] as const)
      .map((side) => select(side, which))
      .join('\n  UNION ALL ');
    if (!hazards) return yield* unload(plan, path, `SELECT LINE FROM (${rows}) ORDER BY CASE_ID`);
    yield* unload(plan, path, yield* hazardLines(plan, rows, hazards, EVERY));
    if (isWhole)
      yield* unload(
        plan,
        path,
        yield* hazardLines(plan, select('open', which), hazards, EVERY, false),
        'open',
      );
  };
  yield* write('train', stops ? `NOT ${STOPPING}` : EVERY);
  if (stops) yield* write('validation', STOPPING);
  return addressOf(plan, folder);
}
