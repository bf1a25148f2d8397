import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withTwoSessions } from '../support.js';

/** More than a transaction keeps in memory. */
const ROWS = 80_000;

describe('rows that a transaction keeps in files', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  let other: Client;

  before(async () => {
    ({ snowflake, client, other } = await withTwoSessions());
  });
  beforeEach(async () => {
    await client.rows('ROLLBACK');
    await client.rows('CREATE OR REPLACE TABLE t (id INT, x VARCHAR, n INT AUTOINCREMENT)');
    await client.rows('CREATE OR REPLACE TABLE source (id INT, x VARCHAR)');
    await client.rows(
      `INSERT INTO source SELECT SEQ4(), 'row ' || SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => ${ROWS}))`,
    );
  });
  after(() => snowflake.close());

  const files = () => readdirSync(join(snowflake.stateDir, 'snowflake', 'kept'));
  const fails = () => client.error('INSERT INTO t (x) SELECT 1 / column1 FROM VALUES (0)');
  const all = (who = client) => who.values('SELECT COUNT(*), HASH_AGG(id, x, n), COUNT(DISTINCT x) FROM t');

  it('are as they were when a later statement fails, and again', async () => {
    await client.rows('BEGIN');
    await client.rows('INSERT INTO t (id, x) SELECT id, RANDOM() FROM source');
    await client.rows("UPDATE t SET x = 'changed ' || RANDOM() WHERE id >= 1000");
    await client.rows(`MERGE INTO t USING (SELECT id + 30000 AS id FROM source) AS s ON t.id = s.id
      WHEN MATCHED AND t.id % 2 = 0 THEN UPDATE SET x = UUID_STRING()
      WHEN NOT MATCHED THEN INSERT (id, x) VALUES (s.id, RANDOM()::VARCHAR)`);
    await client.rows('DELETE FROM t WHERE id < 10');
    const before = await all();
    expect(before[0]![0]).to.equal(ROWS + 30_000 - 10);
    // INSERT's, what becomes of MERGE's rows, and those that it adds, which AUTOINCREMENT numbers.
    expect(files()).to.have.length(3);
    await fails();
    expect(await all()).to.deep.equal(before);
    await client.rows("INSERT INTO t (id, x) VALUES (-1, 'last')");
    await client.rows("UPDATE t SET x = 'seen' WHERE id = -1");
    await fails();
    await client.rows('COMMIT');
    expect(await client.values('SELECT x FROM t WHERE id = -1')).to.deep.equal([['seen']]);
    await client.rows('DELETE FROM t WHERE id = -1');
    expect(await all(other)).to.deep.equal(before);
  });

  it('are no files where they are few, and as they were too', async () => {
    for (const rows of [3_000, 3_001, 20_000]) {
      await client.rows('TRUNCATE TABLE t');
      await client.rows('BEGIN');
      await client.rows(`INSERT INTO t (id, x) SELECT id, RANDOM() FROM source WHERE id < ${rows}`);
      const before = await all();
      expect(before[0]![0]).to.equal(rows);
      expect(files()).to.deep.equal([]);
      await fails();
      expect(await all(), String(rows)).to.deep.equal(before);
      await client.rows('COMMIT');
      expect(await all(other)).to.deep.equal(before);
    }
  });

  it('are as they were when others have committed to what is read next', async () => {
    await client.rows('BEGIN');
    await client.rows('INSERT INTO t (id, x) SELECT id, RANDOM() FROM source');
    const before = await all();
    await other.rows('DELETE FROM source WHERE id >= 5');
    expect(await client.value('SELECT COUNT(*) FROM source')).to.equal(5);
    expect(await all()).to.deep.equal(before);
    await client.rows('COMMIT');
    expect(await all(other)).to.deep.equal(before);
  });

  it('are none where their query reads nothing but what the transaction has locked, and gives them again', async () => {
    await client.rows('CREATE OR REPLACE TABLE changed (id INT, x VARCHAR)');
    await client.rows('INSERT INTO t (id, x) SELECT id, x FROM source WHERE id % 2 = 0');
    await client.rows('BEGIN');
    await client.rows("INSERT INTO changed SELECT id, 'a' || RANDOM() FROM source");
    expect(files()).to.have.length(1);
    const counts =
      await client.rows(`MERGE INTO t USING (SELECT id, x FROM changed WHERE id >= 1000) AS s ON t.id = s.id
      WHEN MATCHED AND t.x IS DISTINCT FROM s.x THEN UPDATE SET x = s.x
      WHEN NOT MATCHED THEN INSERT (id, x) VALUES (s.id, s.x)`);
    expect(Object.values(counts[0]!)).to.deep.equal([39_500, 39_500]);
    await client.rows("INSERT INTO changed SELECT id, x || 'b' FROM changed");
    // AUTOINCREMENT's numbers are kept.
    expect(files()).to.have.length(1);
    await client.rows('DELETE FROM changed WHERE id < 2000');
    const before = [await all(), await client.values('SELECT COUNT(*), HASH_AGG(*) FROM changed')];
    await fails();
    await other.rows('DELETE FROM source WHERE id >= 5');
    expect(await client.value('SELECT COUNT(*) FROM source')).to.equal(5);
    expect([await all(), await client.values('SELECT COUNT(*), HASH_AGG(*) FROM changed')]).to.deep.equal(
      before,
    );
    await client.rows('COMMIT');
    expect(await all(other)).to.deep.equal(before[0]);
  });

  for (const query of [
    'SELECT c.id, c.x FROM changed AS c JOIN source AS s ON c.id = s.id',
    `SELECT id, x FROM changed LIMIT ${ROWS}`,
    'SELECT id, MAX(x) FROM changed GROUP BY id',
    'SELECT DISTINCT id, x FROM changed',
    'SELECT id, LAG(x) OVER (ORDER BY id) FROM changed',
    'SELECT id, UUID_STRING() FROM changed',
  ])
    it(`are kept of ${query}`, async () => {
      await client.rows('CREATE OR REPLACE TABLE changed (id INT, x VARCHAR)');
      await client.rows('BEGIN');
      await client.rows('INSERT INTO changed SELECT id, x FROM source WHERE RANDOM() IS NOT NULL');
      await client.rows(`INSERT INTO changed ${query}`);
      expect(files()).to.have.length(2);
    });

  it('are gone when the transaction has ended, in whatever way', async () => {
    for (const end of ['COMMIT', 'ROLLBACK']) {
      await client.rows('BEGIN');
      await client.rows('INSERT INTO t (id, x) SELECT id, x FROM source');
      expect(files()).to.have.length(1);
      await client.rows(end);
      expect(files(), end).to.deep.equal([]);
    }
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(ROWS);
  });

  it('are consumed from a stream once, and recorded once for another', async () => {
    await client.rows('CREATE STREAM changes ON TABLE source');
    await client.rows('CREATE STREAM results ON TABLE t');
    await client.rows(`INSERT INTO source SELECT id + ${ROWS}, x FROM source`);
    await client.rows('BEGIN');
    await client.rows('INSERT INTO t (id, x) SELECT id, x FROM changes');
    await fails();
    await other.rows("INSERT INTO source VALUES (-1, 'late')");
    await client.rows(`UPDATE t SET x = 'first' WHERE id = ${ROWS}`);
    await fails();
    await client.rows('COMMIT');
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(ROWS);
    expect(await client.values('SELECT id FROM changes')).to.deep.equal([[-1]]);
    expect(
      await client.values(`SELECT METADATA$ACTION, COUNT(*), COUNT(DISTINCT id), COUNT_IF(x = 'first')
        FROM results GROUP BY 1`),
    ).to.deep.equal([['INSERT', ROWS, ROWS, 1]]);
  });

  it('have values of every type', async () => {
    await client.rows(`CREATE OR REPLACE TABLE all_types AS SELECT SEQ4() AS id, SEQ4() * -1.50::NUMBER(38, 10) AS n,
      99999999999999999999999999999999999999::NUMBER(38, 0) AS most, SEQ4() / 7::FLOAT AS f, SEQ4() % 3 = 0 AS b,
      'ü' || CHR(0) || SEQ4() AS s, '' AS nothing, TO_BINARY('AB00', 'HEX') AS y, DATEADD(day, SEQ4(), '0001-01-02'::DATE) AS d,
      '10:11:12.123456'::TIME AS t, '9999-12-31 23:59:59.999999'::TIMESTAMP_NTZ AS ntz,
      '2026-01-02 03:04:05 +02:00'::TIMESTAMP_TZ AS tz, '2026-01-02 03:04:05.000001'::TIMESTAMP_LTZ AS ltz,
      OBJECT_CONSTRUCT('a', ARRAY_CONSTRUCT(SEQ4(), PARSE_JSON('null'), 'x')) AS v, ARRAY_CONSTRUCT() AS a, PARSE_JSON('null') AS j,
      NULL::VARCHAR AS z, IFF(SEQ4() % 2 = 0, NULL, SEQ4())::INT AS half, 'NaN'::FLOAT AS nan, '-inf'::FLOAT AS inf,
      RANDOM() AS r FROM TABLE(GENERATOR(ROWCOUNT => ${ROWS}))`);
    await client.rows('CREATE OR REPLACE TABLE few LIKE all_types');
    await client.rows('CREATE OR REPLACE TABLE many LIKE all_types');
    await client.rows('BEGIN');
    // A query that draws something is not made again.
    await client.rows('INSERT INTO all_types SELECT * FROM all_types WHERE RANDOM() IS NOT NULL');
    // Straight into the table, which they are read back from.
    await client.rows('INSERT INTO many SELECT * FROM all_types WHERE RANDOM() IS NOT NULL');
    expect(files()).to.have.length(2);
    await fails();
    await client.rows('COMMIT');
    await client.rows('BEGIN');
    await client.rows('INSERT INTO few SELECT * FROM many WHERE id < 1000');
    expect(files()).to.deep.equal([]);
    await client.rows('DELETE FROM many WHERE FALSE');
    await fails();
    await client.rows('COMMIT');
    const hash = (from: string) => client.value(`SELECT HASH_AGG(*) FROM ${from}`);
    expect(await hash('many')).to.equal(await hash('all_types'));
    expect(await hash('few')).to.equal(await hash('many WHERE id < 1000'));
    expect(await client.value('SELECT COUNT(*) FROM all_types')).to.equal(2 * ROWS);
    expect(await client.value('SELECT COUNT(*) FROM (SELECT DISTINCT * FROM all_types)')).to.equal(ROWS);
    // A JSON text of another type would say so.
    expect(
      await client.values('SELECT DISTINCT TYPEOF(v), TYPEOF(a), TYPEOF(j) FROM all_types'),
    ).to.deep.equal([['OBJECT', 'ARRAY', 'NULL_VALUE']]);
  });

  it('that a crash has left are gone with the next start', async () => {
    const folder = join(snowflake.stateDir, 'snowflake');
    const left = ['kept', 'spilled'].map((name) => join(folder, name, 'left'));
    await snowflake.restart(async () => {
      for (const file of left) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, 'rows');
      }
    });
    expect(left.filter((file) => existsSync(file))).to.deep.equal([]);
  });
});
