import { expect } from 'chai';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { status } from '../../../deploy/operate/status.js';
import { examine } from '../../../doctor/examine.js';
import { longTests } from '../../long.js';
import { embeddedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';
import { versionNames } from '../version-names.js';

const { long } = longTests(import.meta.url);

/** A session whose DESCRIBE FUNCTION says nothing of translators and integration, as an account's may not. */
function silentDescribe(snowflake: Snowflake): Snowflake {
  const hidden = new Set(['request_translator', 'response_translator', 'api_integration']);
  return {
    async query(sql: string, binds?: never) {
      const rows = await snowflake.query(sql, binds);
      return sql.startsWith('DESCRIBE FUNCTION')
        ? rows.filter(({ property }) => !hidden.has(String(property).toLowerCase()))
        : rows;
    },
    execute: (sql, binds) => snowflake.execute(sql, binds),
    put: (file, stage) => snowflake.put(file, stage),
    close: () => snowflake.close(),
  } as Snowflake;
}

describe('the champion', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    const open = await cloud.open();
    ctx = { ...open, snowflake: silentDescribe(open.snowflake) };
    journey = new Journey(ctx);
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const answers = async () => {
    const [row] = await ctx.snowflake.query(
      `SELECT PREDICT_LOS(F) AS DAYS, PREDICT_LOS_DETAIL(F):version::VARCHAR AS VERSION, PREDICT_LOS_REASONS(F) AS REASONS
  FROM (SELECT OBJECT_CONSTRUCT(*) AS F FROM LOS_FEATURES LIMIT 1)`,
    );
    expect(Number(row!.DAYS)).to.be.greaterThan(0);
    expect(row!.VERSION).to.equal('health-v1');
    expect(row!.REASONS).to.be.an('object');
  };

  it('is named by status and found sound by the doctor where DESCRIBE FUNCTION does not show it', async () => {
    expect((await status(ctx)).translator).to.equal((await versionNames(ctx)).requestTranslator);
    expect((await examine(ctx, journey.contract)).first).to.equal(undefined);
  });

  long('goes on answering after its functions were declared again', async () => {
    for (const name of ['LOS_INVOKE_ENDPOINT', 'LOS_INVOKE_ENDPOINT_DETAIL', 'LOS_INVOKE_ENDPOINT_REASONS'])
      await ctx.snowflake.execute(`COMMENT ON FUNCTION ${name}(OBJECT) IS 'predict-los/los 0000'`);
    expect((await apply(ctx)).updated).to.include('snowflake.external-function:LOS_INVOKE_ENDPOINT(OBJECT)');
    await answers();
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  long('answers again from functions that a person dropped', async () => {
    await ctx.snowflake.execute('DROP FUNCTION LOS_INVOKE_ENDPOINT(OBJECT)');
    await ctx.snowflake.execute('DROP FUNCTION LOS_INVOKE_ENDPOINT_REASONS(OBJECT)');
    await apply(ctx);
    await answers();
  });

  it('is missed by the doctor when another translator answers, which it finds by asking', async () => {
    await ctx.snowflake.execute(
      'ALTER FUNCTION LOS_INVOKE_ENDPOINT_DETAIL(OBJECT) SET REQUEST_TRANSLATOR = LOS_NO_MODEL',
    );
    const { first } = await examine(ctx, journey.contract);
    expect(first).to.include({ check: 'prediction', fix: 'los model promote health-v1' });
  });
});
