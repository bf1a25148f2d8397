import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { echo, type FakeAws, fakeAws, HOST, type Received, URL_PREFIX } from './fake-aws.js';

describe('external functions', () => {
  const faults = new Faults();
  let aws: FakeAws;
  let snowflake: TestSnowflake;
  let client: Client;
  const rowsOf = ({ body }: Received) => (JSON.parse(body) as { data: unknown[][] }).data;

  before(async () => {
    aws = await fakeAws();
    snowflake = await withSnowflake({ network: aws.network, faults });
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE SCHEMA d.s',
      `CREATE API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/r' API_ALLOWED_PREFIXES = ('${URL_PREFIX}') ENABLED = TRUE`,
      `CREATE EXTERNAL FUNCTION same(x FLOAT) RETURNS FLOAT API_INTEGRATION = api HEADERS = ('volume-unit' = 'litre') CONTEXT_HEADERS = (current_user) AS '${URL_PREFIX}same'`,
      `CREATE EXTERNAL FUNCTION small(x FLOAT) RETURNS FLOAT API_INTEGRATION = api MAX_BATCH_ROWS = 10 AS '${URL_PREFIX}small'`,
      `CREATE EXTERNAL FUNCTION described(a FLOAT, b VARCHAR, c BOOLEAN, o OBJECT, d DATE) RETURNS VARIANT API_INTEGRATION = api AS '${URL_PREFIX}described'`,
    ])
      await client.rows(sql);
  });
  beforeEach(() => {
    aws.received.length = 0;
    aws.reply = echo;
  });
  after(async () => {
    await snowflake.close();
    await aws.close();
  });

  it('sends rows as Snowflake does: numbered from 0, gzipped, signed, with its headers', async () => {
    expect(await client.values('SELECT same(column1) FROM VALUES (5), (7), (NULL)')).to.deep.equal([
      [5],
      [7],
      [null],
    ]);
    const [request] = aws.received;
    expect(rowsOf(request!)).to.deep.equal([
      [0, 5],
      [1, 7],
      [2, null],
    ]);
    expect(request!.path).to.equal('/prod/same');
    expect(request!.headers).to.include({
      host: HOST,
      'content-encoding': 'gzip',
      'sf-external-function-format': 'json',
      'sf-external-function-format-version': '1.0',
      'sf-external-function-name': 'SAME',
      'sf-external-function-signature': '(X FLOAT)',
      'sf-external-function-return-type': 'FLOAT',
      'sf-custom-volume-unit': 'litre',
      'sf-context-current-user': 'ADMIN',
      'x-amz-security-token': 'token',
    });
    expect(request!.headers.authorization).to.match(
      /^AWS4-HMAC-SHA256 Credential=ASIAFAKE\/\d{8}\/us-east-1\/execute-api\//,
    );
    expect(aws.assumed[0]!.get('RoleSessionName')).to.equal('snowflake');
    expect(aws.assumed[0]!.get('ExternalId')).to.match(/^LOCAL_SFCRole=/);
  });

  it('passes numbers, booleans and objects natively, everything else as strings', async () => {
    await client.rows(`SELECT described(1.5, 'a"b', TRUE, OBJECT_CONSTRUCT('K', 1), '2024-02-29'::DATE)`);
    expect(rowsOf(aws.received[0]!)[0]!.slice(0, 5)).to.deep.equal([0, 1.5, 'a"b', true, { K: 1 }]);
  });

  it('keeps to MAX_BATCH_ROWS and has several batches in flight', async () => {
    let active = 0;
    let most = 0;
    aws.reply = async (request) => {
      most = Math.max(most, ++active);
      do await new Promise((resolve) => setTimeout(resolve, 5));
      while (most < 2);
      active--;
      return echo(request);
    };
    expect(await client.value('SELECT SUM(small(seq4())) FROM TABLE(GENERATOR(ROWCOUNT => 95))')).to.equal(
      (94 * 95) / 2,
    );
    expect(aws.received).to.have.length(10);
    expect(Math.max(...aws.received.map((each) => rowsOf(each).length))).to.equal(10);
    expect(most).to.be.within(2, 8);
  });

  it('finds out how many requests at once its service takes, and keeps to it', async () => {
    await client.rows(
      `CREATE EXTERNAL FUNCTION narrow(x FLOAT) RETURNS FLOAT API_INTEGRATION = api MAX_BATCH_ROWS = 10 AS '${URL_PREFIX}narrow'`,
    );
    let active = 0;
    let together = 0;
    aws.reply = async (request) => {
      if (active === 2) return { status: 429 };
      if (++active === 2) together++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      active--;
      return echo(request);
    };
    const ask = () => client.value('SELECT SUM(narrow(SEQ4())) FROM TABLE(GENERATOR(ROWCOUNT => 400))');
    expect(await ask()).to.equal((399 * 400) / 2);
    expect(aws.received.length).to.be.within(41, 80);
    [aws.received.length, together] = [0, 0];
    expect(await ask()).to.equal((399 * 400) / 2);
    // It is not asked for a third so soon.
    expect(aws.received).to.have.length(40);
    expect(together).to.be.greaterThan(10);
  });

  it('is called by a SQL function around it, which may hand it what another has made', async () => {
    await client.rows('CREATE FUNCTION doubled(x FLOAT) RETURNS FLOAT AS $$ x + x $$');
    await client.rows('CREATE FUNCTION around(x FLOAT) RETURNS FLOAT AS $$ same(doubled(x)) + 1 $$');
    expect(await client.values('SELECT around(column1) FROM VALUES (5), (NULL)')).to.deep.equal([
      [11],
      [null],
    ]);
    expect(rowsOf(aws.received[0]!)).to.deep.equal([
      [0, 10],
      [1, null],
    ]);
  });

  it('is counted in the history: requests, rows and bytes over the wire', async () => {
    await client.rows('SELECT SUM(small(SEQ4())) AS counted FROM TABLE(GENERATOR(ROWCOUNT => 25))');
    const used = await client.values(
      `SELECT external_function_total_invocations, external_function_total_sent_rows, external_function_total_received_rows,
         external_function_total_sent_bytes, external_function_total_received_bytes
       FROM TABLE(information_schema.query_history()) WHERE query_text ILIKE '%AS counted%' AND query_text NOT ILIKE '%history%'`,
    );
    const sent = aws.received.reduce((bytes, { headers }) => bytes + Number(headers['content-length']), 0);
    expect(used[0]!.slice(0, 4)).to.deep.equal([3, 25, 25, sent]);
    expect(used[0]![4]).to.be.greaterThan(30);
  });

  it('repeats 429, 5xx and broken connections with the same batch id', async () => {
    const answers = [429, 503, 500];
    aws.reply = (request) => (answers.length > 0 ? { status: answers.shift()! } : echo(request));
    expect(await client.value('SELECT same(3)')).to.equal(3);
    expect(aws.received).to.have.length(4);
    expect(
      new Set(aws.received.map((each) => each.headers['sf-external-function-query-batch-id'])).size,
    ).to.equal(1);
  });

  it('sends a batch again that was answered, by the same id, where a fault says so', async () => {
    faults.add(parseFault('external-function:SAME=repeat,after=1'));
    let answers = 0;
    aws.reply = (request) => {
      answers++;
      const { data } = JSON.parse(echo(request).body!) as { data: [number, number][] };
      return { body: JSON.stringify({ data: data.map(([n, value]) => [n, value + answers]) }) };
    };
    expect(await client.value('SELECT same(10)')).to.equal(11);
    // The second answer counts.
    expect(await client.value('SELECT same(10)')).to.equal(13);
    expect(await client.value('SELECT same(10)')).to.equal(14);
    const ids = aws.received.map((each) => each.headers['sf-external-function-query-batch-id']);
    expect(ids[1]).to.equal(ids[2]);
    expect(new Set(ids).size).to.equal(3);
  });

  it('does not repeat other errors, and shows what the service said', async () => {
    aws.reply = () => ({ status: 403, body: '{"Message":"no"}' });
    const error = await client.error('SELECT same(3)');
    expect(error.message).to.contain(
      `Request failed for external function SAME with remote service error: 403 '{"Message":"no"}'`,
    );
    expect(error.message).to.contain('request retries: 0');
    expect(aws.received).to.have.length(1);
  });

  it('asks again by GET while the service answers 202', async () => {
    aws.reply = (request) =>
      request.method === 'POST' || aws.received.length < 3 ? { status: 202 } : { body: '{"data":[[0,9]]}' };
    expect(await client.value('SELECT same(3)')).to.equal(9);
    expect(aws.received.map((each) => each.method)).to.deep.equal(['POST', 'GET', 'GET']);
  });

  it('refuses answers with rows missing or out of order', async () => {
    aws.reply = () => ({ body: '{"data":[[1,5],[0,7]]}' });
    expect((await client.error('SELECT same(column1) FROM VALUES (1), (2)')).message).to.contain(
      'row 0 of the response',
    );
    aws.reply = () => ({ body: '{"data":[]}' });
    expect((await client.error('SELECT same(1)')).message).to.contain('1 rows were sent, 0 came back');
    aws.reply = () => ({ body: 'oops' });
    expect((await client.error('SELECT same(1)')).message).to.contain('is not JSON');
  });

  it('does not call for rows with NULL when STRICT', async () => {
    await client.rows(
      `CREATE EXTERNAL FUNCTION strict_one(x FLOAT) RETURNS FLOAT STRICT API_INTEGRATION = api AS '${URL_PREFIX}strict'`,
    );
    expect(await client.values('SELECT strict_one(column1) FROM VALUES (NULL), (1)')).to.deep.equal([
      [null],
      [1],
    ]);
    expect(rowsOf(aws.received[0]!)).to.deep.equal([[0, 1]]);
  });

  it('runs translators on both sides and swaps them by ALTER', async () => {
    for (const sql of [
      `CREATE FUNCTION to_csv(event OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
         return {body: EVENT.body.data.map((row) => row[1].n * 2).join('\\n'), urlSuffix: '/v1?x=1', translatorData: {rows: EVENT.body.data.length}}; $$`,
      `CREATE FUNCTION to_csv2(event OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
         return {body: EVENT.body.data.map((row) => row[1].n * 3).join('\\n')}; $$`,
      `CREATE FUNCTION from_csv(event OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
         return {body: {data: EVENT.body.trim().split('\\n').map((v, i) => [i, Number(v) + (EVENT.translatorData ? EVENT.translatorData.rows : 0)])}}; $$`,
      `CREATE EXTERNAL FUNCTION predict(o OBJECT) RETURNS FLOAT API_INTEGRATION = api REQUEST_TRANSLATOR = to_csv RESPONSE_TRANSLATOR = d.s.from_csv AS '${URL_PREFIX}predict'`,
    ])
      await client.rows(sql);
    aws.reply = ({ body }) => ({ body: `${body}\n`, contentType: 'text/csv' });
    const query = `SELECT predict(OBJECT_CONSTRUCT('n', column1)) FROM VALUES (1), (2)`;
    expect(await client.values(query)).to.deep.equal([[4], [6]]);
    expect(aws.received[0]!.path).to.equal('/prod/predict/v1?x=1');
    await client.rows('ALTER FUNCTION predict(OBJECT) SET REQUEST_TRANSLATOR = to_csv2');
    expect(await client.values(query)).to.deep.equal([[3], [6]]);
    expect(
      (await client.error('ALTER FUNCTION predict(OBJECT) SET REQUEST_TRANSLATOR = missing')).message,
    ).to.contain("Request translator 'D.S.MISSING' does not exist");
  });

  it('says of a translator, not of itself, that what it returned is no JSON', async () => {
    for (const sql of [
      `CREATE FUNCTION in_circles(event OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
         const circle = {}; circle.again = circle; return {body: {data: [[0, circle]]}}; $$`,
      `CREATE EXTERNAL FUNCTION asks(x FLOAT) RETURNS VARIANT API_INTEGRATION = api REQUEST_TRANSLATOR = in_circles AS '${URL_PREFIX}asks'`,
      `CREATE EXTERNAL FUNCTION hears(x FLOAT) RETURNS VARIANT API_INTEGRATION = api RESPONSE_TRANSLATOR = in_circles AS '${URL_PREFIX}hears'`,
    ])
      await client.rows(sql);
    for (const call of ['asks(1)', 'hears(1)']) {
      const { code, message } = await client.error(`SELECT ${call}`);
      expect(String(code)).to.equal('100132');
      expect(message).to.match(/Uncaught TypeError: Converting circular structure to JSON.* in IN_CIRCLES/s);
    }
  });

  it('says of a translator, not of itself, that a getter in what it returned throws', async () => {
    const throws = `{get KEY() { throw new Error('not ready: KEY'); }}`;
    const cases = {
      asks_body: ['REQUEST', throws.replaceAll('KEY', 'body')],
      asks_suffix: [
        'REQUEST',
        `{body: 'x', urlSuffix: {toString() { throw new Error('not ready: suffix'); }}}`,
      ],
      asks_data: ['REQUEST', `{body: 'x', ${throws.replaceAll('KEY', 'translatorData').slice(1)}`],
      hears_body: ['RESPONSE', throws.replaceAll('KEY', 'body')],
      hears_data: ['RESPONSE', `{body: ${throws.replaceAll('KEY', 'data')}}`],
      hears_row: [
        'RESPONSE',
        `{body: {data: [new Proxy([], {get() { throw new Error('not ready: row'); }})]}}`,
      ],
    };
    for (const [name, [which, returned]] of Object.entries(cases)) {
      await client.rows(
        `CREATE FUNCTION t_${name}(event OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$ return ${returned}; $$`,
      );
      await client.rows(
        `CREATE EXTERNAL FUNCTION ${name}(x FLOAT) RETURNS VARIANT API_INTEGRATION = api ${which}_TRANSLATOR = t_${name} AS '${URL_PREFIX}${name}'`,
      );
      const { code, message } = await client.error(`SELECT ${name}(1)`);
      expect(String(code), `${name}: ${message}`).to.equal('100132');
      expect(message).to.match(new RegExp(`Uncaught Error: not ready.* in T_${name}`, 'is'));
    }
  });

  it('translates batches in several threads, each batch’s data with its answer', async () => {
    await client.rows(`CREATE FUNCTION t_out(event OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS
$$ const began = Date.now(); while (Date.now() < began + 30);
return {body: EVENT.body, translatorData: {began, rows: EVENT.body.data.map((row) => row[1])}}; $$`);
    await client.rows(`CREATE FUNCTION t_back(event OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS
$$ const {began, rows} = EVENT.translatorData;
return {body: {data: EVENT.body.data.map(([n, x]) => [n, {began, wrong: x - rows[n]}])}}; $$`);
    await client.rows(
      `CREATE EXTERNAL FUNCTION threaded(x FLOAT) RETURNS VARIANT API_INTEGRATION = api MAX_BATCH_ROWS = 10 REQUEST_TRANSLATOR = t_out RESPONSE_TRANSLATOR = t_back AS '${URL_PREFIX}threaded'`,
    );
    const rows = await client.values(
      `SELECT DISTINCT answer:began::FLOAT, SUM(ABS(answer:wrong)), COUNT(*)
FROM (SELECT threaded(SEQ4()) AS answer FROM TABLE(GENERATOR(ROWCOUNT => 200))) GROUP BY 1 ORDER BY 1`,
    );
    expect(rows.reduce((sum, [, , count]) => sum + Number(count), 0)).to.equal(200);
    expect(rows.every(([, wrong]) => Number(wrong) === 0)).to.equal(true);
    // One thread would begin each batch when it has done the one before.
    const begun = rows.map(([began]) => Number(began));
    const together = begun.filter((began, i) => i > 0 && began < begun[i - 1]! + 30);
    expect(together.length + 20 - begun.length).to.be.greaterThan(3);
  });

  it('works under aggregates, in subqueries, and in INSERT … SELECT', async () => {
    await client.rows('CREATE TABLE numbers AS SELECT column1 AS n FROM VALUES (1), (2), (3)');
    expect(await client.value('SELECT AVG(ABS(same(n) - 2)) FROM numbers')).to.be.closeTo(2 / 3, 1e-9);
    expect(
      await client.value('WITH p AS (SELECT same(n) AS v FROM numbers) SELECT MAX(v) FROM p WHERE v < 3'),
    ).to.equal(2);
    await client.rows('CREATE TABLE results (n FLOAT, v FLOAT)');
    await client.rows('INSERT INTO results SELECT n, same(n) FROM numbers');
    expect(await client.value('SELECT SUM(v) FROM results')).to.equal(6);
  });

  it('is refused for a URL that its integration does not allow', async () => {
    const error = await client.error(
      `CREATE EXTERNAL FUNCTION other(x FLOAT) RETURNS FLOAT API_INTEGRATION = api AS 'https://other.execute-api.us-east-1.amazonaws.com/prod/x'`,
    );
    expect(error.message).to.contain('is not allowed by the API integration');
  });
});
