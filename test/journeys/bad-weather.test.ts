import { CreateRestApiCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { plan } from '../../deploy/operate/plan.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { removeEverything } from '../deploy/interrupted.js';

describe('apply in bad weather', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });
  afterEach(async () => {
    cloud.cloud.faults.clear();
    await removeEverything(ctx);
  });

  for (const fault of [
    'iam:*=throttle,share=0.2,seed=7',
    's3:*=unavailable,share=0.3,seed=7',
    'apigateway:*=fail,share=0.1,seed=7',
    'iam:*=cut,share=0.1,seed=7',
  ])
    it(`goes through ${fault}`, async () => {
      cloud.cloud.faults.add(parseFault(fault));
      await apply(ctx);
      expect(cloud.cloud.faults.list()[0]!.hits).to.be.greaterThan(0);
      cloud.cloud.faults.clear();
      expect((await plan(ctx)).changes).to.deep.equal([]);
    });

  it('clears away a second API, left by a creation whose answer got lost', async () => {
    await apply(ctx);
    await ctx.aws.apiGateway.send(
      new CreateRestApiCommand({ name: 'los', description: 'predict-los/los unfinished' }),
    );
    const { changes } = await plan(ctx);
    expect(changes.map(({ action, id }) => `${action} ${id}`)).to.have.length(1);
    expect(changes[0]!.action).to.equal('remove');
    await apply(ctx);
    expect((await ctx.aws.apiGateway.send(new GetRestApisCommand({}))).items).to.have.length(1);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });
});
