import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// docs: sql-reference/info-schema/tables
describe('LAST_ALTERED and LAST_DDL', () => {
  const clock = new MovableClock({ at: Date.UTC(2026, 0, 5), frozen: true });
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(() => snowflake.close());

  /** Hours since the beginning at which a relation was made, last altered and last changed by DDL. */
  const hours = async (name: string) =>
    (
      await client.values(
        `SELECT ${['CREATED', 'LAST_ALTERED', 'LAST_DDL'].map((column) => `DATEDIFF(hour, '2026-01-05'::DATE, ${column}::TIMESTAMP_NTZ)`)}
         FROM INFORMATION_SCHEMA.TABLES WHERE table_name = '${name}'`,
      )
    )[0];
  /** Runs a statement, an hour after the one before. */
  const later = async (sql: string) => {
    clock.advance(3_600_000);
    await client.rows(sql);
  };

  it('tell DML and DDL of a table, and of a view only DDL', async () => {
    await client.rows("ALTER SESSION SET TIMEZONE = 'UTC'");
    await later('CREATE TABLE t (id INT)');
    await later('CREATE VIEW v AS SELECT id FROM t');
    expect(await hours('T')).to.deep.equal([1, 1, 1]);
    await later('INSERT INTO t VALUES (1)');
    expect(await hours('T')).to.deep.equal([1, 3, 1]);
    await later('SELECT * FROM t');
    await later('ALTER TABLE t ADD COLUMN more INT');
    expect(await hours('T')).to.deep.equal([1, 5, 5]);
    await later('TRUNCATE TABLE t');
    expect(await hours('T')).to.deep.equal([1, 6, 5]);
    expect(await hours('V')).to.deep.equal([2, 2, 2]);
    await later("ALTER VIEW v SET COMMENT = 'x'");
    expect(await hours('V')).to.deep.equal([2, 7, 7]);
    await later('ALTER TABLE t RENAME TO u');
    expect(await hours('U')).to.deep.equal([1, 8, 8]);
    await later('CREATE OR REPLACE TABLE u (id INT)');
    expect(await hours('U')).to.deep.equal([9, 9, 9]);
  });
});
