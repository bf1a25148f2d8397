/** What IAM, STS and the signature check refuse: codes from the IAM and STS API references. */

import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListModelsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, type Keys, policy, TestCloud } from '../support.js';
import { refuses } from './refuses.js';

describe('negative: identity', () => {
  const cloud = new TestCloud();
  const EXTERNAL_ID = 'the-right-one';
  let vendor: Keys & { arn: string };
  let nobody: Keys;
  let guest: Keys;
  const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const policyArn = `arn:aws:iam::${ACCOUNT}:policy/managed`;

  before(async () => {
    await cloud.start();
    vendor = cloud.aws.createVendorUser('vendor');
    nobody = await cloud.user('nobody');
    guest = await cloud.user('guest', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
    await cloud.role('trusting', {
      Principal: { AWS: vendor.arn },
      Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
    });
    await cloud.role(
      'busy',
      { Principal: { Service: 'sagemaker.amazonaws.com' } },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
    );
    const iam = cloud.iam();
    await iam.send(new CreatePolicyCommand({ PolicyName: 'managed', PolicyDocument: allow }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'busy', PolicyArn: policyArn }));
    for (let version = 2; version <= 5; version += 1)
      await iam.send(
        new CreatePolicyVersionCommand({ PolicyArn: policyArn, PolicyDocument: allow, SetAsDefault: true }),
      );
    await iam.send(new CreateAccessKeyCommand({ UserName: 'nobody' }));
  });
  after(() => cloud.remove());

  const allow = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
  const trust = policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' });
  const broken = (change: Partial<Keys>) => ({ ...cloud.config(), credentials: { ...cloud.aws, ...change } });
  const late = () => ({ ...cloud.config(), systemClockOffset: -20 * 60_000 });
  const assume = (keys: Keys, input: object) =>
    cloud
      .sts(keys)
      .send(new AssumeRoleCommand({ RoleArn: roleArn('trusting'), RoleSessionName: 'session', ...input }));

  describe('signatures', () =>
    refuses([
      {
        what: 'an access key that does not exist',
        call: () =>
          new STSClient(broken({ accessKeyId: 'AKIAXXXXXXXXXXXXXXXX' })).send(
            new GetCallerIdentityCommand({}),
          ),
        code: 'InvalidClientTokenId',
        status: 403,
      },
      {
        what: 'the same, at S3',
        call: () =>
          new S3Client(broken({ accessKeyId: 'AKIAXXXXXXXXXXXXXXXX' })).send(new ListBucketsCommand({})),
        code: 'InvalidAccessKeyId',
        status: 403,
      },
      {
        what: 'the same, at SageMaker',
        call: () =>
          new SageMakerClient(broken({ accessKeyId: 'AKIAXXXXXXXXXXXXXXXX' })).send(
            new ListModelsCommand({}),
          ),
        code: 'UnrecognizedClientException',
        status: 400,
      },
      {
        what: 'a wrong secret',
        call: () => new IAMClient(broken({ secretAccessKey: 'wrong' })).send(new ListRolesCommand({})),
        code: 'SignatureDoesNotMatch',
        status: 403,
      },
      {
        what: 'a wrong secret, at API Gateway',
        call: () =>
          new APIGatewayClient(broken({ secretAccessKey: 'wrong' })).send(new GetRestApisCommand({})),
        code: 'InvalidSignatureException',
        status: 403,
      },
      {
        what: 'a clock that is 20 minutes late',
        call: () => new STSClient(late()).send(new GetCallerIdentityCommand({})),
        code: 'SignatureDoesNotMatch',
        status: 403,
        says: /Signature expired/,
      },
      {
        what: 'a clock that is 20 minutes late, at S3',
        call: () => new S3Client(late()).send(new ListBucketsCommand({})),
        code: 'RequestTimeTooSkewed',
        status: 403,
      },
      {
        what: 'a clock that is 20 minutes late, at SageMaker',
        call: () => new SageMakerClient(late()).send(new ListModelsCommand({})),
        code: 'InvalidSignatureException',
        status: 400,
      },
      {
        what: 'a session token that belongs to no key',
        call: () => new STSClient(broken({ sessionToken: 'made-up' })).send(new GetCallerIdentityCommand({})),
        code: 'InvalidClientTokenId',
        status: 403,
      },
      {
        what: 'another region’s signature',
        call: () => new S3Client({ ...cloud.config(), region: 'eu-west-1' }).send(new ListBucketsCommand({})),
        code: 'AuthorizationHeaderMalformed',
        status: 400,
      },
    ]));

  describe('STS', () =>
    refuses([
      {
        what: 'a wrong external ID',
        call: () => assume(vendor, { ExternalId: 'a-wrong-one' }),
        code: 'AccessDenied',
        status: 403,
        says: /not authorized to perform: sts:AssumeRole/,
      },
      { what: 'no external ID', call: () => assume(vendor, {}), code: 'AccessDenied', status: 403 },
      {
        what: 'somebody whom the role does not trust',
        call: () => assume(guest, { ExternalId: EXTERNAL_ID }),
        code: 'AccessDenied',
        status: 403,
      },
      {
        what: 'a role that does not exist',
        call: () => assume(guest, { RoleArn: roleArn('missing') }),
        code: 'AccessDenied',
        status: 403,
      },
      {
        what: 'a session name with a space',
        call: () => assume(vendor, { ExternalId: EXTERNAL_ID, RoleSessionName: 'a b' }),
        code: 'ValidationError',
        status: 400,
      },
      {
        what: 'a session longer than the role allows',
        call: () => assume(vendor, { ExternalId: EXTERNAL_ID, DurationSeconds: 7200 }),
        code: 'ValidationError',
        status: 400,
        says: /MaxSessionDuration/,
      },
      {
        what: 'a session shorter than 15 minutes',
        call: () => assume(vendor, { ExternalId: EXTERNAL_ID, DurationSeconds: 60 }),
        code: 'ValidationError',
        status: 400,
      },
    ]));

  describe('IAM', () => {
    const put = (PolicyDocument: string) =>
      cloud.iam().send(new PutRolePolicyCommand({ RoleName: 'busy', PolicyName: 'new', PolicyDocument }));
    const setTrust = (PolicyDocument: string) =>
      cloud.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'busy', PolicyDocument }));
    const create = (change: object) =>
      cloud
        .iam()
        .send(new CreateRoleCommand({ RoleName: 'fresh', AssumeRolePolicyDocument: trust, ...change }));
    const malformed = (what: string, call: () => Promise<unknown>) => ({
      what,
      call,
      code: 'MalformedPolicyDocumentException',
      status: 400,
    });
    refuses([
      malformed('a policy that is not JSON', () => put('{')),
      malformed('a policy without a statement', () => put(policy())),
      malformed('an effect that does not exist', () =>
        put(policy({ Effect: 'Maybe', Action: '*', Resource: '*' })),
      ),
      malformed('a statement without a resource', () =>
        put(policy({ Effect: 'Allow', Action: 's3:GetObject' })),
      ),
      malformed('an action without a service', () =>
        put(policy({ Effect: 'Allow', Action: 'GetObject', Resource: '*' })),
      ),
      malformed('a principal in a role’s own policy', () =>
        put(policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' })),
      ),
      malformed('a resource in a trust policy', () =>
        setTrust(
          policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole', Resource: '*' }),
        ),
      ),
      malformed('a trust in a user that does not exist', () =>
        setTrust(
          policy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/missing` },
            Action: 'sts:AssumeRole',
          }),
        ),
      ),
      {
        what: 'a role that exists already, whatever its letters’ case',
        call: () => create({ RoleName: 'BUSY' }),
        code: 'EntityAlreadyExistsException',
        status: 409,
      },
      {
        what: 'a role’s name with a slash',
        call: () => create({ RoleName: 'a/b' }),
        code: 'ValidationError',
        status: 400,
      },
      {
        what: 'a session of 13 hours',
        call: () => create({ MaxSessionDuration: 46_800 }),
        code: 'ValidationError',
        status: 400,
      },
      {
        what: 'a policy that the role does not have',
        call: () => cloud.iam().send(new GetRolePolicyCommand({ RoleName: 'busy', PolicyName: 'missing' })),
        code: 'NoSuchEntityException',
        status: 404,
      },
      {
        what: 'attaching a policy that does not exist',
        call: () =>
          cloud.iam().send(
            new AttachRolePolicyCommand({
              RoleName: 'busy',
              PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/missing`,
            }),
          ),
        code: 'NoSuchEntityException',
        status: 404,
      },
      {
        what: 'deleting a role that has policies',
        call: () => cloud.iam().send(new DeleteRoleCommand({ RoleName: 'busy' })),
        code: 'DeleteConflictException',
        status: 409,
      },
      {
        what: 'deleting a policy that is attached',
        call: () => cloud.iam().send(new DeletePolicyCommand({ PolicyArn: policyArn })),
        code: 'DeleteConflictException',
        status: 409,
      },
      {
        what: 'deleting a policy’s default version',
        call: () =>
          cloud.iam().send(new DeletePolicyVersionCommand({ PolicyArn: policyArn, VersionId: 'v5' })),
        code: 'DeleteConflictException',
        status: 409,
      },
      {
        what: 'deleting a user that has keys',
        call: () => cloud.iam().send(new DeleteUserCommand({ UserName: 'nobody' })),
        code: 'DeleteConflictException',
        status: 409,
      },
      {
        what: 'a sixth version of a policy',
        call: () =>
          cloud.iam().send(new CreatePolicyVersionCommand({ PolicyArn: policyArn, PolicyDocument: allow })),
        code: 'LimitExceededException',
        status: 409,
      },
      {
        what: 'a third access key',
        call: () => cloud.iam().send(new CreateAccessKeyCommand({ UserName: 'nobody' })),
        code: 'LimitExceededException',
        status: 409,
      },
      {
        what: 'inline policies of more than 10,240 characters',
        call: () =>
          put(
            policy({
              Effect: 'Allow',
              Action: 's3:GetObject',
              Resource: Array(200).fill(`arn:aws:s3:::${'b'.repeat(60)}/*`),
            }),
          ),
        code: 'LimitExceededException',
        status: 409,
      },
      {
        what: 'a user without permissions',
        call: () => cloud.iam(nobody).send(new ListRolesCommand({})),
        code: 'AccessDenied',
        status: 403,
        says: /no identity-based policy allows the iam:ListRoles action/,
      },
    ]);
  });
});
