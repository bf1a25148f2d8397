import { expect } from 'chai';
import type { Curve } from '../../../udfs/curve/curve.js';
import { meanOf } from '../../../udfs/curve/curve.js';
import meansByHazard from '../../../udfs/fitting/means-by-pace.js';

describe('means at other paces', () => {
  // A fifth of those still in leave every day.
  const days = Array.from({ length: 100 }, (_, i) => i + 1);
  const curve: Curve = { days, gone: days.map((day) => (day < 100 ? 1 - 0.8 ** day : 1)) };

  it('are those of curves whose patients leave so many times as fast', () => {
    const paces = [0.5, 1, 2];
    const means = meansByHazard(curve, paces)!;
    paces.forEach((pace, i) => {
      expect(means[i]).to.be.closeTo(1 / (1 - 0.8 ** pace), 0.01);
    });
    expect(means[1]).to.equal(meanOf(curve));
  });

  it('are none of what is no curve', () => {
    expect(meansByHazard({} as Curve, [1])).to.equal(null);
  });
});
