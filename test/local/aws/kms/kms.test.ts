import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { ACCOUNT, TestCloud } from '../support.js';

const cloud = new TestCloud();
let kms: KMS;
let s3: S3;
let KeyId: string;

const statement = (Action: string, Condition?: object) => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action,
  Resource: '*',
  ...(Condition && { Condition }),
});
const MANAGE = ['kms:PutKeyPolicy', 'kms:*KeyDeletion', 'kms:DisableKey', 'kms:EnableKey'].map((action) =>
  statement(action),
);
const setPolicy = (...statements: object[]) =>
  kms.putKeyPolicy({
    KeyId,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [...MANAGE, ...statements] }),
  });
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => `${error.name}: ${error.message}`,
  );
const put = () => outcomeOf(s3.putObject({ Bucket: 'files', Key: 'a/b', Body: 'x' }));
const get = () => outcomeOf(s3.getObject({ Bucket: 'files', Key: 'a/b' }));

describe('local KMS', () => {
  before(async () => {
    await cloud.start();
    kms = new KMS(cloud.config());
    s3 = new S3({ ...cloud.config(), forcePathStyle: true });
    KeyId = (await kms.createKey({ Description: 'of files' })).KeyMetadata!.Arn!;
    await s3.createBucket({ Bucket: 'files' });
    await s3.putBucketEncryption({
      Bucket: 'files',
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyId },
            BucketKeyEnabled: true,
          },
        ],
      },
    });
  });
  after(async () => {
    kms.destroy();
    s3.destroy();
    await cloud.remove();
  });

  it('leaves it to the account’s own policies where a key’s policy says so, and only there', async () => {
    expect(await put()).to.equal('done');
    await setPolicy(statement('kms:GenerateDataKey'));
    expect(await put()).to.equal('done');
    expect(await get()).to.match(
      /^AccessDenied: .* kms:Decrypt on resource: arn:.* because no resource-based policy allows/,
    );
    await setPolicy(statement('kms:Decrypt'));
    expect(await get()).to.equal('done');
    expect(await put()).to.include('kms:GenerateDataKey');
  });

  it('tells policies by which service a key is used, and for which bucket', async () => {
    const via = (ViaService: string, arn: string) =>
      setPolicy(
        statement('kms:*', {
          StringEquals: { 'kms:ViaService': ViaService, 'kms:EncryptionContext:aws:s3:arn': arn },
        }),
      );
    await via('s3.us-east-1.amazonaws.com', 'arn:aws:s3:::files');
    expect([await put(), await get()]).to.deep.equal(['done', 'done']);
    await via('sagemaker.us-east-1.amazonaws.com', 'arn:aws:s3:::files');
    expect(await put()).to.match(/^AccessDenied/);
    await via('s3.us-east-1.amazonaws.com', 'arn:aws:s3:::others');
    expect(await get()).to.match(/^AccessDenied/);
  });

  it('refuses a key that is disabled, to be deleted or gone, in S3’s words', async () => {
    await setPolicy(statement('kms:*'));
    await kms.disableKey({ KeyId });
    expect(await get()).to.equal(`KMS.DisabledException: ${KeyId} is disabled.`);
    await kms.enableKey({ KeyId });
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(await put()).to.equal(`KMS.KMSInvalidStateException: ${KeyId} is pending deletion.`);
    expect((await kms.describeKey({ KeyId })).KeyMetadata!.KeyState).to.equal('PendingDeletion');
    await kms.cancelKeyDeletion({ KeyId });
    await kms.enableKey({ KeyId });
    expect(await get()).to.equal('done');
  });

  it('keeps a file that is copied onto itself under another key, and refuses one that changes nothing', async () => {
    const other = (await kms.createKey({})).KeyMetadata!.Arn!;
    const same = { Bucket: 'files', Key: 'c', CopySource: 'files/c' };
    await s3.putObject({ Bucket: 'files', Key: 'c', Body: 'y', ServerSideEncryption: 'AES256' });
    expect(await outcomeOf(s3.copyObject(same))).to.match(/^InvalidRequest/);
    await s3.copyObject({ ...same, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: other });
    expect((await s3.headObject({ Bucket: 'files', Key: 'c' })).SSEKMSKeyId).to.equal(other);
  });

  it('refuses what it has not, by name', async () => {
    expect(await outcomeOf(kms.createAlias({ AliasName: 'alias/x', TargetKeyId: KeyId }))).to.include(
      'does not support CreateAlias',
    );
    expect(await outcomeOf(kms.createKey({ KeySpec: 'RSA_2048' }))).to.include('symmetric keys');
  });

  it('has no key any more when its time has come', async () => {
    const days = 8 * 24 * 3600_000;
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    cloud.clock.advance(days);
    for (const client of [kms, s3]) client.config.systemClockOffset = days;
    expect(await get()).to.match(/^KMS\.NotFoundException/);
    expect(await outcomeOf(kms.describeKey({ KeyId }))).to.match(/^NotFoundException/);
  });
});
