import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** A number as people write it: a sign, zeros in front, up to 20 digits, a fraction, an exponent, blanks around it. */
const written = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.stringMatching(/^0{0,2}[0-9]{1,20}$/),
    fc.option(fc.stringMatching(/^[0-9]{1,8}$/), { nil: undefined }),
    fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    fc.constantFrom('', ' '),
  )
  .map(([sign, whole, fraction, exponent, blank]) => ({
    text: `${blank}${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent === undefined ? '' : `e${exponent}`}${blank}`,
    // In millionths of millionths, so that nothing is lost: 8 digits of a fraction.
    hundredMillionths:
      (sign === '-' ? -1n : 1n) *
      BigInt(whole + (fraction ?? '').padEnd(8, '0')) *
      10n ** BigInt(exponent ?? 0),
  }));

/** Rounded away from zero. */
function rounded(hundredMillionths: bigint, scale: number): bigint {
  const unit = 10n ** BigInt(8 - scale);
  const size = hundredMillionths < 0n ? -hundredMillionths : hundredMillionths;
  const whole = (size + unit / 2n) / unit;
  return hundredMillionths < 0n ? -whole : whole;
}

describe('a text as a number of 38 digits', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(() => snowflake.close());

  for (const scale of [0, 2, 8])
    it(`is what is written, rounded away from zero to ${scale} places, whether 18 digits hold it or not`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(written, { minLength: 20, maxLength: 60 }), async (values) => {
          const texts = values.map(({ text }) => `('${text}')`).join(', ');
          const rows = await client.rows(
            `SELECT TO_VARCHAR(TO_NUMBER(column1, 38, ${scale})) AS A, TO_VARCHAR(TRY_TO_NUMBER(column1, 38, ${scale})) AS B FROM VALUES ${texts}`,
          );
          for (const [i, { text, hundredMillionths }] of values.entries()) {
            const expected = rounded(hundredMillionths, scale);
            for (const found of [rows[i]!.A, rows[i]!.B])
              expect(BigInt(String(found).replace('.', '')), text).to.equal(expected);
          }
        }),
        { numRuns: 25 },
      );
    });

  it('is none where it is no number', async () => {
    const rows = await client.rows(
      "SELECT TRY_TO_NUMBER(column1, 38, 0) AS N FROM VALUES (''), ('x'), ('1x'), ('12345678901234567890x'), ('1e99'), (NULL)",
    );
    expect(rows.map(({ N }) => N)).to.deep.equal([null, null, null, null, null, null]);
  });
});
