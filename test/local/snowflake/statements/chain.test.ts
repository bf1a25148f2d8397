import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('statements together', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(() => snowflake.close());

  it('inserts, selects, and makes tables and views of queries', async () => {
    await client.rows(
      "CREATE TABLE t (id NUMBER AUTOINCREMENT START 10 INCREMENT 5, name VARCHAR DEFAULT 'none', x FLOAT)",
    );
    await client.rows('INSERT INTO t (x) VALUES (1), (2.5)');
    expect(await client.values('SELECT id, name, x FROM t ORDER BY id')).to.deep.equal([
      [10, 'none', 1],
      [15, 'none', 2.5],
    ]);
    await client.rows('CREATE TABLE u (doubled NUMBER(10,1)) AS SELECT x * 2 FROM t');
    expect(await client.values('SELECT doubled FROM u ORDER BY 1')).to.deep.equal([[2], [5]]);
    await client.rows("CREATE VIEW v (half) COMMENT = 'halves' AS SELECT x / 2 FROM t");
    expect(await client.values('SELECT half FROM d.public.v ORDER BY 1')).to.deep.equal([[0.5], [1.25]]);
    expect(await client.rows("SHOW VIEWS LIKE 'v'")).to.have.length(1);
  });

  it('gives existing rows the default of a new column', async () => {
    await client.rows("ALTER TABLE t ADD COLUMN added VARCHAR NOT NULL DEFAULT 'old'");
    expect(await client.values('SELECT DISTINCT added FROM t')).to.deep.equal([['old']]);
    expect((await client.error('ALTER TABLE t ADD COLUMN bad NUMBER NOT NULL')).message).to.contain(
      "Non-nullable column 'BAD' cannot be added",
    );
  });

  it('keeps the earlier statements of a transaction when a later one fails', async () => {
    await client.rows('CREATE TABLE w (x NUMBER NOT NULL)');
    await client.rows('BEGIN');
    await client.rows('INSERT INTO w VALUES (1)');
    await client.error('INSERT INTO w VALUES (NULL)');
    await client.error("INSERT INTO w SELECT 'abc'::NUMBER");
    await client.rows('INSERT INTO w VALUES (2)');
    expect(await client.values('SELECT x FROM w ORDER BY x')).to.deep.equal([[1], [2]]);
    await client.rows('COMMIT');
    expect(await client.value('SELECT count(*) FROM w')).to.equal(2);
    await client.rows('BEGIN');
    await client.rows('DELETE FROM w');
    await client.rows('ROLLBACK');
    expect(await client.value('SELECT count(*) FROM w')).to.equal(2);
  });

  it('makes writers of the same table wait for each other', async () => {
    await client.rows('CREATE TABLE counter (n NUMBER)');
    await client.rows('INSERT INTO counter VALUES (0)');
    const others = await Promise.all(
      [1, 2, 3].map(() => snowflake.connect({ database: 'D', schema: 'PUBLIC' })),
    );
    await Promise.all(
      others.map(async (other) => {
        for (let i = 0; i < 5; i++) await other.rows('UPDATE counter SET n = n + 1');
      }),
    );
    expect(await client.value('SELECT n FROM counter')).to.equal(15);
  });

  it('shows who holds a table and who waits for it', async () => {
    const other = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    await client.rows('BEGIN');
    await client.rows('UPDATE counter SET n = n + 1');
    const waiting = other.rows('UPDATE counter SET n = n + 1');
    const status = async () =>
      (await client.rows('SHOW LOCKS IN ACCOUNT')).map((row) => [row.resource, row.status]);
    while ((await status()).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await status()).to.deep.equal([
      ['D.PUBLIC.COUNTER', 'HOLDING'],
      ['D.PUBLIC.COUNTER', 'WAITING'],
    ]);
    expect(await client.rows('SHOW LOCKS')).to.have.length(1);
    await client.rows('COMMIT');
    await waiting;
    expect(await client.rows('SHOW LOCKS IN ACCOUNT')).to.have.length(0);
  });

  it('commits an open transaction before DDL', async () => {
    await client.rows('CREATE TABLE early (x NUMBER)');
    await client.rows('BEGIN');
    await client.rows('INSERT INTO early VALUES (1)');
    await client.rows('CREATE TABLE unrelated (x NUMBER)');
    await client.rows('ROLLBACK');
    expect(await client.value('SELECT count(*) FROM early')).to.equal(1);
  });

  it('runs several statements in one request', async () => {
    const statement = (await client.statement('INSERT INTO early VALUES (2); SELECT count(*) FROM early', {
      parameters: { MULTI_STATEMENT_COUNT: 2 },
    })) as unknown as { hasNext(): boolean };
    expect(statement.hasNext()).to.equal(true);
    const error = await client.error('SELECT 1; SELECT 2');
    expect(error.message).to.contain('Actual statement count 2 did not match the desired statement count 1.');
  });

  it('lists everything in INFORMATION_SCHEMA', async () => {
    const tables = await client.values(
      "SELECT table_name, table_type, row_count FROM information_schema.tables WHERE table_name IN ('W', 'V') ORDER BY 1",
    );
    expect(tables).to.deep.equal([
      ['V', 'VIEW', null],
      ['W', 'BASE TABLE', 2],
    ]);
    const columns = await client.values(
      "SELECT column_name, data_type, numeric_scale FROM d.information_schema.columns WHERE table_name = 'U'",
    );
    expect(columns).to.deep.equal([['DOUBLED', 'NUMBER', 1]]);
    const history = await client.values(
      "SELECT query_type, execution_status FROM TABLE(information_schema.query_history()) WHERE query_text LIKE 'DELETE FROM w%'",
    );
    expect(history).to.deep.equal([['DELETE', 'SUCCESS']]);
  });

  it('runs a text with EXECUTE IMMEDIATE', async () => {
    expect(await client.value("EXECUTE IMMEDIATE 'SELECT 41 + 1'")).to.equal(42);
  });

  it('uses temporary tables of the session only', async () => {
    await client.rows('CREATE TEMPORARY TABLE w (y VARCHAR)');
    expect(await client.value('SELECT count(*) FROM w')).to.equal(0);
    const other = await snowflake.connect({ database: 'D', schema: 'PUBLIC' });
    expect(await other.value('SELECT count(*) FROM w')).to.equal(2);
    await client.rows('DROP TABLE w');
    expect(await client.value('SELECT count(*) FROM w')).to.equal(2);
  });

  it('writes the DDL of an object', async () => {
    await client.rows(
      "CREATE TABLE ddl (a NUMBER(5) NOT NULL DEFAULT 1, \"b c\" VARCHAR COMMENT 'it''s') COMMENT = 'x'",
    );
    expect(await client.value("SELECT GET_DDL('TABLE', 'ddl')")).to.equal(
      "create or replace TABLE DDL (\n\tA NUMBER(5,0) NOT NULL DEFAULT 1,\n\t\"b c\" VARCHAR(16777216) COMMENT 'it''s'\n)\nCOMMENT='x'\n;",
    );
    expect(await client.value("SELECT GET_DDL('VIEW', 'v')")).to.equal(
      "create or replace view V(\n\tHALF\n) COMMENT='halves' as SELECT x / 2 FROM t;",
    );
  });

  it('takes names from texts, variables and binds with IDENTIFIER()', async () => {
    await client.rows("CREATE TABLE IDENTIFIER('d.public.named') (x NUMBER)");
    await client.rows("SET which = 'named'");
    expect(await client.rows('DESCRIBE TABLE IDENTIFIER($which)')).to.have.length(1);
    await client.rows('DROP TABLE IDENTIFIER(?)', ['named']);
    expect((await client.error('DESCRIBE TABLE named')).message).to.contain('does not exist');
  });
});
