import type { Plan } from '../ground/plan.js';
import { Refused, type Work } from '../ground/work.js';
import { type Comparison, compare, compareLive } from '../judging/compare.js';
import { coarseFigures } from '../publishing/rounding.js';
import { findVersion } from '../versions/registry.js';

/** Two versions beside each other. */
export interface VersionComparison {
  readonly holdout: Comparison;
  /** On admissions that arrived since; null: too few that both have predicted and whose stays are known. */
  readonly live: Comparison | null;
}

/** @throws Refused where there is no such version, or too few rows that neither has seen */
export function* compareVersions(plan: Plan, a: string | null, b: string | null): Work<VersionComparison> {
  const { contract, settings } = plan;
  if (!a || !b)
    throw new Refused(
      'COMPARE_MODELS compares two versions, and one of them is NULL or empty.',
      "Name two: CALL COMPARE_MODELS('health-v3', 'health-v4'); los model list names them.",
    );
  if (a.toLowerCase() === b.toLowerCase())
    throw new Refused(`${a} is the same version as ${b}.`, 'Name two versions; los model list names them.');
  const one = yield* findVersion(settings, contract.name, a);
  const other = yield* findVersion(settings, contract.name, b);
  const live = yield* compareLive(plan, one, other);
  return {
    holdout: roundComparison(yield* compare(plan, one, other)),
    live: live && roundComparison(live),
  };
}

/** Rounds a comparison. What is compared grows by the stay, and is not published. */
export function roundComparison(compared: Comparison): Comparison {
  return coarseFigures(compared, compared.rows);
}
