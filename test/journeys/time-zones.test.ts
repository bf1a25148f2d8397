import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { profileTable } from '../../contracts/profiling/profile.js';
import { callProcedure } from '../../deploy/clients/call.js';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { entries } from '../../deploy/history/entries.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { qualify } from '../../procedures/ground/names.js';
import { dataset } from '../deploy/dataset-commands.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

/** Late in the evening of the 30th in Auckland, its morning in UTC, its night in Los Angeles, where an account is that says nothing else. */
const NOW = '2027-06-30T10:00:00Z';

/** As a German administrator may want it for people. */
const FORMATS = [
  "ALTER ACCOUNT SET DATE_INPUT_FORMAT = 'DD.MM.YYYY', DATE_OUTPUT_FORMAT = 'DD.MM.YYYY'",
  "ALTER ACCOUNT SET TIMESTAMP_INPUT_FORMAT = 'DD.MM.YYYY HH24:MI:SS', TIMESTAMP_OUTPUT_FORMAT = 'DD.MM.YYYY HH24:MI:SS'",
];

describe('a hospital that is in another zone than its account, which reads and writes dates otherwise', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let user: Awaited<ReturnType<typeof connectSnowflake>>;

  before(async () => {
    const clock = new MovableClock({ at: Date.parse(NOW) });
    local = await embeddedCloud('timeZone: Pacific/Auckland\nmail: { to: [] }', { clock }, 'loaded');
    ctx = await local.open();
    for (const sql of FORMATS) await ctx.snowflake.execute(sql);
    await ctx.close();
    ctx = await local.open();
    await apply(ctx);
    // Days are counted from the last one of which the data know: patients have come on this one.
    await ctx.snowflake.execute(
      `UPDATE HEALTH_FEATURES SET ADMISSION_DATE = DATEADD(day, DATEDIFF(day, (SELECT MAX(ADMISSION_DATE) FROM HEALTH_FEATURES), '2027-06-30'::DATE), ADMISSION_DATE)`,
    );
    user = await connectSnowflake(ctx.target.snowflake, 'unused', ctx.settings.snowflake);
    // As who has set nothing: what los sets is taken back.
    await user.execute(
      `ALTER SESSION UNSET TIMEZONE, DATE_INPUT_FORMAT, DATE_OUTPUT_FORMAT, TIMESTAMP_INPUT_FORMAT, TIMESTAMP_NTZ_OUTPUT_FORMAT,
TIMESTAMP_LTZ_OUTPUT_FORMAT, TIMESTAMP_TZ_OUTPUT_FORMAT`,
    );
  });
  after(async () => {
    await user.close();
    await ctx.close();
    await local.cloud.close();
    local.remove();
  });

  it('has its own days, whatever the session', async () => {
    const [asked] = await user.query(
      'SELECT TO_VARCHAR(CURRENT_TIMESTAMP()) AS NOW, TO_VARCHAR(CURRENT_DATE()) AS TODAY',
    );
    expect(asked).to.include({ TODAY: '30.06.2027' });
    expect(asked!.NOW).to.match(/^30\.06\.2027 03:00/);
    for (const session of [ctx.snowflake, user]) {
      const { madeOn } = await callProcedure<{ madeOn: string }>(
        { ...ctx, snowflake: session },
        'FORECAST_BEDS',
        [],
      );
      expect(madeOn).to.equal('2027-06-30');
    }
  });

  it('is watched by its own days', async () => {
    await user.query("CALL WATCH_PREDICTIONS('2027-06-30')");
    const [watched] = await ctx.snowflake.query<{ DAY: string }>(
      "SELECT TO_VARCHAR(MAX(WATCHED_ON), 'YYYY-MM-DD') AS DAY FROM LOS_WATCH_PIPELINE",
    );
    expect(watched!.DAY).to.equal('2027-06-30');
  });

  it('has its tasks in its zone', async () => {
    const tasks = await ctx.snowflake.query<{ name: string }>('SHOW TASKS');
    expect(tasks).to.not.be.empty;
    for (const { name } of tasks) {
      const [ddl] = await ctx.snowflake.query<{ TEXT: string }>(`SELECT GET_DDL('TASK', '${name}') AS TEXT`);
      expect(ddl!.TEXT, name).to.match(/TIMEZONE\s*=\s*'Pacific\/Auckland'/);
    }
  });

  it('reads of its patients as of its own today, also from elsewhere', async () => {
    await ctx.snowflake.execute(
      `INSERT INTO HEALTH_FEATURES (CASE_ID, ADMISSION_DATE) VALUES (-1, '2027-06-30')`,
    );
    const sql = 'SELECT DAYS_SO_FAR FROM LOS_EXPECTED_DISCHARGES WHERE CASE_ID = -1';
    const far = await connectSnowflake(
      ctx.target.snowflake,
      'unused',
      ctx.settings.snowflake,
      'Pacific/Pago_Pago',
    );
    expect(await far.query('SELECT CURRENT_DATE()::VARCHAR AS D')).to.deep.equal([{ D: '2027-06-29' }]);
    for (const session of [ctx.snowflake, far])
      expect(await session.query(sql)).to.deep.equal([{ DAYS_SO_FAR: 0 }]);
    await far.close();
  });

  it('finds in the history when something was done', async () => {
    const [last] = await entries(ctx, 1);
    expect(last!.started).to.match(/^2027-06-30T10:0\d:\d\dZ$/);
  });
});

