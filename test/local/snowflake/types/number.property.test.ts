import { expect } from 'chai';
import fc from 'fast-check';
import { printed } from '../corpus/shared.js';

/** A NUMBER: its digits without the point, and how many of them stand behind it. */
interface Decimal {
  digits: bigint;
  scale: number;
}

/** A literal: zeros at the end of its fraction would not be part of its type. */
const decimal: fc.Arbitrary<Decimal> = fc
  .record({ digits: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), scale: fc.nat({ max: 6 }) })
  .map(({ digits, scale }) => {
    let literal = { digits, scale };
    while (literal.scale > 0 && literal.digits % 10n === 0n)
      literal = { digits: literal.digits / 10n, scale: literal.scale - 1 };
    return literal;
  });

function text({ digits, scale }: Decimal): string {
  const magnitude = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const point = magnitude.length - scale;
  return `${digits < 0n ? '-' : ''}${magnitude.slice(0, point)}${scale > 0 ? `.${magnitude.slice(point)}` : ''}`;
}

/** a / b rounded half away from zero. */
function divided(a: bigint, b: bigint): bigint {
  const negative = a < 0n !== b < 0n;
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const quotient = (2n * x + y) / (2n * y);
  return negative ? -quotient : quotient;
}

const at = (value: Decimal, scale: number): bigint => value.digits * 10n ** BigInt(scale - value.scale);

/** docs.snowflake.com/en/sql-reference/operators-arithmetic, "Scale and precision in arithmetic operations". */
const RULES: Record<string, (a: Decimal, b: Decimal) => Decimal> = {
  '+': (a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return { digits: at(a, scale) + at(b, scale), scale };
  },
  '-': (a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return { digits: at(a, scale) - at(b, scale), scale };
  },
  '*': (a, b) => {
    const full = a.scale + b.scale;
    const scale = Math.min(full, Math.max(a.scale, b.scale, 12));
    return { digits: divided(a.digits * b.digits, 10n ** BigInt(full - scale)), scale };
  },
  '/': (a, b) => {
    const scale = Math.max(a.scale, Math.min(a.scale + 6, 12));
    return { digits: divided(a.digits * 10n ** BigInt(scale - a.scale + b.scale), b.digits), scale };
  },
  '%': (a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return { digits: at(a, scale) % at(b, scale), scale };
  },
};

describe('arithmetic on NUMBER', () => {
  for (const [op, rule] of Object.entries(RULES))
    it(`a ${op} b has the documented value and scale`, async () => {
      const pairs = fc.array(
        fc.tuple(
          decimal,
          decimal.filter(({ digits }) => digits !== 0n),
        ),
        { minLength: 40, maxLength: 40 },
      );
      await fc.assert(
        fc.asyncProperty(pairs, async (examples) => {
          const rows = examples.map(([a, b]) => `SELECT ${text(a)} ${op} ${text(b)}`);
          // One statement each would be slow; a union would bring all to one scale: so, columns.
          const [row] = await printed(`SELECT ${rows.map((each) => `(${each})`).join(', ')}`);
          expect(row).to.deep.equal(examples.map(([a, b]) => text(rule(a, b))));
        }),
        { numRuns: 4, endOnFailure: true },
      );
    });

  /** What stands behind the last of `kept` decimals goes: towards zero, down or up. */
  const CUT: Record<string, (rest: bigint) => bigint> = {
    TRUNC: () => 0n,
    FLOOR: (rest) => (rest < 0n ? -1n : 0n),
    CEIL: (rest) => (rest > 0n ? 1n : 0n),
  };
  for (const [name, step] of Object.entries(CUT))
    it(`${name} of a quotient is exact`, async () => {
      const example = fc.tuple(
        decimal,
        decimal.filter(({ digits }) => digits !== 0n),
        fc.nat({ max: 3 }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(example, { minLength: 40, maxLength: 40 }), async (examples) => {
          const items = examples.map(([a, b, kept]) => `${name}(${text(a)} / ${text(b)}, ${kept})`);
          const [row] = await printed(`SELECT ${items.join(', ')}`);
          expect(row).to.deep.equal(
            examples.map(([a, b, kept]) => {
              const { digits, scale } = RULES['/']!(a, b);
              const unit = 10n ** BigInt(scale - kept);
              return text({ digits: digits / unit + step(digits % unit), scale: kept });
            }),
          );
        }),
        { numRuns: 4, endOnFailure: true },
      );
    });
});
