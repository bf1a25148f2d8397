import type { FunctionObject } from '../signature.js';
import { judgeResiduals } from './fit.js';
import type { FitRow } from './spots.js';

export const object = {
  signature: {
    name: 'LOS_EVALUATE_SPREAD',
    args: [['VALIDATED', 'ARRAY']],
    returns: 'ARRAY',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof judgeSpreadOf>;

/** A century: a model that predicts longer stays has diverged, as one that predicts no number. */
const MOST_DAYS = 36_500;

/**
 * Accuracy of predictions of days as distributions (fit.ts), for the choice between candidates.
 * @param validated one array per validation row: predicted days, stay, weight, fold, number of its line
 * @returns for each row the number of its line and its CRPS in days; none where the model has diverged
 * @example
 * SELECT LOS_EVALUATE_SPREAD([[5.2, 6, 1, 0, 0], [11.8, 9, 1, 1, 1], [7.4, 8, 1, 0, 2]]);
 */
export default function judgeSpreadOf(validated: readonly FitRow[]): [number, number][] {
  const diverged = validated.some(([predicted]) => !(Math.abs(predicted) <= MOST_DAYS));
  if (validated.length === 0 || diverged) return [];
  return judgeResiduals(validated).map(([row, crps]): [number, number] => [row[4] as number, crps]);
}
