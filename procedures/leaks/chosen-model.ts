import { featureValues } from '../dataset/feature-values.js';
import { isKnown, LEAKS, leakRefusal } from '../dataset/leak.js';
import { datasetNames } from '../dataset/names.js';
import type { Selection } from '../fitting/selection.js';
import { foldOf } from '../fitting/split.js';
import { sortBy } from '../ground/lists.js';
import { qualify } from '../ground/names.js';
import { percent } from '../ground/percent.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { query, type Row, type Work } from '../ground/work.js';

/** With fewer rows in a half of the patients its CRPS says little. */
const FEWEST_ROWS = 20;
/** A feature with less of what permuting all of them costs is not what makes a model too good. */
const LEAST_SHARE = 0.05;

/**
 * Looks at what a model makes of all features at once, sums and interactions among them, which none of them shows by itself: on rows that it
 * was not fitted to it must not be nearer to the stays than what is known on admission can be.
 * @param candidate whose answers of the validation rows are kept
 * @throws Refused, by the names of what carries it and is not said to be known on admission
 */
export function* refuseLeakyModel(
  plan: Plan,
  run: string,
  candidate: string,
  features: readonly string[],
  selection: Selection | null,
): Work<void> {
  const { contract, settings } = plan;
  const unknown = features.filter((name) => !isKnown(contract, name));
  if (unknown.length === 0) return;
  const rows = yield* query(
    sqlText(plan, 'leaks/chosen', {
      fold: foldOf(contract),
      id: contract.id,
      set: qualify(settings, datasetNames(contract).trainingSet),
      answers: qualify(settings, 'LOS_CANDIDATE_PREDICTIONS'),
      values: featureValues(contract, unknown, 'answered', ['HALF', 'LOS', 'LOS_CRPS']),
    }),
    [run, candidate],
  );
  const all = ratioOf(rows, '');
  if (all.ratio < LEAKS.model) {
    const carriers = carriersOf(unknown, selection);
    if (carriers.length === 0) return;
    throw leakRefusal(carriers, [
      `with ${carriers.length === 1 ? 'it' : 'them'} the chosen model is off by ${percent(all.ratio, 0)} of what it would be without any feature`,
    ]);
  }
  const few = unknown
    .map((name) => ({ name, ...ratioOf(rows, name) }))
    .filter(({ n, ratio }) => {
      // A standard error and a half of a mean of so many: a CRPS varies about as much as it is large.
      const most = ratio * (1 + 1.5 / Math.sqrt(n / 2));
      return most < Math.min(LEAKS.few, LEAKS.beside * all.ratio) && n < all.n / 2;
    });
  if (few.length > 0)
    throw leakRefusal(
      few.map(({ name }) => name),
      sortBy(few, (a, b) => a.ratio - b.ratio).map(
        ({ name, n, ratio }) =>
          `for those with a value of ${name} beside the commonest (${percent(n / all.n, 0)} of rows) the chosen model is off by ${percent(ratio, 0)} of what it would be without any feature`,
      ),
    );
}

/** The larger ratio of the two halves: what two stays far from all others make of one is not in both. */
function ratioOf(rows: readonly Row[], feature: string): { n: number; ratio: number } {
  const halves = rows.filter((row) => row.FEATURE === feature);
  const isEnough = halves.length === 2 && halves.every(({ N }) => Number(N) >= FEWEST_ROWS);
  return {
    n: halves.reduce((sum, { N }) => sum + Number(N), 0),
    ratio: isEnough ? Math.max(...halves.map(({ RATIO }) => (RATIO === null ? 1 : Number(RATIO)))) : 1,
  };
}

/** Features that the screening leans on; all features, where there was none. */
function carriersOf(unknown: readonly string[], selection: Selection | null): readonly string[] {
  if (!selection) return unknown;
  const share = (name: string) => selection.shares[name] || 0;
  return sortBy(
    unknown.filter((name) => share(name) >= LEAST_SHARE),
    (a, b) => share(b) - share(a),
  );
}
