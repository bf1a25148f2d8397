import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { destroy } from '../../../deploy/operate/destroy.js';
import { plan } from '../../../deploy/operate/plan.js';
import { status } from '../../../deploy/operate/status.js';
import { examine } from '../../../doctor/examine.js';
import { longTests } from '../../long.js';
import { fillRecords, recordTables } from '../../procedures/records/records.js';
import { embeddedCloud } from '../embedded-cloud.js';

const { long, few } = longTests(import.meta.url);

const DAY = 86_400_000;

describe('a table of records that is gone', () => {
  const clock = new MovableClock();
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  const run = (sql: string) => ctx.snowflake.execute(sql);

  before(async () => {
    cloud = await embeddedCloud('', { clock }, 'applied');
    ctx = await cloud.open();
    for (const table of recordTables) await fillRecords(ctx, table, 12);
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  async function refusal(work: () => Promise<unknown>): Promise<UserError> {
    try {
      await work();
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
    return expect.fail('it should have been refused');
  }
  const changes = async () => (await plan(ctx)).changes.map(({ action, id }) => `${action} ${id}`);
  const rowsOf = async (table: string) => {
    const [row] = await ctx.snowflake.query(`SELECT COUNT(*) AS N FROM ${table}`);
    return Number(row!.N);
  };
  /** The statements of a next step, run as they are. */
  async function paste(next = ''): Promise<void> {
    for (const statement of next.slice(0, next.lastIndexOf(';')).split(/;\s*/)) await run(statement);
  }

  for (const table of few(recordTables, 2))
    it(`is not made again: ${table}`, async () => {
      const rows = await rowsOf(table);
      await run(`DROP TABLE ${table}`);
      const refused = await refusal(() => plan(ctx));
      expect(refused.message).to.match(new RegExp(`^${table} was dropped at \\d.* with ${rows} rows\\. `));
      expect(refused.next).to.match(
        new RegExp(`^UNDROP TABLE PREDICT_LOS\\.LOS\\.${table}; Then los apply\\. .*--accept-loss ${table}$`),
      );
      await paste(refused.next);
      expect(await rowsOf(table)).to.equal(rows);
      expect((await changes()).filter((each) => !/stream|grants/.test(each))).to.deep.equal([]);
    });

  it('stops apply before anything is changed, and doctor and status say the statement', async () => {
    await run('DROP TABLE LOS_PREDICTION_LOG');
    await run('DROP TABLE LOS_DEPLOYMENT_LOG');
    await run('DROP PROCEDURE WATCH_SCORING()');
    const refused = await refusal(() => apply(ctx));
    expect(refused.next).to.contain('UNDROP TABLE');
    expect(await ctx.snowflake.query("SHOW PROCEDURES LIKE 'WATCH_SCORING'")).to.deep.equal([]);
    const { first } = await examine(ctx, loadContract(ctx.settings.dataset, ctx.settings.timeZone));
    expect(first).to.deep.include({ check: 'tables', state: 'broken' });
    expect(first!.fix).to.contain('UNDROP TABLE PREDICT_LOS.LOS.LOS_PREDICTION_LOG; ');
    expect(first!.fix).to.contain('UNDROP TABLE PREDICT_LOS.LOS.LOS_DEPLOYMENT_LOG; ');
    const { health } = await status(ctx);
    expect(health.problems.join('\n')).to.contain('UNDROP TABLE PREDICT_LOS.LOS.LOS_PREDICTION_LOG; ');
    await paste(first!.fix);
    await apply(ctx);
    expect(await changes()).to.deep.equal([]);
    expect(await rowsOf('LOS_PREDICTION_LOG')).to.equal(12);
  });

  long('is renamed back, and one that was dropped after another is brought back beneath it', async () => {
    await run('ALTER TABLE LOS_MODEL_REGISTRY RENAME TO LOS_MODEL_REGISTRY_OLD');
    const renamed = await refusal(() => apply(ctx));
    expect(renamed.message).to.contain('LOS_MODEL_REGISTRY_OLD looks like it');
    await paste(renamed.next);
    expect(await rowsOf('LOS_MODEL_REGISTRY')).to.equal(12);

    await run('CREATE OR REPLACE TABLE LOS_MODEL_REGISTRY (VERSION VARCHAR)');
    await run('DROP TABLE LOS_MODEL_REGISTRY');
    await paste((await refusal(() => apply(ctx))).next);
    await apply(ctx);
    expect(await rowsOf('LOS_MODEL_REGISTRY')).to.equal(12);
    expect(await changes()).to.deep.equal([]);
  });

  it('is made where its loss is accepted, which stays written down', async () => {
    await run('CALL CHECK_TABLES()');
    await run('DROP TABLE LOS_SHADOW_LOG');
    expect((await refusal(() => apply(ctx, undefined, { acceptLoss: ['LOS_RUN_LOG'] }))).message).to.contain(
      'LOS_RUN_LOG has lost no rows',
    );
    const mailed: unknown[] = [];
    const mail = Object.create(ctx.mail, {
      send: { value: async (...args: unknown[]) => mailed.push(args) },
    });
    const { created, lost } = await apply({ ...ctx, mail }, undefined, { acceptLoss: ['LOS_SHADOW_LOG'] });
    expect(created).to.include('snowflake.table:LOS_SHADOW_LOG');
    expect(lost!.join()).to.match(/^LOS_SHADOW_LOG was dropped at .* with 12 rows\. .* accepted that\.$/);
    const [entry] = await ctx.snowflake.query(
      "SELECT MESSAGE FROM LOS_DEPLOYMENT_LOG WHERE ACTION = 'apply' ORDER BY ASKED_AT DESC LIMIT 1",
    );
    expect(entry!.MESSAGE).to.contain('LOS_SHADOW_LOG was dropped');
    expect(JSON.stringify(mailed)).to.match(/LOS_SHADOW_LOG was dropped .* accepted that/);
    const [checked] = await ctx.snowflake.query('CALL CHECK_TABLES()');
    expect(JSON.stringify(checked)).to.not.contain('LOS_SHADOW_LOG');
    expect(await changes()).to.deep.equal([]);
  });

  long('is known by its count once Time Travel is over', async () => {
    await run('CALL CHECK_TABLES()');
    await run('DROP TABLE LOS_BED_FORECASTS');
    clock.advance(2 * DAY);
    // Its session has ended meanwhile.
    await ctx.close();
    ctx = await cloud.open();
    const refused = await refusal(() => plan(ctx));
    expect(refused.message).to.match(
      /^LOS_BED_FORECASTS is gone: it had 12 rows at .*Time Travel does not show it any more\./,
    );
    expect(refused.next).to.match(/^See docs\/runbook\/tables\.md\..*--accept-loss LOS_BED_FORECASTS$/);
    await apply(ctx, undefined, { acceptLoss: ['LOS_BED_FORECASTS'] });
    expect(await changes()).to.deep.equal([]);
  });

  long('is with its schema or its database brought back by UNDROP too', async () => {
    for (const dropped of ['SCHEMA PREDICT_LOS.LOS', 'DATABASE PREDICT_LOS']) {
      await run(`DROP ${dropped}`);
      const refused = await refusal(() => apply(ctx));
      expect(refused.next).to.match(new RegExp(`^UNDROP ${dropped};`));
      await paste(refused.next);
      await run('USE SCHEMA PREDICT_LOS.LOS');
      expect(await rowsOf('LOS_PREDICTION_LOG')).to.equal(12);
    }
    await run('DROP DATABASE PREDICT_LOS');
    await run('CREATE DATABASE PREDICT_LOS');
    const refused = await refusal(() => apply(ctx));
    expect(refused.next).to.match(
      /^ALTER DATABASE PREDICT_LOS RENAME TO PREDICT_LOS_NEW; UNDROP DATABASE PREDICT_LOS;/,
    );
    await paste(refused.next);
    await run('USE SCHEMA PREDICT_LOS.LOS');
    expect(await rowsOf('LOS_PREDICTION_LOG')).to.equal(12);
  });

  long('is no loss where los destroy took it', async () => {
    // While another database is there, the cloud is not thrown away with this one.
    await run('CREATE DATABASE OTHERS');
    await run('USE SCHEMA PREDICT_LOS.LOS');
    await destroy(ctx, { yes: true, purgeData: true });
    const { created } = await apply(ctx);
    expect(created).to.include('snowflake.table:LOS_PREDICTION_LOG');
  });
});
