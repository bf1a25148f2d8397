import { expect } from 'chai';
import fc from 'fast-check';
import { type Curve, meanOf, shareGone } from '../../../udfs/curve/curve.js';
import staySoFar from '../../../udfs/curve/evaluate-ongoing-stay.js';
import { soFar } from '../../../udfs/curve/so-far.js';
import { crps } from '../../../udfs/fitting/scores.js';

/** Any curve over some days. */
const curves = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((steps): Curve => {
    const total = steps.reduce((sum, [, weight]) => sum + weight, 0);
    let day = 0;
    let weight = 0;
    const days: number[] = [];
    const gone: number[] = [];
    for (const [further, more] of steps) {
      day += further;
      weight += more;
      days.push(day);
      gone.push(weight / total);
    }
    return { days, gone };
  });

/** Probability of a stay of exactly that many days. */
const share = (curve: Curve, stay: number) =>
  shareGone(curve, stay) - (stay > 0 ? shareGone(curve, stay - 1) : 0);
const staysOf = ({ days }: Curve) => Array.from({ length: days[days.length - 1]! + 1 }, (_, i) => i);
const days = fc.integer({ min: 0, max: 90 });

describe('a predicted stay so far', () => {
  it('scores on average what its curve expects, whenever it is looked at', () => {
    fc.assert(
      fc.property(curves, days, (curve, seen) => {
        let score = 0;
        let gone = 0;
        for (const stay of staysOf(curve)) {
          const ended = stay <= seen;
          const found = soFar(curve, 5, seen, ended ? stay : null);
          score += share(curve, stay) * found.score;
          if (ended) gone += share(curve, stay);
        }
        const { expectedScore, expectedGone } = soFar(curve, 5, seen, null);
        expect(score).to.be.closeTo(expectedScore, 1e-9);
        expect(gone).to.be.closeTo(expectedGone, 1e-9);
      }),
    );
  });

  it('expects of the whole stay on average what stays of that curve come to, whenever it is looked at', () => {
    fc.assert(
      fc.property(curves, days, fc.double({ min: 0, max: 60, noNaN: true }), (curve, seen, predicted) => {
        const sums = { error: 0, score: 0, expectedError: 0, expectedCrps: 0 };
        for (const stay of staysOf(curve)) {
          const found = soFar(curve, predicted, seen, stay <= seen ? stay : null);
          sums.error += share(curve, stay) * Math.abs(stay - predicted);
          sums.score += share(curve, stay) * crps(curve, stay);
          sums.expectedError += share(curve, stay) * found.expectedError;
          sums.expectedCrps += share(curve, stay) * found.expectedCrps;
        }
        expect(sums.expectedError).to.be.closeTo(sums.error, 1e-9);
        expect(sums.expectedCrps).to.be.closeTo(sums.score, 1e-9);
      }),
    );
    const curve: Curve = { days: [2, 8], gone: [0.5, 1] };
    expect(soFar(curve, 0, 0, null).expectedError).to.be.closeTo(meanOf(curve), 1e-9);
  });

  it('expects what has come of a stay that has ended, and of others only what can still come', () => {
    const curve: Curve = { days: [1, 2, 8], gone: [0.5, 0.9, 1] };
    expect(soFar(curve, 2, 4, 1)).to.include({ expectedError: 1, expectedCrps: crps(curve, 1) });
    // Of those who are in after four days a quarter leaves on each of the next.
    expect(soFar(curve, 2, 4, null).expectedError).to.be.closeTo((3 + 4 + 5 + 6) / 4, 1e-9);
    // Who has outlived the curve leaves on the eleventh day at the earliest.
    expect(soFar(curve, 2, 10, null)).to.include({ expectedError: 9 });
  });

  it('has the CRPS of a stay that has ended', () => {
    fc.assert(
      fc.property(curves, days, (curve, stay) => {
        const found = soFar(curve, 5, stay + 2, stay);
        expect(found.crps).to.be.closeTo(crps(curve, stay), 1e-9);
        expect(found.score).to.be.at.most(found.crps! + 1e-9);
      }),
    );
  });

  it('is nothing for what is no curve', () => {
    expect(staySoFar(null, 3, 2, null)).to.equal(null);
    expect(staySoFar({ days: [2], gone: [1] }, 3, -1, null)).to.equal(null);
    expect(staySoFar({ days: [2], gone: [1] }, 2, 1, null)).to.deep.equal([0, 0, 0, 0, 0, null]);
  });
});
