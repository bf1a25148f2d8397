import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('what tools for deployments send', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('create database tools');
    await client.rows('create table t (n int, s varchar)');
    await client.rows('create role deployer');
  });
  after(() => snowflake.close());

  it('USE ROLE, GRANT and REVOKE take IDENTIFIER(…)', async () => {
    await client.rows("grant select on table t to role identifier('DEPLOYER')");
    await client.rows("grant role identifier('deployer') to role identifier('SYSADMIN')");
    await client.rows("revoke role identifier('deployer') from role sysadmin");
    await client.rows("use role identifier('ACCOUNTADMIN')");
    expect(await client.value('select current_role()')).to.equal('ACCOUNTADMIN');
    expect((await client.error("use role identifier('a.b')")).code).to.equal('001003');
  });

  it('setting AUTOCOMMIT commits what is open', async () => {
    await client.rows('alter session set autocommit = false');
    await client.rows("insert into t values (1, 'x')");
    await client.rows('alter session set autocommit = false');
    await client.rows('rollback');
    await client.rows('alter session set autocommit = true');
    expect(await client.value('select count(*) from t')).to.equal(1);
  });

  it('a join’s ON knows aliases of the select list', async () => {
    const sql = "select substr(t.s, 1) as k, u.n from t left join (select 'x' s, 5 n) u on k = u.s";
    expect(await client.values(sql)).to.deep.equal([['x', 5]]);
  });

  it('a statement is described before its values are there', async () => {
    const columns = (
      await client.statement('select n, ? as b from t where s = ?', { describeOnly: true })
    ).getColumns()!;
    expect(columns.map((column) => column.getName())).to.deep.equal(['N', 'B']);
  });

  it('a missing relation is SQLSTATE 42S02, another missing object 02000', async () => {
    const state = async (sql: string) => (await client.error(sql)).sqlState;
    expect(await state('select * from nothing')).to.equal('42S02');
    for (const sql of ['describe stage nothing', 'drop database nothing', 'drop schema nothing'])
      expect(await state(sql)).to.equal('02000');
  });
});
