import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { score } from '../../../deploy/scoring/score.js';
import { embeddedCloud } from '../embedded-cloud.js';
import type { Stage } from '../golden.js';
import { Journey } from '../journey.js';

describe('a task graph that is left suspended', () => {
  const settings = 'mail: { to: [] }\ntasks: { resumed: false }';
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;

  /** Copies a cloud whose graph runs, and has apply suspend it. */
  const open = async (stage: Stage) => {
    cloud = await embeddedCloud(settings, {}, stage);
    ctx = await cloud.open();
    journey = new Journey(ctx);
    await apply(ctx);
    expect(await states()).to.deep.equal(new Set(['suspended']));
  };
  const close = async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  };
  after(close);

  const states = async () =>
    new Set((await ctx.snowflake.query('SHOW TASKS IN SCHEMA PREDICT_LOS.LOS')).map(({ state }) => state));

  it('is run all the same when rows are loaded, quickly, and stays suspended', async () => {
    await open('applied');
    const started = Date.now();
    await journey.load(2000);
    expect(Date.now() - started).to.be.below(30_000);
    expect(await states()).to.deep.equal(new Set(['suspended']));
    await close();
  });

  it('is run all the same when rows are scored, quickly, and stays suspended', async () => {
    await open('trained');
    await journey.admit(5, 5_000_000);
    const result = await score(ctx, journey.contract);
    expect(result).to.include({ version: 'health-v1', built: 5, scored: 5 });
    expect(result.seconds).to.be.below(20);
    expect(await states()).to.deep.equal(new Set(['suspended']));
  });

  it('does not wait for a child that somebody suspended in a graph that runs', async () => {
    await ctx.snowflake.execute('ALTER TASK LOS_BUILD_FEATURES RESUME');
    await journey.admit(3, 6_000_000);
    expect(await score(ctx, journey.contract)).to.include({ built: 3, scored: 3 });
  });

  it('says what failed, and what to do', async () => {
    await ctx.snowflake.execute('DROP PROCEDURE SCORE_ADMISSIONS()');
    const error = await score(ctx, journey.contract).catch((e: unknown) => e);
    expect((error as Error).message).to.match(/^SCORE_ADMISSIONS failed: /);
    expect((error as { next: string }).next).to.contain('los score');
  });
});
