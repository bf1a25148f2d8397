import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('DML', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  const values = (sql: string, binds?: unknown[]) => client.values(sql, binds);

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE D');
    await client.rows('USE SCHEMA D.PUBLIC');
  });
  after(() => snowflake.close());
  beforeEach(async () => {
    await client.rows(
      "create or replace table t (id int autoincrement, name varchar(5) default 'none', amount number(6,2) not null, note variant)",
    );
  });

  it('inserts values, defaults and AUTOINCREMENT numbers', async () => {
    expect(await client.rows('insert into t (amount) values (1), (2.345)')).to.deep.equal([
      { 'number of rows inserted': 2 },
    ]);
    await client.rows("insert into t values (default, default, '3', null)");
    expect(await values('select id, name, amount, note from t order by id')).to.deep.equal([
      [1, 'none', 1, null],
      [2, 'none', 2.35, null],
      [3, 'none', 3, null],
    ]);
  });

  it('inserts from a query, and over what was there', async () => {
    await client.rows(
      'insert into t (id, amount, note) select column1, column1, parse_json(column2) from values (7, \'{"a": [1]}\')',
    );
    expect(await values('select id, note:a[0] from t')).to.deep.equal([[7, 1]]);
    await client.rows('insert overwrite into t (id, amount) select id + 1, amount from t');
    expect(await values('select id from t')).to.deep.equal([[8]]);
  });

  it('inserts what a query reads of the table itself, as it was before', async () => {
    await client.rows('insert into t (id, amount) values (1, 1), (2, 2)');
    await client.rows(
      'insert into t (id, amount) select id + 10, 1 from t union all select id + 20, 1 from t',
    );
    expect(await client.value("select listagg(id, ' ') within group (order by id) from t")).to.equal(
      '1 2 11 12 21 22',
    );
    await client.rows('create or replace stream seen on table t');
    await client.rows('begin');
    await client.rows('insert into t (id, amount) select 100, 1 union all select id, 2 from t where id < 12');
    await client.rows('insert into t (id, amount) select id, 3 from t where false');
    expect(await client.value('select count(*) from t')).to.equal(10);
    await client.rows('commit');
    expect(await client.value('select count(*) from seen')).to.equal(4);
  });

  it('merges from a table as it stands', async () => {
    await client.rows('create or replace table given (id int, amount number(6,2))');
    await client.rows('insert into given values (1, 5), (2, 6)');
    await client.rows('insert into t (id, amount) values (1, 1)');
    await client.rows(
      'merge into t using given on t.id = given.id when matched and t.amount < given.amount then update set amount = given.amount + t.amount when not matched then insert (id, amount) values (given.id, given.amount)',
    );
    expect(await values('select id, amount from t order by id')).to.deep.equal([
      [1, 6],
      [2, 6],
    ]);
  });

  it('inserts arrays of binds as rows', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => [i, i % 2 ? `n${i}` : null, i / 4]);
    await client.statement('insert into t (id, name, amount) values (?, ?, ?)', { binds: rows });
    expect(await values('select count(*), count(name), sum(amount), max(id) from t')).to.deep.equal([
      [120, 60, 1785, 119],
    ]);
  });

  it('inserts many literal rows as it does few', async () => {
    const row = (i: number) => `(${i}, 'n${i % 7}', ${i}.125, null)`;
    await client.rows(`insert into t values ${Array.from({ length: 200 }, (_, i) => row(i)).join(', ')}`);
    await client.rows(`insert into t values ${row(200)}`);
    expect(await values('select count(*), sum(amount), min(name), max(name) from t')).to.deep.equal([
      [201, 20126.13, 'n0', 'n6'],
    ]);
  });

  it('updates rows, also from other tables', async () => {
    await client.rows('insert into t (id, amount) values (1, 1), (2, 2), (3, 3)');
    expect(await client.rows("update t set name = 'x', amount = amount * 2 where id > 1")).to.deep.equal([
      { 'number of rows updated': 2, 'number of multi-joined rows updated': 0 },
    ]);
    expect(
      await client.rows(
        'update t a set amount = b.n from (select 1 id, 9 n union all select 1, 9) b where a.id = b.id',
      ),
    ).to.deep.equal([{ 'number of rows updated': 1, 'number of multi-joined rows updated': 1 }]);
    expect(await values('select id, name, amount from t order by id')).to.deep.equal([
      [1, 'none', 9],
      [2, 'x', 4],
      [3, 'x', 6],
    ]);
  });

  it('deletes rows, also by other tables', async () => {
    await client.rows('insert into t (id, amount) values (1, 1), (2, 2), (3, 3)');
    expect(
      await client.rows('delete from t using (select 2 id union all select 2) d where t.id = d.id'),
    ).to.deep.equal([{ 'number of rows deleted': 1 }]);
    expect(await client.rows('delete from t')).to.deep.equal([{ 'number of rows deleted': 2 }]);
  });

  it('merges: the first clause whose condition holds acts', async () => {
    await client.rows("insert into t (id, name, amount) values (1, 'old', 1), (2, 'old', 2), (3, 'old', 3)");
    const counts =
      await client.rows(`merge into t using (select column1 id, column2 kind from values (1, 'drop'), (2, 'set'), (3, 'no'), (4, 'new'), (5, 'skip')) s
      on t.id = s.id
      when matched and s.kind = 'drop' then delete
      when matched and s.kind = 'set' then update set name = s.kind, amount = t.amount * 10
      when not matched and s.kind = 'new' then insert (id, name, amount) values (s.id, s.kind, 0)`);
    expect(counts).to.deep.equal([
      { 'number of rows inserted': 1, 'number of rows updated': 1, 'number of rows deleted': 1 },
    ]);
    expect(await values('select id, name, amount from t order by id')).to.deep.equal([
      [2, 'set', 20],
      [3, 'old', 3],
      [4, 'new', 0],
    ]);
  });

  it('refuses a merge that could take one value or another, and lets several deletes pass', async () => {
    await client.rows('insert into t (id, amount) values (1, 1)');
    const twice = '(select 1 id, 5 n union all select 1, 6)';
    const error = await client.error(
      `merge into t using ${twice} s on t.id = s.id when matched then update set amount = s.n`,
    );
    expect(error.code).to.equal('100090');
    expect(error.message).to.contain('Duplicate row detected during DML action');
    await client.rows(`merge into t using ${twice} s on t.id = s.id when matched then delete`);
    expect(await values('select count(*) from t')).to.deep.equal([[0]]);
  });

  it('merges by what stood in the target before, whatever it changes or inserts', async () => {
    await client.rows("insert into t (id, name, amount) values (1, 'old', 1)");
    await client.rows(`merge into t using (select column1 id from values (1), (2), (2)) s on t.id = s.id
      when matched then update set id = 9
      when not matched and s.id > 5 then insert (id, name, amount) values (s.id, 'large', 0)
      when not matched then insert (id, name, amount) values (s.id, 'new', 0)`);
    const after = [
      [2, 'new'],
      [2, 'new'],
      [9, 'old'],
    ];
    expect(await values('select id, name from t order by id')).to.deep.equal(after);
    await client.rows('begin');
    await client.rows(`merge into t using (select column1 id, column2 n from values (9, 1), (7, 0)) s on t.id = s.id
      when matched then update set id = 7
      when not matched and s.n = 0 then insert (id, name, amount) values (s.id, 'more', 5 / (1 - s.n))`);
    await client.rows('commit');
    expect(await values('select id, name, amount from t order by id, amount')).to.deep.equal([
      [2, 'new', 0],
      [2, 'new', 0],
      [7, 'old', 1],
      [7, 'more', 5],
    ]);
  });

  it('merges on a condition that asks another table', async () => {
    await client.rows('create or replace table known (id int)');
    await client.rows('insert into known values (1)');
    await client.rows('create or replace table target (id int, v varchar)');
    await client.rows("insert into target values (1, 'old'), (2, 'old')");
    await client.rows(`merge into target t using (select column1 id from values (1), (2), (3)) s
      on t.id = s.id and exists (select 1 from known k where k.id = s.id)
      when matched then update set v = 'met' when not matched then insert values (s.id + 10, 'new')`);
    expect(await client.values('select id, v from target order by id')).to.deep.equal([
      [1, 'met'],
      [2, 'old'],
      [12, 'new'],
      [13, 'new'],
    ]);
  });

  it('knows the rows that a merge has added when its transaction makes its writes again', async () => {
    await client.rows('create or replace table target (id int, v varchar)');
    await client.rows("insert into target values (1, 'old')");
    await client.rows('begin');
    await client.rows(`merge into target t using (select column1 id, uuid_string() v from values (1), (2), (3)) s on t.id = s.id
      when matched then update set v = s.v when not matched then insert values (s.id, s.v)`);
    await client.rows("update target set v = 'changed' where id = 2");
    const before = await client.values('select id, v from target order by id');
    await client.error("insert into target select 1 / column1, '' from values (0)");
    expect(await client.values('select id, v from target order by id')).to.deep.equal(before);
    await client.rows('commit');
    expect(before[1]).to.deep.equal([2, 'changed']);
    expect(await client.values('select id, v from target order by id')).to.deep.equal(before);
  });

  it('merges into a table without rows as it does into others', async () => {
    await client.rows('create or replace table given (id int, name varchar)');
    await client.rows("insert into given values (3, 'c'), (1, 'a'), (2, null), (1, 'a'), (0, 'zero')");
    await client.rows(
      "create or replace table others as select 3 id, 'three' name union all select 2, 'two'",
    );
    const clauses = `when matched then update set name = 'found'
      when not matched and s.id > 0 then insert (id, name, half) values (s.id, upper(s.name), 6 / s.id)`;
    const sources = [
      'given s',
      "(select id, name || '!' name from given) s",
      'given s join others o on o.id = s.id',
    ];
    for (const source of sources)
      for (const begun of [false, true]) {
        const merged = async (fill: string[]) => {
          await client.rows(
            "create or replace table target (n int autoincrement, id int, name varchar, half float, more varchar default 'more')",
          );
          await client.rows('create or replace stream changes on table target');
          for (const sql of [...fill, ...(begun ? ['begin'] : [])]) await client.rows(sql);
          const [counts] = await client.rows(`merge into target t using ${source} on t.id = s.id ${clauses}`);
          if (begun) await client.error('insert into target (name) select 1 / column1 from values (0)');
          if (begun) await client.rows('commit');
          const of = (from: string, columns: string) =>
            values(`select ${columns} from ${from} where id > -1 order by id, name`);
          return [
            counts,
            await of('target', 'id, name, half, more'),
            await of('changes', 'id, name, metadata$action, metadata$isupdate'),
          ];
        };
        const filled = ["insert into target (id, name) values (-1, 'there')"];
        expect(await merged([]), source).to.deep.equal(await merged(filled));
      }
  });

  it('merges by name', async () => {
    await client.rows('create or replace table target (id int, x int, y varchar)');
    await client.rows('create or replace table source (id int, y varchar, x int)');
    await client.rows("insert into target values (1, 10, 'Skiing'), (2, 20, 'Snowboarding')");
    await client.rows(
      "insert into source values (1, 'Skiing', 10), (2, 'Snowboarding', 25), (3, 'Skating', 30)",
    );
    expect(
      await client.rows(
        'merge into target using source on target.id = source.id when matched then update all by name when not matched then insert all by name',
      ),
    ).to.deep.equal([{ 'number of rows inserted': 1, 'number of rows updated': 2 }]);
    expect(await values('select * from target order by id')).to.deep.equal([
      [1, 10, 'Skiing'],
      [2, 25, 'Snowboarding'],
      [3, 30, 'Skating'],
    ]);
  });

  it('records changes for a stream and moves its offset with the transaction that reads it', async () => {
    await client.rows('create or replace table log (id int, action varchar, is_update boolean)');
    await client.rows('insert into t (id, amount) values (1, 1), (2, 2)');
    await client.rows('create or replace stream changes on table t');
    await client.rows('update t set amount = 5 where id = 1');
    await client.rows('delete from t where id = 2');
    await client.rows('insert into t (id, amount) values (3, 3)');
    const consume = 'insert into log select id, metadata$action, metadata$isupdate from changes';
    await client.rows('begin');
    await client.rows(consume);
    await client.rows('rollback');
    expect(await values('select count(*) from changes')).to.deep.equal([[4]]);
    await client.rows(consume);
    expect(await values('select count(*) from changes')).to.deep.equal([[0]]);
    expect(await values('select * from log order by id, action')).to.deep.equal([
      [1, 'DELETE', true],
      [1, 'INSERT', true],
      [2, 'DELETE', false],
      [3, 'INSERT', false],
    ]);
  });

  it('keeps the earlier statements of a transaction when one fails', async () => {
    await client.rows('begin');
    await client.rows('insert into t (id, amount) values (1, 1)');
    expect((await client.error("insert into t (id, amount) values ('x', 1)")).code).to.equal('100038');
    await client.rows('insert into t (id, amount) values (2, 2)');
    await client.rows('commit');
    expect(await values('select id from t order by id')).to.deep.equal([[1], [2]]);
  });

  const refused: [sql: string, code: string, message: RegExp][] = [
    [
      "insert into t (name, amount) values ('too long', 1)",
      '100078',
      /String 'too long' is too long and would be truncated/,
    ],
    ['insert into t (name) values (null)', '100072', /NULL result in a non-nullable column/],
    [
      'insert into t (amount) values (123456.7)',
      '100046',
      /Number out of representable range: type FIXED\[SB4\]\(6,2\)/,
    ],
    [
      "insert into t (amount, note) values (1, 'text')",
      '002023',
      /Expression type does not match column data type, expecting VARIANT but got VARCHAR/,
    ],
    [
      'insert into t (amount) values (1, 2)',
      '002020',
      /Insert value list does not match column list expecting 1 but got 2/,
    ],
    ['update t set nothing = 1', '000904', /invalid identifier 'NOTHING'/],
    ['insert all into t values (1)', '001003', /unexpected '<EOF>'/],
  ];
  for (const [sql, code, message] of refused)
    it(`refuses ${sql}`, async () => {
      const error = await client.error(sql);
      expect([error.code, error.message]).to.satisfy(
        ([found, text]: string[]) => found === code && message.test(text!),
        `${error.code} ${error.message}`,
      );
    });
});
