import { expect } from 'chai';
import fc from 'fast-check';
import { printed } from '../corpus/shared.js';

/** A whole number times a power of ten, both far within what DECFLOAT holds exactly. */
interface Decimal {
  digits: bigint;
  exponent: number;
}

const decimal: fc.Arbitrary<Decimal> = fc.record({
  digits: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
  exponent: fc.integer({ min: -8, max: 6 }),
});

const literal = ({ digits, exponent }: Decimal) => `DECFLOAT '${digits}e${exponent}'`;

/** The value in units of 10^-20, in which all sums and products of these numbers are whole. */
const UNIT = 20;
const scaled = ({ digits, exponent }: Decimal): bigint => digits * 10n ** BigInt(exponent + UNIT);

/** Such a number in full, without zeros at its ends. */
function plain(units: bigint): string {
  const magnitude = (units < 0n ? -units : units).toString().padStart(UNIT + 1, '0');
  const fraction = magnitude.slice(-UNIT).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${magnitude.slice(0, -UNIT)}${fraction && `.${fraction}`}`;
}

describe('arithmetic and order of DECFLOAT', () => {
  it('are exact as long as 38 digits are enough', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(decimal, decimal), { minLength: 5, maxLength: 10 }),
        async (pairs) => {
          const columns = pairs.flatMap(([a, z]) => [
            `${literal(a)} + ${literal(z)}`,
            `${literal(a)} - ${literal(z)}`,
            `${literal(a)} * ${literal(z)}`,
            `${literal(a)} < ${literal(z)}`,
          ]);
          const expected = pairs.flatMap(([a, z]) => [
            plain(scaled(a) + scaled(z)),
            plain(scaled(a) - scaled(z)),
            plain((scaled(a) * scaled(z)) / 10n ** BigInt(UNIT)),
            String(scaled(a) < scaled(z)),
          ]);
          const [row] = await printed(`SELECT ${columns.join(', ')}`);
          expect(row).to.deep.equal(expected);
        },
      ),
      { numRuns: 20 },
    ));

  it('sort as the numbers do', () =>
    fc.assert(
      fc.asyncProperty(fc.array(decimal, { minLength: 1, maxLength: 12 }), async (list) => {
        const rows = await printed(
          `SELECT v FROM VALUES ${list.map((each) => `(${literal(each)})`).join(', ')} AS t (v) ORDER BY v`,
        );
        const sorted = list.map(scaled).sort((a, z) => (a < z ? -1 : Number(a > z)));
        expect(rows).to.deep.equal(sorted.map((units) => [plain(units)]));
      }),
      { numRuns: 20 },
    ));
});
