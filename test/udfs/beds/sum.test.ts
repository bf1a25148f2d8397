import { expect } from 'chai';
import fc from 'fast-check';
import bedsBelow from '../../../udfs/beds/bed-forecast-cdf.js';
import leaves from '../../../udfs/beds/discharge-forecast.js';
import { occupancy, QUANTILES } from '../../../udfs/beds/occupancy.js';
import stayProbabilities, { scaleDailyHazards } from '../../../udfs/beds/remaining-patients.js';
import { convolve, poisson, poissonBinomial } from '../../../udfs/beds/sum.js';
import { describeRemaining, dischargeShares } from '../../../udfs/curve/remaining.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (shares: readonly number[]) => sum(shares.map((p, n) => p * n));

describe('the sum of independent leavings', () => {
  it('is what all the ways in which patients can stay or leave add up to', () => {
    fc.assert(
      fc.property(fc.array(share, { maxLength: 9 }), (stays) => {
        const brute: number[] = new Array(stays.length + 1).fill(0);
        for (let who = 0; who < 2 ** stays.length; who++) {
          const inside = stays.map((_, i) => ((who >> i) & 1) === 1);
          const n = inside.filter(Boolean).length;
          brute[n] = brute[n]! + stays.reduce((p, stay, i) => p * (inside[i] ? stay : 1 - stay), 1);
        }
        poissonBinomial(stays).forEach((p, n) => {
          expect(p).to.be.closeTo(brute[n]!, 1e-12);
        });
      }),
    );
  });

  it('has the mean and variance of its patients, and does not mind their order', () => {
    fc.assert(
      fc.property(fc.array(share, { maxLength: 200 }), (stays) => {
        const shares = poissonBinomial(stays);
        const m = mean(shares);
        expect(sum(shares)).to.be.closeTo(1, 1e-10);
        expect(m).to.be.closeTo(sum(stays), 1e-8);
        expect(sum(shares.map((p, n) => p * (n - m) ** 2))).to.be.closeTo(
          sum(stays.map((p) => p * (1 - p))),
          1e-6,
        );
        poissonBinomial([...stays].reverse()).forEach((p, n) => {
          expect(p).to.be.closeTo(shares[n]!, 1e-12);
        });
      }),
    );
  });

  it('has Poisson arrivals of any number, and adds them', () => {
    for (const rate of [0, 0.01, 3, 80, 900, 4000]) {
      const shares = poisson(rate);
      expect(sum(shares)).to.be.closeTo(1, 1e-9);
      expect(mean(shares)).to.be.closeTo(rate, 1e-6 * Math.max(1, rate));
    }
    expect(mean(convolve(poissonBinomial([0.25, 1, 0.5]), poisson(7)))).to.be.closeTo(8.75, 1e-9);
  });
});

describe('a patient who is still here', () => {
  it('leaves by the curve where every day is like every other', () => {
    const curve = { days: [0, 2, 3, 7, 20], gone: [0.1, 0.3, 0.5, 0.9, 1] };
    for (const day of [-1, 0, 2, 5, 19, 40]) {
      const gone = dischargeShares(curve, day, 14);
      scaleDailyHazards(gone, new Array(14).fill(1)).forEach((still, i) => {
        expect(still).to.be.closeTo(1 - gone[i]!, 2e-6);
      });
    }
  });

  it('stays where no one leaves, and is never in with a probability below 0 however quick the pace', () => {
    expect(scaleDailyHazards([0.5, 0.8, 1], [0, 0, 0])).to.deep.equal([1, 1, 1]);
    expect(scaleDailyHazards([0.5, 0.8, 1], [9, 9, 9])).to.deep.equal([0, 0, 0]);
    expect(scaleDailyHazards([0.5, 0.8, 1], [0.5, 1, 1])).to.deep.equal([0.75, 0.3, 0]);
  });
});

describe('patients who came on one day', () => {
  const pace = [1, 0.8, 1.2];
  const curve = { days: [0, 2, 5, 20], gone: [0.1, 0.3, 0.5, 1] };
  const own = scaleDailyHazards(dischargeShares(curve, 1, 3), pace);

  it('are added up, each by a curve of their own or else as usual', () => {
    const usual = [0.9, 0.6, 0.2];
    const { means, variances, thirds, stays } = stayProbabilities(
      [curve, curve],
      3,
      1,
      pace,
      usual,
      true,
      null,
    );
    expect(stays).to.have.length(3);
    stays!.forEach((night, i) => {
      expect(night).to.deep.equal([own[i], own[i], usual[i]]);
      expect(means[i]).to.be.closeTo(sum(night), 1e-12);
      expect(variances[i]).to.be.closeTo(sum(night.map((p) => p * (1 - p))), 1e-12);
      expect(thirds[i]).to.be.closeTo(sum(night.map((p) => p * (1 - p) * (1 - 2 * p))), 1e-12);
    });
  });

  it('are rather in by past stays as far as these count, and both are told', () => {
    const usual = [0.9, 0.6, 0.2];
    const parts = [0, 0.25, 1];
    const { means, stays, curves, past } = stayProbabilities([curve], 2, 1, pace, usual, true, parts);
    usual.forEach((general, i) => {
      const blend = own[i]! + parts[i]! * (general - own[i]!);
      expect(stays![i]![0]).to.be.closeTo(blend, 1e-12);
      expect(means[i]).to.be.closeTo(blend + general, 1e-12);
      expect(curves[i]).to.be.closeTo(own[i]! + general, 1e-12);
      expect(past[i]).to.be.closeTo(2 * general, 1e-12);
    });
    const without = stayProbabilities([curve], 1, 1, pace, null, true, parts);
    expect(without.means).to.deep.equal(own);
    expect(without.past).to.deep.equal(own);
  });

  it('are not told one by one where no one asks, and stay where nothing is known of them', () => {
    const { means, stays } = stayProbabilities([{} as never], 1, 1, pace, null, false, [1, 1, 1]);
    expect(means).to.deep.equal([1, 1, 1]);
    expect(stays).to.equal(null);
  });
});

