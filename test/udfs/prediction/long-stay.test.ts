import { expect } from 'chai';
import { levelOf, longStayProbability } from '../../../udfs/prediction/long-stay.js';

describe('the probability of a long stay', () => {
  const curve = { days: [2, 6, 21], gone: [0.1, 0.5, 1] };

  it('is the share of the curve that is not gone the day before', () => {
    const at = (days: number) => longStayProbability(curve, days);
    expect([at(1), at(2), at(3), at(7), at(22)]).to.deep.equal([1, 1, 0.9, 0.5, 0]);
    // Halfway between day 6 and day 21, less half a day.
    expect(at(14)).to.be.closeTo(1 - (0.5 + (0.5 * 7) / 15), 1e-12);
  });
});

describe('the level of a long stay', () => {
  it('begins at its own probability', () => {
    const levels = [0.02, 0.05, 0.1, 0.2];
    expect([0, 0.0199, 0.02, 0.05, 0.0999, 0.1, 0.2, 1].map((p) => levelOf(p, levels))).to.deep.equal([
      ...[1, 1, 2, 3, 3, 4, 5, 5],
    ]);
    // Where probabilities are few, levels may begin together.
    expect([0.1, 0.2].map((p) => levelOf(p, [0.2, 0.2, 0.2, 0.2]))).to.deep.equal([1, 5]);
  });
});
