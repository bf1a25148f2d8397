import { meanOf, shareGone } from '../curve/curve.js';
import { curveOfHazards, scaleHazard } from '../curve/hazards.js';
import type { HazardShape } from '../model.js';
import type { FunctionObject } from '../signature.js';
import { crps, exposure } from './scores.js';

export const object = {
  signature: {
    name: 'LOS_EVALUATE_HAZARDS',
    args: [
      ['ANSWERS', 'ARRAY'],
      ['HAZARDS', 'OBJECT'],
      ['FLOOR', 'FLOAT'],
      ['PACE', 'FLOAT'],
      ['STAY', 'FLOAT'],
    ],
    returns: 'ARRAY',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof judgeHazards>;

/**
 * Accuracy of a hazard model's prediction of one stay.
 * @param answers the model's, one for each period that it is asked about
 * @param floor shortest stay of the training rows, in days
 * @param pace how fast patients leave against what the model says
 * @returns the mean of the curve and its CRPS, both in days, and the stay's exposure (scores.ts); null where there is not an
 *   answer for each period
 * @example
 * SELECT LOS_EVALUATE_HAZARDS([0.2, 0.4, 0.5], {'ends': [1, 3, 7], 'excess': 5}, 1, 1, 4);
 */
export default function judgeHazards(
  answers: readonly number[],
  hazards: HazardShape,
  floor: number,
  pace: number,
  stay: number,
): [number, number, number] | null {
  if (answers.length !== hazards.ends.length) return null;
  const curve = scaleHazard(curveOfHazards(answers, hazards, floor), pace);
  const ended = Math.ceil(stay);
  return [
    Math.max(meanOf(curve), floor),
    crps(curve, stay),
    exposure(shareGone(curve, ended - 1), shareGone(curve, ended)),
  ];
}
