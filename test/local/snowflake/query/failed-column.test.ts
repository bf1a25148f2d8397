import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** DML names the column whose value it could not make or store (docs: sql/insert). */
describe('DML whose values fail', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('create database failing');
    await client.rows('create table t (id int not null, n number(5, 2), d date, s varchar(3))');
    await client.rows("insert into t values (1, 1, '2024-01-01', 'a')");
  });
  after(() => snowflake.close());

  const of = (column: string, error: string, table = 'T') =>
    `DML operation to table ${table} failed on column ${column} with error: ${error}`;
  const unknown = "Numeric value 'x' is not recognized";

  const failing: [sql: string, code: string, message: string][] = [
    ["insert into t values (1, 'x', null, null)", '100038', of('N', unknown)],
    ["insert into t values (1, '1', null, null), (2, 'x', null, null)", '100038', of('N', unknown)],
    [
      "insert into t (s, id) values ('long', 1)",
      '100078',
      of('S', "String 'long' is too long and would be truncated"),
    ],
    [
      "insert into t (id, d) select 1, '2024-02-30'",
      '100040',
      of('D', "Date '2024-02-30' is not recognized"),
    ],
    ["insert overwrite into t (id, n) select 1, 'x'", '100038', of('N', unknown)],
    [
      'insert into failing.public.t (id, n) select id, 12345 from t',
      '100046',
      of(
        'N',
        'Number out of representable range: type FIXED[SB4](5,2){nullable}, value 12345',
        'FAILING.PUBLIC.T',
      ),
    ],
    ['insert into t (n) values (1)', '100072', of('ID', 'NULL result in a non-nullable column')],
    ["insert all into t (id, n) values (1, v) select 'x' v", '100038', of('N', unknown)],
    ["update t set d = '2025-01-01', n = 'x'", '100038', of('N', unknown)],
    ['update t set id = null', '100072', of('ID', 'NULL result in a non-nullable column')],
    [
      "merge into t using (select 1 k, 'x' v) u on id = k when matched then update set s = v, n = v",
      '100038',
      of('N', unknown),
    ],
    [
      "merge into t using (select 2 k, 'x' v) u on id = k when not matched then insert (id, n) values (k, v)",
      '100038',
      of('N', unknown),
    ],
    // Only the first row's numbers and the others' texts differ; the column would take both.
    ["insert into t (id, s) values (1, 3), (2, 'x')", '100038', of('S', unknown)],
    // No column's value.
    ["insert into t (id) select 1 where 'x'::int = 1", '100038', unknown],
    ["update t set n = 1 where s || 'x' = 1", '100038', "Numeric value 'ax' is not recognized"],
    ['insert into t (id) select 1 / 0', '100051', 'Division by zero'],
    ["select 'x'::int", '100038', unknown],
  ];
  for (const [sql, code, message] of failing)
    it(sql, async () => {
      for (const explicit of [false, true]) {
        if (explicit) {
          await client.rows('begin');
          await client.rows('insert into t (id) values (7)');
        }
        const error = await client.error(sql);
        expect([error.code, error.message]).to.deep.equal([code, message]);
        const rows = await client.rows('select id, n, s from t order by id');
        expect(rows.map((row) => Object.values(row))).to.deep.equal([
          [1, 1, 'a'],
          ...(explicit ? [[7, null, null]] : []),
        ]);
        if (explicit) await client.rows('rollback');
      }
    });
});
