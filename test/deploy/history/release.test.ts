import { expect } from 'chai';
import { carryOut } from '../../../deploy/commands/command.js';
import { history } from '../../../deploy/commands/history.js';
import { command as statusCommand } from '../../../deploy/commands/status.js';
import { loadContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import { recordWork } from '../../../deploy/history/record-work.js';
import { compareReleases } from '../../../deploy/history/release.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { destroy } from '../../../deploy/operate/destroy.js';
import { plan } from '../../../deploy/operate/plan.js';
import { status } from '../../../deploy/operate/status.js';
import { ownRelease } from '../../../deploy/project.js';
import { examine } from '../../../doctor/examine.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

describe('releases', () => {
  it('are ordered as Semantic Versioning orders them', () => {
    const ordered = [
      ...['0.2.0', '0.3.0-alpha', '0.3.0-alpha.1', '0.3.0-beta', '0.3.0-dev.2', '0.3.0-dev.10'],
      ...['0.3.0', '0.3.1', '0.10.0', '1.0.0-1', '1.0.0-rc.1', '1.0.0'],
    ];
    for (const [i, a] of ordered.entries())
      for (const [j, b] of ordered.entries())
        expect(compareReleases(a, b), `${a} and ${b}`).to.equal(Math.sign(i - j));
    expect(compareReleases('0.3.0+build.7', '0.3.0')).to.equal(0);
  });
});

describe('a deployment of another release of los', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'applied');
  let ctx: OpenContext;

  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const madeBy = (release: string) =>
    ctx.snowflake.execute('UPDATE LOS_DEPLOYMENT_LOG SET RELEASE = ?', [release]);
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.catch((each: unknown) => each);
    expect(error).to.be.instanceOf(UserError);
    return error as UserError;
  };
  const work = (action: 'train' | 'promote') => recordWork(ctx, { action }, async () => 1, String);

  it('says in its history which release it was', async () => {
    const [entry] = await history(ctx, 1);
    expect(entry).to.include({ action: 'apply', release: ownRelease });
  });

  it('is changed by no older one, and each command says which it takes', async () => {
    await madeBy('99.1.0');
    const before = await ctx.snowflake.query('SHOW OBJECTS IN SCHEMA PREDICT_LOS.LOS');
    const commands = [
      () => apply(ctx),
      () => plan(ctx),
      () => destroy(ctx, { yes: true, purgeData: true }),
      () => work('train'),
      () => work('promote'),
    ];
    for (const command of commands) {
      const { message, next } = await refusal(command());
      expect(message).to.match(/made by release 99\.1\.0 of los, and this is .*does not know all of it/);
      expect(next).to.match(/Update los to 99\.1\.0 or later/);
    }
    const names = (rows: readonly Record<string, unknown>[]) => rows.map(({ name }) => name);
    expect(names(await ctx.snowflake.query('SHOW OBJECTS IN SCHEMA PREDICT_LOS.LOS'))).to.deep.equal(
      names(before),
    );
    expect((await history(ctx, 5)).map((entry) => entry.status)).to.include('REFUSED');
    expect((await status(ctx)).health.problems[0]).to.match(/99\.1\.0/);
    const { first } = await examine(ctx, loadContract(ctx.settings.dataset));
    expect(first).to.include({ check: 'release' });
  });

  long('is upgraded by apply alone, which every other command says', async () => {
    await madeBy('0.2.9');
    for (const action of ['train', 'promote'] as const)
      expect((await refusal(work(action))).next).to.match(/^Run los apply/);
    expect((await status(ctx)).health.problems.join()).to.match(/release 0\.2\.9 of los.*Run los apply/);
    const { first } = await examine(ctx, loadContract(ctx.settings.dataset));
    expect(first).to.include({ check: 'release', fix: 'los apply' });
    await apply(ctx);
    expect((await status(ctx)).health.problems).to.deep.equal([]);
  });

  long('is upgraded where it has no column for releases, nor what status reads', async () => {
    await ctx.snowflake.execute('ALTER TABLE LOS_DEPLOYMENT_LOG DROP COLUMN RELEASE');
    await ctx.snowflake.execute('ALTER TABLE LOS_RUN_LOG DROP COLUMN DETAILS');
    const globals = { target: 'local', json: false, verbose: false } as const;
    const { message, next } = await refusal(carryOut(statusCommand, 'status', ctx, globals as never));
    expect(message).to.match(/a release before 0\.3\.0/);
    expect(next).to.match(/^Run los apply/);
    expect((await refusal(work('train'))).next).to.equal('Run los apply first.');
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect((await history(ctx, 1))[0]).to.include({ action: 'apply', release: ownRelease });
  });
});
