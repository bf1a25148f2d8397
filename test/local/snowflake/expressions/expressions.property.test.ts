import { expect } from 'chai';
import fc from 'fast-check';
import { printed } from '../corpus/shared.js';
import { expression } from './rules.js';

describe('generated expressions', () => {
  it('have the values that the documented rules give', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(expression, { minLength: 1, maxLength: 12 }), async (list) => {
        const [row] = await printed(`SELECT ${list.map(({ sql }, i) => `${sql} AS x${i}`).join(', ')}`);
        list.forEach(({ sql, value }, i) => {
          expect(row![i], sql).to.equal(value);
        });
      }),
      { seed: 19, numRuns: 60 },
    );
  });
});
