import type { Plan } from '../ground/plan.js';
import { Refused, type Work } from '../ground/work.js';
import { championOf } from '../versions/registry.js';
import type { TrainOptions } from './run.js';

/**
 * Features that a training without some columns leaves out: those of these names, and those whose expressions mention them.
 * @example
 * featuresOf({ contract: { features: { RACE: {}, AGE: {} } }, reads: {} }, ['RACE']); // ["RACE"]
 */
export function featuresOf(
  { contract, reads }: { readonly contract: Pick<Plan['contract'], 'features'> } & Pick<Plan, 'reads'>,
  columns: readonly string[],
): string[] {
  return Object.keys(contract.features).filter((name) =>
    columns.some((column) => column === name || (reads[name] || []).indexOf(column) >= 0),
  );
}

/**
 * A training that says what some columns are worth stands beside a champion that has them.
 * @throws Refused where it cannot
 */
export function* requireWithout(plan: Plan, options: TrainOptions): Work<void> {
  const { without = [], promote, propose, force, repeat } = options;
  if (options.without === undefined) return;
  if (promote || propose || force || repeat !== undefined)
    throw new Refused(
      'A training with --without measures what the columns are worth; it cannot promote, propose or repeat a version.',
      'Use --without alone. To drop the columns for good, remove them from the contract.',
    );
  const known = Object.keys(plan.contract.features);
  const idle = without.filter((column) => featuresOf(plan, [column]).length === 0);
  const left = known.length - featuresOf(plan, without).length;
  if (without.length === 0 || idle.length > 0 || left === 0)
    throw new Refused(
      left === 0
        ? 'Without these columns no feature is left.'
        : `No feature is, or reads, ${idle.join(', ') || 'nothing'}.`,
      `Name some of the features, or of the columns that they read: ${known.join(', ')}.`,
    );
  if (!(yield* championOf(plan.settings, plan.contract.name)))
    throw new Refused(
      'No version answers yet, so there is none to compare with.',
      'Train and promote one first: los train --promote.',
    );
}
