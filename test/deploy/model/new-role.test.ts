import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { connectAws } from '../../../deploy/clients/aws-sdk.js';
import { onceRoleIsKnown } from '../../../deploy/model/new-role.js';
import { createEndpoint, runTraining } from '../../../deploy/model/sagemaker.js';
import { BUCKET, IMAGE, SageMakerCloud } from '../../local/aws/sagemaker/cloud.js';
import { fakeContext } from '../fake-context.js';

describe('a role that is too new for SageMaker', () => {
  // Roles count a second after they were made, for SageMaker too.
  const cloud = new SageMakerCloud(0, 0, {}, 1000);
  let ctx: ReturnType<typeof fakeContext>;
  before(async () => {
    await cloud.start();
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.aws;
    const aws = await connectAws({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
    ctx = fakeContext({ aws });
  });
  after(async () => {
    ctx.aws.close();
    await cloud.close();
  });

  const makeRole = async () => {
    const RoleName = ctx.settings.aws.roles.sageMaker;
    const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await cloud.iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: document({
          Effect: 'Allow',
          Principal: { Service: 'sagemaker.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
      }),
    );
    const PolicyDocument = document({ Effect: 'Allow', Action: ['s3:*', 'ecr:*'], Resource: '*' });
    await cloud.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
    return async () => {
      await cloud.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }));
      await cloud.iam.send(new DeleteRoleCommand({ RoleName }));
    };
  };

  it('is waited for by training and by an endpoint', async () => {
    const remove = await makeRole();
    const { artifact } = await runTraining(
      ctx,
      {
        version: 'health-v1',
        stem: 'los-health-v1',
        location: `s3://${BUCKET}`,
        hyperparameters: { num_round: '5', objective: 'reg:squarederror' },
      },
      () => {},
    );
    expect(artifact).to.match(/^s3:/);
    await remove();
    await makeRole();
    const name = 'los-health-v1';
    await createEndpoint(ctx, { name, version: 'health-v1', image: IMAGE, artifact }, () => {});
  });

  it('is told from other refusals, which are not waited for', async () => {
    let calls = 0;
    const refused = async () => {
      calls++;
      throw new Error('Requested image not found.');
    };
    await onceRoleIsKnown(refused, ctx.signal).catch(() => undefined);
    expect(calls).to.equal(1);
  });
});
