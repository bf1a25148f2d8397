import { Connection } from '@local-cloud/snowflake/storage/storage.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { type FakeAws, fakeAws, type Received, URL_PREFIX } from './fake-aws.js';

/** INSERTs take answers while others are under way, and of each answer what they read. */
describe('answers of external functions that are inserted', () => {
  const ROWS = 24_000;
  let aws: FakeAws;
  let snowflake: TestSnowflake;
  let client: Client;
  /** What the service answers for a row. */
  const answer = (x: number) => ({
    days: x / 4,
    version: `v${x % 3}`,
    low: x % 5 === 0 ? null : x,
    curve: { days: [x, x + 1], gone: [0.5, 1] },
    ...(x % 2 && { odd: true }),
  });
  const rowsOf = ({ body }: Received) => (JSON.parse(body) as { data: [number, number][] }).data;
  const answered = (request: Received) => ({
    body: JSON.stringify({ data: rowsOf(request).map(([row, x]) => [row, answer(x)]) }),
  });
  /** As SCORE_ADMISSIONS reads its predictions. */
  const READ = `SELECT N, D:days::FLOAT, D:version::VARCHAR, D:low::FLOAT, GET(D, 'curve')::OBJECT, D:odd::BOOLEAN, D:none::VARCHAR
FROM (SELECT N, told(N) AS D FROM numbers)`;
  const SUMS = `SELECT COUNT(*), SUM(N), SUM(DAYS), COUNT(LOW), SUM(CURVE:days[1]), COUNT_IF(ODD), COUNT(NONE), MIN(VERSION), MAX(VERSION), SUM(CURVE:gone[0]) FROM`;

  before(async () => {
    aws = await fakeAws();
    snowflake = await withSnowflake({ network: aws.network });
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE SCHEMA d.s',
      `CREATE API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/r' API_ALLOWED_PREFIXES = ('${URL_PREFIX}') ENABLED = TRUE`,
      `CREATE EXTERNAL FUNCTION told(x FLOAT) RETURNS OBJECT API_INTEGRATION = api MAX_BATCH_ROWS = 1000 AS '${URL_PREFIX}told'`,
      `CREATE TABLE numbers AS SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => ${ROWS}))`,
      'CREATE TABLE results (N FLOAT, DAYS FLOAT, VERSION VARCHAR, LOW FLOAT, CURVE OBJECT, ODD BOOLEAN, NONE VARCHAR)',
      `CREATE TABLE expected AS SELECT N, N / 4 AS DAYS, 'v' || N % 3 AS VERSION, IFF(N % 5 = 0, NULL, N) AS LOW,
        OBJECT_CONSTRUCT('days', ARRAY_CONSTRUCT(N, N + 1), 'gone', ARRAY_CONSTRUCT(0.5, 1)) AS CURVE, IFF(N % 2 = 1, TRUE, NULL) AS ODD,
        NULL AS NONE FROM numbers`,
    ])
      await client.rows(sql);
  });
  beforeEach(async () => {
    aws.received.length = 0;
    aws.reply = answered;
    await client.rows('TRUNCATE TABLE results');
  });
  after(async () => {
    await snowflake.close();
    await aws.close();
  });

  /** `done` when DuckDB has written a first part of `results`. */
  function whenWritten(): { done: Promise<void>; stop: () => void } {
    const { run } = Connection.prototype;
    const done = new Promise<void>((resolve) => {
      Connection.prototype.run = async function (this: Connection, sql, params) {
        const rows = await run.call(this, sql, params);
        if (/INSERT INTO "[^"]+" \("\$row", "N"/.test(sql)) resolve();
        return rows;
      };
    });
    const stop = () => {
      Connection.prototype.run = run;
    };
    return { done, stop };
  }

  it('are written while others are asked about, in their order, the same as all at once', async () => {
    const { done, stop } = whenWritten();
    // The last batch is answered when something is written; were all written together, never.
    aws.reply = async (request) => {
      if (rowsOf(request).some(([, x]) => x === ROWS - 1)) await done;
      return answered(request);
    };
    try {
      await client.rows(`INSERT INTO results ${READ}`);
    } finally {
      stop();
    }
    expect(await client.values(`${SUMS} results`)).to.deep.equal(await client.values(`${SUMS} expected`));
    expect(await client.values('SELECT N FROM results LIMIT 2 OFFSET 11999')).to.deep.equal([
      [11999],
      [12000],
    ]);
  });

  it('leave nothing behind when a later one is refused, also in a transaction', async () => {
    await client.rows('BEGIN');
    await client.rows('INSERT INTO results (N) VALUES (-1)');
    const { done, stop } = whenWritten();
    aws.reply = async (request) => {
      if (!rowsOf(request).some(([, x]) => x === ROWS - 1)) return answered(request);
      await done;
      return { status: 400, body: 'no' };
    };
    try {
      expect((await client.error(`INSERT INTO results ${READ}`)).message).to.contain('400');
    } finally {
      stop();
    }
    aws.reply = answered;
    await client.rows(`INSERT INTO results ${READ}`);
    await client.rows('COMMIT');
    expect(await client.values('SELECT COUNT(*), MIN(N), MAX(N) FROM results')).to.deep.equal([
      [ROWS + 1, -1, ROWS - 1],
    ]);
  });

  it('are cast from whatever they have in place of numbers', async () => {
    const odd = (x: number) => ({
      ...answer(x),
      days: x === 11 ? String(x / 4) : x === 12_000 ? true : x / 4,
      low: x === 500 ? { toString: 1 } : null,
    });
    aws.reply = async (request) => ({
      body: JSON.stringify({ data: rowsOf(request).map(([row, x]) => [row, odd(x)]) }),
    });
    const failed = await client.error(`INSERT INTO results ${READ}`);
    expect(failed).to.include({ code: '100071', sqlState: '22000' });
    expect(failed.message).to.contain('{"toString":1} to REAL');
    await client.rows(`INSERT INTO results ${READ.replace('D:low::FLOAT', 'NULL')}`);
    expect(
      await client.values('SELECT N, DAYS FROM results WHERE N IN (11, 12, 12000) ORDER BY N'),
    ).to.deep.equal([
      [11, 2.75],
      [12, 3],
      [12_000, 1],
    ]);
    // One that is read otherwise too is JSON still.
    expect(
      await client.values(
        `SELECT D:days::FLOAT, D:days::VARCHAR, D:version, D:odd FROM (SELECT told(11) AS D)`,
      ),
    ).to.deep.equal([[2.75, '2.75', 'v2', true]]);
  });

  it('wait for each other where a row is made of more than one', async () => {
    const inner = '(SELECT N, told(N) AS D FROM numbers)';
    await client.rows(
      `INSERT INTO results (N, DAYS) SELECT ROW_NUMBER() OVER (ORDER BY N DESC), D:days FROM ${inner} ORDER BY 1`,
    );
    expect(await client.values('SELECT SUM(N + 4 * DAYS), COUNT(DISTINCT N) FROM results')).to.deep.equal([
      [ROWS * ROWS, ROWS],
    ]);
    await client.rows('TRUNCATE TABLE results');
    await client.rows(`INSERT INTO results (N, DAYS) SELECT COUNT(*), SUM(D:days) FROM ${inner}`);
    await client.rows(`INSERT INTO results (N) SELECT (SELECT COUNT(*) FROM results) FROM ${inner}`);
    await client.rows(`INSERT INTO results (N) SELECT N FROM ${inner} LIMIT 10`);
    expect(await client.values('SELECT COUNT(*), COUNT_IF(N = 1) FROM results')).to.deep.equal([
      [ROWS + 11, ROWS + 1],
    ]);
  });

  it('are read whole beside their members', async () => {
    const sql = 'SELECT D:days, D:version, D:odd, D FROM (SELECT told(3) AS D)';
    expect(await client.values(sql)).to.deep.equal([[0.75, 'v0', true, answer(3)]]);
  });
});
