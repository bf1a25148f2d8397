import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withTwoSessions } from '../support.js';

/** More than a transaction keeps in memory, so that files tell what is kept. */
const ROWS = 80_000;

describe('rows that a transaction keeps in case it makes its writes again', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    ({ snowflake, client } = await withTwoSessions());
    await client.rows("CREATE FUNCTION mine(x VARCHAR) RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'return X;'");
    await client.rows('CREATE SEQUENCE numbers');
  });
  beforeEach(async () => {
    await client.rows('ROLLBACK');
    await client.rows('CREATE OR REPLACE TABLE t (id INT, x VARCHAR)');
    await client.rows('CREATE OR REPLACE TABLE own (id INT, x VARCHAR)');
    await client.rows('CREATE OR REPLACE TABLE other (id INT, x VARCHAR)');
    await client.rows(
      `INSERT INTO other SELECT SEQ4(), 'row ' || SEQ4() % 50000 FROM TABLE(GENERATOR(ROWCOUNT => ${ROWS}))`,
    );
    await client.rows('BEGIN');
    await client.rows('INSERT INTO own SELECT id, x FROM other');
  });
  after(() => snowflake.close());

  const files = () => readdirSync(join(snowflake.stateDir, 'snowflake', 'kept')).length;
  const all = () => client.values('SELECT COUNT(*), HASH_AGG(*) FROM t');
  const insertAndFail = async (query: string) => {
    const before = files();
    await client.rows(`INSERT INTO t (id, x) ${query}`);
    const inserted = await all();
    const kept = files() - before;
    await client.error('INSERT INTO t (id) SELECT 1 / column1 FROM VALUES (0)');
    expect(await all()).to.deep.equal(inserted);
    return kept;
  };

  for (const query of [
    'SELECT id, x FROM own',
    "SELECT id + 1, UPPER(x) || '!' FROM own WHERE id >= 0",
    'SELECT a.id, b.x FROM own AS a JOIN own AS b ON a.id = b.id',
  ])
    it(`are none where they come row by row from tables that it has locked: ${query}`, async () => {
      expect(await insertAndFail(query)).to.equal(0);
    });

  for (const query of [
    'SELECT id, x FROM other',
    'SELECT a.id, b.x FROM own AS a JOIN other AS b ON a.id = b.id',
    `SELECT id, x FROM own LIMIT ${ROWS}`,
    `SELECT TOP ${ROWS} id, x FROM own`,
    'SELECT DISTINCT id, x FROM own',
    'SELECT id, ANY_VALUE(x) FROM own GROUP BY id',
    'SELECT id, LAG(x) OVER (ORDER BY id) FROM own',
    'SELECT id, x FROM own QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY x) = 1',
    `SELECT id, x FROM own SAMPLE (${ROWS} ROWS)`,
    'SELECT SEQ4(), x FROM own',
    'SELECT RANDOM(), x FROM own',
    'SELECT RANDOM(7), x FROM own',
    'SELECT id, UUID_STRING() FROM own',
    'SELECT numbers.NEXTVAL, x FROM own',
    'SELECT id, mine(x) FROM own',
    'SELECT f.seq, x FROM own, LATERAL FLATTEN(ARRAY_CONSTRUCT(id)) AS f',
    'SELECT id, x FROM own WHERE x IN (SELECT MAX(x) FROM own GROUP BY id)',
    'WITH w AS (SELECT id, MIN(x) AS x FROM own GROUP BY id) SELECT id, x FROM w',
    'SELECT id, x FROM own UNION SELECT id, x FROM own',
  ])
    it(`are those of a query that may give others: ${query}`, async () => {
      expect(await insertAndFail(query)).to.equal(1);
    });
});