describe('when a patient leaves', () => {
  const curve = { days: [0, 2, 5, 20], gone: [0.1, 0.3, 0.5, 1] };

  it('is what the curve says of the rest where all days are alike', () => {
    const rest = describeRemaining(curve, 1);
    const { gone, median, low, high } = leaves(curve, 1, [], 3)!;
    expect({ median, low, high }).to.deep.equal({ median: rest.median, low: rest.low, high: rest.high });
    dischargeShares(curve, 1, 15).forEach((share, i) => {
      expect(gone[i]!).to.be.closeTo(share, 2e-6);
    });
    expect(leaves(null, 1, [], 0)).to.equal(null);
  });

  it('is later where the days to come are such on which few leave', () => {
    const sundays = [0, 1, 1, 1, 1, 1, 1];
    const { gone } = leaves(curve, 1, sundays, 6)!;
    const [saturday, sunday, monday] = gone;
    expect(sunday).to.equal(saturday);
    expect(monday).to.be.greaterThan(sunday!);
    expect(leaves(curve, 1, [0, 0, 0, 0, 0, 0, 0], 0)!.median).to.equal(400);
  });

  it('has a factor for each day that is given, and the last week’s for all later ones', () => {
    const week = [1, 1, 1, 1, 1, 1, 1];
    const holiday = [1, 0, 1, 1, 1, 1, 1];
    const steps = (factors: number[]) => {
      const { gone } = leaves(curve, 1, factors, 1)!;
      return gone.map((share, i) => share - (gone[i - 1] ?? 0));
    };
    const quiet = (factors: number[]) =>
      steps(factors).flatMap((step, i) => (Math.abs(step) < 1e-6 ? [i] : []));
    expect(quiet([...week, ...week])).to.deep.equal([]);
    expect(quiet([...holiday, ...week])).to.deep.equal([0]);
    expect(quiet([...week, ...holiday, ...week])).to.deep.equal([7]);
    expect(quiet([...week, ...holiday])).to.deep.equal([7, 14]);
    expect(steps([...week, ...week])).to.deep.equal(steps(week));
  });
});

describe('beds occupied on a night', () => {
  const none = { coming: 0, spread: 1, capacity: null, variance: 0, third: 0 };

  it('has quantiles that ascend, the mean in the middle, and reads its shares back', () => {
    fc.assert(
      fc.property(
        fc.array(share, { maxLength: 120 }),
        fc.double({ min: 0, max: 60, noNaN: true }),
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        (stays, coming, spread) => {
          const { quantiles, atLeast90, atLeast70 } = occupancy({
            ...none,
            stays,
            mean: sum(stays),
            coming,
            spread,
          });
          for (let i = 1; i < quantiles.length; i++) expect(quantiles[i]!).to.be.at.least(quantiles[i - 1]!);
          expect(atLeast90).to.be.at.most(atLeast70);
          const i = 12;
          if (quantiles[i]! > quantiles[i - 1]! && quantiles[i]! < quantiles[i + 1]!)
            expect(bedsBelow([...quantiles], quantiles[i]!)).to.be.closeTo(QUANTILES[i]!, 1e-9);
        },
      ),
    );
  });

  it('says the same of many patients by their moments as one by one, whether they mostly stay or mostly leave', () => {
    for (const [from, to] of [
      [0, 1],
      [0.8, 1],
      [0, 0.2],
    ] as const) {
      const stays = Array.from({ length: 150 }, (_, i) => from + ((to - from) * i) / 150);
      const moments = {
        mean: sum(stays),
        variance: sum(stays.map((p) => p * (1 - p))),
        third: sum(stays.map((p) => p * (1 - p) * (1 - 2 * p))),
      };
      const expected = { ...moments, coming: 12, spread: 1.4, capacity: Math.ceil(moments.mean + 12) };
      const each = occupancy({ ...expected, stays });
      const many = occupancy({ ...expected, stays: null });
      each.quantiles.forEach((beds, i) => {
        expect(many.quantiles[i]!, `${from} to ${to}, ${QUANTILES[i]}`).to.be.closeTo(beds, 0.15);
      });
      expect(many.over!).to.be.closeTo(each.over!, 0.003);
    }
  });

  it('is certain of those who stay for certain', () => {
    const certain = occupancy({ ...none, stays: [1, 1, 1, 0], mean: 3, capacity: 2 });
    expect(certain).to.include({ atLeast90: 3, atLeast70: 3, over: 1 });
    expect(occupancy({ ...none, stays: [1, 1, 1, 0], mean: 3, capacity: 3 }).over).to.equal(0);
    expect(occupancy({ ...none, stays: [], mean: 0 })).to.include({ atLeast90: 0, over: null });
  });

  it('is wider by the spread', () => {
    const stays = Array.from({ length: 100 }, () => 0.5);
    const width = (spread: number) => {
      const { quantiles } = occupancy({ ...none, stays, mean: 50, spread });
      return quantiles[20]! - quantiles[4]!;
    };
    expect(width(1.5) / width(1)).to.be.closeTo(1.5, 1e-3);
  });
});
