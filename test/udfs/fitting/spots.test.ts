import { expect } from 'chai';
import fc from 'fast-check';
import { divisor } from '../../../udfs/curve/residual-distribution.js';
import { type FitRow, orderRows, PLACES, partOf, rowsNear } from '../../../udfs/fitting/spots.js';

const rowsOf = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 60 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((pairs) =>
    pairs.map(([half, stay]): FitRow => [half / 2, stay, 1, 0]).sort((a, b) => a[0] - b[0] || a[1] - b[1]),
  );

describe('places of stays around a prediction', () => {
  it('are those of the rows that are near it, ascending, of one value in the rows’ order', () => {
    fc.assert(
      fc.property(
        rowsOf,
        fc.constantFrom('quotient', 'difference'),
        fc.infiniteStream(fc.boolean()),
        (rows, kind, far) => {
          const near = Float64Array.from(rows, (_, i) => (far.next().value ? 0 : i + 1));
          const expected: [value: number, weight: number][] = [];
          for (const [i, [predicted, stay]] of rows.entries())
            for (let place = 0; place < PLACES && near[i]! > 0; place++) {
              const days = stay - 0.5 + (place + 0.5) / PLACES;
              expected.push([kind === 'quotient' ? days / divisor(predicted) : days - predicted, near[i]!]);
            }
          expected.sort((a, b) => a[0] - b[0]);
          const { values, weights } = rowsNear(orderRows(rows).spots(kind), near);
          expect([...values].map((value, i) => [value, weights[i]])).to.deep.equal(expected);
        },
      ),
    );
  });

  it('of some of the rows are those that these have alone', () => {
    fc.assert(
      fc.property(rowsOf, fc.constantFrom('quotient', 'difference'), (rows, kind) => {
        const some = rows.map(([predicted, stay], i): FitRow => [predicted, stay, i + 1, i % 3]);
        const isIn = ([, , , fold]: FitRow) => fold !== 1;
        const { spots: _, ...part } = partOf(orderRows(some), some, isIn);
        const { spots: __, ...alone } = orderRows(some.filter(isIn));
        expect(part).to.deep.equal(alone);
        expect(partOf(orderRows(some), some, isIn).spots(kind)).to.deep.equal(
          orderRows(some.filter(isIn)).spots(kind),
        );
      }),
    );
  });

  it('rows of one prediction share the middle of theirs', () => {
    const rows: FitRow[] = [1, 2, 2, 2, 3].map((predicted) => [predicted, 1, 1, 0]);
    expect([...orderRows(rows).places]).to.deep.equal([0.5, 2.5, 2.5, 2.5, 4.5]);
  });
});
