import { PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { ACCOUNT, type Keys, policy, refused, TestCloud } from '../support.js';

describe('AssumeRole', () => {
  const cloud = new TestCloud();
  let vendor: Keys & { arn: string };
  before(async () => {
    await cloud.start();
    vendor = cloud.aws.createVendorUser('vendor');
  });
  after(() => cloud.remove());

  const trusting = (externalId: string) => ({
    Principal: { AWS: vendor.arn },
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  });

  it('gives another account’s user a session when the external ID is right', async () => {
    const arn = await cloud.role('trusted', trusting('id-1'));
    const session = await cloud.assume(vendor, arn, 'snow', 'id-1');
    const who = await cloud.sts(session).send(new GetCallerIdentityCommand({}));
    expect(who.Arn).to.equal(`arn:aws:sts::${ACCOUNT}:assumed-role/trusted/snow`);
    expect(who.UserId).to.match(/^AROA.*:snow$/);
  });

  it('denies a wrong or missing external ID, another user, and a missing role, all alike', async () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/trusted`;
    await refused(cloud.assume(vendor, arn, 'snow', 'id-2'), 'AccessDenied', /sts:AssumeRole on resource/);
    await refused(cloud.assume(vendor, arn, 'snow'), 'AccessDenied');
    await refused(cloud.assume(cloud.aws.createVendorUser('other'), arn, 'snow', 'id-1'), 'AccessDenied');
    await refused(cloud.assume(vendor, arn.replace('trusted', 'missing'), 'snow', 'id-1'), 'AccessDenied');
    await refused(cloud.assume(cloud.aws, arn, 'snow', 'id-1'), 'AccessDenied');
  });

  it('needs the caller’s own policy where the trust names its account', async () => {
    const arn = await cloud.role('internal', { Principal: { AWS: ACCOUNT } });
    await refused(cloud.assume(await cloud.user('without'), arn, 'session'), 'AccessDenied');
    const allowed = await cloud.user('with', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arn });
    await cloud.assume(allowed, arn, 'session');
  });

  it('gives a session its role’s permissions, as they change', async () => {
    await cloud.s3().send(new CreateBucketCommand({ Bucket: 'sts-bucket' }));
    const session = await cloud.assume(vendor, `arn:aws:iam::${ACCOUNT}:role/trusted`, 'snow', 'id-1');
    const put = () =>
      cloud.s3(session).send(new PutObjectCommand({ Bucket: 'sts-bucket', Key: 'k', Body: 'x' }));
    await refused(put(), 'AccessDenied', /no identity-based policy allows the s3:PutObject action/);
    const document = policy({
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::sts-bucket/*',
    });
    await cloud
      .iam()
      .send(new PutRolePolicyCommand({ RoleName: 'trusted', PolicyName: 'p', PolicyDocument: document }));
    await put();
  });

  it('checks the duration', async () => {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/trusted`;
    const assume = (DurationSeconds: number) =>
      cloud
        .sts(vendor)
        .send(
          new AssumeRoleCommand({ RoleArn, RoleSessionName: 'snow', ExternalId: 'id-1', DurationSeconds }),
        );
    await refused(assume(60), 'ValidationError', /greater than or equal to 900/);
    await refused(assume(7200), 'ValidationError', /MaxSessionDuration/);
  });
});

describe('time and credentials', () => {
  const cloud = new TestCloud();
  before(() => cloud.start({ propagationDelay: 8000 }));
  after(() => cloud.remove());

  it('a new role and a changed trust count after the propagation delay', async () => {
    const vendor = cloud.aws.createVendorUser('vendor');
    const trust = (id: string) => ({
      Effect: 'Allow',
      Principal: { AWS: vendor.arn },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': id } },
    });
    const arn = await cloud.role('late', trust('old'));
    await refused(cloud.assume(vendor, arn, 'snow', 'old'), 'AccessDenied');
    cloud.clock.advance(10_000);
    await cloud.assume(vendor, arn, 'snow', 'old');
    await cloud
      .iam()
      .send(new UpdateAssumeRolePolicyCommand({ RoleName: 'late', PolicyDocument: policy(trust('new')) }));
    await refused(cloud.assume(vendor, arn, 'snow', 'new'), 'AccessDenied');
    await cloud.assume(vendor, arn, 'snow', 'old');
    cloud.clock.advance(10_000);
    await cloud.assume(vendor, arn, 'snow', 'new');
    await refused(cloud.assume(vendor, arn, 'snow', 'old'), 'AccessDenied');
  });

  it('temporary credentials expire', async () => {
    const vendor = cloud.aws.createVendorUser('vendor');
    const session = await cloud.assume(vendor, `arn:aws:iam::${ACCOUNT}:role/late`, 'snow', 'new');
    const client = cloud.sts(session);
    await client.send(new GetCallerIdentityCommand({}));
    cloud.clock.advance(3600_000);
    // The first refusal is about the time; the client then signs with the cloud's.
    await refused(client.send(new GetCallerIdentityCommand({})), 'SignatureDoesNotMatch');
    await refused(client.send(new GetCallerIdentityCommand({})), 'ExpiredToken');
  });
});
