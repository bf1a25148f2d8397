import { expect } from 'chai';
import fc from 'fast-check';
import { fitBands, type IntervalRow } from '../../../udfs/fitting/intervals.js';

/** Errors of about ten days either way around predictions of 5 to 25. */
function rows(count: number): IntervalRow[] {
  return Array.from(
    { length: count },
    (_, i): IntervalRow => ({
      id: String(i),
      predicted: 5 + ((i * 104_729) % 1999) / 100,
      error: (((i * 7919) % 2003) / 2003 - 0.5) * 20,
      weight: 1,
      patient: i,
    }),
  );
}

describe('the intervals of a version', () => {
  it('are the same whatever the order of its rows', () => {
    const given = rows(1300);
    const { bands } = fitBands(given);
    expect(bands).to.have.length(5);
    expect(fitBands([...given].reverse()).bands).to.deep.equal(bands);
  });

  it('count a row with a weight as so many rows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 300, maxLength: 480 }), (weights) => {
        const one = (i: number) => ({ id: String(i).padStart(4, '0'), predicted: 8, patient: i });
        const weighed = weights.map((weight, i) => ({ ...one(i), error: (i * 37) % 101, weight }));
        const repeated = weighed.flatMap((row) => Array(row.weight).fill({ ...row, weight: 1 }));
        const [a] = fitBands(weighed).bands;
        // One band of either, though there are more rows of weight 1.
        const errors = repeated.map(({ error }) => error).sort((x, y) => x - y);
        // The row to come weighs 1 to 3: the end is an order statistic near the plain one.
        const at = (share: number) => Math.floor((errors.length + 1) * share) - 1;
        expect(a!.low).to.be.within(errors[at(0.1) - 3]!, errors[at(0.1) + 3]!);
        expect(a!.high).to.be.within(errors[at(0.9) - 3]!, errors[at(0.9) + 4]!);
      }),
      { numRuns: 30 },
    );
  });

  it('are of one band where all predictions are alike, and of none without rows', () => {
    const alike = rows(1300).map((row) => ({ ...row, predicted: 7 }));
    const { bands } = fitBands(alike);
    expect(bands.every(({ low, high }) => low < high)).to.equal(true);
    expect(bands.map(({ upTo }) => upTo)).to.deep.equal([7, 7, 7, 7, null]);
    expect(fitBands([]).bands).to.deep.equal([]);
  });
});
