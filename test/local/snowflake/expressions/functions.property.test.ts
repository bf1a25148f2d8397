import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** A function's call with the text of the value that plain JavaScript gives it. */
interface Call {
  sql: string;
  value: string | null;
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
const int = fc.integer({ min: -1000, max: 1000 });
const ints = fc.array(int, { maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom(...'abzAZ09 .,;-_éß❄'), maxLength: 12 });
const arrayOf = (values: number[]) => `[${values.join(', ')}]`;
const json = (value: unknown) => JSON.stringify(value);

/** The 64 bits of a whole number, with the sign that they mean. */
const signed = (bits: bigint) => BigInt.asIntN(64, bits).toString();
const big = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });

const bits: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(big, big).map(([a, z]) => ({ sql: `BITAND(${a}, ${z})`, value: signed(a & z) })),
  fc.tuple(big, big).map(([a, z]) => ({ sql: `BITOR(${a}, ${z})`, value: signed(a | z) })),
  fc.tuple(big, big).map(([a, z]) => ({ sql: `BITXOR(${a}, ${z})`, value: signed(a ^ z) })),
  big.map((a) => ({ sql: `BITNOT(${a})`, value: signed(~a) })),
  fc
    .tuple(big, fc.integer({ min: 0, max: 63 }))
    .map(([a, n]) => ({ sql: `BITSHIFTLEFT(${a}, ${n})`, value: signed(a << BigInt(n)) })),
  fc
    .tuple(big, fc.integer({ min: 0, max: 62 }))
    .map(([a, n]) => ({ sql: `GETBIT(${a}, ${n})`, value: signed((a >> BigInt(n)) & 1n) })),
);

const bytes = (value: string) => Buffer.from(value, 'utf8');

const encodings: fc.Arbitrary<Call> = fc.oneof(
  text.map((s) => ({ sql: `BASE64_ENCODE(${quoted(s)})`, value: bytes(s).toString('base64') })),
  text.map((s) => ({ sql: `BASE64_DECODE_STRING(BASE64_ENCODE(${quoted(s)}))`, value: s })),
  text.map((s) => ({ sql: `HEX_DECODE_STRING(HEX_ENCODE(${quoted(s)}, 0))`, value: s })),
  text.map((s) => ({ sql: `OCTET_LENGTH(${quoted(s)})`, value: String(bytes(s).length) })),
  fc.tuple(text, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 })).map(([s, from, size]) => ({
    sql: `SUBSTR(TO_BINARY(${quoted(s)}, 'UTF-8'), ${from}, ${size})`,
    value: bytes(s)
      .subarray(from - 1, from - 1 + size)
      .toString('hex')
      .toUpperCase(),
  })),
  text.map((s) => ({ sql: `LENGTH(TO_BINARY(${quoted(s)}, 'UTF-8'))`, value: String(bytes(s).length) })),
  fc.tuple(text, fc.constantFrom(224, 256, 384, 512)).map(([s, size]) => ({
    sql: `SHA2(${quoted(s)}, ${size})`,
    value: createHash(`sha${size}`).update(s).digest('hex'),
  })),
  text.map((s) => ({
    sql: `MD5_NUMBER_UPPER64(${quoted(s)})`,
    value: BigInt(`0x${createHash('md5').update(s).digest('hex').slice(0, 16)}`).toString(),
  })),
);

const sum = (values: number[]) => values.reduce((total, x) => total + x, 0);

const lambdas: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(ints, int).map(([xs, n]) => ({
    sql: `FILTER(${arrayOf(xs)}, x -> x >= ${n})`,
    value: json(xs.filter((x) => x >= n)),
  })),
  fc.tuple(ints, int).map(([xs, n]) => ({
    sql: `TRANSFORM(${arrayOf(xs)}, x INT -> x * 2 - ${n})`,
    value: json(xs.map((x) => x * 2 - n)),
  })),
  fc.tuple(ints, int).map(([xs, n]) => ({
    sql: `REDUCE(${arrayOf(xs)}, ${n}, (total, x) -> total + x)`,
    value: String(n + sum(xs)),
  })),
  ints.map((xs) => ({
    sql: `ARRAY_SORT(${arrayOf(xs)}, FALSE)`,
    value: json([...xs].sort((a, z) => z - a)),
  })),
  ints.map((xs) => ({ sql: `ARRAY_DISTINCT(${arrayOf(xs)})`, value: json([...new Set(xs)]) })),
);

