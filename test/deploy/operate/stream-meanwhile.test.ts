import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { applyPlan } from '../../../deploy/resources/apply.js';
import { makePlan } from '../../../deploy/resources/plan.js';
import { buildStack } from '../../../deploy/stack/index.js';
import { hostedCloud } from '../embedded-cloud.js';

describe('a stream that a run of the tasks makes while apply is under way', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;

  before(async () => {
    ctx = await cloud.open();
    // Suspends the tasks: at a quarter of an hour one of them would make the stream before the plan is made.
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('is taken as it is, and is as declared afterwards', async () => {
    await ctx.snowflake.execute('DROP STREAM PREDICT_LOS.LOS.HEALTH_ADMISSIONS_CHANGES');
    const stack = await buildStack(ctx);
    const plan = await makePlan(ctx, stack);
    expect(plan.changes.map(({ action, id }) => `${action} ${id}`)).to.include(
      'create snowflake.stream:HEALTH_ADMISSIONS_CHANGES',
    );
    await ctx.snowflake.query('CALL PREDICT_LOS.LOS.BUILD_FEATURES()');
    const [made] = await ctx.snowflake.query(
      "SHOW STREAMS LIKE 'HEALTH_ADMISSIONS_CHANGES' IN SCHEMA PREDICT_LOS.LOS",
    );
    expect(made).to.not.equal(undefined);
    await applyPlan(ctx, stack, plan);
    expect((await makePlan(ctx, stack)).changes).to.deep.equal([]);
  });
});
