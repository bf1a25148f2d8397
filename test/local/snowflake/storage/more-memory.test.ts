import { expect } from 'chai';
import { type Client, withSnowflake } from '../support.js';

/** States of an aggregate cannot go to disk: 25 of 15 MB, and what they were before they grew. */
const MUCH = `SELECT SUM(LENGTH(texts)) AS x FROM (
  SELECT SEQ4() % 25, LISTAGG(REPEAT(s.x, 250000)) AS texts FROM TABLE(GENERATOR(ROWCOUNT => 375)), source AS s
  WHERE s.x = 'mine' GROUP BY 1)`;
const SUM = 375 * 250_000 * 4;

describe('a statement that needs more memory than DuckDB has at first', () => {
  /** In a Snowflake of its own: DuckDB keeps what it was given. */
  const has = (title: string, work: (client: Client) => Promise<void>) =>
    it(title, async () => {
      const snowflake = await withSnowflake();
      try {
        const client = await snowflake.connect();
        await client.rows('CREATE DATABASE d');
        await client.rows("CREATE TABLE source AS SELECT 'mine'::VARCHAR AS x");
        await work(client);
      } finally {
        await snowflake.close();
      }
    });

  has('gets it where it has changed something already', async (client) => {
    await client.rows(`CREATE TABLE t AS ${MUCH}`);
    expect(await client.values('SELECT * FROM t')).to.deep.equal([[SUM]]);
    await client.rows('CREATE STREAM changes ON TABLE t');
    await client.rows('INSERT INTO t SELECT 1 FROM source');
    expect(await client.values('SELECT x FROM changes')).to.deep.equal([[1]]);
  });

  has('gets it in a transaction, whose writes are made again', async (client) => {
    await client.rows('CREATE TABLE t (x INT)');
    await client.rows('BEGIN');
    await client.rows("INSERT INTO source SELECT 'theirs' FROM source");
    await client.rows(`INSERT INTO t ${MUCH}`);
    await client.rows('COMMIT');
    expect(await client.values('SELECT * FROM t')).to.deep.equal([[SUM]]);
    expect(await client.values('SELECT x FROM source ORDER BY x')).to.deep.equal([['mine'], ['theirs']]);
  });
});
