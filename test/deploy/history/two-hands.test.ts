import { expect } from 'chai';
import type { Context } from '../../../deploy/context.js';
import { ask, close, type Look, take } from '../../../deploy/history/entries.js';
import type { OpenContext } from '../../../deploy/open.js';
import { hostedCloud } from '../embedded-cloud.js';
import { staleUpdate } from '../stale.js';

/** As an account might be that does not look at an UPDATE's WHERE again after it has had to wait for another's. */
describe('two who take the lease of the history at the same moment', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'applied');
  let one: OpenContext;
  let two: OpenContext;

  before(async () => {
    one = await cloud.open();
    two = await cloud.open();
  });
  after(async () => {
    await one.close();
    await two.close();
    cloud.remove();
  });

  /** A context whose first UPDATE that takes a lease has found its rows before `meanwhile`, and changes them after it. */
  function stale(ctx: OpenContext, meanwhile: () => Promise<unknown>): Context {
    let waited = false;
    const snowflake: Context['snowflake'] = {
      ...ctx.snowflake,
      query: (sql, binds) => ctx.snowflake.query(sql, binds),
      execute: (sql, binds = []) => {
        if (waited || !sql.includes("STATUS = 'RUNNING'")) return ctx.snowflake.execute(sql, binds);
        waited = true;
        return staleUpdate(ctx.snowflake, 'ID', sql, binds, meanwhile);
      },
    };
    return { ...ctx, snowflake };
  }

  const running = async () =>
    (await one.snowflake.query("SELECT ID FROM LOS_DEPLOYMENT_LOG WHERE STATUS = 'RUNNING'")).map(
      ({ ID }) => ID,
    );

  it('are one, where the other had waited for it', async () => {
    const [a, b] = [await ask(one, 'apply', null), await ask(two, 'apply', null)];
    let first: Look | undefined;
    const second = await take(
      stale(two, async () => {
        first = await take(one, a);
      }),
      b,
    );
    expect(first!.ahead).to.deep.equal([]);
    expect(second!.ahead.map(({ id }) => id)).to.deep.equal([a.id]);
    expect(await running()).to.deep.equal([a.id]);
    await close(one, a, 'SUCCEEDED', '');
    expect((await take(two, b))!.ahead).to.deep.equal([]);
    await close(two, b, 'SUCCEEDED', '');
  });

  it('are one in the end, where each had written that it has it before either looked', async () => {
    const [a, b] = [await ask(one, 'apply', null), await ask(two, 'promote', null)];
    let found = 0;
    let go = () => {};
    const both = new Promise<void>((resolve) => {
      go = resolve;
    });
    const meet = async () => {
      if (++found === 2) go();
      await both;
    };
    const [first, second] = await Promise.all([take(stale(one, meet), a), take(stale(two, meet), b)]);
    const ahead = [first!.ahead.length, second!.ahead.length];
    expect([...ahead].sort()).to.deep.equal([0, 1]);
    expect(await running()).to.deep.equal([ahead[0] === 0 ? a.id : b.id]);
  });
});
