import { SnowflakeError } from '@local-cloud/snowflake/errors.js';
import type { Services } from '@local-cloud/snowflake/feature.js';
import { expect } from 'chai';
import { packed } from '../packed.js';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** How queries send rows out to external functions; the sending itself is tested with local/snowflake/external. */
describe('external functions in queries', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  let services: Services;
  let sent: string[][];

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    services = snowflake.server.internals.features.services;
    services.callExternal = async ({ session }, _routine, { table, args }, take) => {
      const rows = await session.connection.rows(`SELECT ${args.join()} FROM ${table} ORDER BY "$n"`);
      sent.push(rows.map(([row]) => row!));
      const doubled = rows.map(([row]) => String((JSON.parse(row!) as { x: number }).x * 2));
      for (const each of doubled) await take([packed([each])]);
    };
    for (const sql of [
      'CREATE DATABASE D',
      'USE SCHEMA D.PUBLIC',
      `CREATE API INTEGRATION API API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/r'
        API_ALLOWED_PREFIXES = ('https://abc.execute-api.us-east-1.amazonaws.com/') ENABLED = TRUE`,
      `CREATE EXTERNAL FUNCTION TWICE(O OBJECT) RETURNS FLOAT API_INTEGRATION = API
        AS 'https://abc.execute-api.us-east-1.amazonaws.com/prod/f'`,
      'CREATE TABLE T (X INT, G VARCHAR)',
      "INSERT INTO T VALUES (1, 'a'), (2, 'a'), (3, 'b')",
    ])
      await client.rows(sql);
  });
  after(async () => {
    await snowflake.close();
  });
  beforeEach(() => {
    sent = [];
  });
  const call = "twice(object_construct('x', x))";

  it('send only the rows that WHERE and LIMIT leave', async () => {
    expect(await client.values(`select x, ${call} from t where x > 1 order by x`)).to.deep.equal([
      [2, 4],
      [3, 6],
    ]);
    expect(sent).to.deep.equal([['{"x":2}', '{"x":3}']]);
    await client.values(`select ${call} from t limit 1`);
    expect(sent[1]).to.have.length(1);
  });

  it('filter in WHERE, over the rows that its other conditions leave', async () => {
    const sql = `select g, x from t where x < 3 and ${call} > 2 order by x limit 1`;
    expect(await client.values(sql)).to.deep.equal([['a', 2]]);
    expect(sent).to.deep.equal([['{"x":1}', '{"x":2}']]);
    expect(await client.values(`select count(*) from t where ${call} > 2 or x = 1`)).to.deep.equal([[3]]);
    expect(await client.values(`select ${call} from t where ${call} > 5`)).to.deep.equal([[6]]);
  });

  it('work under aggregates, in subqueries, WITH, set operations and joins', async () => {
    expect(await client.values(`select g, sum(${call}) from t group by g order by g`)).to.deep.equal([
      ['a', 6],
      ['b', 6],
    ]);
    expect(await client.values(`select avg(abs(p - x)) from (select x, ${call} p from t)`)).to.deep.equal([
      [2],
    ]);
    expect(
      await client.values(
        `with p as (select x, ${call} y from t) select a.x from p a join p b on a.y = b.x order by 1`,
      ),
    ).to.deep.equal([[1]]);
    expect(
      await client.values(`select ${call} from t where x = 1 union all select 0 order by 1`),
    ).to.deep.equal([[0], [2]]);
    expect(
      await client.values(`select t.x, u.p from t join (select x, ${call} p from t) u using (x) where p > 4`),
    ).to.deep.equal([[3, 6]]);
  });

  it('feed INSERT, CREATE TABLE AS, MERGE, also in a transaction that another statement breaks', async () => {
    await client.rows(`create table p as select x, ${call} as y from t`);
    await client.rows('begin');
    await client.rows(`insert into p select x + 10, ${call} from t`);
    await client.error('select 1 / 0 from t');
    await client.error("insert into p values ('a', 1)");
    await client.rows('commit');
    expect(await client.values('select count(*), sum(y) from p')).to.deep.equal([[6, 24]]);
    await client.rows(
      `merge into p using (select x, ${call} as y from t where x = 1) s on p.x = s.x when matched then update set y = s.y * 100`,
    );
    expect(await client.values('select y from p where x = 1')).to.deep.equal([[200]]);
  });

  it('send nothing for no rows', async () => {
    expect(await client.values(`select ${call} from t where x > 100`)).to.deep.equal([]);
    expect(sent).to.deep.equal([[]]);
  });

  it('pass on what the service answers with, and leave no temporary table behind', async () => {
    services.callExternal = async () => {
      throw new SnowflakeError('100315', '22000', 'the service is down');
    };
    try {
      expect((await client.error(`select ${call} from t`)).message).to.contain('the service is down');
    } finally {
      services.callExternal = (_b, _routine, _asked, take) => take([packed(['1'])]);
    }
    expect(await client.values(`select ${call} from t limit 1`)).to.deep.equal([[1]]);
  });

  for (const [sql, why] of [
    [`update t set x = ${call}`, 'external function TWICE directly in UPDATE'],
    ["select twice(object_construct('x', sum(x))) from t", 'aggregate or window function in the argument'],
    [`select (select ${call} from t u where u.x = t.x) from t`, 'in a correlated subquery'],
  ] as const)
    it(`are refused by name: ${why}`, async () => {
      const error = await client.error(sql);
      expect(error.message).to.contain('the local Snowflake does not support it').and.to.contain(why);
    });
});
