import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('multi-table INSERT', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(async () => {
    await client.close();
    await snowflake.close();
  });
  beforeEach(async () => {
    for (const sql of [
      'CREATE OR REPLACE TABLE foo (k NUMBER, v NUMBER DEFAULT 7)',
      'CREATE OR REPLACE TABLE bar (k NUMBER, v NUMBER)',
      'CREATE OR REPLACE TABLE source (k NUMBER, v NUMBER) AS SELECT * FROM VALUES (0, 100), (1, 101), (2, 102)',
    ])
      await client.rows(sql);
  });

  it('puts every row into every table, and counts them by table', async () => {
    expect(await client.rows('INSERT ALL INTO foo INTO bar SELECT * FROM source')).to.deep.equal([
      { 'number of rows inserted into FOO': 3, 'number of rows inserted into BAR': 3 },
    ]);
  });

  it('with ALL follows every condition that holds, with FIRST only the first', async () => {
    const clauses =
      'WHEN k = 0 THEN INTO foo VALUES (k + 10, DEFAULT) WHEN k < 2 THEN INTO bar (k) VALUES (k) ELSE INTO foo';
    await client.rows(`INSERT FIRST ${clauses} SELECT * FROM source`);
    expect(await client.values('SELECT * FROM foo ORDER BY k')).to.deep.equal([
      [2, 102],
      [10, 7],
    ]);
    expect(await client.values('SELECT * FROM bar')).to.deep.equal([[1, null]]);
    await client.rows(`INSERT OVERWRITE ALL ${clauses} SELECT * FROM source`);
    expect(await client.values('SELECT COUNT(*) FROM foo')).to.deep.equal([[2]]);
    expect(await client.values('SELECT k FROM bar ORDER BY k')).to.deep.equal([[0], [1]]);
  });

  it('refuses lists of another length', async () => {
    const error = await client.error('INSERT ALL INTO foo (k) SELECT * FROM source');
    expect(error.code).to.equal('002020');
  });

  it('names only the source where a MERGE matches nothing', async () => {
    await client.rows(
      'MERGE INTO foo USING source ON foo.k = source.k WHEN NOT MATCHED AND k > 0 THEN INSERT VALUES (k, v)',
    );
    expect(await client.values('SELECT k FROM foo ORDER BY k')).to.deep.equal([[1], [2]]);
  });
});
