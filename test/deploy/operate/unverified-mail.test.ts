import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { hostedCloud } from '../embedded-cloud.js';

describe('los apply with addresses that no one has verified', () => {
  const cloud = hostedCloud(
    'mail: { to: [], verified: [analyst@example.org, oncall@example.org] }',
    'applied',
  );
  let ctx: OpenContext;
  const warnings: string[] = [];
  before(async () => {
    const opened = await cloud.open();
    ctx = { ...opened, progress: { ...silentProgress, warn: (text) => void warnings.push(text) } };
    await ctx.snowflake.execute("CREATE USER ANALYST EMAIL = 'analyst@example.org'");
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const tasks = async () =>
    (await ctx.snowflake.query("SHOW TASKS LIKE 'LOS_NOTIFY' IN SCHEMA PREDICT_LOS.LOS")).length;

  it('deploys all but the task that mails, and says what to do', async () => {
    const applied = await apply(ctx);
    expect(applied.leftOut).to.have.length(1);
    expect(applied.leftOut[0])
      .to.contain('those at [2] are no verified user')
      .and.contain('SYSTEM$START_USER_EMAIL_VERIFICATION')
      .and.not.contain('oncall@');
    expect(warnings).to.include(applied.leftOut[0]!);
    expect(await tasks()).to.equal(0);
    const left = (await plan(ctx)).changes.map(({ action, id }) => `${action} ${id}`);
    expect(left).to.deep.equal([
      'create snowflake.notification-integration:LOS_MAIL',
      'create snowflake.task-graph:LOS_NOTIFY',
      'update snowflake.grants:LOS_RUN',
    ]);
  });

  it('deploys that too once they are verified, and keeps it when another is named that is not', async () => {
    await ctx.snowflake.execute("CREATE USER ONCALL EMAIL = 'oncall@example.org'");
    const applied = await apply(ctx);
    expect(applied.leftOut).to.deep.equal([]);
    expect(applied.created).to.include('snowflake.notification-integration:LOS_MAIL');
    expect(await tasks()).to.equal(1);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    const mail = { ...ctx.settings.mail, verified: [...ctx.settings.mail.verified, 'new@example.org'] };
    const other = { ...ctx, settings: { ...ctx.settings, mail } };
    expect((await apply(other)).leftOut[0]).to.contain('those at [3]');
    expect(await tasks()).to.equal(1);
  });
});
