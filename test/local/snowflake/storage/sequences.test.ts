import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** What DuckDB says of an account's database while nobody has it open. */
async function inDuck(stateDir: string, sql: string): Promise<unknown[][]> {
  const folder = join(stateDir, 'snowflake');
  mkdirSync(folder, { recursive: true });
  const instance = await DuckDBInstance.create(join(folder, 'data.duckdb'));
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows as unknown[][];
}

describe('numbers of sequences', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(() => snowflake.close());

  const restart = async (meanwhile?: () => Promise<void>) => {
    await snowflake.restart(meanwhile);
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.public');
  };

  it('go on without a gap after a restart, also of clones and of those that count down', async () => {
    await client.rows('CREATE SEQUENCE up START 5 INCREMENT 5');
    await client.rows('CREATE SEQUENCE down START -1 INCREMENT -1');
    await client.rows('CREATE SEQUENCE fresh START 7');
    expect(await client.values('SELECT up.NEXTVAL, up.NEXTVAL, down.NEXTVAL')).to.deep.equal([[5, 10, -1]]);
    await client.rows('CREATE SEQUENCE copy CLONE up');
    await client.rows('ALTER SEQUENCE up SET INCREMENT 100');
    await restart();
    const shown = await client.rows('SHOW SEQUENCES');
    expect(shown.map((row) => [row.name, row.next_value])).to.deep.equal([
      ['COPY', 15],
      ['DOWN', -2],
      ['FRESH', 7],
      ['UP', 15],
    ]);
    const next = 'SELECT up.NEXTVAL, up.NEXTVAL, down.NEXTVAL, copy.NEXTVAL, fresh.NEXTVAL';
    expect(await client.values(next)).to.deep.equal([[15, 115, -2, 15, 7]]);
    const view = "SELECT next_value FROM information_schema.sequences WHERE sequence_name = 'UP'";
    expect(await client.values(view)).to.deep.equal([['215']]);
  });

  it('are another in each row and each mention, of many rows and in every place', async () => {
    await client.rows('CREATE OR REPLACE SEQUENCE s');
    const rows = 'TABLE(GENERATOR(ROWCOUNT => 5000))';
    const found = `SELECT COUNT(DISTINCT n), MIN(n), MAX(n) FROM (SELECT s.NEXTVAL AS n FROM ${rows} UNION ALL SELECT s.NEXTVAL FROM ${rows})`;
    expect(await client.values(found)).to.deep.equal([[10_000, 1, 10_000]]);
    await client.rows('CREATE OR REPLACE TABLE t (x INT DEFAULT s.NEXTVAL, y INT)');
    await client.rows('INSERT INTO t (x, y) VALUES (s.NEXTVAL, 1), (s.NEXTVAL, s.NEXTVAL)');
    await client.rows(
      'INSERT INTO t (y) SELECT n.NEXTVAL FROM TABLE(GENERATOR(ROWCOUNT => 1)), TABLE(GETNEXTVAL(s)) AS n',
    );
    expect(await client.values('SELECT COUNT(DISTINCT x), MIN(x) FROM t')).to.deep.equal([[3, 10_001]]);
  });

  it('are given to the rows that are there when a column of them is added', async () => {
    await client.rows('CREATE OR REPLACE TABLE t (x VARCHAR)');
    await client.rows("INSERT INTO t VALUES ('a'), ('b'), ('c')");
    await client.rows('ALTER TABLE t ADD COLUMN id INT NOT NULL AUTOINCREMENT START 10 INCREMENT 10');
    await client.rows("INSERT INTO t (x) VALUES ('d')");
    expect(await client.values('SELECT id FROM t ORDER BY x')).to.deep.equal([[10], [20], [30], [40]]);
    await client.rows('CREATE TABLE t2 CLONE t');
    await restart();
    for (const table of ['t', 't2']) {
      await client.rows(`INSERT INTO ${table} (x) VALUES ('e')`);
      expect(await client.values(`SELECT x, id FROM ${table} ORDER BY id DESC LIMIT 1`)).to.deep.equal([
        ['e', 50],
      ]);
      expect((await client.error(`INSERT INTO ${table} VALUES ('f', NULL)`)).message).to.match(/NULL/);
    }
  });

  it('are none of DuckDB’s sequences, which write into rows once their transaction has gone to disk', async () => {
    await restart(async () => {
      expect(await inDuck(snowflake.stateDir, 'FROM duckdb_sequences()')).to.deep.equal([]);
    });
  });

  it('of an account from before go on where DuckDB’s sequences were', async () => {
    await client.rows('CREATE OR REPLACE SEQUENCE old');
    let physical = '';
    await restart(async () => {
      const [row] = await inDuck(
        snowflake.stateDir,
        "SELECT json->>'$.physical' FROM catalog WHERE kind = 'SEQUENCE' AND (json->>'$.name') = 'OLD'",
      );
      physical = String(row![0]);
      await inDuck(
        snowflake.stateDir,
        `CREATE SEQUENCE ${physical}; SELECT nextval('${physical}') FROM range(41); CREATE SEQUENCE object_blocks START 1000; SELECT nextval('object_blocks'); DROP TABLE sequences; DROP TABLE starts`,
      );
    });
    expect(await client.values('SELECT old.NEXTVAL')).to.deep.equal([[42]]);
    await restart(async () => {
      expect(await inDuck(snowflake.stateDir, 'FROM starts')).to.deep.equal([['1002']]);
    });
  });
});
