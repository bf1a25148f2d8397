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

  it('is the one of the same literals', async () => {
    const value = fc.oneof(
      text.map(literal),
      fc.boolean().map(String),
      number.map(literal),
      fc.integer().map(String),
      fc.constantFrom('0', '-0', '007', '1.50', '-.5', '12345678901234567890123456789', "''''", 'NULL'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 6 }), async (values) => {
        const pairs = (of: (place: number) => string) =>
          `OBJECT_CONSTRUCT(${values.map((_, i) => `'k''${i}', ${of(i)}`).join(', ')})::VARCHAR`;
        const columns = values.map((each, i) => `${each} AS c${i}`).join(', ');
        const [ofLiterals] = await client.values(`SELECT ${pairs((i) => values[i]!)}`);
        const [ofColumns] = await client.values(`SELECT ${pairs((i) => `c${i}`)} FROM (SELECT ${columns})`);
        expect(ofLiterals).to.deep.equal(ofColumns);
      }),
      { numRuns: 100 },
    );
  });

  it('gives a member by its name in any case: the one so written, else the first', async () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aAbB_'), minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(letters, { minLength: 1, maxLength: 6 }),
        letters,
        async (keys, key) => {
          const object = JSON.stringify(Object.fromEntries(keys.map((each, i) => [each, i])));
          const sorted = [...keys].sort();
          const found = keys.includes(key)
            ? key
            : sorted.find((each) => each.toLowerCase() === key.toLowerCase());
          const sql = `SELECT GET_IGNORE_CASE(o, '${key}')::NUMBER, GET_IGNORE_CASE(o, k)::NUMBER, TRY_TO_NUMBER(GET_IGNORE_CASE(GET(OBJECT_CONSTRUCT('o', o), 'o'), '${key}')::VARCHAR, 38, 0)
FROM (SELECT PARSE_JSON('${object}') AS o, '${key}' AS k)`;
          const expected = found === undefined ? null : keys.indexOf(found);
          expect(await client.values(sql)).to.deep.equal([[expected, expected, expected]]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives numbers of texts however long the way to them is', async () => {
    const way = (text: string) => `TRY_TO_NUMBER(${text}, 38, 0)`;
    const long = `GET_IGNORE_CASE(GET_IGNORE_CASE(GET_IGNORE_CASE(o, 'outer_object'), 'INNER_OBJECT'), 'Number_In_It')::VARCHAR`;
    for (const text of [
      '12',
      '1e3',
      '-2.5',
      '2.5e-1',
      'x',
      '',
      '99999999999999999999999999999999999999',
      '1e40',
    ]) {
      const object = JSON.stringify({ OUTER_OBJECT: { inner_object: { number_in_it: text } } });
      const [[first, second] = []] = await client.values(
        `SELECT ${way(long)}::VARCHAR, ${way('t')}::VARCHAR FROM (SELECT PARSE_JSON('${object}') AS o, '${text}' AS t)`,
      );
      expect(first, text).to.equal(second);
    }
  });
});
