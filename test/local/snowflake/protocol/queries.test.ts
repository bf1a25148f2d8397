import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { untilValue } from '../tasks/runs.js';

interface Async {
  getQueryId(): string;
}

describe('the query protocol', () => {
  const clock = new MovableClock();
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(() => snowflake.close());
  /** Waits until a statement that begins so is under way, as another session sees it. */
  const runs = async (start: string) => {
    const other = await snowflake.connect();
    await untilValue(
      other,
      `SELECT COUNT(*) FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE EXECUTION_STATUS = 'RUNNING' AND STARTSWITH(QUERY_TEXT, '${start}')`,
      1,
    );
  };

  it('describes columns: name, type, precision, scale, nullability', async () => {
    const statement = await client.statement(
      "SELECT 1.25 AS n, 'abc' AS t, NULL::FLOAT AS f, CURRENT_DATE AS d",
    );
    const columns = (
      statement as unknown as {
        getColumns(): { getName(): string; getType(): string; getScale(): number; getPrecision(): number }[];
      }
    ).getColumns();
    expect(columns.map((column) => [column.getName(), column.getType()])).to.deep.equal([
      ['N', 'fixed'],
      ['T', 'text'],
      ['F', 'real'],
      ['D', 'date'],
    ]);
    expect([columns[0]!.getPrecision(), columns[0]!.getScale()]).to.deep.equal([3, 2]);
  });

  it('describes without running', async () => {
    await client.rows('CREATE TABLE once (x NUMBER)');
    await client.statement('INSERT INTO once VALUES (1)', { describeOnly: true });
    expect(await client.value('SELECT count(*) FROM once')).to.equal(0);
  });

  it('delivers large results in chunks, complete and in order', async () => {
    const rows = await client.values(
      "SELECT SEQ4() AS n, 'row ' || SEQ4() || ', \"quoted\"' AS t FROM TABLE(GENERATOR(ROWCOUNT => 250000)) ORDER BY 1",
    );
    expect(rows).to.have.length(250000);
    for (const i of [0, 99_999, 100_000, 249_999]) expect(rows[i]).to.deep.equal([i, `row ${i}, "quoted"`]);
  });

  it('runs a statement asynchronously; its state and result are found by its id', async () => {
    const statement = (await client.statement("CALL SYSTEM$WAIT(600, 'SECONDS')", {
      asyncExec: true,
    })) as unknown as Async;
    const { connection } = client;
    expect(await connection.getQueryStatus(statement.getQueryId())).to.equal('RUNNING');
    const other = await snowflake.connect();
    let finished = false;
    const waited = (async () => {
      for (; !finished; await sleep(50)) clock.advance(60_000);
    })();
    const result = await other.connection.getResultsFromQueryId({
      queryId: statement.getQueryId(),
    } as Parameters<typeof connection.getResultsFromQueryId>[0]);
    const rows: unknown[] = [];
    for await (const row of (result as unknown as { streamRows(): AsyncIterable<unknown> }).streamRows())
      rows.push(row);
    finished = true;
    await waited;
    expect(rows).to.deep.equal([{ SYSTEM$WAIT: 'waited 600 seconds' }]);
    expect(await connection.getQueryStatus(statement.getQueryId())).to.equal('SUCCESS');
  });

  it('cancels a running statement with 000604', async () => {
    const failed = new Promise<Error & { code?: string }>((resolve) => {
      const statement = client.connection.execute({
        sqlText:
          'WITH many AS (SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 1000000))) SELECT count(*) FROM many a, many b WHERE a.n + b.n < 0',
        complete: (error) => resolve(error as unknown as Error & { code?: string }),
      });
      void runs('WITH many').then(() => statement.cancel(() => undefined));
    });
    const error = await failed;
    expect(String(error.code)).to.equal('000604');
    expect(await client.value('SELECT 1')).to.equal(1);
  });

  it('stops a statement after STATEMENT_TIMEOUT_IN_SECONDS with 000630', async () => {
    await client.rows('ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1');
    const error = await client.error("CALL SYSTEM$WAIT(20, 'SECONDS')");
    expect(String(error.code)).to.equal('000630');
    await client.rows('ALTER SESSION UNSET STATEMENT_TIMEOUT_IN_SECONDS');
  });

  it('stops it after what the warehouse says, where that is lower than the session’s', async () => {
    await client.rows('CREATE WAREHOUSE IMPATIENT STATEMENT_TIMEOUT_IN_SECONDS = 1');
    const error = await client.error("CALL SYSTEM$WAIT(20, 'SECONDS')");
    expect(String(error.code)).to.equal('000630');
    await client.rows('ALTER WAREHOUSE IMPATIENT UNSET STATEMENT_TIMEOUT_IN_SECONDS');
    await client.rows("CALL SYSTEM$WAIT(2, 'SECONDS')");
    await client.rows('DROP WAREHOUSE IMPATIENT');
  });

  it('binds values, and rows of values', async () => {
    expect(await client.values('SELECT ?, ?, ?', [1.5, 'two', null])).to.deep.equal([[1.5, 'two', null]]);
    await client.rows('CREATE TABLE bound (n NUMBER, t VARCHAR)');
    await client.rows('INSERT INTO bound VALUES (?, ?)', [
      [1, 'a'],
      [2, null],
      [3, 'c'],
    ]);
    expect(await client.values('SELECT * FROM bound ORDER BY n')).to.deep.equal([
      [1, 'a'],
      [2, null],
      [3, 'c'],
    ]);
  });

  it('does not run a request twice that a client repeats', async () => {
    const requestId = 'b5d2a4f2-6d0c-4a6e-9f0e-0b6a1e4f6c01';
    await client.rows('CREATE TABLE retried (x NUMBER)');
    const options = { requestId };
    await client.statement('INSERT INTO retried VALUES (1)', options);
    await client.statement('INSERT INTO retried VALUES (1)', options);
    expect(await client.value('SELECT count(*) FROM retried')).to.equal(1);
  });

  it('tells where an error is', async () => {
    const error = await client.error('SELECT 1,\n  nowhere FROM bound');
    expect(error.message).to.contain("error line 2 at position 2\ninvalid identifier 'NOWHERE'");
    expect([String(error.code), error.sqlState]).to.deep.equal(['000904', '42000']);
  });

  it('sets parameters for one statement only', async () => {
    await client.statement('SELECT 1', { parameters: { QUERY_TAG: 'just this' } });
    const tags = await client.values(
      "SELECT query_tag FROM TABLE(information_schema.query_history()) WHERE query_tag <> ''",
    );
    expect(tags).to.deep.equal([['just this']]);
  });
});
