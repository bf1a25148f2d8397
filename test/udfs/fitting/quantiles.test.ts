import { expect } from 'chai';
import fc from 'fast-check';
import { ascending, lowerQuantile, upperQuantile } from '../../../udfs/fitting/quantiles.js';

const ofWeight1 = (values: readonly number[]) =>
  ascending(values.map((value, i) => ({ value, weight: 1, id: String(i) })));

describe('weighted conformal quantiles', () => {
  it('are order statistics where every weight is 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 99 }),
        (values, percent) => {
          const rows = ofWeight1(values);
          const sorted = [...values].sort((a, b) => a - b);
          const at = ((values.length + 1) * percent) / 100;
          const place = (k: number) => sorted[Math.min(Math.max(k, 1), sorted.length) - 1];
          expect(upperQuantile(rows, percent / 100)).to.equal(place(Math.ceil(at - 1e-6)));
          expect(lowerQuantile(rows, percent / 100)).to.equal(place(Math.floor(at + 1e-6)));
        },
      ),
    );
  });

  it('lie as far out as there are rows, where fewer cannot tell', () => {
    const rows = ofWeight1([3, 1, 2]);
    expect([upperQuantile(rows, 0.975), lowerQuantile(rows, 0.025)]).to.deep.equal([3, 1]);
  });

  it('count a row by its weight, and the row to come by the weight at that end', () => {
    const rows = ascending([
      { value: 5, weight: 6, id: 'b' },
      { value: 1, weight: 1, id: 'a' },
      { value: 9, weight: 1, id: 'c' },
    ]);
    // 7 of 8 reached at 5: enough for half of 8 + 6, not for .9 of 8 + 1.
    expect(upperQuantile(rows, 0.5)).to.equal(5);
    expect(upperQuantile(rows, 0.9)).to.equal(9);
    expect(lowerQuantile(rows, 0.5)).to.equal(5);
    expect(lowerQuantile(rows, 0.1)).to.equal(1);
  });
});
