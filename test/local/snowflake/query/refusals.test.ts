import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

const COMPILATION = 'SQL compilation error:';
const at = (position: number) => `${COMPILATION} error line 1 at position ${position}\n`;
const syntax = (position: number, found: string) =>
  `${COMPILATION}\nsyntax error line 1 at position ${position} unexpected '${found}'.`;

/** What Snowflake refuses, with its number and its words. */
const refused: Record<string, [sql: string, code: string, message: string][]> = {
  grouping: [
    [
      'select n, x + 1 from t group by n',
      '001104',
      `${at(10)}'T.X' in select clause is neither an aggregate nor in the group by clause.`,
    ],
    ['select n, max(x) from t', '000979', `${COMPILATION}\n[T.N] is not a valid group by expression`],
    [
      'select max(x) from t s group by n having s.x > 1',
      '000979',
      `${COMPILATION}\n[S.X] is not a valid group by expression`,
    ],
    [
      'select n from t group by n order by x',
      '000979',
      `${COMPILATION}\n[T.X] is not a valid order by expression`,
    ],
    [
      'select n from t group by sum(x)',
      '000979',
      `${COMPILATION}\n[SUM(T.X)] is not a valid group by expression`,
    ],
    ['select n from t group by 5', '000979', `${COMPILATION}\n[5] is not a valid group by expression`],
    [
      'select sum(sum(x)) from t',
      '002036',
      `${COMPILATION}\nAggregate functions cannot be nested: [SUM(T.X)] nested in [SUM(SUM(T.X))]`,
    ],
    [
      'select n from t where sum(n) > 1',
      '002035',
      `${COMPILATION}\nInvalid aggregate function in where clause [SUM(T.N)]`,
    ],
    [
      'select count(*) as c from t where c = 1',
      '002032',
      `${at(34)}aggregate function alias 'C' cannot be used in the WHERE clause`,
    ],
  ],
  subqueries: [
    [
      'select n, (select u.n from t u where u.n = t.n) from t',
      '002031',
      `${COMPILATION}\nUnsupported subquery type cannot be evaluated at line 1, position 11`,
    ],
    [
      'select n, (select u.n from t u where u.n < t.n order by u.n limit 1) from t',
      '002031',
      `${COMPILATION}\nUnsupported subquery type cannot be evaluated at line 1, position 11`,
    ],
    [
      'select t.n, l.n from t, lateral (select u.n from t u where u.n = t.n limit 1) l',
      '002031',
      `${COMPILATION}\nUnsupported subquery type cannot be evaluated`,
    ],
  ],
  windows: [
    [
      'select n from t where row_number() over (order by n) = 1',
      '002303',
      `${COMPILATION}\nWindow function [ROW_NUMBER() OVER (ORDER BY T.N ASC NULLS LAST)] appears outside of SELECT, QUALIFY, and ORDER BY clauses.`,
    ],
    ['select n from t qualify n = 1', '002033', `${at(16)}found QUALIFY clause but no window function.`],
    ['select sum(x) over w from t window w as (order by n)', '001003', syntax(19, 'w')],
  ],
  names: [
    ['select n from t t1, t t2', '002028', `${COMPILATION}\nambiguous column name 'N'`],
    ['select n as order from t', '001003', syntax(12, 'order')],
    ['select n from t limit -1', '001003', syntax(22, '-')],
    ['select a.b.nothing(1)', '002141', `${COMPILATION}\nUnknown user-defined function A.B.NOTHING`],
  ],
  types: [
    [
      'select n from t where n',
      '002016',
      `${COMPILATION}\nInvalid data type [NUMBER(38,0)] for predicate [T.N]`,
    ],
    [
      'select upper(v) from (select array_construct(n) v from t)',
      '001044',
      `${at(7)}Invalid argument types for function 'UPPER': (ARRAY)`,
    ],
    ['select sum(b) from t', '001044', `${at(7)}Invalid argument types for function 'SUM': (BOOLEAN)`],
    [
      'select d + s from t',
      '001044',
      `${at(7)}Invalid argument types for function '+': (DATE, TIMESTAMP_NTZ(9))`,
    ],
    [
      'select try_cast(v as int) from t',
      '001065',
      `${COMPILATION}\nFunction TRY_CAST cannot be used with arguments of types VARIANT and NUMBER(38,0)`,
    ],
    [
      'select try_to_date(d) from t',
      '001065',
      `${COMPILATION}\nFunction TRY_CAST cannot be used with arguments of types DATE and DATE`,
    ],
    [
      "insert into t (v) values (parse_json('1'))",
      '002014',
      `${COMPILATION}\nInvalid expression [PARSE_JSON('1')] in VALUES clause`,
    ],
    [
      "select upper('a', 1)",
      '000939',
      `${at(7)}too many arguments for function [UPPER('a', 1)] expected 1, got 2`,
    ],
  ],
  values: [
    [
      'select 12345::number(3,0)',
      '100046',
      'Number out of representable range: type FIXED[SB2](3,0){nullable}, value 12345',
    ],
    ["select '12345'::number(3,0)", '100039', "Numeric value '12345' is out of range"],
    ["select 'abcd'::varchar(3)", '100078', "String 'abcd' is too long and would be truncated"],
    ["select '25:00:00'::time", '100108', "Time '25:00:00' is not recognized"],
    ["select 'infinity'::date", '100040', "Date 'infinity' is not recognized"],
    ["select parse_json('1')::date", '100071', 'Failed to cast variant value 1 to DATE'],
    [`select parse_json('"x"')::int`, '100071', 'Failed to cast variant value "x" to FIXED'],
    ["select to_date('2024-99', 'YYYY-MM')", '100096', "Can't parse '2024-99' as date with format 'YYYY-MM'"],
    [
      "select hex_decode_binary('zz')",
      '100115',
      "The following string is not a legal hex-encoded value: 'zz'",
    ],
  ],
};

