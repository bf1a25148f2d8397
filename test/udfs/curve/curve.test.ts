import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Curve,
  compact,
  meanOf,
  median,
  quantile,
  remainingNights,
  shareGone,
  simplify,
} from '../../../udfs/curve/curve.js';
import { describeRemaining, dischargeShares, LEAST_HERE, remaining } from '../../../udfs/curve/remaining.js';
import { crps, pit } from '../../../udfs/fitting/scores.js';
import { anyCurve } from './any-curve.js';

/** Share that goes on each whole day, by the definition. */
function masses(curve: Curve): number[] {
  return Array.from(
    { length: curve.days.at(-1)! + 1 },
    (_, d) => shareGone(curve, d) - shareGone(curve, d - 1),
  );
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('a curve', () => {
  it('reads straight lines between its days, no one before the first, all by the last', () => {
    const curve = { days: [2, 4, 8], gone: [0.2, 0.6, 1] };
    const read = [0, 1, 1.5, 2, 3, 4, 5, 6, 8, 100].map((day) => shareGone(curve, day));
    expect(read.map((share) => Number(share.toFixed(9)))).to.deep.equal([
      0, 0, 0.1, 0.2, 0.4, 0.6, 0.7, 0.8, 1, 1,
    ]);
    expect([0.1, 0.2, 0.21, 0.5, 0.6, 0.7, 0.95, 1].map((share) => quantile(curve, share))).to.deep.equal([
      2, 2, 3, 4, 4, 5, 8, 8,
    ]);
    expect(median({ days: [3], gone: [1] })).to.equal(3);
  });

  it('never falls, and ends at 1', () => {
    fc.assert(
      fc.property(anyCurve(), (curve) => {
        let before = 0;
        for (let day = -2; day <= curve.days.at(-1)! + 2; day += 0.5) {
          const share = shareGone(curve, day);
          expect(share).to.be.within(before - 1e-12, 1);
          before = share;
        }
        expect(before).to.equal(1);
      }),
    );
  });

  it('has a quantile that is the inverse of it', () => {
    fc.assert(
      fc.property(anyCurve(), fc.double({ min: 0.001, max: 1, noNaN: true }), (curve, share) => {
        const day = quantile(curve, share);
        expect(Number.isInteger(day)).to.equal(true);
        expect(shareGone(curve, day)).to.be.at.least(share - 1e-8);
        if (day > curve.days[0]!) expect(shareGone(curve, day - 1)).to.be.below(share + 1e-8);
      }),
    );
  });

  it('has the mean that the sum over days has', () => {
    fc.assert(
      fc.property(anyCurve(), (curve) => {
        expect(meanOf(curve)).to.be.closeTo(sum(masses(curve).map((mass, day) => mass * day)), 1e-8);
        const day = curve.days[0]! + 1;
        const here = masses(curve).map((_, d) => (d < day ? 0 : 1 - shareGone(curve, d)));
        expect(remainingNights(curve, day)).to.be.closeTo(sum(here), 1e-8);
      }),
    );
  });

  it('written down with fewer points and four decimals stays the same within these', () => {
    fc.assert(
      fc.property(anyCurve(60), (curve) => {
        const written = compact(curve);
        for (let day = 0; day <= curve.days.at(-1)!; day++)
          expect(shareGone(written, day)).to.be.closeTo(shareGone(curve, day), 5.1e-5);
        const few = simplify(curve, 12);
        expect(few.days.length).to.be.at.most(Math.max(12, 2));
        expect(few.days[0]).to.equal(curve.days[0]);
        expect(few.days.at(-1)).to.equal(curve.days.at(-1));
        expect(few.gone).to.deep.equal([...few.gone].sort((a, b) => a - b));
      }),
    );
  });
});

describe('a curve with fewer points', () => {
  /** The same said plainly: as often as there are too many points, the one goes that makes the smallest triangle. */
  const plainly = ({ days, gone }: Curve, most: number): Curve => {
    const points = days.map((day, i) => [day, gone[i]!] as const);
    while (points.length > most) {
      const areas = points.slice(1, -1).map(([x, y], i) => {
        const [[ax, ay], [bx, by]] = [points[i]!, points[i + 2]!];
        return Math.abs((x - ax) * (by - y) - (bx - x) * (y - ay));
      });
      points.splice(1 + areas.indexOf(Math.min(...areas)), 1);
    }
    return { days: points.map(([day]) => day), gone: points.map(([, share]) => share) };
  };

  it('lacks those without which it changes least', () => {
    fc.assert(
      fc.property(anyCurve(60), fc.integer({ min: 2, max: 20 }), (curve, most) => {
        expect(simplify(curve, most)).to.deep.equal(plainly(curve, most));
      }),
    );
  });
});

describe('what remains of a stay', () => {
  it('is the share gone since, of those who are still here', () => {
    fc.assert(
      fc.property(anyCurve(), fc.nat(80), fc.nat(60), (curve, seen, further) => {
        const here = 1 - shareGone(curve, seen);
        fc.pre(here >= LEAST_HERE);
        const expected = (shareGone(curve, seen + further) - shareGone(curve, seen)) / here;
        expect(shareGone(remaining(curve, seen), further)).to.be.closeTo(expected, 1e-9);
      }),
    );
  });

  it('of what remains is what remains', () => {
    fc.assert(
      fc.property(anyCurve(), fc.nat(30), fc.nat(30), fc.nat(60), (curve, first, second, further) => {
        const once = remaining(curve, first + second);
        fc.pre(1 - shareGone(curve, first + second) >= LEAST_HERE);
        expect(shareGone(remaining(remaining(curve, first), second), further)).to.be.closeTo(
          shareGone(once, further),
          1e-9,
        );
      }),
    );
  });

  it('of a patient past the end of the curve is some days still, always: the longest stays’ hazard goes on', () => {
    // Nine tenths are gone by day 9; the last tenth stays 10 days on average after that.
    const curve = { days: [1, 9, 29], gone: [0.1, 0.9, 1] };
    const over = describeRemaining(curve, 400);
    expect(over).to.deep.equal(describeRemaining(curve, 29));
    expect(over.days).to.be.closeTo(10.5, 0.1);
    expect([over.low, over.median, over.high]).to.deep.equal([2, 7, 24]);
    expect(describeRemaining({ days: [5], gone: [1] }, 12)).to.deep.equal({
      ...{ days: 1, median: 1, low: 1, high: 1 },
      curve: { days: [1], gone: [1] },
    });
    fc.assert(
      fc.property(anyCurve(), fc.integer({ min: -5, max: 500 }), (any, seen) => {
        const { days, median, low, high, curve } = describeRemaining(any, seen);
        expect(Number.isFinite(days)).to.equal(true);
        expect(days).to.be.at.least(seen < 0 ? 0 : 1);
        expect(low).to.be.within(seen < 0 ? 0 : 1, median);
        expect(high).to.be.at.least(median);
        expect(curve.days.length).to.be.at.most(any.days.length + 41);
        expect(curve.gone).to.deep.equal([...curve.gone].sort((a, b) => a - b));
      }),
    );
  });

  it('is told for many nights at once', () => {
    fc.assert(
      fc.property(anyCurve(), fc.nat(60), (curve, seen) => {
        const rest = remaining(curve, seen);
        const shares = dischargeShares(curve, seen, 14);
        expect(shares.length).to.equal(14);
        shares.forEach((share, i) => {
          expect(share).to.be.closeTo(shareGone(rest, i + 1), 1e-6);
        });
      }),
    );
  });
});

describe('the score of a curve', () => {
  it('is the sum over days, never below 0, and 0 for the point mass that comes true', () => {
    fc.assert(
      fc.property(anyCurve(), fc.nat(90), (curve, stay) => {
        const last = Math.max(stay, curve.days.at(-1)!);
        const squares = Array.from(
          { length: last + 1 },
          (_, day) => (shareGone(curve, day) - (stay <= day ? 1 : 0)) ** 2,
        );
        expect(crps(curve, stay)).to.be.closeTo(sum(squares), 1e-8);
        expect(crps({ days: [stay], gone: [1] }, stay)).to.equal(0);
        expect(crps({ days: [stay + 4], gone: [1] }, stay)).to.equal(4);
        expect(crps({ days: [4], gone: [1] }, stay)).to.equal(Math.abs(stay - 4));
      }),
    );
  });

  it('is smallest on average for the distribution that the stays come from', () => {
    fc.assert(
      fc.property(anyCurve(), anyCurve(), (own, other) => {
        const mean = (judged: Curve) => sum(masses(own).map((mass, stay) => mass * crps(judged, stay)));
        expect(mean(own)).to.be.at.most(mean(other) + 1e-9);
      }),
    );
  });

  it('and a transform that is uniform where the curve is right', () => {
    fc.assert(
      fc.property(anyCurve(), fc.double({ min: 0, max: 1, noNaN: true }), (curve, at) => {
        // P(PIT ≤ at) under the curve itself: whole days below, and a part of the one that it falls into.
        const reached = masses(curve).map((mass, stay) => {
          const low = pit(curve, stay, 0);
          return mass > 1e-12 ? mass * Math.min(1, Math.max(0, (at - low) / mass)) : 0;
        });
        expect(sum(reached)).to.be.closeTo(at, 1e-9);
      }),
    );
  });
});
