import { expect } from 'chai';
import fc from 'fast-check';
import { compact } from '../../../udfs/curve/curve.js';
import { dischargeShares, remaining } from '../../../udfs/curve/remaining.js';
import shiftCurve from '../../../udfs/curve/shift-curve.js';
import { anyCurve } from './any-curve.js';

describe('LOS_SHIFT_CURVE', () => {
  it('makes a curve of a morning one since admission that says the same of the rest, on that morning and later', () => {
    fc.assert(
      fc.property(
        anyCurve(),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 20 }),
        (curve, seen, later) => {
          const rest = compact(remaining(curve, seen));
          const shifted = shiftCurve(rest, seen)!;
          expect(dischargeShares(shifted, seen + later, 14)).to.deep.equal(dischargeShares(rest, later, 14));
        },
      ),
    );
  });

  it('is null for what is no curve', () => {
    expect(shiftCurve({} as never, 3)).to.equal(null);
  });
});
