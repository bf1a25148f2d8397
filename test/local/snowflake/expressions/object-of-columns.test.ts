import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('An object of columns', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE objects');
    await client.rows('CREATE TABLE parts (n NUMBER, t TEXT, u TEXT, f FLOAT, g FLOAT, b BOOLEAN)');
  });
  after(async () => {
    await client.close();
    await snowflake.close();
  });

  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abZ09 :,-\'"\\/\u0001\t\né❄😀'), maxLength: 12 }),
    fc.constantFrom('null', ':null', ''),
  );
  const number = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(0, -0, 1e15, 1e16, 0.001, 0.0001, 1e-7, 12.5, Number.MAX_SAFE_INTEGER),
  );
  const literal = (value: string | number | boolean | null) => {
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value === 'string')
      return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n')}'`;
    return Object.is(value, -0) ? "'-0'::FLOAT" : `'${String(value).replace('Infinity', 'inf')}'::FLOAT`;
  };
  /** The same members twice: as columns, and, as nothing but columns goes the short way, as one expression among them. */
  const both = `SELECT OBJECT_CONSTRUCT('t', t, 'u', u, 'f', f, 'g', g, 'b', b)::VARCHAR, OBJECT_CONSTRUCT('t', t || '', 'u', u, 'f', f, 'g', g, 'b', b)::VARCHAR FROM parts ORDER BY n`;

  it('is the one that is put together of the same values', async () => {
    const row = fc.tuple(
      ...[text, text, number, number, fc.boolean()].map((value) =>
        fc.option(value as fc.Arbitrary<string | number | boolean>, { freq: 8 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 20, maxLength: 60 }), async (rows) => {
        await client.rows('TRUNCATE TABLE parts');
        await client.rows(
          `INSERT INTO parts VALUES ${rows.map((values, n) => `(${[n, ...values.map(literal)].join(', ')})`).join(', ')}`,
        );
        for (const [short, long] of await client.values(both)) expect(short).to.equal(long);
      }),
      { numRuns: 25 },
    );
  });

  it('has no member for a NULL, and whole numbers without a fraction', async () => {
    await client.rows('TRUNCATE TABLE parts');
    await client.rows("INSERT INTO parts VALUES (1, 'x', 'y', 3, 0.5, TRUE), (2, 'x', NULL, 3, 0, TRUE)");
    expect((await client.values(both)).map(([short]) => short)).to.deep.equal([
      '{"b":true,"f":3,"g":0.5,"t":"x","u":"y"}',
      '{"b":true,"f":3,"g":0,"t":"x"}',
    ]);
  });
});
