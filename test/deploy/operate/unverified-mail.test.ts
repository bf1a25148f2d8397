import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { examine } from '../../../doctor/examine.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

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
      'update snowflake.grants:LOS_OPERATE',
    ]);
  });

  long(
    'deploys that too once they are verified, and keeps it when another is named that is not',
    async () => {
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
    },
  );

  long('are named by the doctor where events do not leave', async () => {
    const told = async () => {
      const { findings } = await examine(ctx, loadContract(ctx.settings.dataset));
      return findings.find(({ check }) => check === 'told');
    };
    await ctx.snowflake.execute('DELETE FROM LOS_EVENTS');
    expect(await told()).to.include({ state: 'sound' });
    await ctx.snowflake.execute('ALTER TASK LOS_NOTIFY SUSPEND');
    await ctx.snowflake.execute(
      `INSERT INTO LOS_EVENTS (EVENT_ID, KIND, DATASET, DAY, SEVERITY, SUBJECT, MESSAGE, HAPPENED_AT)
SELECT 'e', 'alarm', 'health', CURRENT_DATE(), 'critical', 's', 'm', DATEADD(hour, -40, CURRENT_TIMESTAMP())`,
    );
    expect((await told())?.what).to.match(/^1 event waits to be mailed, the first for 40 hours\./);
    await ctx.snowflake.execute(
      `INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT, MESSAGE)
SELECT 'r', 'notify', 'health', 'FAILED', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), 'no such integration'`,
    );
    expect((await told())?.what).to.match(/the last run of notify failed: no such integration/);
  });
});
