import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListModelsCommand } from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { firstDayChecks } from '../../first-day/checks.js';
import { settle } from '../../first-day/settle.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Breakages } from '../doctor/hops/breakages.js';
import { longTests } from '../long.js';

const { long } = longTests(import.meta.url);

/** Verdicts about a deployment, where its account refuses what it stands on. */
describe('a first day with a promoted version', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let by: Breakages;
  before(async () => {
    // An account may have no transform job at all.
    const quotas = { 'ml.m5.xlarge for transform job usage': 0 };
    cloud = await embeddedCloud('mail: { to: [] }', { quotas }, 'trained');
    by = new Breakages(await cloud.open());
  });
  after(async () => {
    await by.ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  async function verdict(name: string) {
    const checks = firstDayChecks.filter((check) => check.name === name);
    const [settled] = await settle(by.ctx, by.journey.contract, undefined, checks);
    return settled!;
  }

  long(
    'finds that short calls reach SageMaker compressed, as they did with a minimum compression size',
    async () => {
      expect(await verdict('control-routes')).to.include({ verdict: 'holds' });
      await by.api('/minimumCompressionSize', '1024');
      await by.deploy('by hand');
      const broken = await verdict('control-routes');
      expect(broken.verdict).to.equal('breaks');
      expect(broken.saw).to.contain('SerializationException');
      await by.apply();
      expect(await verdict('control-routes')).to.include({ verdict: 'holds' });
    },
  );

  it('finds that SageMaker’s registry is shut, which keeps no one from promoting', async () => {
    const Statement = [{ Effect: 'Deny', Action: 'sagemaker:CreateModelPackage', Resource: '*' }];
    await by.ctx.aws.iam.send(
      new PutRolePolicyCommand({
        RoleName: by.ctx.settings.aws.roles.control,
        PolicyName: 'no-registry',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
    const { verdict: found, saw, means } = await verdict('model-package');
    expect(found).to.equal('breaks');
    expect(saw).to.contain('AccessDenied').and.not.contain(by.ctx.aws.accountId);
    expect(means).to.contain('goes on without');
  });

  it('leaves open what a quota of none does not let it ask, and leaves nothing behind', async () => {
    const { verdict: found, saw } = await verdict('batch-transform');
    expect(found).to.equal('open');
    expect(saw).to.contain('ml.m5.xlarge for transform job usage');
    const { Models = [] } = await by.ctx.aws.sageMaker.send(new ListModelsCommand({}));
    expect(Models.filter(({ ModelName }) => ModelName?.includes('first-day'))).to.deep.equal([]);
    expect(await by.ctx.snowflake.query("LIST @LOS_EXCHANGE PATTERN = '.*first-day.*'")).to.deep.equal([]);
  });
});
