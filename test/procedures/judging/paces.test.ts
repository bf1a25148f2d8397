import { expect } from 'chai';
import { paceForMean, paceOfAll, paceOfGroup } from '../../../procedures/judging/paces.js';

describe('paces', () => {
  it('correct nothing in a group that is chance', () => {
    expect(paceOfGroup({ exposure: 1.15, rows: 300 }, { exposure: 1, rows: 2000 })).to.equal(1);
  });

  it('are as much slower as stays were longer, and hardly that of few rows', () => {
    expect(paceOfAll({ exposure: 1.2, rows: 1e6 })).to.be.closeTo(1 / 1.2, 1e-4);
    expect(paceOfAll({ exposure: 1.2, rows: 30 })).to.be.closeTo(1.2 ** -0.5, 1e-4);
    expect(paceOfAll({ exposure: 0.8, rows: 1e6 })).to.be.above(1);
  });

  it('become slower where curves have too short a mean, and hardly by few rows', () => {
    // Geometric stays of a mean of 10 days, and such that nobody stays for more than 20.
    const stays: ((day: number) => number)[] = [
      (day) => 0.9 ** day,
      (day) => Math.max(0, 1 - Math.max(0, day - 5) / 15),
    ];
    for (const here of stays) {
      const meanAt = (pace: number) =>
        Array.from({ length: 400 }, (_, day) => here(day) ** pace).reduce((sum, share) => sum + share, 0);
      const wanted = meanAt(1) * 1.01;
      const pace = paceForMean(1, meanAt(1) / wanted, 1e7);
      expect(pace).to.be.below(1);
      expect(Math.abs(meanAt(pace) / wanted - 1)).to.be.below(0.007);
    }
    expect(paceForMean(0.97, 0.99, 100)).to.be.within(0.968, 0.97);
    expect(paceForMean(0.97, 1.0005, 1e7)).to.equal(0.97);
  });

  it('are of a group beside everybody, small ones nearer to it', () => {
    const everybody = { exposure: 1.1, rows: 5000 };
    const pace = (rows: number) => paceOfGroup({ exposure: 1.65, rows }, everybody);
    expect(pace(1e6)).to.be.closeTo(1 / 1.5, 1e-3);
    expect(pace(100)).to.be.within(1 / 1.5, 0.8);
    expect(pace(10)).to.equal(1);
  });
});
