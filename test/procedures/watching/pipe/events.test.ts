import { expect } from 'chai';
import fc from 'fast-check';
import { fewestADay } from '../../../../procedures/watching/pipe/events.js';

const counts = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 15, maxLength: 15 });

describe('the yardstick of events of stays', () => {
  it('is the fewest of fourteen days, of which the last 24 hours are none', () => {
    fc.assert(
      fc.property(counts, (all) => {
        expect(fewestADay(all, false)).to.equal(Math.min(...all.slice(1)));
        expect(fewestADay([9999, ...all.slice(1)], false)).to.equal(fewestADay(all, false));
      }),
    );
  });

  it('is 0 where a day had none, and never less than what raises an alarm while one is open', () => {
    expect(fewestADay([5, 100, 100], false)).to.equal(0);
    fc.assert(
      fc.property(counts, (all) => {
        expect(fewestADay(all, true)).to.equal(Math.max(100, fewestADay(all, false)));
      }),
    );
    expect(fewestADay([], true)).to.equal(100);
  });
});
