import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeEndpointCommand, ListEndpointsCommand } from '@aws-sdk/client-sagemaker';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { connectAws } from '../../../../deploy/clients/aws-sdk.js';
import { destroy } from '../../../../deploy/operate/destroy.js';
import { deleteEndpoint } from '../../../../deploy/resources/aws/endpoint-removal.js';
import { SageMakerCloud } from '../../../local/aws/sagemaker/cloud.js';
import { longTests } from '../../../long.js';
import { embeddedCloud } from '../../embedded-cloud.js';
import { endpointInService } from '../../endpoint.js';
import { fakeContext } from '../../fake-context.js';

const { long } = longTests(import.meta.url);

describe('removing an endpoint', () => {
  const clock = new MovableClock();
  const cloud = new SageMakerCloud(60_000, 600_000, undefined, undefined, clock);
  let ctx: ReturnType<typeof fakeContext>;
  let artifact: string;
  before(async () => {
    await cloud.start();
    artifact = (await cloud.train('model')).ModelArtifacts!.S3ModelArtifacts!;
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.aws;
    const aws = await connectAws({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
    const { settings } = fakeContext();
    const roles = { ...settings.aws.roles, sageMaker: cloud.roleArn.split('/').at(-1)! };
    ctx = fakeContext({ aws, settings: { ...settings, aws: { ...settings.aws, roles } } });
  });
  after(async () => {
    ctx.aws.close();
    await cloud.close();
  });

  it('waits for one that is still being created, and takes one that is going or gone as removed', async () => {
    const request = { name: 'los-health-v1', version: 'health-v1', artifact };
    let creating = '';
    // It may see InService just before it goes, or nothing any more.
    const created = endpointInService(ctx, request, (status) => {
      creating = status;
    }).catch(() => undefined);
    while (!creating.endsWith('Creating')) await sleep(20);
    const status = async () =>
      (await ctx.aws.sageMaker.send(new DescribeEndpointCommand({ EndpointName: request.name })))
        .EndpointStatus;
    let deleted = false;
    const deleting = deleteEndpoint(ctx, request.name).then(() => {
      deleted = true;
    });
    expect(await status()).to.equal('Creating');
    expect(deleted).to.equal(false);
    for (; (await status()) === 'Creating'; await sleep(20)) clock.advance(60_000);
    await deleting;
    expect(await status()).to.equal('Deleting');
    await deleteEndpoint(ctx, request.name);
    clock.advance(600_000);
    await created;
    for (;;) {
      const { Endpoints } = await ctx.aws.sageMaker.send(new ListEndpointsCommand({}));
      if (Endpoints?.length === 0) break;
    }
    await deleteEndpoint(ctx, request.name);
  });
});

describe('destroying while SageMaker takes its time', () => {
  long('ends well, with nothing listed any more', async () => {
    const cloud = await embeddedCloud('mail: { to: [] }', { deletionTime: 3000 }, 'applied');
    const open = await cloud.open();
    // The cloud is looked at afterwards, and it lives in this process.
    const ctx = { ...open, target: { ...open.target, discard: async () => {} } };
    try {
      const bucket = `los-${ctx.aws.accountId}-${ctx.aws.region}`;
      await ctx.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'm/model.tar.gz', Body: 'x' }));
      const artifact = `s3://${bucket}/m/model.tar.gz`;
      await endpointInService(ctx, { name: 'los-health-v1', version: 'health-v1', artifact }).catch(
        () => undefined, // it fails its ping, and stands there as Failed
      );
      const result = await destroy(ctx, { yes: true, purgeData: true });
      expect(result.removed).to.include('aws.endpoint:los-health-v1');
      const { Endpoints } = await ctx.aws.sageMaker.send(new ListEndpointsCommand({}));
      expect(Endpoints).to.deep.equal([]);
    } finally {
      await ctx.close();
      await cloud.cloud.close();
      cloud.remove();
    }
  });
});
