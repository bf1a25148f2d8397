import * as ApiGateway from '@aws-sdk/client-api-gateway';
import * as IAM from '@aws-sdk/client-iam';
import * as S3 from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { plan } from '../../deploy/operate/plan.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { ACCOUNT, anything, assume, type Caller, newUser, outcomeOf, trustOf } from './aws-rights.js';
import { BOUNDARY, FOR_SNOWFLAKE, OTHERS, ROLES, triesOf } from './aws-tries.js';

for (const boundary of [BOUNDARY, undefined])
  describe(`finding 5: the deployer’s IAM policy, ${boundary ? 'with' : 'without'} a permissions boundary`, () => {
    let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
    let admin: OpenContext;
    let deployer: Caller;
    /** What runs los: the deployer in AWS. */
    let ctx: OpenContext;

    before(async () => {
      cloud = await embeddedCloud(
        `mail: { to: [] }${boundary ? `\naws: { permissionsBoundary: '${boundary}' }` : ''}`,
      );
      admin = await cloud.open();
      const printed = await bootstrap(admin, { run: false, roles: boundary === undefined });
      if (boundary)
        await admin.aws.iam.send(
          new IAM.CreatePolicyCommand({
            PolicyName: 'los-boundary',
            PolicyDocument: JSON.stringify(printed.boundary),
          }),
        );
      deployer = await newUser(cloud, admin, 'ci-los', printed.iamPolicy);
      await admin.aws.iam.send(
        new IAM.CreateRoleCommand({
          RoleName: OTHERS,
          AssumeRolePolicyDocument: trustOf(`arn:aws:iam::${ACCOUNT}:root`),
        }),
      );
      await admin.aws.iam.send(
        new IAM.AttachRolePolicyCommand({
          RoleName: OTHERS,
          PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
      );
      await admin.aws.iam.send(new IAM.CreateUserCommand({ UserName: 'root-like' }));
      await admin.aws.s3.send(new S3.CreateBucketCommand({ Bucket: 'hospital-files' }));
      await admin.aws.s3.send(
        new S3.PutObjectCommand({ Bucket: 'hospital-files', Key: 'x', Body: 'a patient' }),
      );
      ctx = { ...admin, aws: deployer.aws };
      await apply(ctx);
    });
    after(async () => {
      deployer?.aws.close();
      await admin?.close();
      await cloud?.cloud.close();
      cloud?.remove();
    });
    /** Rights that no role of ours has; each is asked for as the session of a role that trusts the deployer. */
    const outside = ({ aws }: Caller): (readonly [string, () => Promise<unknown>])[] => [
      ['CreateUser', () => aws.iam.send(new IAM.CreateUserCommand({ UserName: 'mine' }))],
      [
        'PutRolePolicy',
        () =>
          aws.iam.send(
            new IAM.PutRolePolicyCommand({ RoleName: OTHERS, PolicyName: 'x', PolicyDocument: anything }),
          ),
      ],
      [
        'DeleteRolePermissionsBoundary',
        () => aws.iam.send(new IAM.DeleteRolePermissionsBoundaryCommand({ RoleName: 'los-control' })),
      ],
      [
        'CreatePolicyVersion',
        () =>
          aws.iam.send(
            new IAM.CreatePolicyVersionCommand({
              PolicyArn: BOUNDARY,
              PolicyDocument: anything,
              SetAsDefault: true,
            }),
          ),
      ],
      ['CreateBucket', () => aws.s3.send(new S3.CreateBucketCommand({ Bucket: 'mine-x' }))],
      ['GetObject', () => aws.s3.send(new S3.GetObjectCommand({ Bucket: 'hospital-files', Key: 'x' }))],
      [
        'DeleteEndpoint',
        () => aws.sageMaker.send(new SageMaker.DeleteEndpointCommand({ EndpointName: 'theirs' })),
      ],
      ['GetRestApis', () => aws.apiGateway.send(new ApiGateway.GetRestApisCommand({}))],
    ];

    it('is enough to apply, and leaves nothing to do', async () => {
      expect((await plan(ctx)).changes).to.deep.equal([]);
      if (!boundary) return;
      for (const RoleName of ROLES) {
        const { Role } = await deployer.aws.iam.send(new IAM.GetRoleCommand({ RoleName }));
        expect(Role!.PermissionsBoundary?.PermissionsBoundaryArn).to.equal(boundary);
      }
    });

    it('gains no right outside in more than forty tries', async () => {
      const all = triesOf(cloud, admin, deployer, boundary !== undefined);
      expect(all.length).to.be.at.least(40);
      const wrong: string[] = [];
      for (const [what, verdict, call] of all) {
        const outcome = await outcomeOf(call());
        if (outcome !== (verdict === 'denied' ? 'denied' : 'done')) wrong.push(`${what}: ${outcome}`);
      }
      expect(wrong).to.deep.equal([]);
    });

    it('may be every role of its own, and as none of them does what the boundary leaves out', async () => {
      const through: string[] = [];
      const entered: string[] = [];
      for (const name of ROLES) {
        const session = await assume(cloud, deployer, name).catch(() => undefined);
        if (!session) continue;
        entered.push(name);
        for (const [what, call] of outside(session))
          if ((await outcomeOf(call())) !== 'denied') through.push(`${what} as ${name}`);
        if (
          await assume(cloud, session, OTHERS).then(
            () => true,
            () => false,
          )
        )
          through.push(`${OTHERS} as ${name}`);
        session.aws.close();
      }
      expect(through).to.deep.equal([]);
      // los-snowflake-s3 was taken away above.
      expect(entered).to.deep.equal(
        (boundary ? ROLES : FOR_SNOWFLAKE).filter((name) => name !== 'los-snowflake-s3'),
      );
    });

    it('is healed by an administrator’s bootstrap and an apply', async () => {
      await bootstrap(admin, { run: false, roles: true });
      await apply(ctx);
      expect((await plan(ctx)).changes).to.deep.equal([]);
    });
  });
