import { expect } from 'chai';
import fc from 'fast-check';
import { findFailing } from '../../../../procedures/scoring/batches/failing.js';

describe('finding failing rows by halving', () => {
  const places = (ranges: readonly { from: number; to: number }[]) =>
    ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));

  it('finds exactly the failing ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 300 })),
        (last, bad) => {
          const failing = bad.filter((place) => place <= last).sort((a, b) => a - b);
          const found = findFailing(
            last,
            (from, to) => !failing.some((place) => place >= from && place <= to),
            1e6,
          );
          expect(places(found)).to.deep.equal(failing);
        },
      ),
    );
  });

  it('asks no more often than it may, and then leaves out too much rather than too little', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 1000 })),
        fc.integer({ min: 0, max: 50 }),
        (bad, most) => {
          let asked = 0;
          const found = findFailing(
            1000,
            (from, to) => {
              asked++;
              return !bad.some((place) => place >= from && place <= to);
            },
            most,
          );
          expect(asked).to.be.at.most(most);
          expect(places(found)).to.include.members(bad);
        },
      ),
    );
  });

  it('takes some twenty questions for one row in a million', () => {
    let asked = 0;
    const found = findFailing(
      1_000_000,
      (from, to) => {
        asked++;
        return from > 123_456 || to < 123_456;
      },
      400,
    );
    expect(found).to.deep.equal([{ from: 123_456, to: 123_456 }]);
    expect(asked).to.be.below(45);
  });
});
