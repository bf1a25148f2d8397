import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as IAM from '@aws-sdk/client-iam';
import * as S3 from '@aws-sdk/client-s3';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { connectAws } from '../../deploy/clients/aws-sdk.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { plan } from '../../deploy/operate/plan.js';
import { bucketName } from '../../deploy/stack/names.js';
import { localCloud } from '../deploy/local-context.js';
import { ACCOUNT, assume, type Cloud, outcomeOf, trustOf } from './aws-rights.js';

const OTHER = '210987654321';

/** Puts an account of others into the state of a local AWS: its one user may do everything in it. @returns the user's key */
function writeOther(folder: string) {
  const arn = `arn:aws:iam::${OTHER}:user/them`;
  const user = {
    name: 'them',
    path: '/',
    id: 'AIDAOTHERSOTHERSOTHER',
    arn,
    created: 0,
    inline: {},
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    tags: {},
  };
  const key = { id: 'AKIAOTHERSOTHERSOTHE', secret: 'a-secret-of-others', userArn: arn, created: 0 };
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'identity.json'),
    JSON.stringify({
      accounts: [{ id: OTHER, users: { them: user }, roles: {}, policies: {} }],
      keys: [key],
    }),
  );
  return { accessKeyId: key.id, secretAccessKey: key.secret };
}

describe('finding 13: a bucket that is not ours', () => {
  let cloud: Cloud;
  let ctx: OpenContext;
  let Bucket: string;
  /** Another account, whose user has every right in it. */
  let theirs: Awaited<ReturnType<typeof connectAws>>;

  before(async () => {
    const local = localCloud('mail: { to: [] }');
    const stateDir = join(local.folder, 'state');
    const credentials = writeOther(join(stateDir, 'aws'));
    cloud = { ...local, cloud: await startCloud({ stateDir, propagationDelay: 0 }) };
    ctx = await cloud.open();
    Bucket = bucketName(ctx);
    const { endpoint, region } = cloud.cloud.connection.aws;
    theirs = await connectAws({ region, endpoint, credentials });
  });
  after(async () => {
    theirs?.close();
    await ctx?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  const refusal = () =>
    apply(ctx).then(
      () => '',
      (error: Error) => error.message,
    );

  it('is refused where another account made it first, even one that lets us in', async () => {
    const name = Bucket;
    await theirs.s3.send(new S3.CreateBucketCommand({ Bucket: name }));
    await theirs.s3.send(new S3.DeletePublicAccessBlockCommand({ Bucket: name }));
    await theirs.s3.send(
      new S3.PutBucketPolicyCommand({
        Bucket: name,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
              Action: 's3:*',
              Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
            },
          ],
        }),
      }),
    );
    expect(await refusal()).to.match(new RegExp(`${name} is another account's`));
    // Nor do the roles write into it.
    await theirs.s3.send(new S3.DeleteBucketCommand({ Bucket: name }));
  });

  it('is refused where it has no mark and something is in it, with what gives it the mark', async () => {
    await ctx.aws.s3.send(new S3.CreateBucketCommand({ Bucket }));
    await ctx.aws.s3.send(new S3.PutObjectCommand({ Bucket, Key: 'theirs', Body: 'x' }));
    const error = await apply(ctx).catch((caught: unknown) => caught as Error & { next?: string });
    expect(`${(error as Error).message} ${(error as { next?: string }).next}`).to.contain(
      `aws s3api put-bucket-tagging --bucket ${Bucket}`,
    );
    await ctx.aws.s3.send(new S3.DeleteObjectCommand({ Bucket, Key: 'theirs' }));
  });

  it('is taken where an apply was interrupted before anything was in it, and refuses all but TLS', async () => {
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    const { Policy } = await ctx.aws.s3.send(new S3.GetBucketPolicyCommand({ Bucket }));
    const [statement] = (JSON.parse(Policy!) as { Statement: object[] }).Statement;
    expect(statement).to.deep.include({
      Effect: 'Deny',
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  it('keeps statements of others in its policy, and gets its own again', async () => {
    const others = {
      Sid: 'Theirs',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteBucketPolicy',
      Resource: `arn:aws:s3:::${Bucket}`,
    };
    await ctx.aws.s3.send(
      new S3.PutBucketPolicyCommand({
        Bucket,
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: [others] }),
      }),
    );
    expect((await plan(ctx)).changes.map(({ id }) => id)).to.deep.equal([`aws.bucket:${Bucket}`]);
    await apply(ctx);
    const { Policy } = await ctx.aws.s3.send(new S3.GetBucketPolicyCommand({ Bucket }));
    const { Statement } = JSON.parse(Policy!) as { Statement: { Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid)).to.deep.equal(['Theirs', 'TlsOnly']);
  });

  it('is written by no role of ours where it is another account’s', async () => {
    const name = 'the-bucket-of-another';
    await theirs.s3.send(new S3.CreateBucketCommand({ Bucket: name }));
    await theirs.s3.send(
      new S3.PutBucketPolicyCommand({
        Bucket: name,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
              Action: 's3:*',
              Resource: `arn:aws:s3:::${name}/*`,
            },
          ],
        }),
      }),
    );
    for (const RoleName of ['los-snowflake-s3', 'los-sagemaker']) {
      const { PolicyNames } = await ctx.aws.iam.send(new IAM.ListRolePoliciesCommand({ RoleName }));
      const { PolicyDocument } = await ctx.aws.iam.send(
        new IAM.GetRolePolicyCommand({ RoleName, PolicyName: PolicyNames![0]! }),
      );
      // As if the name had been ours: only whose bucket it is stands between.
      await ctx.aws.iam.send(
        new IAM.PutRolePolicyCommand({
          RoleName,
          PolicyName: 'moved',
          PolicyDocument: decodeURIComponent(PolicyDocument!).replaceAll(Bucket, name),
        }),
      );
      const user = cloud.cloud.connection.aws;
      await ctx.aws.iam.send(
        new IAM.UpdateAssumeRolePolicyCommand({
          RoleName,
          PolicyDocument: trustOf(`arn:aws:iam::${ACCOUNT}:root`),
        }),
      );
      const session = await assume(
        cloud,
        { credentials: { accessKeyId: user.accessKeyId, secretAccessKey: user.secretAccessKey } },
        RoleName,
      );
      const put = new S3.PutObjectCommand({ Bucket: name, Key: 'rows', Body: 'x' });
      // Without the client's own look at the owner.
      const bare = new S3.S3Client({
        endpoint: user.endpoint,
        region: user.region,
        forcePathStyle: true,
        credentials: session.credentials,
      });
      expect(await outcomeOf(bare.send(put)), RoleName).to.equal('denied');
      bare.destroy();
      session.aws.close();
    }
  });
});
