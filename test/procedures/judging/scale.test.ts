import { expect } from 'chai';
import { candidates } from '../../../procedures/fitting/candidates.js';
import type { TrainingSettings } from '../../../procedures/ground/plan.js';
import { isRelative, scaleOf } from '../../../procedures/judging/scale.js';

describe('the scale of predictions', () => {
  it('is that of objectives of relative errors, whose predictions add up to too few days', () => {
    const training = {
      chooseBy: 'crps',
      hyperparameters: {},
      candidates: null,
    } as unknown as TrainingSettings;
    const all = candidates({ training }, 1);
    expect(all.filter(isRelative).map(({ name }) => name)).to.deep.equal(['gamma', 'tweedie']);
  });

  it('has four decimals, and is none where bed-days are right, or nothing was predicted', () => {
    expect(scaleOf(1.012345)).to.equal(1.0123);
    expect(scaleOf(0.98)).to.equal(0.98);
    // What SQL knows not is null, of which a number is made.
    for (const ratio of [1.0004, 0.9995, Number.NaN, Number(null)])
      expect(scaleOf(ratio)).to.equal(undefined);
  });
});
