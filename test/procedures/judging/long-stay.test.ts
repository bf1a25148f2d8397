import { expect } from 'chai';
import fc from 'fast-check';
import { monotone } from '../../../procedures/judging/long-stay.js';

describe('long-stay points', () => {
  it('pool what would fall, and claim no more than the rows can tell', () => {
    const points = monotone([
      { predicted: 1, rows: 100, hits: 0 },
      { predicted: 2, rows: 100, hits: 30 },
      { predicted: 3, rows: 100, hits: 10 },
      { predicted: 4, rows: 100, hits: 100 },
    ]);
    expect(points).to.deep.equal([
      [1, 0.005],
      [2.5, 0.2],
      [4, 0.995],
    ]);
  });

  it('never fall', () => {
    const counted = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(counted, (given) => {
        const bands = given.map(([rows, share], i) => ({
          predicted: i,
          rows,
          hits: Math.round(rows * share),
        }));
        const shares = monotone(bands).map(([, share]) => share);
        for (let i = 1; i < shares.length; i++) expect(shares[i]!).to.be.at.least(shares[i - 1]!);
      }),
    );
  });
});
