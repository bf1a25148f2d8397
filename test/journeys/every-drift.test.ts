import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { plan } from '../../deploy/operate/plan.js';
import { describePlan } from '../../report/operations/plan.js';
import { awsAlterations } from '../deploy/drift/aws.js';
import { snowflakeAlterations } from '../deploy/drift/snowflake.js';
import { localCloud } from '../deploy/local-context.js';

describe('drift of every kind of object', () => {
  const cloud = localCloud('mail: { to: [] }', 'applied');
  let ctx: OpenContext;

  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  for (const { what, alter, changes, says } of [...snowflakeAlterations, ...awsAlterations])
    it(`sees and mends ${what}, and touches nothing else`, async () => {
      await alter(ctx);
      const found = await plan(ctx);
      expect(found.changes.map(({ action, id }) => `${action} ${id}`)).to.deep.equal(changes);
      expect(describePlan(found).join('\n')).to.match(says);
      await apply(ctx);
      expect((await plan(ctx)).changes).to.deep.equal([]);
    });
});
