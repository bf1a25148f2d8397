import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('RANDSTR', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(() => snowflake.close());

  it('gives letters and digits of the length asked for, another for each row', async () => {
    const [row] = await client.values(
      `SELECT COUNT(DISTINCT t), MIN(LENGTH(t)), MAX(LENGTH(t)), COUNT_IF(NOT REGEXP_LIKE(t, '[0-9A-Za-z]+'))
       FROM (SELECT RANDSTR(12, RANDOM()) t FROM TABLE(GENERATOR(ROWCOUNT => 1000)))`,
    );
    expect(row).to.deep.equal([1000, 12, 12, 0]);
    expect(await client.value('SELECT RANDSTR(0, 1)')).to.equal('');
  });

  it('follows from its seed', async () => {
    const [row] = await client.values('SELECT RANDSTR(9, 7), RANDSTR(9, 7), RANDSTR(9, 8)');
    expect(row![0]).to.equal(row![1]).and.not.to.equal(row![2]);
  });

  it('ends at the size of a text before it takes the memory for one', async () => {
    const error = await client.error('SELECT LENGTH(RANDSTR(500000000, RANDOM()))');
    expect(String(error.code)).to.equal('100082');
    expect(await client.value('SELECT LENGTH(RANDSTR(16777216, RANDOM()))')).to.equal(16_777_216);
  });
});

describe('arguments of functions and statements', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(() => snowflake.close());

  it('are roles that rows give, for IS_ROLE_IN_SESSION', async () => {
    const rows = await client.values(
      "SELECT IS_ROLE_IN_SESSION(column1) FROM VALUES ('PUBLIC'), ('NO_ROLE'), (NULL), (CURRENT_ROLE())",
    );
    expect(rows).to.deep.equal([[true], [false], [null], [true]]);
  });

  it('are paths that rows give, for JSON_EXTRACT_PATH_TEXT', async () => {
    const rows = await client.values(
      `SELECT JSON_EXTRACT_PATH_TEXT('{"a":{"b":[1,"x"]}}', column1) FROM VALUES ('a.b[1]'), ('a.b'), ('z'), (NULL)`,
    );
    expect(rows).to.deep.equal([['x'], ['[1,"x"]'], [null], [null]]);
  });

  it('are names, for a TRUNCATE whose table is bound', async () => {
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE TABLE t AS SELECT 1 a');
    await client.rows('TRUNCATE TABLE IDENTIFIER(?)', ['T']);
    expect(await client.value('SELECT COUNT(*) FROM t')).to.equal(0);
  });

  it('are counted, for SPLIT_TO_TABLE', async () => {
    expect(String((await client.error("SELECT * FROM TABLE(SPLIT_TO_TABLE('a'))")).code)).to.equal('000938');
    expect(String((await client.error("SELECT * FROM TABLE(SPLIT_TO_TABLE('a', '', 'b'))")).code)).to.equal(
      '000939',
    );
    const rows = await client.values("SELECT value FROM TABLE(STRTOK_SPLIT_TO_TABLE('a b'))");
    expect(rows).to.deep.equal([['a'], ['b']]);
  });
});
