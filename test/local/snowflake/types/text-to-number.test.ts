import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { DIGITS, expectedNumber, writtenNumber } from './written-number.js';

describe('a text as a number of 38 digits', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(() => snowflake.close());

  for (const digits of DIGITS) {
    const type = `NUMBER(${digits.join(', ')})`;
    it(`is what is written, rounded half away from zero, or refused, as ${type}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(writtenNumber, { minLength: 20, maxLength: 60 }), async (numbers) => {
          const expected = numbers.map((number) => expectedNumber(number, digits));
          const given = (all: string[]) => all.map((text, i) => `(${i}, '${text}')`).join(', ');
          const texts = numbers.map(({ text }) => text);
          const tried = await client.values(
            `SELECT TRY_CAST(column2 AS ${type})::VARCHAR FROM VALUES ${given(texts)} ORDER BY column1`,
          );
          expect(tried.flat()).to.deep.equal(expected);
          const fitting = texts.filter((_, i) => expected[i] !== null);
          if (fitting.length === 0) return;
          const columns = [
            `CAST(column2 AS ${type})`,
            // A VARIANT's number is written as JSON does it: no sign and no zeros in front.
            `CAST(TO_VARIANT(column2) AS ${type})`,
          ].map((sql) => `${sql}::VARCHAR`);
          const cast = await client.values(
            `SELECT ${columns.join(', ')} FROM VALUES ${given(fitting)} ORDER BY column1`,
          );
          const values = expected.filter((value) => value !== null);
          expect(cast).to.deep.equal(values.map((value) => [value, value]));
          const literals = fitting.slice(0, 5).map((text) => `'${text}'::${type}::VARCHAR`);
          expect(await client.values(`SELECT ${literals.join(', ')}`)).to.deep.equal([values.slice(0, 5)]);
        }),
        { numRuns: 8 },
      );
    });
  }

  it('is refused by the text that was given', async () => {
    for (const sql of [
      "SELECT '1.23456789e4'::NUMBER(4)",
      "SELECT column1::NUMBER(4) FROM VALUES ('1.23456789e4')",
    ])
      expect(await client.error(sql)).to.include({
        code: '100038',
        message: "Numeric value '1.23456789e4' is not recognized",
      });
  });

  it('is none where it is no number', async () => {
    const rows = await client.rows(
      "SELECT TRY_TO_NUMBER(column1, 38, 0) AS N FROM VALUES (''), ('x'), ('1x'), ('12345678901234567890x'), ('1e99'), (NULL)",
    );
    expect(rows.map(({ N }) => N)).to.deep.equal([null, null, null, null, null, null]);
  });
});
