import { expect } from 'chai';
import fc from 'fast-check';
import { loadContract } from '../../../deploy/dataset/load.js';
import { projectRoot } from '../../../deploy/project.js';
import { longStayDaysOf, longStayMisfit, proposeLongStay } from '../../../procedures/dataset/long-stay.js';
import { longStayText } from '../../../udfs/prediction/words.js';

describe('where a long stay begins', () => {
  it('is what the settings say, else the contract, else three weeks', () => {
    expect(longStayDaysOf({ longStayDays: 63 }, 14)).to.equal(14);
    expect(longStayDaysOf({ longStayDays: 63 }, null)).to.equal(63);
    expect(longStayDaysOf({}, null)).to.equal(21);
  });

  it('is proposed as about the ninetieth percentile, in days or in whole weeks', () => {
    expect([0, 1, 4, 8.2, 13].map(proposeLongStay)).to.deep.equal([2, 2, 4, 9, 13]);
    expect([14, 17, 18, 62, 63, 400, 9000].map(proposeLongStay)).to.deep.equal([
      14, 14, 21, 63, 63, 399, 3650,
    ]);
    fc.assert(
      fc.property(fc.double({ min: 2, max: 3600, noNaN: true }), (p90) => {
        expect(proposeLongStay(p90)).to.be.closeTo(p90, 3.5);
      }),
    );
  });

  it('is complained of where hardly any stay is that long, or most are, and not where nothing better is known', () => {
    expect(longStayMisfit(0.1, 21, 21)).to.equal(undefined);
    expect(longStayMisfit(0.79, 21, 63)).to.match(
      /^79 % of the stays .*write longStayDays: 63 into the contract/,
    );
    expect(longStayMisfit(0.0004, 21, 9)).to.match(/^Fewer than 1 % .*longStayDays: 9/);
    expect(longStayMisfit(0.79, 21, null)).to.match(/los dataset check/);
    // Stays of one day in nine of ten cases: two days are the least there is.
    expect(longStayMisfit(0.005, 2, 2)).to.equal(undefined);
  });

  it('of the demo is the contract’s, and the sentence follows it', () => {
    const { longStayDays } = loadContract(`${projectRoot}/sql/datasets/health.yaml`);
    expect(longStayText(0.12, longStayDays!)).to.equal(
      'This patient has a 12 % chance of staying nine weeks or longer.',
    );
  });
});