describe('queries that Snowflake refuses', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('create database d');
    await client.rows(
      'create table t (n int, x number(10,2), b boolean, d date, s timestamp_ntz, v variant)',
    );
  });
  after(() => snowflake.close());

  for (const [subject, list] of Object.entries(refused))
    describe(subject, () => {
      for (const [sql, code, message] of list)
        it(sql, async () => {
          const error = await client.error(sql);
          expect([error.code, error.message]).to.deep.equal([code, message]);
        });
    });

  const named: [sql: string, what: string][] = [
    ["select encrypt('a', 'b')", 'ENCRYPT'],
    ["select collate('a', 'en')", 'COLLATE'],
    ['select hll_accumulate(n) from t', 'HLL_ACCUMULATE'],
    ['select is_date(v) from t', 'IS_DATE'],
    ['select * from t match_recognize (order by n)', 'MATCH_RECOGNIZE'],
    ['select t.n from t, t u where t.n = u.n (+)', '(+) for an outer join'],
    ['select connect_by_root n from t', 'CONNECT BY'],
  ];
  for (const [sql, what] of named)
    it(`are refused by name: ${sql}`, async () => {
      const error = await client.error(sql);
      expect(error.code).to.equal('000002');
      expect(error.message).to.contain(
        `Unsupported feature '${what}': the local Snowflake does not support it`,
      );
    });

  it('answer what looks alike and is right', async () => {
    await client.rows(
      "insert into t select 1, 1.5, true, '2024-01-01', '2024-01-01 10:00:00', parse_json('1')",
    );
    expect(
      await client.values('select upper(n::varchar), sum(x) + max(n) from t group by upper(n::varchar)'),
    ).to.deep.equal([['1', 2.5]]);
    expect(
      await client.values('select n + 1 as m, sum(sum(x)) over (order by m) from t group by m having m > 0'),
    ).to.deep.equal([[2, 1.5]]);
    expect(await client.values('select n from t qualify row_number() over (order by n) = 1')).to.deep.equal([
      [1],
    ]);
    expect(await client.values('select listagg(n) within group (order by x) from t')).to.deep.equal([['1']]);
    expect(
      await client.values('select (select max(u.n) from t u where u.n = t.n) from t group by n'),
    ).to.deep.equal([[1]]);
  });
});
