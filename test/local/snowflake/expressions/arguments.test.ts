import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** What functions say of arguments that they have no value for, or that are of another family of types. */
const REFUSED: [sql: string, code: string, message: RegExp][] = [
  ['acos(2)', '100132', /^Invalid floating point operation: acos\(2\)$/],
  ['sqrt(-1)', '100132', /sqrt\(-1\)/],
  ['ln(0)', '100132', /ln\(0\)/],
  ['pow(-8, 0.5)', '100132', /pow\(-8, 0\.5\)/],
  ["regexp_like('a', '(a')", '100048', /^Invalid regular expression: '\(a', missing \): \(a$/],
  [
    "regexp_replace('abc', '[a', 'x', 1, 1)",
    '100048',
    /^Invalid regular expression: '\[a', missing \]: \[a$/,
  ],
  ["regexp_instr('abc', '*')", '100048', /no argument for repetition operator: \*$/],
  [
    "left('abc', '2025-01-01'::date)",
    '001044',
    /Invalid argument types for function 'LEFT': \(VARCHAR\(3\), DATE\)/,
  ],
  ["nullifzero('2025-01-01'::date)", '001044', /'NULLIFZERO': \(DATE\)/],
  ["factorial('10:00:00'::time)", '001044', /'FACTORIAL': \(TIME\(\d\)\)/],
  ["date_from_parts('2025-01-01'::date, 1, 1)", '001044', /'DATE_FROM_PARTS'/],
  ['bitand([1], 1)', '001044', /'BITAND'/],
  ["get(parse_json('{}'), '2025-01-01'::date)", '001044', /'GET'/],
  ['bitand(99999999999999999999, 1)', '100039', /^Numeric value '99999999999999999999' is out of range$/],
  ['div0(1, parse_json(\'{"a":1}\'))', '100071', /^Failed to cast variant value \{"a":1\} to /],
  ["convert_timezone('Mars', '2025-01-01'::timestamp)", '100042', /^Unknown timezone: 'Mars'$/],
  ["to_number('1', 'day')", '100140', /format 'day'/],
  [
    "try_to_timestamp('1', 'inf'::float)",
    '001015',
    /needs to be constant, found 'CAST\('inf' AS FLOAT\)'|needs to be/,
  ],
  ["to_number('1', 39, 0)", '001015', /number from 1 to 38, found '39'/],
  ['approx_percentile(1, 2)', '001015', /number from 0 to 1, found '2'/],
  ["listagg('a', column1) from values (1)", '001015', /LISTAGG needs to be constant, found 'COLUMN1'/],
  ['array_generate_range(0, 100000000)', '100082', /^Max LOB size \(16777216\) exceeded/],
  ['array_generate_range(1, 5, 0)', '001015', /must not be 0/],
  ["array_slice([1, 2], 'a', 1)", '100038', /^Numeric value 'a' is not recognized/],
  ["object_insert({'a': 1}, 1, 2)", '001044', /OBJECT_INSERT/],
  ["object_delete({'a': 1}, 1)", '001044', /OBJECT_DELETE/],
  ['md5([1])', '001044', /MD5/],
  ["to_char('2025-03-04'::date, 5)", '001044', /TO_CHAR/],
  ["+ 'a'", '100038', /^Numeric value 'a' is not recognized/],
  ['grouping(1)', '000979', /not a valid group by expression/],
  ["dateadd(dayofweek, 1, '2025-01-01'::date)", '001035', /'DAYOFWEEK' is not a valid date\/time component/],
];

const VALUES: [sql: string, value: unknown][] = [
  ["left('abc', 99999999999999999999)", 'abc'],
  ["repeat('a', -99999999999999999999)", ''],
  ["split_part('a,b', ',', 99999999999999999999)", ''],
  ["lpad('abc', -5, 'x')", ''],
  ["try_to_timestamp_tz('abc')::varchar", null],
  ["add_months('2025-01-15'::date, -1.5)::varchar", '2024-11-15'],
  ["div0null(1, parse_json('null'))", 0],
  ["date_trunc(nanosecond, '2025-01-01 10:00:00.123456'::timestamp)::varchar", '2025-01-01 10:00:00.123'],
  ["object_agg('k', 1)::varchar", '{"k":1}'],
];

describe('arguments of functions', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(() => snowflake.close());

  for (const [sql, code, message] of REFUSED)
    it(`${sql}: ${code}`, async () => {
      const error = await client.error(`select ${sql}`);
      expect([error.code, error.message.match(message) ? 'in words' : error.message]).to.deep.equal([
        code,
        'in words',
      ]);
    });
  for (const [sql, value] of VALUES)
    it(`${sql} is ${value}`, async () => {
      expect(await client.values(`select ${sql}`)).to.deep.equal([[value]]);
    });

  it('aggregates end at Snowflake’s size', async () => {
    await client.rows('create database sizes');
    await client.rows(
      "create table big as select repeat('a', 10000000) as s, column1 as k from values ('x'), ('y')",
    );
    for (const sql of ['listagg(s)', 'array_agg(s)', 'object_agg(k, s)', 'min(s || s)'])
      expect((await client.error(`select ${sql} from big`)).code, sql).to.equal('100082');
    expect(await client.values("select length(listagg(s)) from big where k = 'x'")).to.deep.equal([
      [10_000_000],
    ]);
  });
});
