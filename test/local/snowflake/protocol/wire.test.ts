import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type TestSnowflake, withSnowflake } from '../support.js';

interface Answer {
  success: boolean;
  code: string | null;
  message: string | null;
  data: {
    token: string;
    rowset: (string | null)[][];
    chunks?: { url: string; rowCount: number }[];
    total: number;
    queryId: string;
    numberOfBinds: number;
    stats?: Record<string, number>;
    command?: string;
    src_locations?: string[];
    stageInfo?: { location: string };
    parameters: { name: string; value: unknown }[];
    sessionInfo: Record<string, string | null>;
  };
}

/** What a client other than the Node driver sees: the JSON itself. */
describe('answers as clients of any kind read them', () => {
  let snowflake: TestSnowflake;
  let query: (sqlText: string, more?: Record<string, unknown>) => Promise<Answer>;
  const post = async (path: string, body: unknown, token?: string): Promise<Answer> => {
    const response = await fetch(`${snowflake.server.accessUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Snowflake Token="${token}"` } : {}),
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Answer;
  };
  const login = (parameters: Record<string, unknown> = {}, where = '') => {
    const { account, user, password } = snowflake.server;
    const data = {
      ACCOUNT_NAME: account,
      LOGIN_NAME: user,
      PASSWORD: password,
      SESSION_PARAMETERS: parameters,
    };
    return post(`/session/v1/login-request?${where}`, { data });
  };

  before(async () => {
    snowflake = await withSnowflake();
    const { data } = await login();
    query = (sqlText, more = {}) =>
      post(`/queries/v1/query-request?requestId=${randomUUID()}`, { sqlText, ...more }, data.token);
    await query('CREATE DATABASE d');
    await query('CREATE WAREHOUSE w');
  });
  after(() => snowflake.close());

  it('come by a path with any number of slashes, as the core of the drivers asks about a statement', async () => {
    const { data: mine } = await login();
    const { data } = await post(
      `/queries/v1/query-request?requestId=${randomUUID()}`,
      { sqlText: 'SELECT 1' },
      mine.token,
    );
    const headers = { authorization: `Snowflake Token="${mine.token}"` };
    const slashes = fc.string({ unit: fc.constant('/'), minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(slashes, slashes, slashes, async (a, b, c) => {
        const response = await fetch(
          `${snowflake.server.accessUrl}${a}monitoring${b}queries${c}${data.queryId}`,
          { headers },
        );
        const { queries } = ((await response.json()) as { data: { queries: { status: string }[] } }).data;
        expect(queries.map(({ status }) => status)).to.deep.equal(['SUCCESS']);
      }),
      { numRuns: 20 },
    );
  });

  it('give times as many fractional digits as their type has', async () => {
    const { data } = await query(
      `SELECT '12:34:56.5'::TIME(2), '1970-01-02 00:00:00.25'::TIMESTAMP_NTZ(0), '1969-12-31 23:59:58.5'::TIMESTAMP_NTZ(3),
              '1970-01-01 01:00:00.123456 +0100'::TIMESTAMP_TZ(4), '1970-01-01 00:00:01'::TIMESTAMP_NTZ(9), NULL::TIME(1)`,
    );
    expect(data.rowset).to.deep.equal([['45296.50', '86400', '-1.500', '0.1234 1500', '1.000000000', null]]);
  });

  it('lay out semi-structured values by JSON_INDENT, and leave their digits alone', async () => {
    const sql = `SELECT PARSE_JSON('{"a":[1.50,{"b":"x, [y]: \\\\"z\\\\""},[],{}],"n":12345678901234567890}'), PARSE_JSON('"a"')`;
    const indented = await query(sql);
    const [object, text] = indented.data.rowset[0]!;
    expect(object).to.match(
      /^\{\n {2}"a": \[\n {4}1\.50?,\n {4}\{\n {6}"b": "x, \[y\]: \\"z\\""\n {4}\},\n {4}\[\],\n {4}\{\}\n {2}\],\n {2}"n": 12345678901234567890\n\}$/,
    );
    expect(text).to.equal('"a"');
    const flat = await query(sql, { parameters: { JSON_INDENT: 0 } });
    expect(flat.data.rowset[0]![0]).not.to.match(/\n/);
  });

  it('count the rows that were changed', async () => {
    const stats = async (sql: string) => (await query(sql)).data.stats;
    const counts = (numRowsInserted: number, numRowsUpdated: number, numRowsDeleted: number) => ({
      numRowsInserted,
      numRowsUpdated,
      numRowsDeleted,
      numDmlDuplicates: 0,
    });
    expect(await stats('CREATE TABLE t AS SELECT 1 AS x UNION ALL SELECT 2')).to.deep.equal(counts(2, 0, 0));
    expect(await stats('INSERT INTO t VALUES (3)')).to.deep.equal(counts(1, 0, 0));
    expect(await stats('UPDATE t SET x = x + 1 WHERE x > 1')).to.deep.equal(counts(0, 2, 0));
    expect(await stats('DELETE FROM t WHERE x = 1')).to.deep.equal(counts(0, 0, 1));
    expect(await stats('DELETE FROM t WHERE x = 1')).to.equal(undefined);
    expect(await stats('INSERT OVERWRITE INTO t VALUES (7), (8)')).to.deep.equal(counts(2, 0, 2));
    expect(await stats('TRUNCATE TABLE t')).to.deep.equal(counts(0, 0, 2));
    expect(await stats('SELECT * FROM t')).to.equal(undefined);
  });

  it('carry few rows themselves, and the rest in chunks', async () => {
    const { data } = await query('SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 50000)) ORDER BY 1');
    expect(data.total).to.equal(50_000);
    const parts = [data.rowset];
    for (const { url, rowCount } of data.chunks!) {
      const rows = JSON.parse(`[${await (await fetch(url)).text()}]`) as string[][];
      expect(rows).to.have.length(rowCount);
      parts.push(rows);
    }
    expect(parts.length).to.be.greaterThan(1);
    expect(parts.flat().map(([n]) => Number(n))).to.deep.equal(Array.from({ length: 50_000 }, (_, i) => i));
  });

  it('cut results at ROWS_PER_RESULTSET', async () => {
    const sql = 'SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 10))';
    expect((await query(sql, { parameters: { ROWS_PER_RESULTSET: 4 } })).data.total).to.equal(4);
    expect((await query(sql)).data.total).to.equal(10);
  });

  it('tell what clients follow: a change of CLIENT_PREFETCH_THREADS with the answer that makes it', async () => {
    const { data } = await query('ALTER SESSION SET CLIENT_PREFETCH_THREADS = 7');
    expect(data.parameters.find(({ name }) => name === 'CLIENT_PREFETCH_THREADS')?.value).to.equal(7);
  });

  it('tell how many values a statement takes, described and run', async () => {
    const many: [text: string, binds: number][] = [
      ['SELECT 1', 0],
      ['SELECT ?, ? + 1', 2],
      ["SELECT :1, :2, :1, '?', v:a FROM (SELECT PARSE_JSON('{}') v) -- ?", 2],
      ['INSERT INTO t SELECT ? WHERE 1 = 0', 1],
      ['SELECT ? AS "a?" /* ? */ LIMIT ?', 2],
    ];
    for (const [text, binds] of many) {
      const { data } = await query(text, { describeOnly: true });
      expect(data.numberOfBinds, text).to.equal(binds);
    }
    const bindings = { 1: { type: 'FIXED', value: '1' }, 2: { type: 'FIXED', value: '2' } };
    expect((await query('SELECT ?, ?', { bindings })).data.numberOfBinds).to.equal(2);
  });

  it('describe DML by columns without rows', async () => {
    const { data } = await query('INSERT INTO t VALUES (9)', { describeOnly: true });
    expect([data.rowset, data.total]).to.deep.equal([[], 0]);
  });

  it('hold a request to its number of statements, also to more than the one it has', async () => {
    const many = await query('SELECT 1', { parameters: { MULTI_STATEMENT_COUNT: 3 } });
    expect([many.code, many.message]).to.deep.equal([
      '000008',
      'Actual statement count 1 did not match the desired statement count 3.',
    ]);
    const few = await query('SELECT 1; SELECT 2', { parameters: { MULTI_STATEMENT_COUNT: 1 } });
    expect(few.code).to.equal('000008');
  });

  it('take the values to bind from a stage, whose name may be bound to PUT', async () => {
    await query(`CREATE TEMPORARY STAGE binds FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"')`);
    await query('CREATE TABLE bound (n NUMBER, t VARCHAR, d DATE)');
    const { data } = await query('PUT file://1.csv ? SOURCE_COMPRESSION = AUTO_DETECT', {
      bindings: { 1: { type: 'TEXT', value: '@binds/one' } },
    });
    expect([data.command, data.src_locations]).to.deep.equal(['UPLOAD', ['1.csv']]);
    const folder = data.stageInfo!.location;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '1.csv'), '1,"a, ""b""",32503593600000000000\n2,"",\n3,,0\n');
    const inserted = await query('INSERT INTO bound VALUES (?, ?, ?)', { bindStage: '@binds/one' });
    expect(inserted.data.stats?.numRowsInserted).to.equal(3);
    const rows = await query('SELECT n, t, TO_CHAR(d) FROM bound ORDER BY n');
    expect(rows.data.rowset).to.deep.equal([
      ['1', 'a, "b"', '2999-12-31'],
      ['2', '', null],
      ['3', null, '1970-01-01'],
    ]);
  });

  it('start a session in no schema unless the login names one', async () => {
    const place = async (where: string) => (await login({}, where)).data.sessionInfo;
    expect(await place('databaseName=d')).to.include({ databaseName: 'D', schemaName: null });
    expect(await place('databaseName=d&schemaName=public')).to.include({ schemaName: 'PUBLIC' });
  });

  it('refuse a login that wants its database, schema and warehouse checked', async () => {
    const strict = { CLIENT_VALIDATE_DEFAULT_PARAMETERS: true };
    for (const [where, what] of [
      ['databaseName=nowhere', 'database'],
      ['databaseName=d&schemaName=nowhere', 'schema'],
      ['warehouse=nowhere', 'warehouse'],
    ] as const) {
      const refused = await login(strict, where);
      expect([refused.code, refused.message]).to.deep.equal([
        '390201',
        `The requested ${what} does not exist or not authorized.`,
      ]);
      expect((await login({}, where)).success).to.equal(true);
    }
    expect((await login(strict, 'databaseName=d&schemaName=public&warehouse=w')).success).to.equal(true);
  });
});
