import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog } from '@local-cloud/snowflake/catalog/catalog.js';
import { Transaction } from '@local-cloud/snowflake/sessions/transaction.js';
import { Locks } from '@local-cloud/snowflake/storage/locks.js';
import { Storage } from '@local-cloud/snowflake/storage/storage.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withTwoSessions } from '../support.js';

/** More than a transaction keeps in memory, so that files tell what is kept. */
const ROWS = 80_000;

describe('rows that a transaction asks for again instead of keeping them', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  let other: Client;

  before(async () => {
    ({ snowflake, client, other } = await withTwoSessions());
    await client.rows("CREATE FUNCTION mine(x VARCHAR) RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'return X;'");
  });
  beforeEach(async () => {
    for (const each of [client, other]) await each.rows('ROLLBACK');
    // Its columns do not stand in the order in which they are inserted.
    await client.rows('CREATE OR REPLACE TABLE t (n INT, nothing DATE, id INT, x VARCHAR)');
    await client.rows('CREATE OR REPLACE TABLE source (id INT, x VARCHAR)');
    await client.rows(
      `INSERT INTO source SELECT SEQ4(), 'row ' || SEQ4() % 50000 FROM TABLE(GENERATOR(ROWCOUNT => ${ROWS}))`,
    );
  });
  after(() => snowflake.close());

  const files = () => readdirSync(join(snowflake.stateDir, 'snowflake', 'kept'));
  const fails = () => client.error('INSERT INTO t (x) SELECT 1 / column1 FROM VALUES (0)');
  const all = (who = client) => who.values('SELECT COUNT(*), HASH_AGG(*), SUM(n) FROM t');
  const insert =
    'INSERT INTO t (id, x, n) SELECT s.id, s.x, c.n FROM source AS s JOIN (SELECT x, COUNT(*) AS n FROM source GROUP BY x) AS c ON c.x = s.x';

  it('are the same where nobody writes what they were read from, and no file', async () => {
    await client.rows('BEGIN');
    await client.rows(insert);
    const before = await all();
    expect(before[0]![2]).to.equal(2 * 30_000 * 2 + 20_000);
    await other.rows("CREATE OR REPLACE TABLE elsewhere AS SELECT 'x' AS x");
    for (const _ of [1, 2]) {
      await fails();
      expect(await all()).to.deep.equal(before);
    }
    expect(files()).to.deep.equal([]);
    await client.rows('COMMIT');
    expect(await all(other)).to.deep.equal(before);
  });

  for (const change of [
    "INSERT INTO source VALUES (-1, 'row 1')",
    "UPDATE source SET x = 'changed'",
    'DELETE FROM source',
    'TRUNCATE TABLE source',
    'ALTER TABLE source DROP COLUMN x',
    "MERGE INTO source USING (SELECT 1 AS id) AS one ON source.id = one.id WHEN MATCHED THEN UPDATE SET x = 'merged'",
    'CREATE OR REPLACE TABLE source (id INT) DATA_RETENTION_TIME_IN_DAYS = 0',
    'DROP TABLE source',
  ])
    for (const days of [0, 1])
      it(`are the same after ${change}, where UNDROP has ${days} days`, async () => {
        await client.rows(`ALTER TABLE source SET DATA_RETENTION_TIME_IN_DAYS = ${days}`);
        await client.rows('BEGIN');
        await client.rows(insert);
        const before = await all();
        await other.rows(change);
        await fails();
        expect(await all()).to.deep.equal(before);
        expect(files()).to.have.length(days === 1 && /^(CREATE|DROP)/.test(change) ? 0 : 1);
        await client.rows('UPDATE t SET n = n FROM (SELECT 1) AS one');
        await fails();
        expect(await all()).to.deep.equal(before);
        await client.rows('COMMIT');
        expect(files()).to.deep.equal([]);
        expect(await all(other)).to.deep.equal(before);
      });

  it('are kept at once where somebody is writing what they are read from', async () => {
    await other.rows('BEGIN');
    await other.rows('DELETE FROM source WHERE id < 10');
    await client.rows('BEGIN');
    await client.rows(insert);
    const before = await all();
    expect(files()).to.have.length(1);
    await other.rows('COMMIT');
    await fails();
    expect(await all()).to.deep.equal(before);
  });

  it('come from a stream as it was when the transaction began', async () => {
    await client.rows('CREATE STREAM changes ON TABLE source');
    for (const [many, kept] of [
      [ROWS, 1],
      [20, 0],
    ] as const) {
      await client.rows(`INSERT INTO source SELECT id + ${ROWS}, x FROM source LIMIT ${many}`);
      await client.rows('BEGIN');
      await client.rows('INSERT INTO t (id, x, n) SELECT id, MAX(x), COUNT(*) FROM changes GROUP BY id');
      const before = await all();
      await fails();
      expect(files()).to.deep.equal([]);
      await other.rows(`UPDATE source SET x = 'late' WHERE id >= ${ROWS}`);
      expect(files()).to.have.length(kept);
      await fails();
      expect(await all()).to.deep.equal(before);
      await client.rows('ROLLBACK');
      await client.rows('CREATE OR REPLACE STREAM changes ON TABLE source');
    }
  });

  it('have the same numbers when rows are changed that were found by them', async () => {
    await client.rows('CREATE OR REPLACE TABLE second (id INT, x VARCHAR)');
    for (const [table, change] of [
      ['t', 'UPDATE t SET n = s.id FROM (SELECT id FROM source WHERE id % 7 = 0) AS s WHERE s.id = t.id'],
      ['t', 'DELETE FROM t USING source AS s WHERE s.id = t.id AND s.id % 7 = 0'],
      [
        'second',
        "MERGE INTO second USING source AS s ON s.id = second.id WHEN MATCHED AND s.id < 9 THEN UPDATE SET x = 'merged'",
      ],
    ] as const) {
      await client.rows('TRUNCATE TABLE second');
      await client.rows('BEGIN');
      await client.rows(insert);
      await client.rows('INSERT INTO second SELECT id, x FROM t');
      await client.rows(change);
      const hash = () => client.values(`SELECT COUNT(*), HASH_AGG(*) FROM ${table}`);
      const before = await hash();
      await fails();
      expect(await hash(), change).to.deep.equal(before);
      await client.rows('ROLLBACK');
    }
  });

  for (const query of [
    `SELECT id, x FROM source LIMIT ${ROWS}`,
    'SELECT id, LAG(x) OVER (ORDER BY id) FROM source',
    'SELECT id, ANY_VALUE(x) FROM source GROUP BY id',
    'SELECT id, MAX_BY(x, 1) FROM source GROUP BY id',
    'SELECT id, x FROM source WHERE RANDOM() IS NOT NULL',
    'SELECT id, mine(x) FROM source',
    'SELECT s.id, s.x FROM source AS s JOIN own AS o ON o.id = s.id',
    'SELECT s.id, s.x FROM source AS s, TABLE(GENERATOR(ROWCOUNT => 1))',
  ])
    it(`are kept at once of ${query}`, async () => {
      await client.rows('CREATE OR REPLACE TABLE own (id INT)');
      await client.rows('BEGIN');
      await client.rows('INSERT INTO own SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 80000))');
      const kept = files().length;
      await client.rows(`INSERT INTO t (id, x) ${query}`);
      expect(files()).to.have.length(kept + 1);
    });
});