/** Keys of every kind, the empty one among them; asked for as a literal and as a value that is computed. */
const keys: fc.Arbitrary<Call> = fc
  .tuple(
    fc.dictionary(fc.string({ unit: fc.constantFrom(...'aB "\'.$[]/~é'), maxLength: 4 }), int),
    fc.constantFrom('', 'a', '"', '/'),
    fc.boolean(),
  )
  .chain(([object, other, computed]) =>
    fc.constantFrom(...Object.keys(object), other).map((key) => ({
      sql: `GET(PARSE_JSON(${quoted(json(object))}), ${computed ? `LOWER('') || ${quoted(key)}` : quoted(key)})`,
      value: Object.hasOwn(object, key) ? String(object[key]) : null,
    })),
  );

/** A number literal: its value without zeros at the ends, and the NUMBER that it is (functions/system_typeof). */
const literals: fc.Arbitrary<Call> = fc
  .tuple(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: -6, max: 6 }))
  .map(([digits, exponent]) => {
    const plain = String(digits).replace(/0+$/, (zeros) => (digits === 0 ? '0' : zeros));
    const padded = exponent < 0 ? plain.padStart(1 - exponent, '0') : plain + '0'.repeat(exponent);
    const point = exponent < 0 ? padded.length + exponent : padded.length;
    const whole = padded.slice(0, point).replace(/^0+(?=\d)/, '');
    const fraction = padded.slice(point).replace(/0+$/, '');
    const shown = `${whole}${fraction ? `.${fraction}` : ''}`;
    const type = `NUMBER(${whole.length + fraction.length},${fraction.length})`;
    return {
      sql: `${digits}e${exponent} || ' ' || SPLIT_PART(SYSTEM$TYPEOF(${digits}e${exponent}), '[', 1)`,
      value: `${shown} ${type}`,
    };
  });

describe('functions with generated arguments', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE D');
  });
  after(() => snowflake.close());

  for (const [subject, calls] of Object.entries({ bits, encodings, lambdas, keys, literals }))
    it(`give what plain JavaScript gives: ${subject}`, () =>
      fc.assert(
        fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 12 }), async (list) => {
          const columns = list.map(({ sql }) => `(${sql})::VARCHAR`);
          const [row] = await client.values(`SELECT ${columns.join(', ')}`);
          expect(row).to.deep.equal(list.map(({ value }) => value));
        }),
        { numRuns: 25 },
      ));

  it('sort and compare VARIANTs that hold numbers by their values', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: -2000, max: 2000 }), { minLength: 1 }),
        int,
        async (xs, n) => {
          const rows = await client.values(
            `SELECT value, value < ${n}, value BETWEEN ${n} AND ${n + 100} FROM TABLE(FLATTEN(${arrayOf(xs)})) ORDER BY value`,
          );
          const sorted = [...xs].sort((a, z) => a - z);
          expect(rows).to.deep.equal(sorted.map((x) => [x, x < n, x >= n && x <= n + 100]));
          const [extremes] = await client.values(
            `SELECT MIN(value), MAX(value) FROM TABLE(FLATTEN(${arrayOf(xs)}))`,
          );
          expect(extremes).to.deep.equal([sorted[0], sorted.at(-1)]);
        },
      ),
      { numRuns: 25 },
    ));

  it('count events and take parts as sums over the rows before do', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 12 }),
        async (xs) => {
          const rows = await client.values(
            `SELECT CONDITIONAL_TRUE_EVENT(value > 0) OVER (ORDER BY index),
            CONDITIONAL_CHANGE_EVENT(value) OVER (ORDER BY index) FROM TABLE(FLATTEN(${arrayOf(xs)})) ORDER BY index`,
          );
          const expected = xs.map((_, i) => [
            xs.slice(0, i + 1).filter((x) => x > 0).length,
            xs.slice(0, i + 1).filter((x, j) => j > 0 && x !== xs[j - 1]).length,
          ]);
          expect(rows).to.deep.equal(expected);
        },
      ),
      { numRuns: 25 },
    ));
});