const MOMENTS = `name: moments
table: MOMENTS
id: ID
admission: CAME
discharge: WENT
columns:
  ID: NUMBER
  CAME: TIMESTAMP_TZ
  WENT: { type: TIMESTAMP_LTZ, nulls: ['9999-12-31'] }
  SEVERITY: VARCHAR
  AGE: NUMBER
features:
  SEVERITY: { type: categorical }
  AGE: { type: numeric }
  HOUR: { type: numeric, sql: HOUR(CAME) }
`;

describe('a hospital’s table of moments', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  const features = () =>
    ctx.snowflake.query(
      "SELECT ID, TO_VARCHAR(CAME, 'YYYY-MM-DD HH24:MI') AS CAME, HOUR, LOS FROM MOMENTS_FEATURES ORDER BY ID",
    );

  before(async () => {
    local = await embeddedCloud('timeZone: Europe/Berlin\nmail: { to: [] }\ndataset: moments.yaml');
    const path = join(local.folder, 'moments.yaml');
    writeFileSync(path, MOMENTS);
    ctx = await local.open();
    const { database, schema } = ctx.settings.snowflake;
    await ctx.snowflake.execute(`CREATE DATABASE ${database}`);
    await ctx.snowflake.execute(`CREATE SCHEMA ${database}.${schema}`);
    await ctx.snowflake.execute(`USE SCHEMA ${database}.${schema}`);
    await ctx.snowflake.execute(
      'CREATE TABLE MOMENTS (ID NUMBER, CAME TIMESTAMP_TZ, WENT TIMESTAMP_LTZ, SEVERITY VARCHAR, AGE NUMBER)',
    );
    await ctx.snowflake.execute(`INSERT INTO MOMENTS SELECT $1, $2::TIMESTAMP_TZ, $3::TIMESTAMP_LTZ, 'mild', 50 FROM VALUES
  (1, '2026-10-25 01:30:00 +0200', '2026-10-26 01:30:00 +0100'),
  (2, '2026-03-28 23:30:00 +0100', '2026-03-29 22:30:00 +0200'),
  (3, '2026-01-01 23:30:00 +0000', '2026-01-02 10:00:00 +0000'),
  (4, '2026-10-25 02:50:00 +0200', '2026-10-25 02:10:00 +0100'),
  (5, '2026-10-24 23:59:00 +0200', '9999-12-31 00:00:00 +0100')`);
    await dataset.check(ctx, { dataset: path });
    const own = forDataset(ctx, path);
    await apply(own.ctx);
    await callProcedure(own.ctx, 'BUILD_FEATURES', []);
  });
  after(async () => {
    await ctx.close();
    await local.cloud.close();
    local.remove();
  });

  it('is read by its clock, through the nights on which that is changed', async () => {
    expect(await features()).to.deep.equal([
      { ID: 1, CAME: '2026-10-25 01:30', HOUR: 1, LOS: 1 },
      { ID: 2, CAME: '2026-03-28 23:30', HOUR: 23, LOS: 1 },
      // Of the second by the clock in Berlin, whatever offset it is written with.
      { ID: 3, CAME: '2026-01-02 00:30', HOUR: 0, LOS: 0 },
      // Twenty minutes later, and forty earlier by the clock.
      { ID: 4, CAME: '2026-10-25 02:50', HOUR: 2, LOS: 0 },
      { ID: 5, CAME: '2026-10-24 23:59', HOUR: 23, LOS: null },
    ]);
  });

  it('is the same whatever session builds it', async () => {
    const before = await features();
    const { settings, target } = ctx;
    const far = await connectSnowflake(target.snowflake, 'unused', settings.snowflake, 'America/Los_Angeles');
    await far.execute("UPDATE MOMENTS SET SEVERITY = 'grave'");
    const built = await callProcedure<{ updated: number }>(
      { settings, snowflake: far },
      'BUILD_FEATURES',
      [],
    );
    await far.close();
    expect(built.updated).to.equal(5);
    expect(await features()).to.deep.equal(before);
  });

  it('is told from a table of clocks', async () => {
    const path = join(local.folder, 'clocks.yaml');
    writeFileSync(path, MOMENTS.replace('CAME: TIMESTAMP_TZ', 'CAME: TIMESTAMP_NTZ'));
    const { lines, failed } = await dataset.check(ctx, { dataset: path });
    expect(failed).to.equal(true);
    expect(lines.join('\n')).to.contain('CAME is TIMESTAMP_TZ in the table, TIMESTAMP_NTZ in the contract.');
  });

  it('is drafted as what it is, and what stands for no one having left is missing', async () => {
    const { columns } = await profileTable(ctx.snowflake, qualify(ctx.settings, 'MOMENTS'));
    const of = (name: string) => columns.find((column) => column.name === name)!;
    expect(of('CAME')).to.include({ type: 'TIMESTAMP_TZ' });
    expect(of('WENT')).to.include({ type: 'TIMESTAMP_LTZ' });
    expect(of('WENT').markers).to.deep.equal(['9999-12-31']);
    expect(of('CAME').markers).to.deep.equal([]);
  });

  it('is not trained on with stays of thousands of years', async () => {
    const path = join(local.folder, 'unsaid.yaml');
    writeFileSync(path, MOMENTS.replace("{ type: TIMESTAMP_LTZ, nulls: ['9999-12-31'] }", 'TIMESTAMP_LTZ'));
    const { lines, failed } = await dataset.check(ctx, { dataset: path });
    expect(failed).to.equal(true);
    expect(lines.join('\n')).to.match(
      /1 discharge is of the year 2900 or later.*WENT: \{ type: TIMESTAMP_LTZ, nulls: \['9999-12-31'\] \}/s,
    );
  });
});
