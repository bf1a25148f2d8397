import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ranged } from '@local-cloud/snowflake/streams/ranges.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('many rows of one INSERT', () => {
  const MANY = ranged.from;
  let snowflake: TestSnowflake;
  let client: Client;

  const connected = async () => {
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.s');
  };
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE SCHEMA d.s');
    await client.rows('CREATE TABLE sink (id INT, v VARCHAR)');
  });
  beforeEach(async () => {
    await client.rows('CREATE OR REPLACE TABLE t (id INT, v VARCHAR)');
    await client.rows('CREATE OR REPLACE STREAM changes ON TABLE t');
    await client.rows('CREATE OR REPLACE STREAM inserts ON TABLE t APPEND_ONLY = TRUE');
    await client.rows("INSERT INTO t VALUES (0, 'before')");
    await client.rows(
      `INSERT INTO t SELECT SEQ4() + 1, 'many' FROM TABLE(GENERATOR(ROWCOUNT => ${MANY})) ORDER BY 1`,
    );
  });
  after(() => snowflake.close());

  /** What a stream tells, counted by value and kind of record. */
  const told = async (stream: string) => {
    const rows = await client.values(
      `SELECT v, METADATA$ACTION, METADATA$ISUPDATE, COUNT(*), COUNT(DISTINCT METADATA$ROW_ID), SUM(id) FROM ${stream} GROUP BY 1, 2, 3 ORDER BY 2, 1`,
    );
    return rows.map(([v, action, update, n, ids, sum]) => `${v} ${action} ${update} ${n} ${ids} ${sum}`);
  };
  const sum = (MANY * (MANY + 1)) / 2;
  const all = ['before INSERT false 1 1 0', `many INSERT false ${MANY} ${MANY} ${sum}`];

  /** Records in the change logs of tables that are there, as stand in the database's file. */
  const recorded = async (): Promise<number> => {
    let rows = 0;
    await snowflake.restart(async () => {
      const instance = await DuckDBInstance.create(join(snowflake.stateDir, 'snowflake', 'data.duckdb'));
      const connection = await instance.connect();
      const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRows() as string[][];
      for (const [log] of await read(
        "SELECT table_name FROM duckdb_tables() WHERE table_name IN (SELECT (json::JSON ->> 'physical') || '$changes' FROM catalog WHERE kind = 'TABLE')",
      ))
        rows += Number((await read(`SELECT count(*)::VARCHAR FROM "${log}"`))[0]![0]);
      connection.closeSync();
      instance.closeSync();
    });
    await connected();
    return rows;
  };

  it('are told by streams without a copy of them, also after a restart', async () => {
    for (const stream of ['changes', 'inserts']) expect(await told(stream)).to.deep.equal(all);
    // One record of the single row, two of the many.
    expect(await recorded()).to.equal(3);
    for (const stream of ['changes', 'inserts']) expect(await told(stream)).to.deep.equal(all);
  });

  it('are told as they came once one of them has changed', async () => {
    await client.rows("UPDATE t SET v = 'other' WHERE id = 5");
    await client.rows('DELETE FROM t WHERE id = 7');
    expect(await told('changes')).to.deep.equal([
      'before INSERT false 1 1 0',
      `many INSERT false ${MANY - 2} ${MANY - 2} ${sum - 12}`,
      'other INSERT false 1 1 5',
    ]);
    expect(await told('inserts')).to.deep.equal(all);
  });

  it('are told as they came where only a stream of insertions reads the table', async () => {
    await client.rows('DROP STREAM changes');
    await client.rows("UPDATE t SET v = 'other' WHERE id = 5");
    await client.rows("UPDATE t SET v = (SELECT 'third') WHERE id = 6");
    await client.rows('DELETE FROM t WHERE id = 7');
    expect(await told('inserts')).to.deep.equal(all);
    await client.rows('TRUNCATE TABLE t');
    expect(await told('inserts')).to.deep.equal(all);
  });

  it('do not change where a transaction rolls back', async () => {
    await client.rows('BEGIN');
    await client.rows(
      "MERGE INTO t USING (SELECT 5 AS id) AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = 'other'",
    );
    await client.rows('ROLLBACK');
    for (const stream of ['changes', 'inserts']) expect(await told(stream)).to.deep.equal(all);
    await client.rows("UPDATE t SET v = 'later' WHERE id = 5");
    expect((await told('changes'))[1]).to.equal('later INSERT false 1 1 5');
    expect(await told('inserts')).to.deep.equal(all);
  });

  it('are behind streams that have been consumed, and changes of them are told', async () => {
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    expect(await client.value('SELECT COUNT(*) FROM sink')).to.equal(MANY + 1);
    await client.rows("UPDATE t SET v = 'other' WHERE id = 5");
    expect(await told('changes')).to.deep.equal(['many DELETE true 1 1 5', 'other INSERT true 1 1 5']);
    expect(await told('inserts')).to.deep.equal(all);
  });

  it('are shown to a transaction as they were, whatever another session does meanwhile', async () => {
    const other = await snowflake.connect();
    await other.rows('USE SCHEMA d.s');
    await client.rows('BEGIN');
    expect(await told('changes')).to.deep.equal(all);
    await other.rows("UPDATE t SET v = 'other' WHERE id > 3");
    expect(await told('changes')).to.deep.equal(all);
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    await client.rows('COMMIT');
    expect(await told('changes')).to.deep.equal([
      `many DELETE true ${MANY - 3} ${MANY - 3} ${sum - 6}`,
      `other INSERT true ${MANY - 3} ${MANY - 3} ${sum - 6}`,
    ]);
    await other.close();
  });

  it('have the columns that the table has when they are read', async () => {
    await client.rows('ALTER TABLE t ADD COLUMN w INT');
    await client.rows('ALTER TABLE t RENAME COLUMN v TO u');
    expect(await client.values('SELECT COUNT(*), COUNT(w), MAX(u) FROM changes WHERE id > 0')).to.deep.equal([
      [MANY, 0, 'many'],
    ]);
  });
});
