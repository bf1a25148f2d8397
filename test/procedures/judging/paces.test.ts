import { expect } from 'chai';
import { paceOfAll, paceOfGroup } from '../../../procedures/judging/paces.js';

describe('paces', () => {
  it('correct nothing in a group that is chance', () => {
    expect(paceOfGroup({ exposure: 1.15, rows: 300 }, { exposure: 1, rows: 2000 })).to.equal(1);
  });

  it('are as much slower as stays were longer, and hardly that of few rows', () => {
    expect(paceOfAll({ exposure: 1.2, rows: 1e6 })).to.be.closeTo(1 / 1.2, 1e-4);
    expect(paceOfAll({ exposure: 1.2, rows: 30 })).to.be.closeTo(1.2 ** -0.5, 1e-4);
    expect(paceOfAll({ exposure: 0.8, rows: 1e6 })).to.be.above(1);
  });

  it('are of a group beside everybody, small ones nearer to it', () => {
    const everybody = { exposure: 1.1, rows: 5000 };
    const pace = (rows: number) => paceOfGroup({ exposure: 1.65, rows }, everybody);
    expect(pace(1e6)).to.be.closeTo(1 / 1.5, 1e-3);
    expect(pace(100)).to.be.within(1 / 1.5, 0.8);
    expect(pace(10)).to.equal(1);
  });
});
