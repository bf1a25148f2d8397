import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { graphsEnded } from '../tasks/runs.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 5, 12);

describe('metering', () => {
  let clock: MovableClock;
  let snowflake: TestSnowflake;
  let client: Client;

  beforeEach(async () => {
    clock = new MovableClock({ at: START, frozen: true });
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
    for (const sql of ['CREATE DATABASE d', 'CREATE SCHEMA d.s', 'CREATE TABLE t (x INT)'])
      await client.rows(sql);
  });
  afterEach(() => snowflake.close());

  const warehouse = (options: string) =>
    client.rows(
      `CREATE OR REPLACE WAREHOUSE w GENERATION = '1' AUTO_SUSPEND = 60 INITIALLY_SUSPENDED = TRUE ${options}`,
    );
  /** Seconds of compute that a warehouse was billed for, by the hour. */
  const seconds = async (name = 'W') =>
    (
      await client.rows(
        `SELECT CREDITS_USED_COMPUTE * 3600 AS S FROM TABLE(INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(
           DATE_RANGE_START => '2026-01-01', WAREHOUSE_NAME => '${name}')) WHERE CREDITS_USED_COMPUTE > 0 ORDER BY START_TIME`,
      )
    ).map(({ S }) => Number(Number(S).toFixed(3)));

  it('bills from the first statement to AUTO_SUSPEND after the last one', async () => {
    await warehouse('');
    await client.rows('INSERT INTO t VALUES (1)');
    clock.advance(30_000);
    await client.rows('INSERT INTO t VALUES (2)');
    clock.advance(10 * MINUTE);
    const [once, ...others] = await seconds();
    // Some 30 seconds from the first to the second, which takes .5 seconds or as long as it took here, then 60 seconds.
    expect(once).to.be.above(80).and.below(150);
    expect(others).to.deep.equal([]);
  });

  it('bills each start anew, and a larger warehouse as many times', async () => {
    await warehouse("WAREHOUSE_SIZE = 'SMALL'");
    await client.rows('INSERT INTO t VALUES (1)');
    clock.advance(20 * MINUTE);
    await client.rows('INSERT INTO t VALUES (2)');
    clock.advance(20 * MINUTE);
    const [both] = await seconds();
    expect(both)
      .to.be.at.least(2 * 2 * 62)
      .and.below(2 * 2 * 120);
  });

  it('bills the second generation, which a new warehouse is of, a third more', async () => {
    await client.rows('CREATE OR REPLACE WAREHOUSE w AUTO_SUSPEND = 60 INITIALLY_SUSPENDED = TRUE');
    await client.rows('INSERT INTO t VALUES (1)');
    await client.rows('ALTER WAREHOUSE w SUSPEND');
    expect(await seconds()).to.deep.equal([81]);
  });

  it('bills a minute at least', async () => {
    await warehouse('');
    await client.rows('INSERT INTO t VALUES (1)');
    await client.rows('ALTER WAREHOUSE w SUSPEND');
    clock.advance(MINUTE);
    expect(await seconds()).to.deep.equal([60]);
  });

  it('divides use by the hours in which it was', async () => {
    await warehouse('');
    clock.advance(HOUR - 10_000);
    await client.rows('INSERT INTO t VALUES (1)');
    clock.advance(10 * MINUTE);
    const [first, second] = await seconds();
    expect(first).to.equal(10);
    expect(second).to.be.at.least(52.2).and.below(110);
  });

  it('counts statements without a warehouse as cloud services', async () => {
    await client.rows('CREATE TABLE u (x INT)');
    const [row] = await client.rows(
      "SELECT * FROM TABLE(INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY('2026-01-01'::DATE, '2026-01-06'::DATE)) WHERE WAREHOUSE_NAME = 'CLOUD_SERVICES_ONLY'",
    );
    expect(Number(row!.CREDITS_USED_COMPUTE)).to.equal(0);
    expect(Number(row!.CREDITS_USED_CLOUD_SERVICES)).to.be.above(0);
    expect(Number(row!.CREDITS_USED)).to.equal(Number(row!.CREDITS_USED_CLOUD_SERVICES));
  });

  it('bills a task without a warehouse as long as it runs, and nothing else', async () => {
    await client.rows(`CREATE PROCEDURE three() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS
      'for (var i = 0; i < 3; i++) snowflake.execute({ sqlText: "INSERT INTO t VALUES (1)" }); return "done";'`);
    await client.rows("CREATE TASK managed SCHEDULE = '5 MINUTES' AS CALL three()");
    await client.rows('ALTER TASK managed RESUME');
    clock.advance(5 * MINUTE);
    await graphsEnded(client);
    const rows = await client.rows(
      "SELECT * FROM TABLE(INFORMATION_SCHEMA.SERVERLESS_TASK_HISTORY(DATE_RANGE_START => '2026-01-01', TASK_NAME => 'MANAGED'))",
    );
    expect(rows).to.have.length(1);
    expect(rows[0]!.TASK_NAME).to.equal('MANAGED');
    // Nine tenths of three times .5 seconds and of the CALL, and what compiling these costs.
    const compiled = 4 * 2e-5 * 3600;
    expect(Number(rows[0]!.CREDITS_USED) * 3600)
      .to.be.at.least(0.9 * 3 * 0.5 + compiled - 1e-6)
      .and.below(60);
    expect(await seconds()).to.deep.equal([]);
  });

  it('bills in full what the cloud services do for a task without a warehouse', async () => {
    await client.rows(`CREATE PROCEDURE shows() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS
      'for (var i = 0; i < 5; i++) snowflake.execute({ sqlText: "SHOW TABLES" }); return "done";'`);
    await client.rows("CREATE TASK managed SCHEDULE = '5 MINUTES' AS CALL shows()");
    await client.rows('ALTER TASK managed RESUME');
    clock.advance(5 * MINUTE);
    await graphsEnded(client);
    const [row] = await client.rows(
      "SELECT * FROM TABLE(INFORMATION_SCHEMA.SERVERLESS_TASK_HISTORY(DATE_RANGE_START => '2026-01-01'))",
    );
    // Each keeps them busy for .2 seconds at least, at 4.4 credits an hour, beside its compute.
    expect(Number(row!.CREDITS_USED) * 3600).to.be.at.least(5 * 0.2 * (4.4 + 0.9) - 1e-6);
  });

  it('goes on where it was when the account is opened again', async () => {
    await warehouse('');
    await client.rows('INSERT INTO t VALUES (1)');
    await client.rows('ALTER WAREHOUSE w SUSPEND');
    await snowflake.restart();
    client = await snowflake.connect({ database: 'D', schema: 'S' });
    expect(await seconds()).to.deep.equal([60]);
  });

  it('says nothing to roles that may not know', async () => {
    await warehouse('');
    await client.rows('INSERT INTO t VALUES (1)');
    await client.rows('ALTER WAREHOUSE w SUSPEND');
    await client.rows('CREATE ROLE other');
    await client.rows('GRANT USAGE ON DATABASE d TO ROLE other');
    await client.rows('GRANT ROLE other TO USER ADMIN');
    await client.rows('USE SECONDARY ROLES NONE');
    await client.rows('USE ROLE other');
    await client.rows('USE DATABASE d');
    expect(await seconds()).to.deep.equal([]);
    await client.rows('USE ROLE ACCOUNTADMIN');
    await client.rows('GRANT MONITOR USAGE ON ACCOUNT TO ROLE other');
    await client.rows('USE ROLE other');
    expect(await seconds()).to.deep.equal([60]);
  });
});
