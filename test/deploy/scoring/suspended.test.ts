import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { score } from '../../../deploy/scoring/score.js';
import { longTests } from '../../long.js';
import { embeddedCloud } from '../embedded-cloud.js';
import type { Stage } from '../golden.js';
import { Journey } from '../journey.js';

const { long } = longTests(import.meta.url);

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

  const now = async () =>
    String((await ctx.snowflake.query('SELECT CURRENT_TIMESTAMP()::VARCHAR AS AT'))[0]!.AT);
  /** What was to be run by the graph since then: no one waits for that. */
  const executed = (since: string) =>
    ctx.snowflake.query(
      `SELECT QUERY_TEXT FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))
WHERE START_TIME >= '${since}'::TIMESTAMP_LTZ AND QUERY_TEXT LIKE 'EXECUTE TASK%'`,
    );

  long('is run all the same when rows are loaded, without waiting for it, and stays suspended', async () => {
    await open('applied');
    const since = await now();
    await journey.load(2000);
    expect(await executed(since)).to.deep.equal([]);
    expect(await states()).to.deep.equal(new Set(['suspended']));
    await close();
  });

  it('is run all the same when rows are scored, without waiting for it, and stays suspended', async () => {
    await open('trained');
    const since = await now();
    await journey.admit(5, 5_000_000);
    const result = await score(ctx, journey.contract);
    expect(result).to.include({ version: 'health-v1', built: 5, scored: 5 });
    expect(await executed(since)).to.deep.equal([]);
    expect(await states()).to.deep.equal(new Set(['suspended']));
  });

  it('does not wait for a child that a person suspended in a graph that runs', async () => {
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
