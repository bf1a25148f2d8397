import { expect } from 'chai';
import { describeSelection, selectionTable } from '../../../report/model/selection.js';

const selection = {
  screen: { job: 'los-health-v1-screen', rows: 1000, explained: 0.4 },
  leastShare: 0.02,
  shares: { AGE: 0.045, WARD: 0.95, EMPTY: 0 },
  kept: ['AGE', 'WARD'],
  dropped: ['EMPTY'],
  suspects: [{ feature: 'WARD', share: 0.95, explained: 0.5 }],
};

describe('what is said of a selection', () => {
  it('names what was dropped, and shows the shares, the strongest first', () => {
    expect(describeSelection(selection)).to.equal(
      '1 of 3 features dropped, each clearly below 2 % of what permuting all features costs: EMPTY',
    );
    expect(selectionTable(selection).rows).to.deep.equal([
      ['WARD', '95.00 %', 'yes'],
      ['AGE', '4.50 %', 'yes'],
      ['EMPTY', '0.00 %', 'dropped'],
    ]);
  });

  it('says that nothing told one feature from another', () => {
    const none = {
      ...selection,
      shares: { AGE: 0, WARD: 0, EMPTY: 0 },
      kept: ['AGE', 'WARD', 'EMPTY'],
      dropped: [],
    };
    expect(describeSelection(none)).to.contain('all 3 stay');
  });
});
