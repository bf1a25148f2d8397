import { Numbers } from '@local-cloud/snowflake/storage/numbers.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('numbers of rows and of changes', () => {
  it('go upwards table by table, and from one start to the next', () => {
    const first = new Numbers(1);
    const before = first.last('t1');
    first.gave('t1', 10);
    expect(first.last('t1')).to.equal(before + 10);
    expect(first.last('t2')).to.equal(before);
    first.gave('t1', 4e9);
    expect(new Numbers(2).last('t1')).to.be.greaterThan(first.last('t1'));
    expect(Number.isSafeInteger(new Numbers(1_000_000).last('t1') + 4e9)).to.equal(true);
  });

  describe('in an account', () => {
    let snowflake: TestSnowflake;
    let client: Client;
    before(async () => {
      snowflake = await withSnowflake();
      client = await snowflake.connect();
      await client.rows('CREATE DATABASE d');
    });
    after(() => snowflake.close());

    const ids = async () => (await client.values('SELECT METADATA$ROW_ID FROM changes')).map(([id]) => id);

    it('keep rows apart, however they came into the table', async () => {
      await client.rows('CREATE TABLE source AS SELECT SEQ4() AS x FROM TABLE(GENERATOR(ROWCOUNT => 3000))');
      await client.rows('CREATE TABLE t CLONE source');
      await client.rows('CREATE STREAM changes ON TABLE t SHOW_INITIAL_ROWS = TRUE');
      await client.rows('CREATE TABLE sink AS SELECT x, METADATA$ROW_ID AS id FROM changes');
      await client.rows('INSERT INTO t SELECT x + 3000 FROM source');
      await client.rows('INSERT OVERWRITE INTO source VALUES (6000), (6001)');
      await client.rows(
        'MERGE INTO t USING source AS s ON t.x = s.x WHEN NOT MATCHED THEN INSERT VALUES (s.x)',
      );
      await client.rows('BEGIN');
      await client.rows('INSERT INTO t VALUES (6002), (6003)');
      await client.rows('INSERT INTO t SELECT x + 4 FROM source');
      await client.rows('COMMIT');
      await client.rows('INSERT INTO sink SELECT x, METADATA$ROW_ID FROM changes');
      const counts = 'SELECT COUNT(*), COUNT(DISTINCT x), COUNT(DISTINCT id) FROM sink';
      expect(await client.values(counts)).to.deep.equal([[6006, 6006, 6006]]);
    });

    it('put both sides of changed rows in their order, and the next change behind them', async () => {
      await client.rows('UPDATE t SET x = x + 10000 WHERE x >= 3000');
      await client.rows('DELETE FROM t WHERE x < 3000');
      await client.rows(
        'MERGE INTO t USING (SELECT x FROM t WHERE x >= 16000) AS s ON t.x = s.x WHEN MATCHED AND s.x < 16002 THEN DELETE WHEN MATCHED THEN UPDATE SET x = s.x + 1',
      );
      const net = `SELECT METADATA$ACTION, METADATA$ISUPDATE, COUNT(*), COUNT(DISTINCT METADATA$ROW_ID), MIN(x), MAX(x)
        FROM changes GROUP BY ALL ORDER BY 1, 2`;
      expect(await client.values(net)).to.deep.equal([
        ['DELETE', false, 3002, 3002, 0, 6001],
        ['DELETE', true, 3004, 3004, 3000, 6005],
        ['INSERT', true, 3004, 3004, 13000, 16006],
      ]);
      await client.rows('INSERT INTO sink SELECT x, METADATA$ROW_ID FROM changes');
      expect(await ids()).to.deep.equal([]);
    });

    it('go on after a restart: new rows are no old ones, and their changes are new', async () => {
      await client.rows('INSERT INTO t VALUES (1)');
      await snowflake.restart();
      client = await snowflake.connect();
      await client.rows('USE SCHEMA d.public');
      await client.rows('INSERT INTO t VALUES (2)');
      expect(new Set(await ids()).size).to.equal(2);
      await client.rows('INSERT INTO sink SELECT x, METADATA$ROW_ID FROM changes');
      await client.rows('UPDATE t SET x = x + 2 WHERE x < 3');
      await client.rows('DELETE FROM t WHERE x > 4');
      const net = 'SELECT METADATA$ACTION, x FROM changes WHERE x < 5 ORDER BY 1, 2';
      expect(await client.values(net)).to.deep.equal([
        ['DELETE', 1],
        ['DELETE', 2],
        ['INSERT', 3],
        ['INSERT', 4],
      ]);
    });

    it('of what FLATTEN takes apart are one for each', async () => {
      const flat = `SELECT COUNT(DISTINCT f.seq), COUNT(*) FROM (SELECT SEQ4() AS x FROM TABLE(GENERATOR(ROWCOUNT => 3000))) AS g,
        LATERAL FLATTEN(INPUT => ARRAY_CONSTRUCT(g.x, 1, 2)) AS f`;
      expect(await client.values(flat)).to.deep.equal([[3000, 9000]]);
    });
  });
});
