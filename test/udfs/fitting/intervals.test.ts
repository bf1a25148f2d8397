import { expect } from 'chai';
import fc from 'fast-check';
import { fitBands, fitIntervals, type IntervalRow } from '../../../udfs/fitting/intervals.js';
import { marginIn } from '../../../udfs/fitting/mondrian-margins.js';

/** Errors of about ten days either way around predictions of 5 to 25; in ward Q three times as far. */
function rows(count: number): IntervalRow[] {
  return Array.from({ length: count }, (_, i): IntervalRow => {
    const ward = i % 5 === 0 ? 'Q' : 'P';
    const error = (((i * 7919) % 2003) / 2003 - 0.5) * (ward === 'Q' ? 60 : 20);
    return {
      id: String(i),
      predicted: 5 + ((i * 104_729) % 1999) / 100,
      error,
      weight: 1,
      patient: i,
      keys: [ward],
    };
  });
}

const covered = (some: readonly IntervalRow[], { bands, wide }: ReturnType<typeof fitIntervals>) =>
  some.filter(({ predicted, error, keys }) => {
    const { low, high } = bands.find(({ upTo }) => upTo === null || predicted <= upTo)!;
    const [margin] = marginIn(wide, keys);
    return error >= low - margin && error <= high + margin;
  }).length / some.length;

describe('the intervals of a version', () => {
  it('are the same whatever the order of its rows', () => {
    const given = rows(1300);
    const fitted = fitIntervals(given, 1);
    expect(fitted.bands).to.have.length(5);
    expect(fitIntervals([...given].reverse(), 1)).to.deep.equal(fitted);
  });

  it('are wider in a group that needs it, and not in the other', () => {
    const given = rows(2500);
    const fitted = fitIntervals(given, 1);
    expect(fitted.wide.map((groups) => Array.from(groups.keys()))).to.deep.equal([['Q']]);
    expect(covered(given, fitted)).to.be.within(0.8, 0.83);
    const wide = given.filter(({ keys }) => keys[0] === 'Q');
    expect(covered(wide, { ...fitted, wide: [] })).to.be.below(0.6);
    expect(covered(wide, fitted)).to.be.above(0.75);
  });

  it('widen nothing where no group is large enough, or there is none', () => {
    const few = rows(240);
    expect(fitIntervals(few, 1).wide).to.deep.equal([new Map()]);
    const ofNine = rows(2500).map((row) => ({ ...row, patient: row.patient % 9 }));
    expect(fitIntervals(ofNine, 1).wide).to.deep.equal([new Map()]);
    expect(fitIntervals(rows(2500), 0)).to.deep.equal({ bands: fitBands(rows(2500)).bands, wide: [] });
  });

  it('count a row with a weight as so many rows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 300, maxLength: 480 }), (weights) => {
        const one = (i: number) => ({
          id: String(i).padStart(4, '0'),
          predicted: 8,
          patient: i,
          keys: ['P'],
        });
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
    const { bands } = fitIntervals(alike, 1);
    expect(bands.every(({ low, high }) => low < high)).to.equal(true);
    expect(bands.map(({ upTo }) => upTo)).to.deep.equal([7, 7, 7, 7, null]);
    expect(fitIntervals([], 1)).to.deep.equal({ bands: [], wide: [new Map()] });
  });
});
