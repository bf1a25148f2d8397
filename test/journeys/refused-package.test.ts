import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { promote } from '../../deploy/model/promote.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';

describe('an account that may not use SageMaker’s model registry', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'loaded');
  let ctx: OpenContext;
  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('gets its version trained and promoted all the same, with a warning', async () => {
    const Statement = [
      {
        Effect: 'Deny',
        Action: ['sagemaker:CreateModelPackage', 'sagemaker:ListModelPackages'],
        Resource: '*',
      },
    ];
    await ctx.aws.iam.send(
      new PutRolePolicyCommand({
        RoleName: ctx.settings.aws.roles.control,
        PolicyName: 'no-registry',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
    const warnings: string[] = [];
    const progress = { ...silentProgress, warn: (text: string) => void warnings.push(text) };
    const { contract } = new Journey(ctx);
    const result = await trainVersion({ ...ctx, progress }, contract, { candidates: ['squared-error'] });
    expect(result.version).to.equal('health-v1');
    expect(result.unpackaged).to.match(/^health-v1 is not in SageMaker's registry, .*not authorized/);
    expect(warnings).to.include(result.unpackaged!);
    await promote({ ...ctx, progress }, contract, 'health-v1', { force: true });
    expect(warnings.at(-1)).to.match(/^health-v1 is promoted, but not approved/);
    const [row] = await ctx.snowflake.query(
      "SELECT STATUS FROM LOS_MODEL_REGISTRY WHERE VERSION = 'health-v1'",
    );
    expect(row).to.deep.equal({ STATUS: 'CHAMPION' });
  });
});
