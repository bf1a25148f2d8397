import { expect } from 'chai';
import fc from 'fast-check';
import { stabilityIndex } from '../../../procedures/statistics/stability-index.js';

describe('the stability index', () => {
  const counts = fc.array(fc.record({ window: fc.nat(500), reference: fc.nat(500) }), { minLength: 1 });

  it('is the sum of (w − r) ln(w / r)', () => {
    const halves = [
      { window: 50, reference: 100 },
      { window: 50, reference: 300 },
    ];
    expect(stabilityIndex(halves)).to.be.closeTo(0.25 * Math.log(2) - 0.25 * Math.log(2 / 3), 1e-12);
  });

  it('counts half a row where there is none, or it would have no end', () => {
    const index = stabilityIndex([
      { window: 0, reference: 10 },
      { window: 10, reference: 0 },
    ]);
    expect(index).to.be.closeTo(2 * 0.95 * Math.log(20), 1e-12);
  });

  it('is never negative, the same from either side, and 0 for the same shares', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 30 }), (groups, times) => {
        const index = stabilityIndex(groups);
        expect(index).to.be.at.least(0);
        const swapped = groups.map(({ window, reference }) => ({ window: reference, reference: window }));
        expect(stabilityIndex(swapped)).to.be.closeTo(index, 1e-9);
        const same = groups.map(({ window }) => ({ window: window + 1, reference: (window + 1) * times }));
        expect(stabilityIndex(same)).to.be.closeTo(0, 1e-9);
      }),
    );
  });
});
