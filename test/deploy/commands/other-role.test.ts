import { expect } from 'chai';
import { command as apply } from '../../../deploy/commands/apply.js';
import { carryOut } from '../../../deploy/commands/command.js';
import { command as plan } from '../../../deploy/commands/plan.js';
import { command as train } from '../../../deploy/commands/train.js';
import { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { command as firstDay } from '../../../first-day/command.js';
import { hostedCloud } from '../embedded-cloud.js';

const globals = { target: 'cloud', json: false, verbose: false };

describe('a session with another role than the deploying one, in real accounts', () => {
  const local = hostedCloud('mail: { to: [] }', 'applied');
  let ctx: OpenContext;
  before(async () => {
    ctx = await local.open();
    const [row] = await ctx.snowflake.query<{ U: string }>('SELECT CURRENT_USER() AS U');
    for (const role of ['LOS_DEPLOY', 'LOS_OPERATE', 'LOS_PLAN'])
      await ctx.snowflake.execute(`GRANT ROLE ${role} TO USER ${row!.U}`);
    // The same account, as commands see a real one.
    Object.assign(ctx.target, { name: 'cloud' });
  });
  after(async () => {
    await ctx.close();
    local.remove();
  });
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: Error) => error as UserError,
    );

  it('neither applies, nor trains, nor asks the first day’s questions, and is told of its role and of the right one', async () => {
    for (const role of ['ACCOUNTADMIN', 'LOS_OPERATE', 'LOS_PLAN']) {
      await ctx.snowflake.execute(`USE ROLE ${role}`);
      for (const work of [
        carryOut(apply, 'apply', ctx, globals),
        carryOut(train, 'train', ctx, globals),
        carryOut(firstDay, 'first-day', ctx, { ...globals, yes: true, out: 'none.json' }),
      ]) {
        const error = await refusal(work);
        expect(error).to.be.instanceOf(UserError);
        expect(error!.message).to.match(new RegExp(`role ${role}, .* is for LOS_DEPLOY`));
        expect(error!.next).to.contain('SNOWFLAKE_ROLE=LOS_DEPLOY');
      }
    }
    await ctx.snowflake.execute('USE ROLE ACCOUNTADMIN');
  });

  it('looks all the same, and the local cloud takes every role', async () => {
    await carryOut(plan, 'plan', ctx, globals);
    Object.assign(ctx.target, { name: 'local' });
    expect((await carryOut(apply, 'apply', ctx, { ...globals, target: 'local' })).created).to.deep.equal([]);
  });

  it('is let in with the deploying role', async () => {
    Object.assign(ctx.target, { name: 'cloud' });
    await ctx.snowflake.execute('USE ROLE LOS_DEPLOY');
    const [row] = await ctx.snowflake.query<{ R: string }>('SELECT CURRENT_ROLE() AS R');
    expect(row!.R).to.equal('LOS_DEPLOY');
    // What is there belongs to ACCOUNTADMIN: past the door it is Snowflake that refuses.
    const error = await refusal(carryOut(apply, 'apply', ctx, globals));
    expect(String(error?.message)).not.to.contain('is for LOS_DEPLOY');
  });
});
