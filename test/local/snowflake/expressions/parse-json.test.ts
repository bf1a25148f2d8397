import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** What is read when a statement is bound must be what is read of a column when it runs. */
describe('JSON that a statement says', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE TABLE t (c VARCHAR)');
  });
  after(() => snowflake.close());

  const FORMS = [
    'PARSE_JSON(x)',
    'TRY_PARSE_JSON(x)',
    "PARSE_JSON(x, 'd')",
    'PARSE_JSON(x)::OBJECT',
    'PARSE_JSON(x)::ARRAY',
    'TYPEOF(PARSE_JSON(x))',
    'PARSE_JSON(x):a',
    'PARSE_JSON(x)[0]',
  ];
  const outcome = async (sql: string, binds?: unknown[]) => {
    try {
      return JSON.stringify(await client.values(sql, binds));
    } catch (error) {
      return (error as Error).message;
    }
  };
  const expectSame = async (text: string) => {
    await client.rows('TRUNCATE TABLE t');
    await client.rows('INSERT INTO t VALUES (?)', [text]);
    for (const form of FORMS) {
      const of = (value: string) => form.replace('x', () => value);
      const ofColumn = await outcome(`SELECT ${of('c')} FROM t`);
      expect(await outcome(`SELECT ${of('?')}`, [text]), `${form} of ${text}`).to.equal(ofColumn);
      expect(await outcome(`SELECT ${of(`$$${text}$$`)}`), `${form} of ${text}`).to.equal(ofColumn);
    }
  };

  for (const text of [
    '',
    '  ',
    'null',
    '1.0',
    '[1,,3]',
    '[1,]',
    '[1, 2]',
    ' {"z":1} ',
    "{b:1, a:'it'}",
    '{"a":1,"a":2}',
    'nope',
    'undefined',
  ])
    it(`is the same of a column: ${JSON.stringify(text)}`, () => expectSame(text));

  it('is the same of a column, whatever it is', async () => {
    const texts = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value).replaceAll('$', ''));
    await fc.assert(fc.asyncProperty(texts, expectSame), { numRuns: 15 });
  });
});
