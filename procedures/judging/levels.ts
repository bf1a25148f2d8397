import { datasetNames } from '../dataset/names.js';
import { qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { queryFirst, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** Shares of all long stays that are to be in a level or above it: most in 4 and 5, hardly any in 1. */
const HELD = { five: '0.35', four: '0.7', three: '0.85', two: '0.95' } as const;
/** Fewest long stays: of fewer, such shares would be chance. */
const FEWEST_LONG_STAYS = 30;

/**
 * The probabilities of a long stay from which on levels 2, 3, 4 and 5 begin, from the validation rows of a version that
 * has predicted them with its curves. How many patients are in a level follows from how well the version tells long
 * stays: the better it does, the fewer are in 4 and 5.
 * @returns ascending; undefined where there are too few long stays
 */
export function* fitLevels(plan: Plan, version: Version): Work<number[] | undefined> {
  const { contract, settings } = plan;
  const row = yield* queryFirst(
    sqlText(plan, 'calibration/levels', {
      ...HELD,
      evaluation: qualify(settings, 'LOS_EVALUATION'),
      set: qualify(settings, datasetNames(contract).trainingSet),
      id: contract.id,
      patient: contract.patient || contract.id,
      days: String(settings.training.longStayDays),
    }),
    [version.name],
  );
  if (!row || Number(row.LONG_STAYS) < FEWEST_LONG_STAYS || Number(row.PATIENTS) < FEWEST_PATIENTS)
    return undefined;
  return [row.TWO, row.THREE, row.FOUR, row.FIVE].map(Number);
}
