import { expect } from 'chai';
import fc from 'fast-check';
import { shareGone } from '../../../udfs/curve/curve.js';
import { daysBetween } from '../../../udfs/curve/ends.js';
import { anyCurve } from './any-curve.js';
import { logOdds } from './log-odds.js';

describe('the ends of an interval on a curve', () => {
  const curve = { days: [2, 4, 8], gone: [0.2, 0.6, 1] };

  it('are the days on which so many are gone, on a straight line between two', () => {
    const [from, to] = daysBetween(curve, logOdds(0.4), logOdds(0.8));
    expect(from).to.be.closeTo(3, 1e-6);
    expect(to).to.be.closeTo(6, 1e-6);
  });

  it('hold the days on which no one goes, and go to the curve’s own ends', () => {
    const still = { days: [1, 2, 6, 7], gone: [0.3, 0.5, 0.5, 1] };
    const of = (low: number, high: number) => daysBetween(still, logOdds(low), logOdds(high)).map(Math.round);
    expect(of(0.3, 0.5)).to.deep.equal([1, 6]);
    expect(of(0.5, 0.6)).to.deep.equal([2, 6]);
    expect(daysBetween(still, logOdds(0), logOdds(1))).to.deep.equal([0, 7]);
    expect(daysBetween(still, -50, 50)).to.deep.equal([0, 7]);
  });

  it('hold just the days whose log-odds lie between them', () => {
    const odds = fc.double({ min: -7, max: 7, noNaN: true });
    fc.assert(
      fc.property(anyCurve(), odds, odds, fc.nat(100), (curve, a, b, tenths) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [from, to] = daysBetween(curve, low, high);
        const [first, last] = [curve.days[0]! - 1, curve.days.at(-1)!];
        const day = first + ((last - first) * tenths) / 100;
        const place = logOdds(shareGone(curve, day));
        // So near to an end rounding decides.
        if (Math.abs(place - low) < 1e-3 || Math.abs(place - high) < 1e-3) return;
        expect(day >= from && day <= to, `${day} in ${from} to ${to}`).to.equal(place > low && place < high);
      }),
      { numRuns: 2000 },
    );
  });
});
