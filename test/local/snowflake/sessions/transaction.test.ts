import { expect } from 'chai';
import { type Client, type TestSnowflake, withTwoSessions } from '../support.js';

// docs: sql-reference/transactions
describe('a transaction', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  let other: Client;

  before(async () => {
    ({ snowflake, client, other } = await withTwoSessions());
  });
  beforeEach(async () => {
    for (const each of [client, other]) await each.rows('ROLLBACK');
    await client.rows('CREATE OR REPLACE TABLE t (x VARCHAR, n INT AUTOINCREMENT)');
    await client.rows('CREATE OR REPLACE TABLE source (x VARCHAR)');
    await client.rows("INSERT INTO source VALUES ('a'), ('b')");
  });
  after(() => snowflake.close());

  const fails = () => client.error('INSERT INTO t (x) SELECT 1 / column1 FROM VALUES (0)');
  const rows = () => client.values('SELECT x, n FROM t ORDER BY n, x');

  it('keeps the earlier statements’ rows as they were when a later statement fails', async () => {
    for (const insert of [
      'INSERT INTO t (x) SELECT RANDOM()',
      'INSERT INTO t (x) SELECT UUID_STRING()',
      "INSERT INTO t (x) VALUES ('numbered'), (RANDOM()::VARCHAR)",
      'INSERT INTO t (x) SELECT RANDOM() FROM source',
      'UPDATE t SET x = RANDOM()',
      'MERGE INTO t USING source s ON t.x = s.x WHEN NOT MATCHED THEN INSERT (x) VALUES (RANDOM()::VARCHAR)',
    ]) {
      await client.rows('BEGIN');
      await client.rows(insert);
      const before = await rows();
      await fails();
      expect(await rows(), insert).to.deep.equal(before);
      await fails();
      await client.rows('COMMIT');
      expect(await rows(), insert).to.deep.equal(before);
    }
  });

  it('keeps them whatever others have committed since', async () => {
    await client.rows('BEGIN');
    await client.rows('INSERT INTO t (x) SELECT COUNT(*) FROM source');
    await client.rows("DELETE FROM t WHERE x = 'none'");
    await other.rows("INSERT INTO source VALUES ('c')");
    await fails();
    expect((await rows()).map(([x]) => x)).to.deep.equal(['2']);
    await client.rows('COMMIT');
    expect((await rows()).map(([x]) => x)).to.deep.equal(['2']);
  });

  it('keeps values of every type', async () => {
    await client.rows(`CREATE OR REPLACE TABLE all_types AS SELECT 1.50::NUMBER(38, 10) AS n, 2.5::FLOAT AS f, TRUE AS b,
      'ü' AS s, TO_BINARY('AB', 'HEX') AS y, '2026-01-02'::DATE AS d, '10:11:12.123456'::TIME AS t,
      '2026-01-02 03:04:05.123456'::TIMESTAMP_NTZ AS ntz, '2026-01-02 03:04:05 +02:00'::TIMESTAMP_TZ AS tz,
      '2026-01-02 03:04:05'::TIMESTAMP_LTZ AS ltz, PARSE_JSON('{"a": [1, null, "x"]}') AS v, ARRAY_CONSTRUCT(1, 'x') AS a,
      OBJECT_CONSTRUCT('k', 1) AS o, NULL::VARCHAR AS z, RANDOM() AS r`);
    await client.rows('BEGIN');
    await client.rows('INSERT INTO all_types SELECT * FROM all_types');
    await fails();
    await client.rows('COMMIT');
    expect(await client.value('SELECT COUNT(*) FROM all_types')).to.equal(2);
    expect(await client.values('SELECT DISTINCT * FROM all_types')).to.have.length(1);
  });

  it('finds its own new rows again when its writes are made again', async () => {
    await client.rows('BEGIN');
    await client.rows("INSERT INTO source VALUES ('new'), ('gone')");
    await client.rows("UPDATE source SET x = 'changed' WHERE x = 'new'");
    await client.rows("DELETE FROM source WHERE x = 'gone'");
    await fails();
    await client.rows('COMMIT');
    expect(await client.values('SELECT x FROM source ORDER BY x')).to.deep.equal([['a'], ['b'], ['changed']]);
  });

  it('changes and removes the very same rows again, found by a comparison or by chance', async () => {
    await client.rows(
      "CREATE OR REPLACE FUNCTION chance() RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return Math.random();'",
    );
    const all = () => client.values('SELECT x FROM source ORDER BY x');
    for (const [change, left] of [
      ["UPDATE source SET x = 'changed' WHERE x IN ('a', 'x (b')", [['b'], ['c'], ['changed'], ['d']]],
      ["DELETE FROM source WHERE NOT (x = 'a' OR (x = 'b (c)'))", [['a']]],
      ['DELETE FROM source', []],
      ['UPDATE source SET x = x || chance()'],
      ['UPDATE source SET x = chance() WHERE chance() < .5'],
      ['DELETE FROM source WHERE chance() < .5'],
      ['DELETE FROM source WHERE RANDOM() > 0'],
    ] as const) {
      await client.rows("INSERT OVERWRITE INTO source VALUES ('a'), ('b'), ('c'), ('d')");
      await client.rows('BEGIN');
      await client.rows(change);
      const before = await all();
      if (left) expect(before, change).to.deep.equal(left);
      await other.rows("INSERT INTO t (x) VALUES ('of somebody else')");
      await fails();
      expect(await all(), change).to.deep.equal(before);
      await client.rows('COMMIT');
      expect(await all(), change).to.deep.equal(before);
    }
  });

  it('makes again from its own tables what no other session can have changed', async () => {
    await client.rows(
      "CREATE OR REPLACE TABLE other_rows AS SELECT 'a' AS x, 1 AS a UNION ALL SELECT 'z', 2",
    );
    for (const change of [
      "MERGE INTO source s USING other_rows o ON s.x = o.x WHEN MATCHED THEN UPDATE SET x = 'merged' WHEN NOT MATCHED THEN INSERT (x) VALUES (o.x || '!')",
      'INSERT INTO source SELECT o.x || o.a FROM other_rows o JOIN source s ON s.x <= o.x',
      "UPDATE source s SET x = s.x || o.x FROM other_rows o WHERE o.x >= s.x AND o.x <> 'z'",
      'DELETE FROM source WHERE x IN (SELECT x FROM other_rows)',
      'INSERT OVERWRITE INTO source SELECT MAX(x) FROM other_rows UNION ALL SELECT x FROM source',
      'UPDATE source SET x = TO_VARCHAR(TO_TIMESTAMP_LTZ(LENGTH(x) * 1000)) || x',
    ])
      for (const mine of [true, false]) {
        await client.rows("INSERT OVERWRITE INTO source VALUES ('a'), ('b'), ('c')");
        await client.rows('BEGIN');
        // Locked by this transaction, or free for others to change.
        if (mine) await client.rows("UPDATE other_rows SET a = 3 WHERE x = 'z'");
        await client.rows(change);
        const before = await client.values('SELECT x FROM source ORDER BY x');
        await client.rows("ALTER SESSION SET TIMEZONE = 'Asia/Tokyo'");
        if (!mine) await other.rows("UPDATE other_rows SET x = 'b', a = a + 1");
        await fails();
        expect(await client.values('SELECT x FROM source ORDER BY x'), change).to.deep.equal(before);
        await client.rows('COMMIT');
        expect(await other.values('SELECT x FROM source ORDER BY x'), change).to.deep.equal(before);
        await client.rows('ALTER SESSION UNSET TIMEZONE');
        await client.rows("INSERT OVERWRITE INTO other_rows SELECT 'a', 1 UNION ALL SELECT 'z', 2");
      }
  });

  it('has what a statement of its own has written at once, or nothing of it', async () => {
    await client.rows("INSERT INTO t (x) VALUES ('one')");
    await client.error("INSERT INTO t (x) SELECT IFF(x = 'b', 1 / 0, 1) FROM source");
    await client.error('UPDATE t SET n = TO_NUMBER(x)');
    expect(await other.values('SELECT x FROM t')).to.deep.equal([['one']]);
    await client.rows("UPDATE t SET x = 'two'");
    expect(await other.values('SELECT x FROM t')).to.deep.equal([['two']]);
    await client.rows("DELETE FROM t WHERE x = 'two'");
    expect(await other.values('SELECT x FROM t')).to.deep.equal([]);
  });

  it('sees what others commit, also after it has written (READ COMMITTED)', async () => {
    await client.rows('BEGIN');
    await client.rows("INSERT INTO t (x) VALUES ('mine')");
    await other.rows("INSERT INTO source VALUES ('c')");
    expect(await client.value('SELECT COUNT(*) FROM source')).to.equal(3);
    await client.rows('INSERT INTO t (x) SELECT RANDOM()');
    const before = await rows();
    await other.rows("DELETE FROM source WHERE x = 'c'");
    await client.rows('INSERT INTO t (x) SELECT COUNT(*) FROM source');
    expect((await rows()).map(([x]) => x)).to.deep.equal([...before.map(([x]) => x), '2']);
    await client.rows('COMMIT');
  });
});