describe('Transaction, of rows that come in another order each time', () => {
  let folder: string;
  let storage: Storage;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asked-'));
    storage = await Storage.open(folder);
  });
  afterEach(async () => {
    await storage.close();
    rmSync(folder, { recursive: true });
  });

  for (const later of [true, false])
    it(`gives them their numbers for good before it finds some by them, ${later ? 'when' : 'before'} it has written others`, async () => {
      const connection = await storage.connect();
      await connection.run('CREATE TABLE source AS SELECT range AS x FROM range(1, 101)');
      await connection.run('CREATE TABLE t ("$row" BIGINT, x BIGINT)');
      const transaction = new Transaction(connection, {} as Catalog, new Locks(Date.now));
      const [source, target] = [1, 2];
      const query = 'SELECT row_number() OVER () AS "$row", x FROM (FROM source ORDER BY random())';
      const numbers = () => connection.rows('SELECT string_agg(x, \' \' ORDER BY "$row") FROM t');
      transaction.begin(1);
      await transaction.insert({
        table: '"t"',
        command: `INSERT INTO t ${query}`,
        added: 'FROM t',
        query,
        sources: [source],
        connect: () => storage.connect(),
      });
      transaction.asked.grew(target);
      const fails = () =>
        transaction
          .statement(() => transaction.write('INSERT INTO t SELECT 1, error(x) FROM source'))
          .then(
            () => expect.fail('it does not fail'),
            () => undefined,
          );
      const first = await numbers();
      await fails();
      expect(await numbers()).not.to.deep.equal(first);
      if (later) await transaction.write('DELETE FROM t WHERE x = 50');
      await transaction.numberRows(target);
      const last = await numbers();
      await transaction.write('UPDATE t SET x = -x WHERE "$row" = 7');
      const changed = await numbers();
      expect(changed).not.to.deep.equal(last);
      await fails();
      expect(await numbers()).to.deep.equal(changed);
      connection.close();
    });
});
