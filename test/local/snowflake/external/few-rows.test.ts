import { DuckDBConnection } from '@duckdb/node-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { type FakeAws, fakeAws, type Received, URL_PREFIX } from './fake-aws.js';

/** A query by hand asks about a row or a few: their answers stand in the statement, and a row of literals is planned once. */
describe('external functions of few rows', () => {
  let aws: FakeAws;
  let snowflake: TestSnowflake;
  let client: Client;
  const rowsOf = ({ body }: Received) => (JSON.parse(body) as { data: unknown[][] }).data;
  /** Long enough for DuckDB's plan of it to be kept. */
  const long = (from: number) =>
    Array.from({ length: 30 }, (_, i) => `GET_IGNORE_CASE(O, 'key_${from + i}')::VARCHAR`).join(', ');
  const body = (tail: string) =>
    `asked(OBJECT_CONSTRUCT('all', ARRAY_CONSTRUCT(${long(0)}), 'tail', ${tail}))`;

  before(async () => {
    aws = await fakeAws();
    snowflake = await withSnowflake({ network: aws.network });
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE SCHEMA d.s',
      `CREATE API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/r' API_ALLOWED_PREFIXES = ('${URL_PREFIX}') ENABLED = TRUE`,
      `CREATE EXTERNAL FUNCTION asked(o OBJECT) RETURNS VARIANT API_INTEGRATION = api AS '${URL_PREFIX}asked'`,
      `CREATE EXTERNAL FUNCTION texts(x VARCHAR) RETURNS VARCHAR API_INTEGRATION = api AS '${URL_PREFIX}texts'`,
      `CREATE EXTERNAL FUNCTION strictly(x VARCHAR) RETURNS VARCHAR STRICT API_INTEGRATION = api MAX_BATCH_ROWS = 3 AS '${URL_PREFIX}strictly'`,
      `CREATE EXTERNAL FUNCTION objects(x VARCHAR) RETURNS OBJECT API_INTEGRATION = api AS '${URL_PREFIX}objects'`,
      'CREATE TABLE few (N INT, T VARCHAR)',
    ])
      await client.rows(sql);
  });
  beforeEach(() => {
    aws.received.length = 0;
    aws.reply = (request) => ({
      body: JSON.stringify({ data: rowsOf(request).map(([row, x]) => [row, x]) }),
    });
  });
  after(async () => {
    await snowflake.close();
    await aws.close();
  });

  const ask = async (object: string) => {
    const [[answer] = []] = await client.values(`SELECT told(${object})`);
    return answer as { all: string[]; tail: string };
  };

  it('give each call the answer to its own literals, whoever asked before', async () => {
    await client.rows(`CREATE OR REPLACE FUNCTION told(O OBJECT) RETURNS VARIANT AS $$${body("'x'")}$$`);
    const value = fc.oneof(fc.integer(), fc.constantFrom('', "it's", '"', '\\', ' ', '$1', "''", 'é❄'));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('KEY_1', 'key_2', 'Key_29', 'other'), value),
        async (given) => {
          const literal = (each: string | number) =>
            typeof each === 'number'
              ? String(each)
              : `'${each.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
          const pairs = Object.entries(given).map(([key, each]) => `'${key}', ${literal(each)}`);
          const { all, tail } = await ask(`OBJECT_CONSTRUCT(${pairs.join(', ')})`);
          const found = (at: number) => {
            const key = Object.keys(given).find((each) => each.toLowerCase() === `key_${at}`);
            return key === undefined ? undefined : String(given[key]);
          };
          expect([tail, all.filter((each) => each !== undefined && each !== null)]).to.deep.equal([
            'x',
            [found(1), found(2), found(29)].filter((each) => each !== undefined),
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are planned once on a connection while only their literals differ, and no more than four of them are kept', async () => {
    const { prepare } = DuckDBConnection.prototype;
    let planned = 0;
    DuckDBConnection.prototype.prepare = function (sql) {
      if (sql.includes('key_')) planned++;
      return prepare.call(this, sql);
    };
    const told = (tail: number) =>
      client.rows(`CREATE OR REPLACE FUNCTION told(O OBJECT) RETURNS VARIANT AS $$${body(`'${tail}'`)}$$`);
    try {
      await told(0);
      for (const n of [1, 2, 3]) await ask(`OBJECT_CONSTRUCT('KEY_1', ${n})`);
      expect(planned).to.equal(1);
      for (const n of [1, 2, 3, 4, 0]) {
        await told(n);
        expect((await ask(`OBJECT_CONSTRUCT('KEY_1', ${n})`)).tail).to.equal(String(n));
      }
      expect(planned).to.equal(6);
      await client.rows("ALTER SESSION SET TIMEZONE = 'Europe/Berlin'");
      await ask("OBJECT_CONSTRUCT('KEY_1', 1)");
      await ask("OBJECT_CONSTRUCT('KEY_1', 2)");
      expect(planned).to.equal(7);
    } finally {
      DuckDBConnection.prototype.prepare = prepare;
      await client.rows('ALTER SESSION UNSET TIMEZONE');
    }
  });

  it('follow another body of the function, a parameter of the session and the caller’s role', async () => {
    const object = `OBJECT_CONSTRUCT('KEY_3', 1)`;
    await client.rows(`CREATE OR REPLACE FUNCTION told(O OBJECT) RETURNS VARIANT AS $$${body("'before'")}$$`);
    expect([(await ask(object)).tail, (await ask(object)).tail]).to.deep.equal(['before', 'before']);
    await client.rows(`CREATE OR REPLACE FUNCTION told(O OBJECT) RETURNS VARIANT AS $$${body("'after'")}$$`);
    expect((await ask(object)).tail).to.equal('after');
    await client.rows(
      `CREATE OR REPLACE FUNCTION told(O OBJECT) RETURNS VARIANT AS $$${body("CURRENT_TIMESTAMP(0)::VARCHAR || ' ' || TO_TIMESTAMP_LTZ(O:key_3::NUMBER)::VARCHAR")}$$`,
    );
    for (const [zone, time] of [
      ['UTC', '1970-01-01 00:00:01'],
      ['Asia/Tokyo', '1970-01-01 09:00:01'],
      ['UTC', '1970-01-01 00:00:01'],
    ] as const) {
      await client.rows(`ALTER SESSION SET TIMEZONE = '${zone}'`);
      expect((await ask(`OBJECT_CONSTRUCT('key_3', 1)`)).tail).to.contain(time);
    }
    await client.rows(`CREATE OR REPLACE FUNCTION told(O OBJECT) RETURNS VARIANT AS $$${body("'x'")}$$`);
    await client.rows('CREATE ROLE visitor');
    await client.rows('GRANT ROLE visitor TO USER admin');
    await client.rows('GRANT USAGE ON DATABASE d TO ROLE visitor');
    await client.rows('GRANT USAGE ON SCHEMA d.s TO ROLE visitor');
    expect((await ask(object)).tail).to.equal('x');
    await client.rows('USE ROLE visitor');
    expect((await client.error(`SELECT told(${object})`)).message).to.match(
      /TOLD.* does not exist or not authorized/i,
    );
    await client.rows('USE ROLE accountadmin');
    expect((await ask(object)).tail).to.equal('x');
  });

  it('read tables that a literal row is beside anew each time', async () => {
    await client.rows('TRUNCATE TABLE few');
    const sql = (n: number) =>
      `SELECT asked(OBJECT_CONSTRUCT('n', (SELECT SUM(N) FROM few), 'all', (SELECT ARRAY_CONSTRUCT(${long(0)}) FROM (SELECT OBJECT_CONSTRUCT('KEY_1', ${n}) AS O)))):n`;
    for (const n of [1, 2, 3]) {
      await client.rows(`INSERT INTO few VALUES (${n}, 'x')`);
      expect(await client.value(sql(n))).to.equal((n * (n + 1)) / 2);
    }
  });

  it('take any answers: NULL, quotes, long ones, none at all', async () => {
    for (const rows of [0, 1, 2, 7, 50, 51]) {
      await client.rows('TRUNCATE TABLE few');
      await client.rows(
        `INSERT INTO few SELECT SEQ4(), DECODE(MOD(SEQ4(), 5), 0, NULL, 1, 'it''s', 2, '', 3, '\\\\ "', REPEAT('é', 500)) FROM TABLE(GENERATOR(ROWCOUNT => ${rows}))`,
      );
      const expected = await client.values('SELECT N, T, T, T FROM few ORDER BY N');
      expect(
        await client.values("SELECT N, texts(T), strictly(T), texts(T || '') FROM few ORDER BY N"),
        `${rows} rows`,
      ).to.deep.equal(expected);
      aws.reply = (request) => ({
        body: JSON.stringify({
          data: rowsOf(request).map(([row, x]) => [row, x === null ? null : { x, days: 1.5, list: [x] }]),
        }),
      });
      expect(
        await client.values(
          'SELECT N, O:x::VARCHAR, O:list[0]::VARCHAR, O:x::VARCHAR, O:days::FLOAT, O:none::VARCHAR FROM (SELECT N, objects(T) AS O FROM few) ORDER BY N',
        ),
        `${rows} objects`,
      ).to.deep.equal(expected.map((row) => [...row, row[1] === null ? null : 1.5, null]));
      aws.reply = (request) => ({
        body: JSON.stringify({ data: rowsOf(request).map(([row, x]) => [row, x]) }),
      });
    }
    expect(await client.values("SELECT texts('x'), texts(NULL), strictly(NULL) WHERE 1 = 1")).to.deep.equal([
      ['x', null, null],
    ]);
    expect(await client.values("SELECT texts('x') WHERE 1 = 0")).to.deep.equal([]);
    expect(await client.value(`SELECT LENGTH(texts(REPEAT('a"', 20000)))`)).to.equal(40_000);
  });

  it('belong to the transaction in which they are asked', async () => {
    await client.rows('TRUNCATE TABLE few');
    await client.rows('BEGIN');
    await client.rows("INSERT INTO few SELECT 1, texts('a')");
    expect((await client.error("INSERT INTO few SELECT texts('x')::INT, 'b'")).code).to.equal('100038');
    await client.rows("INSERT INTO few SELECT N + 1, texts(T || 'b') FROM few");
    await client.rows('COMMIT');
    expect(await client.values('SELECT N, T FROM few ORDER BY N')).to.deep.equal([
      [1, 'a'],
      [2, 'ab'],
    ]);
  });
});
