import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { forDataset } from '../../deploy/dataset/context.js';
import { UserError } from '../../deploy/errors.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { holds } from '../../doctor/check.js';
import { firstDayChecks } from '../../first-day/checks.js';
import { command } from '../../first-day/command.js';
import { firstDay, settle } from '../../first-day/settle.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';

describe('los first-day', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;
  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
    ctx = await cloud.open();
    journey = new Journey(ctx);
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const out = () => join(cloud.folder, 'first-day.json');
  const run = () => firstDay(ctx, { yes: true, out: out() }, forDataset(ctx).contract);
  const databases = async () =>
    (await ctx.snowflake.query('SHOW DATABASES'))
      .map(({ name }) => name)
      .filter((name) => name !== 'SNOWFLAKE');
  const integrations = async () => (await ctx.snowflake.query('SHOW INTEGRATIONS')).map(({ name }) => name);
  const warehouses = async () => (await ctx.snowflake.query('SHOW WAREHOUSES')).map(({ name }) => name);

  it('says what it costs before it does anything', async () => {
    const before = [await databases(), await warehouses()];
    const error = await firstDay(ctx, { yes: false, out: out() }, forDataset(ctx).contract).catch(
      (e: unknown) => e,
    );
    expect(error).to.be.instanceOf(UserError);
    expect((error as Error).message).to.contain('0.09 credits');
    expect((error as UserError).next).to.contain('--yes');
    expect([await databases(), await warehouses()]).to.deep.equal(before);
  });

  it('settles in an empty account what needs no deployment, and leaves nothing behind', async () => {
    const before = [await databases(), await warehouses(), await integrations()];
    const { checks } = await run();
    expect(checks.filter(({ verdict }) => verdict === 'breaks')).to.deep.equal([]);
    const open = checks.filter(({ verdict }) => verdict === 'open').map(({ name }) => name);
    expect(open).to.deep.equal([
      'own-stream',
      'second-plan',
      'describe-function',
      'control-routes',
      'read-role',
      'scored-by-task',
      'hidden-table',
      'serverless-task',
      'model-package',
      'batch-transform',
      'cold-start',
      'throttling',
    ]);
    expect(checks.find(({ name }) => name === 'sql-around-external')).to.include({
      verdict: 'holds',
      saw: 'such a function is taken',
    });
    expect([await databases(), await warehouses(), await integrations()]).to.deep.equal(before);
  });

  describe('where a version is promoted', () => {
    before(async () => {
      await apply(ctx);
      await journey.load(2000);
      await journey.train();
      await journey.admit(3, 5_000_000);
      await runGraph(ctx, journey.contract);
    });

    it('leaves open what only another role could tell', async () => {
      const { checks } = await run();
      expect(checks.find(({ name }) => name === 'read-role')).to.include({ verdict: 'open' });
    });

    it('settles every question, each with what it would mean', async () => {
      await ctx.snowflake.execute(`GRANT ROLE LOS_READ TO USER ${cloud.cloud.connection.snowflake.user}`);
      const report = await run();
      const { checks } = report;
      expect(checks.map(({ name }) => name)).to.deep.equal(firstDayChecks.map(({ name }) => name));
      expect(
        checks.filter(({ verdict }) => verdict !== 'holds').map(({ name, saw }) => `${name}: ${saw}`),
      ).to.deep.equal([]);
      for (const { name, saw, means } of checks) {
        expect(saw, name).to.match(/\S/);
        expect(means, name).to.match(/\S.{20}/);
      }
      expect(checks.find(({ name }) => name === 'javascript-binds')!.saw).to.match(/^FLOAT.*takes it$/);
      expect(command.exitCode!(report)).to.equal(0);
      expect(command.print!(report).join('\n')).to.contain(`${checks.length} hold, 0 break, 0 open`);
      expect(await databases()).to.deep.equal(['PREDICT_LOS']);
      const [row] = await ctx.snowflake.query('SELECT CURRENT_SCHEMA() AS S, CURRENT_WAREHOUSE() AS W');
      expect(row).to.deep.equal({ S: 'LOS', W: 'LOS_WH' });
    });

    it('writes a file that names no account, user, host or secret', async () => {
      await run();
      const text = readFileSync(out(), 'utf8');
      const { snowflake, aws } = cloud.cloud.connection;
      for (const secret of [
        snowflake.password,
        aws.secretAccessKey,
        aws.accessKeyId,
        ctx.aws.accountId,
        'http',
        'CASE_ID',
      ])
        expect(text).not.to.contain(secret);
      expect(JSON.parse(text)).to.include({ target: 'local', region: 'us-east-1' });
    });

    it('finds a plan that would change something for ever', async () => {
      await ctx.snowflake.execute('ALTER WAREHOUSE LOS_WH SET AUTO_SUSPEND = 333');
      const { checks } = await run();
      await apply(ctx);
      const plan = checks.find(({ name }) => name === 'second-plan')!;
      expect(plan.verdict).to.equal('breaks');
      expect(plan.saw).to.contain('LOS_WH').and.contain('AUTO_SUSPEND');
      expect(command.exitCode!({ checks } as never)).to.equal(1);
    });
  });

  it('leaves a question open when it is refused, goes on, and hides what the refusal quotes', async () => {
    const settled = await settle(ctx, journey.contract, undefined, [
      {
        name: 'refused',
        asks: 'May it?',
        look: async () => {
          await ctx.snowflake.query('SELECT * FROM NOWHERE');
          return holds('', '');
        },
      },
      { name: 'next', asks: 'And then?', look: async () => holds('account 123456789012', 'x') },
    ]);
    expect(settled.map(({ verdict }) => verdict)).to.deep.equal(['open', 'holds']);
    expect(settled[1]!.saw).to.equal('account ACCOUNT');
    expect(await databases()).to.not.include('LOS_FIRST_DAY');
  });

  it('keeps its hands off a database of that name that is not its own', async () => {
    await ctx.snowflake.execute('CREATE DATABASE LOS_FIRST_DAY');
    const error = await run().catch((e: unknown) => e);
    expect((error as Error).message).to.contain('los first-day did not make');
    expect(await databases()).to.include('LOS_FIRST_DAY');
    await ctx.snowflake.execute('DROP DATABASE LOS_FIRST_DAY');
  });
});
