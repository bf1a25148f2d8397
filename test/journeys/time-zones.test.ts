import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { entries } from '../../deploy/history/entries.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
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

  it('has its own days, whoever forecasts', async () => {
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
      "SELECT TO_VARCHAR(MAX(WATCHED_ON), 'YYYY-MM-DD') AS DAY FROM LOS_WATCH_PIPE",
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
