import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// docs: sql-reference/operators-flow, sql-reference/sql/desc-result
describe('the pipe operator and DESCRIBE RESULT', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    for (const name of ['a', 'b', 'c']) await client.rows(`CREATE TABLE ${name} (x INT)`);
  });
  after(() => snowflake.close());

  it('gives the result of a statement to those behind it', async () => {
    expect(
      await client.values('SHOW TABLES ->> SELECT "name" FROM $1 WHERE "name" > \'A\' ORDER BY 1'),
    ).to.deep.equal([['B'], ['C']]);
    expect(
      await client.values(
        'SELECT 1 AS n UNION ALL SELECT 2 ->> SELECT SUM(n) AS total FROM $1 ->> SELECT a.n, b.total FROM $2 a JOIN $1 b ON TRUE ORDER BY 1',
      ),
    ).to.deep.equal([
      [1, 3],
      [2, 3],
    ]);
  });

  it('runs any statements, in order, and binds values in each', async () => {
    await client.rows('INSERT INTO a VALUES (?) ->> INSERT INTO a VALUES (?) ->> SELECT 1', [10, 20]);
    expect(await client.values('SELECT x FROM a ORDER BY x')).to.deep.equal([[10], [20]]);
  });

  it('stops at an error, and refuses a number that there is no statement for', async () => {
    expect((await client.error('SELECT x FROM nowhere ->> INSERT INTO b VALUES (1)')).message).to.contain(
      'NOWHERE',
    );
    expect(await client.value('SELECT COUNT(*) FROM b')).to.equal(0);
    expect((await client.error('SELECT 1 ->> SELECT * FROM $2')).message).to.contain(
      'Invalid pipe number $2',
    );
    expect((await client.error('SELECT 1 ->>')).message).to.contain('a statement is missing');
  });

  it('describes a result', async () => {
    await client.rows("SELECT 1.5 AS n, 'a' AS t");
    const rows = await client.rows('DESCRIBE RESULT LAST_QUERY_ID()');
    expect(rows.map((row) => [row.name, row.type])).to.deep.equal([
      ['N', 'NUMBER(2,1)'],
      ['T', 'VARCHAR(1)'],
    ]);
    const statement = await client.statement('SELECT TRUE AS b');
    expect((await client.rows(`DESC RESULT '${statement.getQueryId()}'`))[0]).to.include({
      name: 'B',
      type: 'BOOLEAN',
    });
    expect((await client.error("DESC RESULT 'none'")).message).to.contain('Statement none not found');
  });
});
