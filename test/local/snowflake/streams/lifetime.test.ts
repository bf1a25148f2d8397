import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

const DAY = 86_400_000;

describe('the lifetime of a stream', () => {
  const clock = new MovableClock({ at: Date.UTC(2026, 0, 5), frozen: true });
  let snowflake: TestSnowflake;
  let client: Client;

  const connected = async () => {
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.s');
  };
  before(async () => {
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE SCHEMA d.s');
    await client.rows('CREATE TABLE sink (id INT, v VARCHAR)');
  });
  beforeEach(async () => {
    for (const row of await client.rows('SHOW STREAMS')) await client.rows(`DROP STREAM ${row.name}`);
    await client.rows('CREATE OR REPLACE TABLE t (id INT, v VARCHAR)');
    await client.rows('CREATE OR REPLACE STREAM changes ON TABLE t');
  });
  after(() => snowflake.close());

  /** Time passes; sessions do not outlive days. */
  const days = async (count: number) => {
    clock.advance(count * DAY);
    await client.close();
    await connected();
  };
  const shown = async (name = 'CHANGES') => (await client.rows(`SHOW STREAMS LIKE '${name}'`))[0]!;
  const staleAfter = async (name?: string) => new Date(String((await shown(name)).stale_after)).getTime();
  const insert = (id: number) => client.rows(`INSERT INTO t VALUES (${id}, 'v')`);
  const consume = (stream = 'changes') => client.rows(`INSERT INTO sink SELECT id, v FROM ${stream}`);

  /** How many changes are kept for the streams, as stands in the database's file. */
  const kept = async (): Promise<number> => {
    let rows = 0;
    await snowflake.restart(async () => {
      const instance = await DuckDBInstance.create(join(snowflake.stateDir, 'snowflake', 'data.duckdb'));
      const connection = await instance.connect();
      const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRows() as string[][];
      for (const [log] of await read(
        // Those of tables that are there: UNDROP could bring back those of tables that were replaced.
        "SELECT table_name FROM duckdb_tables() WHERE table_name IN (SELECT (json::JSON ->> 'physical') || '$changes' FROM catalog WHERE kind = 'TABLE')",
      ))
        rows += Number((await read(`SELECT count(*)::VARCHAR FROM "${log}"`))[0]![0]);
      connection.closeSync();
      instance.closeSync();
    });
    await connected();
    return rows;
  };

  // docs: user-guide/streams-intro, "Data retention period and staleness"
  it('is the larger of the two retention times after the last consumption', async () => {
    const now = clock.now();
    expect(await staleAfter()).to.equal(now + 14 * DAY);
    for (const [retention, extension, expected] of [
      [14, 0, 14],
      [1, 14, 14],
      [0, 90, 90],
    ]) {
      await client.rows(
        `ALTER TABLE t SET DATA_RETENTION_TIME_IN_DAYS = ${retention} MAX_DATA_EXTENSION_TIME_IN_DAYS = ${extension}`,
      );
      expect(await staleAfter(), `${retention}, ${extension}`).to.equal(now + expected! * DAY);
    }
    expect((await client.rows("SHOW TABLES LIKE 't'"))[0]).to.include({ retention_time: '0' });
    await client.rows('ALTER TABLE t UNSET DATA_RETENTION_TIME_IN_DAYS, MAX_DATA_EXTENSION_TIME_IN_DAYS');
    await client.rows('ALTER DATABASE d SET MAX_DATA_EXTENSION_TIME_IN_DAYS = 3');
    await client.rows('ALTER SCHEMA d.s SET DATA_RETENTION_TIME_IN_DAYS = 5');
    expect(await staleAfter()).to.equal(now + 5 * DAY);
    await client.rows('ALTER SCHEMA d.s UNSET DATA_RETENTION_TIME_IN_DAYS');
    expect(await staleAfter()).to.equal(now + 3 * DAY);
    await client.rows('ALTER DATABASE d UNSET MAX_DATA_EXTENSION_TIME_IN_DAYS');
    const error = await client.error('CREATE TABLE bad (x INT) DATA_RETENTION_TIME_IN_DAYS = 91');
    expect(error.message).to.contain("invalid value [91] for parameter 'DATA_RETENTION_TIME_IN_DAYS'");
    expect(
      (await client.error('CREATE TRANSIENT TABLE bad (x INT) DATA_RETENTION_TIME_IN_DAYS = 2')).code,
    ).to.equal('001008');
  });

  it('begins anew with each consumption, and a stale stream is read no more', async () => {
    await days(13);
    await insert(1);
    await client.rows('SELECT * FROM changes');
    await consume();
    await days(13);
    await insert(2);
    expect((await shown()).stale).to.equal('false');
    expect(await client.values('SELECT id FROM changes')).to.deep.equal([[2]]);
    await days(2);
    expect((await shown()).stale).to.equal('true');
    for (const sql of ['SELECT * FROM changes', `SELECT SYSTEM$STREAM_HAS_DATA('changes')`]) {
      const error = await client.error(sql);
      expect(error, sql).to.include({ code: '000707', sqlState: '02000' });
      expect(error.message, sql).to.contain('Time travel data is not available for table T');
    }
    // "If parameters affecting table retention are increased, streams that are already stale will remain stale"
    await client.rows('ALTER TABLE t SET MAX_DATA_EXTENSION_TIME_IN_DAYS = 90');
    expect((await shown()).stale).to.equal('true');
    expect(await staleAfter()).to.be.greaterThan(clock.now());
    expect((await client.error('SELECT * FROM changes')).code).to.equal('000707');
    await client.rows('CREATE OR REPLACE STREAM changes ON TABLE t');
    await insert(3);
    expect(await client.values('SELECT id FROM changes')).to.deep.equal([[3]]);
  });

  // docs: sql-reference/functions/system_stream_has_data
  it('begins anew when SYSTEM$STREAM_HAS_DATA finds it empty, and only then', async () => {
    await days(10);
    expect(await client.value(`SELECT SYSTEM$STREAM_HAS_DATA('changes')`)).to.equal(false);
    expect(await staleAfter()).to.equal(clock.now() + 14 * DAY);
    await insert(1);
    await days(10);
    expect(await client.value(`SELECT SYSTEM$STREAM_HAS_DATA('changes')`)).to.equal(true);
    expect(await staleAfter()).to.equal(clock.now() + 4 * DAY);
  });

  it('ends with its table, dropped or replaced, but not when that is renamed', async () => {
    await insert(1);
    await client.rows('ALTER TABLE t RENAME TO renamed');
    expect(await client.values('SELECT id FROM changes')).to.deep.equal([[1]]);
    expect((await shown()).table_name).to.equal('D.S.RENAMED');
    await client.rows('ALTER TABLE renamed RENAME TO t');
    await client.rows('CREATE OR REPLACE TABLE t (id INT, v VARCHAR)');
    const error = await client.error('SELECT * FROM changes');
    expect(error).to.include({ code: '091901', sqlState: '01000' });
    expect(error.message).to.equal("Base table 'D.S.T' dropped, cannot read from stream 'CHANGES'");
    expect(await shown()).to.include({
      table_name: 'No privilege or table dropped',
      stale: 'true',
      stale_after: null,
      invalid_reason: 'N/A',
    });
    await client.rows('DROP TABLE t');
    expect((await client.error('INSERT INTO sink SELECT id, v FROM changes')).code).to.equal('091901');
    await client.rows('DROP STREAM changes');
  });

  it('keeps only the changes that some stream still needs', async () => {
    await client.rows('CREATE STREAM second ON TABLE t');
    for (const id of [1, 2, 3]) await insert(id);
    expect(await kept()).to.equal(3);
    await consume();
    await insert(4);
    expect(await kept()).to.equal(4);
    await consume('second');
    expect(await kept()).to.equal(1);
    expect(await client.values('SELECT id FROM changes')).to.deep.equal([[4]]);
    await client.rows('DROP STREAM changes');
    await client.rows('DROP STREAM second');
    expect(await kept()).to.equal(0);
    await insert(5);
    expect(await kept()).to.equal(0);
    await client.rows('CREATE STREAM third ON TABLE t');
    await insert(6);
    expect(await client.values('SELECT id FROM third')).to.deep.equal([[6]]);
  });

  it('holds no changes back once it is stale', async () => {
    await insert(1);
    expect(await kept()).to.equal(1);
    await days(15);
    expect(await kept()).to.equal(0);
    await insert(2);
    expect(await kept()).to.equal(0);
  });

  it('keeps what an open transaction has read, though another consumer is past it', async () => {
    await client.rows('CREATE STREAM second ON TABLE t');
    const other = await snowflake.connect();
    await other.rows('USE SCHEMA d.s');
    await insert(1);
    await other.rows('BEGIN');
    expect(await other.values('SELECT id FROM changes')).to.deep.equal([[1]]);
    await consume();
    await consume('second');
    // The deletion follows the commits at once: these give it time to happen.
    for (let i = 0; i < 20; i++) await client.rows("SELECT SYSTEM$STREAM_HAS_DATA('second')");
    expect(await other.values('SELECT id FROM changes')).to.deep.equal([[1]]);
    await other.rows('COMMIT');
    expect(await other.values('SELECT id FROM changes')).to.deep.equal([]);
    await other.close();
  });

  it('of the append-only kind need no more than inserted rows', async () => {
    await client.rows('CREATE OR REPLACE STREAM changes ON TABLE t APPEND_ONLY = TRUE');
    await insert(1);
    await client.rows("UPDATE t SET v = 'w'");
    await client.rows('MERGE INTO t USING (SELECT 1 AS id) AS s ON t.id = s.id WHEN MATCHED THEN DELETE');
    expect(await kept()).to.equal(1);
    const error = await client.error("CREATE STREAM every ON TABLE t AT (STREAM => 'changes')");
    expect(error.message).to.contain('append-only');
    await client.rows("CREATE STREAM same ON TABLE t AT (STREAM => 'changes') APPEND_ONLY = TRUE");
    expect(await client.values('SELECT id FROM same')).to.deep.equal([[1]]);
    // From here on somebody wants to know of everything.
    await client.rows('CREATE STREAM every ON TABLE t');
    await insert(2);
    await client.rows('DELETE FROM t');
    expect(await client.values('SELECT id FROM every')).to.deep.equal([]);
    expect(await kept()).to.equal(3);
  });

  it('can begin where another stream stands', async () => {
    await insert(1);
    await consume();
    await insert(2);
    await client.rows("CREATE STREAM same ON TABLE t AT (STREAM => 'changes')");
    await client.rows('CREATE STREAM clone CLONE changes');
    await client.rows(
      "CREATE OR REPLACE STREAM changes ON TABLE t AT (STREAM => 'changes') COMMENT = 'kept'",
    );
    for (const stream of ['changes', 'same', 'clone'])
      expect(await client.values(`SELECT id FROM ${stream}`), stream).to.deep.equal([[2]]);
    await client.rows("CREATE OR ALTER STREAM same ON TABLE t COMMENT = 'altered'");
    expect(await shown('SAME')).to.include({ comment: 'altered', mode: 'DEFAULT' });
    expect(await client.values('SELECT id FROM same')).to.deep.equal([[2]]);
    const error = await client.error('CREATE OR ALTER STREAM same ON TABLE t APPEND_ONLY = TRUE');
    expect(error.message).to.contain('drop it and create a new one');
    for (const point of ['OFFSET => -60', "TIMESTAMP => '2026-01-01'::TIMESTAMP", "STATEMENT => 'x'"])
      expect((await client.error(`CREATE STREAM x ON TABLE t AT (${point})`)).message).to.contain(
        'Time Travel',
      );
    const columns = Object.keys((await client.rows('SHOW TERSE STREAMS'))[0]!);
    expect(columns.join()).to.equal('created_on,name,kind,database_name,schema_name,tableOn');
  });

  // docs: sql-reference/sql/create-stream, access control requirements; user-guide/streams-intro, required privileges
  it('needs the table’s owner for the first one, and SELECT on the table to be read', async () => {
    await client.rows('DROP STREAM changes');
    await client.rows('CREATE OR REPLACE TABLE t (id INT, v VARCHAR)');
    for (const sql of [
      'CREATE ROLE IF NOT EXISTS reader',
      'GRANT ROLE reader TO USER admin',
      'GRANT USAGE ON DATABASE d TO ROLE reader',
      'GRANT USAGE, CREATE STREAM ON SCHEMA d.s TO ROLE reader',
      'GRANT SELECT ON TABLE t TO ROLE reader',
    ])
      await client.rows(sql);
    const reader = await snowflake.connect({ role: 'READER' });
    await reader.rows('USE SCHEMA d.s');
    await reader.rows('USE SECONDARY ROLES NONE');
    expect((await reader.error('CREATE STREAM theirs ON TABLE t')).code).to.equal('003001');
    await client.rows('ALTER TABLE t SET CHANGE_TRACKING = TRUE');
    expect((await client.rows("SHOW TABLES LIKE 't'"))[0]).to.include({ change_tracking: 'ON' });
    await client.rows('CREATE STREAM changes ON TABLE t');
    await reader.rows('CREATE STREAM theirs ON TABLE t');
    await insert(1);
    expect(await reader.values('SELECT id FROM theirs')).to.deep.equal([[1]]);
    await client.rows('REVOKE SELECT ON TABLE t FROM ROLE reader');
    expect((await reader.error('SELECT * FROM theirs')).code).to.equal('091901');
    await client.rows('GRANT SELECT ON STREAM changes TO ROLE reader');
    await client.rows('CREATE OR REPLACE STREAM changes COPY GRANTS ON TABLE t');
    await client.rows('GRANT SELECT ON TABLE t TO ROLE reader');
    expect(await reader.values('SELECT id FROM changes')).to.deep.equal([]);
    await reader.close();
  });
});
