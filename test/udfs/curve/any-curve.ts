import fc from 'fast-check';
import type { Curve } from '../../../udfs/curve/curve.js';

/** Any curve: days with gaps, shares that may stand still, and a jump at the end. */
export const anyCurve = (most = 25): fc.Arbitrary<Curve> =>
  fc
    .tuple(
      fc.nat(6),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(500)), { minLength: 1, maxLength: most }),
    )
    .map(([first, steps]) => {
      const total = steps.reduce((sum, [, mass]) => sum + mass, 0) + 1;
      let day = first - 1;
      let mass = 0;
      const days: number[] = [];
      const gone: number[] = [];
      steps.forEach(([gap, more], i) => {
        day += i === 0 ? 1 : gap;
        mass += more;
        days.push(day);
        gone.push(i === steps.length - 1 ? 1 : mass / total);
      });
      return { days, gone };
    });
