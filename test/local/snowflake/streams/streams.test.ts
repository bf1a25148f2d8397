import { Connection } from '@local-cloud/snowflake/storage/storage.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('streams', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE SCHEMA d.s');
  });
  beforeEach(async () => {
    await client.rows('CREATE OR REPLACE TABLE t (id INT, v VARCHAR)');
    await client.rows('CREATE OR REPLACE TABLE sink (id INT, v VARCHAR)');
    await client.rows(`INSERT INTO t VALUES (1, 'old')`);
    await client.rows('CREATE OR REPLACE STREAM changes ON TABLE t');
  });
  after(() => snowflake.close());

  const records = (stream = 'changes') =>
    client.values(`SELECT id, v, METADATA$ACTION, METADATA$ISUPDATE FROM ${stream} ORDER BY 1, 3`);
  const hasData = () => client.value(`SELECT SYSTEM$STREAM_HAS_DATA('changes')`);

  it('starts empty and shows what is inserted after it', async () => {
    expect(await records()).to.deep.equal([]);
    expect(await hasData()).to.equal(false);
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    expect(await records()).to.deep.equal([[2, 'new', 'INSERT', false]]);
    expect(await hasData()).to.equal(true);
  });

  it('is not asked what was committed, nor again while no transaction writes', async () => {
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    const { rows } = Connection.prototype;
    const asked: string[] = [];
    Connection.prototype.rows = function (sql) {
      asked.push(sql);
      return rows.call(this, sql);
    };
    try {
      expect(await hasData()).to.equal(true);
      expect(await hasData()).to.equal(true);
    } finally {
      Connection.prototype.rows = rows;
    }
    expect(asked).to.deep.equal([]);
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    expect(await hasData()).to.equal(false);
  });

  it('is not asked either after a transaction that has added nothing', async () => {
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    const { rows, run } = Connection.prototype;
    const sent: string[] = [];
    Connection.prototype.rows = function (sql) {
      sent.push(sql);
      return rows.call(this, sql);
    };
    Connection.prototype.run = function (sql, params) {
      sent.push(sql);
      return run.call(this, sql, params);
    };
    try {
      await client.rows('BEGIN');
      await client.rows('UPDATE sink SET v = v');
      await client.rows('INSERT INTO t SELECT id, v FROM changes WHERE FALSE');
      await client.rows('COMMIT');
      expect(await hasData()).to.equal(false);
    } finally {
      Object.assign(Connection.prototype, { rows, run });
    }
    const ofChanges = /^INSERT INTO "[^"]*\$changes"|^SELECT max\("\$seq"\)/;
    expect(sent.filter((sql) => ofChanges.test(sql))).to.deep.equal([]);
  });

  it('has what a transaction has added before it added nothing', async () => {
    expect(await hasData()).to.equal(false);
    await client.rows('BEGIN');
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    await client.rows('INSERT INTO t SELECT id, v FROM sink WHERE FALSE');
    await client.rows('COMMIT');
    expect(await hasData()).to.equal(true);
    expect(await records()).to.deep.equal([[2, 'new', 'INSERT', false]]);
  });

  it('has nothing of what was rolled back, nor of what another has taken off the log', async () => {
    await client.rows('BEGIN');
    await client.rows(`INSERT INTO t VALUES (2, 'undone')`);
    await client.rows('ROLLBACK');
    expect(await hasData()).to.equal(false);
    await client.rows(`INSERT INTO t VALUES (3, 'new')`);
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    await client.rows('CREATE OR REPLACE STREAM later ON TABLE t');
    expect(await client.value(`SELECT SYSTEM$STREAM_HAS_DATA('later')`)).to.equal(false);
    await client.rows(`INSERT INTO t VALUES (4, 'newer')`);
    expect(await records('later')).to.deep.equal([[4, 'newer', 'INSERT', false]]);
  });

  it('shows the net change only', async () => {
    await client.rows(`INSERT INTO t VALUES (2, 'a')`);
    await client.rows(`UPDATE t SET v = 'b' WHERE id = 2`);
    expect(await records()).to.deep.equal([[2, 'b', 'INSERT', false]]);
    await client.rows('DELETE FROM t WHERE id = 2');
    expect(await records()).to.deep.equal([]);
    await client.rows(`UPDATE t SET v = 'x' WHERE id = 1`);
    await client.rows(`UPDATE t SET v = 'y' WHERE id = 1`);
    expect(await records()).to.deep.equal([
      [1, 'old', 'DELETE', true],
      [1, 'y', 'INSERT', true],
    ]);
    await client.rows('DELETE FROM t WHERE id = 1');
    expect(await records()).to.deep.equal([[1, 'old', 'DELETE', false]]);
  });

  it('gives both sides of an update the same row id', async () => {
    await client.rows(`UPDATE t SET v = 'x'`);
    const ids = await client.values('SELECT DISTINCT METADATA$ROW_ID FROM changes');
    expect(ids).to.have.length(1);
    expect(ids[0]![0]).to.match(/^[0-9a-f]{40}$/);
  });

  it('moves on when DML that reads it commits, not when it is selected from', async () => {
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    await records();
    expect(await hasData()).to.equal(true);
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    expect(await client.values('SELECT * FROM sink')).to.deep.equal([[2, 'new']]);
    expect(await records()).to.deep.equal([]);
  });

  it('stays where it is after a rollback, and repeats its records inside a transaction', async () => {
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    await client.rows('BEGIN');
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    expect(await records()).to.deep.equal([[2, 'new', 'INSERT', false]]);
    await client.rows('ROLLBACK');
    expect(await client.values('SELECT * FROM sink')).to.deep.equal([]);
    expect(await hasData()).to.equal(true);
    await client.rows('BEGIN');
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    await client.rows('COMMIT');
    expect(await hasData()).to.equal(false);
  });

  it('leaves out what its own transaction has written', async () => {
    await client.rows(`INSERT INTO t VALUES (2, 'before')`);
    await client.rows('BEGIN');
    await client.rows(`INSERT INTO t VALUES (3, 'within')`);
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    await client.rows('COMMIT');
    expect(await client.values('SELECT * FROM sink')).to.deep.equal([[2, 'before']]);
    expect(await records()).to.deep.equal([[3, 'within', 'INSERT', false]]);
  });

  it('gives each record to one of two consumers that race', async () => {
    const other = await snowflake.connect();
    await other.rows('USE SCHEMA d.s');
    await client.rows(
      'INSERT INTO t SELECT seq4(), TO_VARCHAR(seq4()) FROM TABLE(GENERATOR(ROWCOUNT => 500))',
    );
    await Promise.all([client, other].map((each) => each.rows('INSERT INTO sink SELECT id, v FROM changes')));
    expect(await client.value('SELECT COUNT(*) FROM sink')).to.equal(500);
    await other.close();
  });

  it('loses nothing that is written while it is being consumed', async () => {
    const other = await snowflake.connect();
    await other.rows('USE SCHEMA d.s');
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await other.rows(`INSERT INTO t VALUES (${100 + i}, 'w')`);
    })();
    for (let i = 0; i < 10; i++) await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    await writing;
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    expect(await client.values('SELECT COUNT(*), COUNT(DISTINCT id) FROM sink')).to.deep.equal([[20, 20]]);
    await other.close();
  });

  it('of the append-only kind shows inserts, whatever became of the rows', async () => {
    await client.rows('CREATE OR REPLACE STREAM appended ON TABLE t APPEND_ONLY = TRUE');
    await client.rows(`INSERT INTO t VALUES (2, 'a'), (3, 'b')`);
    await client.rows(`UPDATE t SET v = 'z' WHERE id = 2`);
    await client.rows('DELETE FROM t WHERE id = 3');
    expect(await records('appended')).to.deep.equal([
      [2, 'a', 'INSERT', false],
      [3, 'b', 'INSERT', false],
    ]);
  });

  it('gives these rows to a query that was about to read them when another session consumed them', async () => {
    await client.rows('CREATE OR REPLACE STREAM whole ON TABLE t SHOW_INITIAL_ROWS = TRUE');
    const other = await snowflake.connect();
    await other.rows('USE SCHEMA d.s');
    const { rows } = Connection.prototype;
    let consumption: Promise<unknown> | undefined;
    Connection.prototype.rows = async function (sql) {
      if (sql.includes('$initial')) {
        consumption ??= other.rows('INSERT INTO sink SELECT id, v FROM whole');
        await consumption;
      }
      return rows.call(this, sql);
    };
    try {
      expect(await client.values('SELECT id, v FROM whole')).to.deep.equal([[1, 'old']]);
    } finally {
      Connection.prototype.rows = rows;
    }
    expect(consumption).to.not.equal(undefined);
    expect(await client.values('SELECT id, v FROM whole')).to.deep.equal([]);
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    await client.rows('INSERT INTO sink SELECT id, v FROM whole');
    expect(await client.values('SELECT id FROM sink ORDER BY 1')).to.deep.equal([[1], [2]]);
    await client.rows('DROP STREAM whole');
  });

  it('with SHOW_INITIAL_ROWS gives the table’s rows first', async () => {
    await client.rows('CREATE OR REPLACE STREAM whole ON TABLE t SHOW_INITIAL_ROWS = TRUE');
    await client.rows(`INSERT INTO t VALUES (2, 'a')`);
    expect(await records('whole')).to.deep.equal([[1, 'old', 'INSERT', false]]);
    await client.rows('INSERT INTO sink SELECT id, v FROM whole');
    expect(await records('whole')).to.deep.equal([[2, 'a', 'INSERT', false]]);
  });

  it('survives a restart with its offset', async () => {
    await client.rows(`INSERT INTO t VALUES (2, 'a')`);
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    await client.rows(`INSERT INTO t VALUES (3, 'b')`);
    await snowflake.restart();
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.s');
    expect(await records()).to.deep.equal([[3, 'b', 'INSERT', false]]);
  });

  it('merges into a table as a pipeline would', async () => {
    await client.rows('INSERT INTO sink SELECT * FROM t');
    await client.rows(`UPDATE t SET v = 'changed' WHERE id = 1`);
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    await client.rows(`MERGE INTO sink USING (SELECT id, v FROM changes WHERE METADATA$ACTION = 'INSERT') c ON sink.id = c.id
      WHEN MATCHED THEN UPDATE SET v = c.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (c.id, c.v)`);
    expect(await client.values('SELECT * FROM sink ORDER BY id')).to.deep.equal([
      [1, 'changed'],
      [2, 'new'],
    ]);
    expect(await hasData()).to.equal(false);
  });

  it('is shown, described, and refused for what it cannot follow', async () => {
    const [shown] = await client.rows("SHOW STREAMS LIKE 'CHANGES'");
    expect(shown).to.include({
      name: 'CHANGES',
      table_name: 'D.S.T',
      mode: 'DEFAULT',
      type: 'DELTA',
      stale: 'false',
    });
    expect((await client.error('CREATE STREAM x ON STAGE v')).message).to.contain('only streams on tables');
    expect((await client.error('CREATE STREAM x ON TABLE t INSERT_ONLY = TRUE')).message).to.contain(
      'INSERT_ONLY',
    );
  });

  it('hands its records to a new table, together with the table', async () => {
    await client.rows(`INSERT INTO t VALUES (2, 'new')`);
    await client.rows('INSERT INTO sink SELECT id, v FROM changes');
    await client.rows(`INSERT INTO t VALUES (3, 'newer')`);
    await client.rows('CREATE OR REPLACE TABLE fresh AS SELECT id, v FROM changes');
    expect(await client.values('SELECT * FROM fresh')).to.deep.equal([[3, 'newer']]);
    expect(await records()).to.deep.equal([]);
    await client.rows(`INSERT INTO t VALUES (4, 'x')`);
    await client.error('CREATE TABLE none AS SELECT 1 / (id - 4) AS q FROM changes');
    expect(await records()).to.deep.equal([[4, 'x', 'INSERT', false]]);
    // docs: user-guide/streams-manage, how to pass over what a stream has
    await client.rows('CREATE OR REPLACE TEMPORARY TABLE unused AS SELECT * FROM changes WHERE 1 = 0');
    expect(await hasData()).to.equal(false);
  });
});
