import { batchSize } from '@local-cloud/snowflake/external/call.js';
import { THREADS } from '@local-cloud/snowflake/external/translation-threads.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('the size of batches', () => {
  it('makes no more of them than must be, where they would be small', () => {
    expect(batchSize(0, 1000)).to.equal(1);
    expect(batchSize(1, 1000)).to.equal(1);
    expect(batchSize(499, 1000)).to.equal(499);
    expect(batchSize(95, 10)).to.equal(10);
    expect(batchSize(11, 10)).to.equal(6);
  });

  it('is about the same for all, never above the most, and gives each thread as many where there are many rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 2000 }), (rows, most) => {
        const size = batchSize(rows, most);
        expect(size).to.be.within(1, most);
        const batches = Math.ceil(rows / size);
        if (rows >= THREADS * Math.max(most, 1000) && most >= 1000) expect(batches % THREADS).to.equal(0);
      }),
    );
  });
});
