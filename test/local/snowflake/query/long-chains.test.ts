import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

const chain = (length: number, operand: string, operator: string) =>
  Array(length).fill(operand).join(operator);

describe('long chains', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('create database edges');
    await client.rows('create table t (n number(10,2), f float, s varchar(3), b boolean)');
    await client.rows("insert into t values (1.25, 0.1, 'ab', true), (null, 1e16, null, null)");
    await client.rows("create table big as select repeat('a', 1000) as s, repeat('ab', 4500000) as l");
  });
  after(() => snowflake.close());

  /** The second is what pair by pair gives, written with brackets that keep it short. */
  for (const [sql, value] of [
    [`select ${chain(2000, '1', '+')}`, 2000],
    [`select ${chain(300, 'n', ' + ')} from t where n is not null`, 375],
    [`select ${chain(20, 'n', ' - ')} from t where n is not null`, -22.5],
    [`select ${chain(20, 'n', ' + ')} from t where n is null`, null],
    [`select length(${chain(2000, 's', '||')}) from t where n is not null`, 4000],
    [`select ${chain(30, 's', '||')} from t where n is null`, null],
    [`select count(*) from t where ${chain(2000, 'b', ' and ')}`, 1],
    [`select count(*) from t where ${chain(2000, 'not b', ' or ')}`, 0],
    [`select count(*) from (${chain(400, 'select n from t', ' union all ')})`, 800],
    [`select count(*) from (${chain(300, 'select n from t', ' union ')})`, 2],
    [`select count(*) from (select 1 ${chain(20, 'except select 2', ' ')})`, 1],
  ] as [string, unknown][])
    it(`${sql.slice(0, 60)}… (${sql.length} characters)`, async () => {
      expect(await client.values(sql)).to.deep.equal([[value]]);
    });

  it('add FLOATs from left to right, as their sum depends on it', async () => {
    const ones = chain(15, '1::float', ' + ');
    const [[sum]] = (await client.values(`select 1e16::float + ${ones}`)) as [[number]];
    expect(sum).to.equal(
      Array(15)
        .fill(1)
        .reduce((a, b) => a + b, 1e16),
    );
    const mixed = `select 1 - 2 + 3 - 4 + 5 - 6 + 7 - 8 + 9 - 10 + 0.5::float - 11 + 12 - 0.25::float`;
    expect(await client.values(mixed)).to.deep.equal([[-3.75]]);
  });

  it('are no bound text, however long: it is nothing nested', async () => {
    const levels = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`K${i}`, `level ${i}`]));
    const text = JSON.stringify(levels);
    expect(text.length).to.be.above(180_000);
    expect(await client.values('select parse_json(?):K8999::varchar', [text])).to.deep.equal([
      ['level 8999'],
    ]);
  });

  it('have the type that adding one after the other gives', async () => {
    const typed = async (sql: string) => {
      const [column] = (await client.statement(sql)).getColumns()!;
      return [column!.getPrecision(), column!.getScale()];
    };
    expect(await typed(`select ${chain(13, 'n', ' + ')} from t`)).to.deep.equal([22, 2]);
    expect(await typed(`select ${chain(11, 'n', ' + ')} from t`)).to.deep.equal([20, 2]);
  });

  for (const [what, sql] of [
    ['a chain of 2000 operands with \\*', `select ${chain(2000, 'n', '*')} from t`],
    ['a chain of 300 operands with /', `select ${chain(300, 'n', '/')} from t`],
    ['2000 queries with UNION between them', chain(2000, 'select 1', ' union all ')],
    ['a statement nested more than 250 levels deep', `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['a statement nested more than 250 levels deep', `select ${'abs('.repeat(2000)}1${')'.repeat(2000)}`],
    [
      'a statement nested more than 250 levels deep',
      `${'select * from ('.repeat(300)}select 1${')'.repeat(300)}`,
    ],
    ['more than 40 joins in one FROM', `select 1 from t${' cross join t'.repeat(50)}`],
  ] as [string, string][])
    it(`are refused by name: ${what}`, async () => {
      const error = await client.error(sql);
      expect(error.code).to.equal('000002');
      expect(error.message).to.match(new RegExp(`^Unsupported feature '${what}'`));
    });

  describe('values', () => {
    for (const sql of [
      `select repeat('a', 1000000000)`,
      `select space(16777217)`,
      `select lpad('a', 20000000, 'b')`,
      `select repeat('a', 16777216) || repeat('b', 1)`,
      `select concat_ws('-', repeat('a', 9000000), repeat('b', 9000000))`,
      `select replace(repeat('a', 1000), 'a', repeat('b', 1000000))`,
      `select replace(s, 'a', l) from big`,
      `select regexp_replace(s, '[a-c]', l) from big`,
      `select insert(l, 1, 0, repeat('b', 16000000)) from big`,
      `select l || '-' || l || '-' || l from big`,
      `with w as (select l || 'x' as l from big) select l || l || l from w`,
      `select array_to_string(split(s, 'a'), l) from big`,
      `select hex_encode(l) from big`,
      `select base64_encode(repeat('a', 13000000))`,
      `select split(repeat('a,', 5000000), ',')`,
      `select array_generate_range(0, 100000000)`,
      `select array_insert([], 1000000000, 1)`,
      `with w as (select [l] as a from big), x as (select array_cat(a, a) as a from w) select array_cat(a, a) from x`,
      `with w as (select [l] as a from big), x as (select [a, a] as a from w) select {'a': a, 'b': a} from x`,
      `select listagg(l, ',') from big, (select 1 union all select 2)`,
      `select array_agg(l) from big, (select 1 union all select 2)`,
      `select object_agg(column1, l::variant) from big, values ('a'), ('b')`,
    ])
      it(`end at Snowflake’s size: ${sql}`, async () => {
        const error = await client.error(sql);
        expect([error.code, error.message.slice(0, 33)]).to.deep.equal([
          '100082',
          'Max LOB size (16777216) exceeded,',
        ]);
      });
    it('may be as large as that', async () => {
      expect(
        await client.values(`select length(repeat('a', 16777216)), repeat('ab', -1), repeat(null, 3)`),
      ).to.deep.equal([[16_777_216, '', null]]);
    });
  });

  it('SAMPLE takes a variable that is a number, and nothing else', async () => {
    await client.rows('set n = 1');
    await client.rows("set w = 'x'");
    expect(await client.values('select count(*) from t sample ($n rows)')).to.deep.equal([[1]]);
    for (const sql of [
      'select * from t sample ($w rows)',
      'select * from t sample (200)',
      'select * from t sample (x)',
    ])
      expect((await client.error(sql)).code).to.equal('001003');
    expect((await client.error('select * from t sample ($nothing rows)')).code).to.equal('002211');
    expect((await client.error('create table a (i int autoincrement start (')).code).to.equal('001003');
  });
});
