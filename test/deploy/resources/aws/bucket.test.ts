import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { bucketKind } from '../../../../deploy/resources/aws/bucket.js';
import { TestCloud } from '../../../local/aws/support.js';
import { fakeContext } from '../../fake-context.js';

const Bucket = 'los-bucket';

describe('the bucket', () => {
  const cloud = new TestCloud();
  before(() => cloud.start());
  after(() => cloud.remove());

  const bucket = (days: number) =>
    bucketKind.resource(Bucket, {
      encryption: 'AES256',
      publicAccess: 'blocked',
      transport: {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      expires: { prefix: 'training-files/', days },
    });

  it('keeps lifecycle rules that another made, and changes its own', async () => {
    const s3 = cloud.s3();
    const ctx = fakeContext({ aws: { s3, region: 'us-east-1' } as never });
    const rules = async () => (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules!;
    await bucketKind.create(ctx, bucket(90), 'f1');
    const [own] = await rules();
    expect(own).to.deep.include({ Status: 'Enabled', Expiration: { Days: 90 } });
    const theirs = {
      ID: 'cost-control',
      Status: 'Enabled',
      Filter: { Prefix: 'tmp/' },
      Expiration: { Days: 1 },
    };
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: [theirs, own!] as never },
      }),
    );
    const [live] = await bucketKind.list(ctx, [bucket(90)]);
    expect(live!.properties).to.deep.equal(bucketKind.definitionProperties!(bucket(90)));
    await bucketKind.update(ctx, bucket(30), 'f2', live!);
    expect(await rules()).to.deep.equal([theirs, { ...own, Expiration: { Days: 30 } }]);
  });
});
