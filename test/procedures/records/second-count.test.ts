import { expect } from 'chai';
import fc from 'fast-check';
import { secondCount, signedComment } from '../../../procedures/records/second-count.js';

const at = '2026-12-03T01:00:00Z';
const mark = 'Runs of procedures (a note). predict-los/los 0123456789abcdef';

describe('the second count', () => {
  it('comes back from the comment as it was written, whatever stood there before', () => {
    const rows = fc.dictionary(fc.stringMatching(/^LOS_[A-Z_]{1,20}$/), fc.nat(), { minKeys: 1 });
    const before = fc.constantFrom(mark, signedComment(mark, at, { LOS_A: 3 }, 'other'));
    fc.assert(
      fc.property(rows, before, (counted, comment) => {
        const signed = signedComment(comment, at, counted, 'health');
        expect(secondCount(signed, 'health')).to.deep.equal({ at, rows: counted });
        expect(secondCount(signed, 'other')).to.equal(undefined);
        expect(signed.endsWith(`) ${mark}`)).to.equal(true);
        expect(signed.match(/Monitoring/g)).to.have.length(1);
        const later = signedComment(signed, '2026-12-03T02:00:00Z', null, 'health');
        expect(secondCount(later, 'health'), 'with something lost').to.deep.equal({ at, rows: counted });
      }),
    );
  });

  it('is of no rows where none were counted, and replaces a sign of life of an earlier release', () => {
    const signed = signedComment(`Monitoring is alive at ${at} ${mark}`, at, {}, 'health');
    expect(signed).to.equal(`Monitoring is alive at ${at} (health at ${at}: ) ${mark}`);
    expect(secondCount(signed, 'health')).to.deep.equal({ at, rows: {} });
    expect(secondCount(mark, 'health')).to.equal(undefined);
  });
});
