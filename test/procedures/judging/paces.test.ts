import { expect } from 'chai';
import { paceForMean, paceOfAll, paceOfGroup, ratioWanted } from '../../../procedures/judging/paces.js';

describe('paces', () => {
  it('correct nothing in a group that is chance', () => {
    expect(paceOfGroup({ exposure: 1.15, rows: 300 }, { exposure: 1, rows: 2000 })).to.equal(1);
  });

  it('are as much slower as stays were longer, and hardly that of few rows', () => {
    expect(paceOfAll({ exposure: 1.2, rows: 1e6 })).to.be.closeTo(1 / 1.2, 1e-4);
    expect(paceOfAll({ exposure: 1.2, rows: 30 })).to.be.closeTo(1.2 ** -0.5, 1e-4);
    expect(paceOfAll({ exposure: 0.8, rows: 1e6 })).to.be.above(1);
  });

  it('become such that the curves’ mean is nearly right after two steps', () => {
    // Geometric stays of a mean of 10 days, and such that nobody stays for more than 20.
    const stays: ((day: number) => number)[] = [
      (day) => 0.9 ** day,
      (day) => Math.max(0, 1 - Math.max(0, day - 5) / 15),
    ];
    for (const here of stays) {
      const meanAt = (pace: number) =>
        Array.from({ length: 400 }, (_, day) => here(day) ** pace).reduce((sum, share) => sum + share, 0);
      const actual = meanAt(1) * 1.02;
      let pace = 1;
      for (let step = 0; step < 2; step++) pace = paceForMean(pace, meanAt(pace) / actual, 1);
      expect(pace).to.be.below(1);
      expect(meanAt(pace) / actual).to.be.closeTo(1, 0.008);
    }
    expect(paceForMean(0.97, 1.0005, 1)).to.equal(0.97);
    // Where SQL knows no mean: null, of which a number is made.
    const unknown = { ratio: Number(null), rows: Number(null) };
    expect(paceForMean(0.97, unknown.ratio, ratioWanted(unknown))).to.equal(0.97);
  });

  it('leave the mean where it is as far as rows are too few to tell', () => {
    expect(ratioWanted({ ratio: 0.98, rows: 1e7 })).to.be.closeTo(1, 1e-4);
    expect(ratioWanted({ ratio: 0.98, rows: 2400 })).to.be.closeTo(0.99, 1e-3);
    expect(ratioWanted({ ratio: 0.98, rows: 100 })).to.be.closeTo(0.9808, 1e-3);
  });

  it('are of a group beside everybody, small ones nearer to it', () => {
    const everybody = { exposure: 1.1, rows: 5000 };
    const pace = (rows: number) => paceOfGroup({ exposure: 1.65, rows }, everybody);
    expect(pace(1e6)).to.be.closeTo(1 / 1.5, 1e-3);
    expect(pace(100)).to.be.within(1 / 1.5, 0.8);
    expect(pace(10)).to.equal(1);
  });
});
