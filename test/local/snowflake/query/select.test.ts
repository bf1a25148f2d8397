import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('queries', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  const values = (sql: string, binds?: unknown[]) => client.values(sql, binds);

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE D',
      'USE SCHEMA D.PUBLIC',
      'CREATE TABLE STAYS (ID NUMBER(10,0) NOT NULL, WARD VARCHAR(10), LOS NUMBER(6,1), "mixed Case" INT)',
      "INSERT INTO STAYS VALUES (1, 'A', 3.5, 10), (2, 'A', 4, 20), (3, 'B', NULL, 30), (4, NULL, 9, 40)",
      'CREATE TABLE WARDS (WARD VARCHAR, BEDS INT)',
      "INSERT INTO WARDS VALUES ('A', 12), ('C', 7)",
    ])
      await client.rows(sql);
  });
  after(() => snowflake.close());

  it('fold names to upper case unless they are quoted', async () => {
    expect(await values('select id, "mixed Case" from stays where ID = 1')).to.deep.equal([[1, 10]]);
    expect((await client.error('select "id" from stays')).message).to.equal(
      'SQL compilation error: error line 1 at position 7\ninvalid identifier \'"id"\'',
    );
  });

  it('take many parts of a value as they take each, beside texts that read like such a part', async () => {
    const from = `FROM (SELECT COLUMN1 AS ID, PARSE_JSON(COLUMN2) AS V FROM VALUES
      (1, '{"a": 1.5, "b": "x", "c": [1, 2], "d": null, "it''s": {"a": 7}}'), (2, '{"a": 2}'), (3, NULL), (4, '"text"'))`;
    const read = `'json_extract("$t1"."V", ''$."a"'')'`;
    expect(
      await values(
        `SELECT ID, V:a::FLOAT, V:b::VARCHAR, V:c[1]::INT, V:d IS NULL, V:d, V['it''s'].a::INT, ${read} ${from}
         WHERE V:a IS NOT NULL OR ID > 2 ORDER BY V:a::FLOAT NULLS LAST, ID`,
      ),
    ).to.deep.equal([
      [1, 1.5, 'x', 2, false, null, 7, `json_extract("$t1"."V", '$."a"')`],
      [2, 2, null, null, true, null, null, `json_extract("$t1"."V", '$."a"')`],
      [3, null, null, null, true, null, null, `json_extract("$t1"."V", '$."a"')`],
      [4, null, null, null, true, null, null, `json_extract("$t1"."V", '$."a"')`],
    ]);
    expect(
      await values(
        `SELECT V:a::FLOAT AS A, COUNT(V:b), MAX(V:c[0]::INT), COUNT(V:d) ${from} GROUP BY V:a::FLOAT HAVING MAX(V:a::INT) > 0 ORDER BY 1`,
      ),
    ).to.deep.equal([
      [1.5, 1, 1, 0],
      [2, 0, null, 0],
    ]);
  });

  it('name columns by their text where they have no alias', async () => {
    const statement = await client.statement(
      "select count(*), 1 + 1, max(los) as m, 'x', s.ward from stays s group by ward",
    );
    expect(statement.getColumns()!.map((column) => column.getName())).to.deep.equal([
      'COUNT(*)',
      '1 + 1',
      'M',
      "'X'",
      'WARD',
    ]);
  });

  it('tell type, precision, scale and nullability of each column', async () => {
    const statement = await client.statement(
      'select id, los, los * 2 as twice, los / 3 as third, id::float f from stays',
    );
    expect(
      statement.getColumns()!.map((c) => [c.getType(), c.getPrecision(), c.getScale(), c.isNullable()]),
    ).to.deep.equal([
      ['fixed', 10, 0, false],
      ['fixed', 6, 1, true],
      ['fixed', 7, 1, true],
      ['fixed', 12, 7, true],
      ['real', null, null, false],
    ]);
  });

  it('sort NULL as the largest value', async () => {
    expect(await values('select id from stays order by los')).to.deep.equal([[1], [2], [4], [3]]);
    expect(await values('select id from stays order by los desc')).to.deep.equal([[3], [4], [2], [1]]);
    expect(await values('select id from stays order by los desc nulls last, id')).to.deep.equal([
      [4],
      [2],
      [1],
      [3],
    ]);
  });

  it('know aliases everywhere in their block, after the columns', async () => {
    expect(
      await values(
        'select id * 10 as tens, tens + 1 as more from stays where tens > 20 and more < 40 order by more',
      ),
    ).to.deep.equal([[30, 31]]);
    expect(
      await values('select ward as w, count(*) n from stays group by w having n > 1 order by w'),
    ).to.deep.equal([['A', 2]]);
    expect(await values('select id + 1 as id from stays where id = 1')).to.deep.equal([[2]]);
  });

  it('group by position, by ALL, by ROLLUP', async () => {
    expect(await values('select ward, count(*) from stays group by 1 order by 1')).to.deep.equal([
      ['A', 2],
      ['B', 1],
      [null, 1],
    ]);
    expect(await values('select ward, count(*) from stays group by all order by 1')).to.have.length(3);
    expect(
      await values('select ward, sum(los), grouping(ward) from stays group by rollup(ward) order by 3, 1'),
    ).to.deep.equal([
      ['A', 7.5, 0],
      ['B', null, 0],
      [null, 9, 0],
      [null, 16.5, 1],
    ]);
  });

  it('join by ON, USING and NATURAL, inner and outer', async () => {
    expect(
      await values('select s.id, w.beds from stays s join wards w on s.ward = w.ward order by 1'),
    ).to.deep.equal([
      [1, 12],
      [2, 12],
    ]);
    expect(
      await values(
        'select * from wards full join (select ward, los from stays where id in (1, 3)) using (ward) order by ward',
      ),
    ).to.deep.equal([
      ['A', 12, 3.5],
      ['B', null, null],
      ['C', 7, null],
    ]);
    expect(await values('select count(*) from stays natural join wards')).to.deep.equal([[2]]);
    expect((await client.error('select ward from stays, wards')).message).to.contain(
      "ambiguous column name 'WARD'",
    );
  });

  it('take star apart with EXCLUDE, RENAME, REPLACE and ILIKE', async () => {
    expect(
      await client.rows('select * exclude (los, "mixed Case") rename ward as w from stays where id = 1'),
    ).to.deep.equal([{ ID: 1, W: 'A' }]);
    expect(
      await client.rows("select s.* ilike '%d' replace (id * 2 as id) from stays s where id = 1"),
    ).to.deep.equal([{ ID: 2, WARD: 'A' }]);
  });

  it('filter windows with QUALIFY', async () => {
    expect(
      await values(
        'select id from stays qualify row_number() over (partition by ward order by los desc) = 1 order by id',
      ),
    ).to.deep.equal([[2], [3], [4]]);
  });

  it('nest, correlate and unite', async () => {
    expect(
      await values(
        'select id, (select max(beds) from wards w where w.ward = s.ward) from stays s where exists (select 1 from wards w where w.ward = s.ward) order by 1',
      ),
    ).to.deep.equal([
      [1, 12],
      [2, 12],
    ]);
    expect(
      await values('select id from stays where (ward, id) in (select ward, 2 from wards)'),
    ).to.deep.equal([[2]]);
    expect(await values('select 1 union all select 2.5 union select 1 order by 1')).to.deep.equal([
      [1],
      [2.5],
    ]);
    expect(await values('select ward from stays intersect select ward from wards')).to.deep.equal([['A']]);
    expect(await values('select ward from stays minus select ward from wards order by 1')).to.deep.equal([
      ['B'],
      [null],
    ]);
    expect((await client.error('select 1 union select 1, 2')).message).to.contain(
      'invalid number of result columns for set operator input branches, expected 1, got 2 in branch {2}',
    );
  });

  it('read WITH queries, also recursive ones', async () => {
    expect(
      await values('with a as (select 1 x), b (y) as (select x + 1 from a) select * from a, b'),
    ).to.deep.equal([[1, 2]]);
    expect(
      await values(
        'with recursive n (i) as (select 1 union all select i + 1 from n where i < 4) select sum(i) from n',
      ),
    ).to.deep.equal([[10]]);
  });

  it('generate, sample and limit rows', async () => {
    expect(
      await values('select seq4(), uniform(3, 3, random()) from table(generator(rowcount => 3))'),
    ).to.deep.equal([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(await values('select count(*) from (select * from stays sample (2 rows))')).to.deep.equal([[2]]);
    expect(await values('select top 1 id from stays order by id desc')).to.deep.equal([[4]]);
    expect(await values('select id from stays order by id limit 2 offset 1')).to.deep.equal([[2], [3]]);
    expect(await values('select id from stays order by id fetch first 1 row only')).to.deep.equal([[1]]);
  });

  it('take binds, variables, IDENTIFIER and earlier results', async () => {
    expect(await values('select id from stays where ward = ? and los > ?', ['A', 3.6])).to.deep.equal([[2]]);
    expect(await values('select :2, :1, :1', [1, 'two'])).to.deep.equal([['two', 1, 1]]);
    await client.rows("set (wanted, relation) = (2, 'stays')");
    expect(await values('select id from identifier($relation) where id = $wanted')).to.deep.equal([[2]]);
    expect(await values('select id + 1 from table(result_scan(last_query_id()))')).to.deep.equal([[3]]);
    await client.rows('unset wanted');
    expect((await client.error('select $wanted')).message).to.contain(
      "Session variable '$WANTED' does not exist",
    );
  });

  it('read views with their owner’s rights, in their own schema', async () => {
    await client.rows('create schema other');
    await client.rows(
      'create view public.long_stays (id, days) as select id, los from stays where los > 3.6',
    );
    await client.rows('use schema d.other');
    expect(await values('select * from public.long_stays order by id')).to.deep.equal([
      [2, 4],
      [4, 9],
    ]);
    await client.rows('use schema d.public');
  });

  it('inline SQL functions, scalar and table', async () => {
    await client.rows(
      "create function days(x float) returns varchar as $$ iff(x = 1, '1 day', x || ' days') $$",
    );
    await client.rows(
      'create function of_ward(w varchar) returns table (id int, los float) as $$ select id, los from stays where ward = w $$',
    );
    expect(await values('select days(id) from stays order by id limit 2')).to.deep.equal([
      ['1 day'],
      ['2 days'],
    ]);
    expect(await values("select * from table(of_ward('A')) order by id")).to.deep.equal([
      [1, 3.5],
      [2, 4],
    ]);
  });

  it('functions in functions, each of which mentions its argument often', async () => {
    const often = Array.from({ length: 30 }, (_, i) => `get(o, 'K${i}')::float`).join(' + ');
    await client.rows(`create function total(o object) returns float as $$ ${often} $$`);
    await client.rows(
      `create function again(o object) returns object as $$ object_construct(${Array.from({ length: 30 }, (_, i) => `'K${i}', get(o, 'K${i}')::float + 1`).join(', ')}) $$`,
    );
    const made = `object_construct(${Array.from({ length: 30 }, (_, i) => `'K${i}', id`).join(', ')})`;
    expect(await values(`select total(again(again(${made}))) from stays order by id limit 2`)).to.deep.equal([
      [90],
      [120],
    ]);
    expect(
      await values(
        `select max(total(again(${made}))) from stays where id < 3 group by total(again(${made})) order by 1`,
      ),
    ).to.deep.equal([[60], [90]]);
  });

  const refused: [sql: string, code: string, message: string | RegExp][] = [
    ['selec 1', '001003', /syntax error line 1 at position 0 unexpected 'selec'/],
    ['select 1 +', '001003', /unexpected '<EOF>'/],
    ['select nothing from stays', '000904', /invalid identifier 'NOTHING'/],
    [
      'select id from nowhere',
      '002003',
      "SQL compilation error:\nObject 'NOWHERE' does not exist or not authorized.",
    ],
    ['select frobnicate(1)', '002139', 'SQL compilation error:\nUnknown function FROBNICATE'],
    [
      'select to_timestamp_ltz(1.5e12::float, 3)',
      '001007',
      /invalid type .* for parameter 'TO_TIMESTAMP_LTZ'/,
    ],
    ['select to_timestamp(1.5e9::float)', '001007', /invalid type .* for parameter 'TO_TIMESTAMP_NTZ'/],
    ['select to_timestamp_tz(stays.x, 3) from (select 1::float x) stays', '001007', /invalid type/],
    ['select round()', '000938', /not enough arguments for function \[ROUND\(\)\], expected 1, got 0/],
    ['select 1 / 0', '100051', 'Division by zero'],
    ["select 'abc'::int", '100038', "Numeric value 'abc' is not recognized"],
    ["select 'abc'::date", '100040', "Date 'abc' is not recognized"],
    ["select 'maybe'::boolean", '100037', "Boolean value 'maybe' is not recognized"],
    ['select ward, max(los) from stays', '000979', /is not a valid group by expression/],
    ['select (select id from stays)', '090150', 'Single-row subquery returns more than one row.'],
    ['select * from stays at (offset => -60)', '000002', /the local Snowflake does not support it, because/],
    ['select 12345::varchar(2)', '100078', "String '12345' is too long and would be truncated"],
    [
      "select '2025-03-04'::date::varchar(9)",
      '100078',
      "String '2025-03-04' is too long and would be truncated",
    ],
    ['select true::varchar(3)', '100078', "String 'true' is too long and would be truncated"],
    ["select next_day('2025-03-04'::date, 'xx')", '001035', "invalid day of week 'xx'"],
    ['select row_number()', '002303', /requires OVER clause/],
  ];
  for (const [sql, code, message] of refused)
    it(`refuse ${sql}`, async () => {
      const error = await client.error(sql);
      expect(error.code).to.equal(code);
      if (typeof message === 'string') expect(error.message).to.equal(message);
      else expect(error.message).to.match(message);
    });

  it('takes many paths into one value, of any name, and leaves texts alone that look like them', async () => {
    await client.rows(`CREATE OR REPLACE TABLE answers AS SELECT column1 AS id, PARSE_JSON(column2) AS "it's", PARSE_JSON(column2) AS v
      FROM VALUES (1, '{"a":1,"b":{"c":"x"},"d":[5,2],"it''s":3}'), (2, NULL), (3, 'null'), (4, '"text"')`);
    for (const value of ['"it\'s"', 'v']) {
      expect(
        await client.values(
          `SELECT id, ${value}:a, ${value}:b.c::VARCHAR, ${value}:d[1], ${value}:"it's", 'json_extract("$t1"."V", ''$.a'')' FROM (SELECT * FROM answers) ORDER BY id`,
        ),
      ).to.deep.equal([
        [1, 1, 'x', 2, 3, `json_extract("$t1"."V", '$.a')`],
        ...[2, 3, 4].map((id) => [id, null, null, null, null, `json_extract("$t1"."V", '$.a')`]),
      ]);
      expect(
        await client.values(
          `SELECT ${value}:a::INT, COUNT(*), MAX(${value}:d[0]::INT) FROM (SELECT * FROM answers) WHERE ${value}:zz IS NULL GROUP BY ${value}:a::INT ORDER BY ${value}:a::INT`,
        ),
      ).to.deep.equal([
        [1, 1, 5],
        [null, 3, null],
      ]);
    }
  });
});
