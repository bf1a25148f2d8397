import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { history } from '../../../deploy/commands/history.js';
import type { Context } from '../../../deploy/context.js';
import { UserError } from '../../../deploy/errors.js';
import { currentPlace } from '../../../deploy/history/machine.js';
import { recordWork } from '../../../deploy/history/record-work.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { longTests } from '../../long.js';
import { embeddedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

describe('the history of a deployment', () => {
  /** It stands still unless it is moved: no lease runs out because the machine is busy. */
  const clock = new MovableClock({ frozen: true });
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let other: OpenContext;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', { clock }, 'applied');
    // What was copied may have been applied since the clock was made.
    clock.advance(Math.max(0, Date.now() - clock.now()));
    ctx = await cloud.open();
    other = await cloud.open();
  });
  afterEach(() => ctx.snowflake.execute('DELETE FROM LOS_DEPLOYMENT_LOG'));
  after(async () => {
    await ctx.close();
    await other.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const last = async () => (await history(ctx, 1))[0]!;
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error as Error & { next?: string },
    );
  /** A row as another machine's los leaves it when it is killed. */
  const row = (action: string, process: string) =>
    ctx.snowflake.execute(
      `INSERT INTO LOS_DEPLOYMENT_LOG (ID, ACTION, STATUS, ASKED_AT, STARTED_AT, ALIVE_UNTIL, USER_NAME, HOST, PROCESS, COMMIT_ID)
SELECT 'x', ?, 'RUNNING', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), DATEADD(SECOND, 60, CURRENT_TIMESTAMP()), 'CI', 'runner-7', ?, 'abcdef0123456789'`,
      [action, process],
    );
  /** A context that tells when it begins to wait for another, and for whom. */
  const listening = (context: Context) => {
    let tell: (note: string) => void;
    const waits = new Promise<string>((resolve) => {
      tell = resolve;
    });
    return {
      waits,
      context: { ...context, progress: { ...silentProgress, note: (text: string) => tell(text) } },
    };
  };

  it('says who did what, when, from where, and what came of it', async () => {
    await recordWork(
      ctx,
      { action: 'promote', subject: 'health-v3' },
      async () => 7,
      (days) => `${days} days`,
    );
    const entry = await last();
    expect(entry).to.include({
      action: 'promote',
      subject: 'health-v3',
      status: 'SUCCEEDED',
      host: hostname(),
      message: '7 days',
    });
    expect(Date.parse(entry.finished!)).to.be.at.least(Date.parse(entry.started!));
    expect(entry.user).to.be.a('string').that.is.not.empty;
  });

  it('keeps failures, without a secret and without a value in them', async () => {
    const error = new Error("Object 'PREDICT_LOS.LOS.X' of 'Müller, Anna' has token=abcdef");
    const thrown = await failure(
      recordWork(
        ctx,
        { action: 'train' },
        () => Promise.reject(error),
        () => '',
      ),
    );
    expect(thrown).to.equal(error);
    expect(await last()).to.include({
      status: 'FAILED',
      message: "Object 'PREDICT_LOS.LOS.X' of '…' has token=***",
    });
  });

  it('lets one wait for another, and says for whom', async () => {
    const order: string[] = [];
    const { waits, context } = listening(other);
    const work = (name: string, during: () => Promise<unknown>) => async () => {
      order.push(`${name} begins`);
      await during();
      order.push(`${name} ends`);
    };
    let second: Promise<void> | undefined;
    await recordWork(
      ctx,
      { action: 'apply' },
      work('first', async () => {
        second = recordWork(
          context,
          { action: 'promote' },
          work('second', async () => undefined),
          () => '',
        );
        await waits;
      }),
      () => '',
    );
    await second;
    expect(order).to.deep.equal(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(await waits).to.match(
      /^Waiting for los apply, which \w+ has been running on .+ since [\d: -]+ UTC/,
    );
  });

  it('lets a training and an apply go on side by side, but no second training and no destroy', async () => {
    await recordWork(
      ctx,
      { action: 'train' },
      async () => {
        await recordWork(
          other,
          { action: 'apply' },
          async () => undefined,
          () => '',
        );
        for (const action of ['train', 'destroy'] as const) {
          const error = await failure(
            recordWork(
              other,
              { action },
              async () => undefined,
              () => '',
            ),
          );
          expect(error).to.be.instanceOf(UserError);
          expect(error.message).to.match(
            new RegExp(`^los ${action} does not wait for los train, which .* Nothing was changed`),
          );
          expect(error.next).to.contain('los history');
        }
      },
      () => '',
    );
    expect((await history(ctx, 10)).map(({ action, status }) => `${action} ${status}`).sort()).to.deep.equal([
      'apply SUCCEEDED',
      'destroy REFUSED',
      'train REFUSED',
      'train SUCCEEDED',
    ]);
  });

  it('refuses by name who has waited for long enough', async () => {
    await row('apply', '1@elsewhere');
    const error = await failure(
      recordWork(
        ctx,
        { action: 'rollback', patience: 0.1 },
        async () => undefined,
        () => '',
      ),
    );
    expect(error.message).to.contain('los apply, which CI has been running on runner-7 since');
    expect(error.message).to.contain('(commit abcdef012345)');
  });

  it('does not wait for a process of this machine that is gone', async () => {
    await row('apply', currentPlace().process.replace(/^\d+/, '4194304'));
    await recordWork(
      ctx,
      { action: 'apply' },
      async () => undefined,
      () => '',
    );
    expect((await history(ctx, 2)).map(({ status }) => status).sort()).to.deep.equal(['LOST', 'SUCCEEDED']);
  });

  it('does not wait for what a process of this machine has ended, and would keep others out, when that is gone', async () => {
    await row('destroy', currentPlace().process.replace(/^\d+/, '4194304'));
    await ctx.snowflake.execute(
      "UPDATE LOS_DEPLOYMENT_LOG SET STATUS = 'SUCCEEDED', FINISHED_AT = CURRENT_TIMESTAMP()",
    );
    await recordWork(
      ctx,
      { action: 'apply' },
      async () => undefined,
      () => '',
    );
    expect((await history(ctx, 2)).map(({ status }) => status)).to.deep.equal(['SUCCEEDED', 'SUCCEEDED']);
  });

  it('waits for one of another machine until it has been silent for too long', async () => {
    await row('apply', '1@elsewhere');
    let begun = false;
    const { waits, context } = listening(ctx);
    const second = recordWork(
      context,
      { action: 'apply' },
      async () => {
        begun = true;
      },
      () => '',
    );
    await waits;
    expect(begun).to.equal(false);
    clock.advance(61_000);
    await second;
    expect((await history(ctx, 2)).map(({ status }) => status).sort()).to.deep.equal(['LOST', 'SUCCEEDED']);
  });

  it('goes on for longer than its lifetime while its process says that it lives', async () => {
    const left = async () => {
      const [row] = await other.snowflake.query(
        "SELECT DATEDIFF(ms, CURRENT_TIMESTAMP(), ALIVE_UNTIL) AS MS FROM LOS_DEPLOYMENT_LOG WHERE STATUS = 'RUNNING'",
      );
      return Number(row!.MS);
    };
    await recordWork(
      ctx,
      { action: 'apply', seconds: 2 },
      async () => {
        // Three times its lifetime, of which it never misses the end.
        for (let passed = 0; passed < 4; passed++) {
          clock.advance(1500);
          while ((await left()) <= 500) await sleep(20);
        }
        const error = await failure(
          recordWork(
            other,
            { action: 'apply', patience: 0 },
            async () => undefined,
            () => '',
          ),
        );
        expect(error.message).to.contain('does not wait any longer for los apply');
      },
      () => 'done',
    );
    expect((await history(ctx, 5)).map(({ status }) => status)).to.have.members(['SUCCEEDED', 'REFUSED']);
  });

  it('stops work whose lease was lost meanwhile, and says so', async () => {
    const error = await failure(
      recordWork(
        ctx,
        { action: 'apply', seconds: 1 },
        async ({ signal }) => {
          await other.snowflake.execute("UPDATE PREDICT_LOS.LOS.LOS_DEPLOYMENT_LOG SET STATUS = 'LOST'");
          await sleep(600_000, undefined, { signal });
        },
        () => '',
      ),
    );
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.contain('could not tell Snowflake that it is alive');
    expect(error.next).to.contain('los history').and.to.contain('run los apply again');
  });

  it('is interrupted while it waits, without having changed anything', async () => {
    await row('apply', '1@elsewhere');
    const stop = new AbortController();
    const { waits, context } = listening({ ...ctx, signal: stop.signal });
    const waiting = recordWork(
      context,
      { action: 'apply' },
      async () => undefined,
      () => '',
    );
    await waits;
    stop.abort();
    expect((await failure(waiting)).message).to.contain('was interrupted while it waited');
  });

  long('is made where it is missing, once, by the first of two', async () => {
    await ctx.snowflake.execute('DROP TABLE LOS_DEPLOYMENT_LOG');
    const applied = await Promise.all([apply(ctx), apply(other)]);
    expect(applied.flatMap(({ created }) => created)).to.contain('snowflake.table:LOS_DEPLOYMENT_LOG');
    expect((await history(ctx, 5)).map(({ status }) => status)).to.deep.equal(['SUCCEEDED', 'SUCCEEDED']);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    await ctx.snowflake.execute('DROP TABLE LOS_DEPLOYMENT_LOG');
    const error = await failure(
      recordWork(
        ctx,
        { action: 'train' },
        async () => undefined,
        () => '',
      ),
    );
    expect(error.message).to.contain('has no LOS_DEPLOYMENT_LOG to write to');
    expect(error.next).to.equal('Run los apply first.');
    expect(await history(ctx, 5)).to.deep.equal([]);
    await apply(ctx, undefined, { acceptLoss: ['LOS_DEPLOYMENT_LOG'] });
  });
});
