import type { FunctionObject } from '../signature.js';

export const object = {
  signature: {
    name: 'LOS_EVIDENCE_FIT',
    args: [
      ['COUNTS', 'ARRAY'],
      ['MEAN', 'FLOAT'],
      ['SD', 'FLOAT'],
    ],
    returns: 'OBJECT',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'run',
  only: 'expected',
} as const satisfies FunctionObject<typeof fitEvidence>;

/** Patients alike: the logarithm of the odds to leave, what is multiplied by the wanted value and added to it, how many left, of how many. */
export type Count = readonly [odds: number, says: number, left: number, patients: number];

export interface EvidenceFit {
  readonly value: number;
  /** By how much the log-likelihood exceeds that of 0. */
  readonly gain: number;
}

/** Newton's steps: the likelihood is concave, so that it takes few. */
const STEPS = 30;
/** A step goes no farther, where few rows say little of the bend. */
const LONGEST_STEP = 2;

/**
 * The value v by which odds × exp(v × says) say best who left: a logistic regression on one column, with a normal prior.
 * @param counts rows of `Count`
 * @param mean of the prior
 * @param sd of the prior
 * @example
 * SELECT LOS_EVIDENCE_FIT([[-2, 1, 30, 100], [-1, 1, 50, 100]], 0, 1.5);
 */
export default function fitEvidence(counts: Count[], mean: number, sd: number): EvidenceFit {
  let value = mean;
  for (let step = 0; step < STEPS; step++) {
    let slope = (mean - value) / (sd * sd);
    let bend = 1 / (sd * sd);
    for (const [odds, says, left, patients] of counts) {
      const chance = 1 / (1 + Math.exp(-odds - value * says));
      slope += says * (left - patients * chance);
      bend += says * says * patients * chance * (1 - chance);
    }
    const next = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, slope / bend));
    value += next;
    if (Math.abs(next) < 1e-9) break;
  }
  return { value, gain: likelihood(counts, value) - likelihood(counts, 0) };
}

function likelihood(counts: readonly Count[], value: number): number {
  let sum = 0;
  for (const [odds, says, left, patients] of counts) {
    const at = odds + value * says;
    const stay = at > 0 ? at + Math.log(1 + Math.exp(-at)) : Math.log(1 + Math.exp(at));
    sum += left * at - patients * stay;
  }
  return sum;
}
