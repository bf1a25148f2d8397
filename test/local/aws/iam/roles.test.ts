import * as IAM from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { ACCOUNT, policy, refused, TestCloud } from '../support.js';

const trust = policy({
  Effect: 'Allow',
  Principal: { Service: 'sagemaker.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const reading = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });

describe('IAM roles and policies', () => {
  const cloud = new TestCloud();
  let iam: IAM.IAMClient;
  before(async () => {
    await cloud.start();
    iam = cloud.iam();
  });
  after(() => cloud.remove());

  it('holds a role to its boundary, and a caller to the roles that have it', async () => {
    const make = async (PolicyName: string, PolicyDocument: string) =>
      (await iam.send(new IAM.CreatePolicyCommand({ PolicyName, PolicyDocument }))).Policy!.Arn!;
    const PermissionsBoundary = await make('boundary', reading);
    const RoleName = 'bound';
    const shown = async () =>
      (await iam.send(new IAM.GetRoleCommand({ RoleName }))).Role!.PermissionsBoundary;
    await iam.send(
      new IAM.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, PermissionsBoundary }),
    );
    expect(await shown()).to.deep.equal({
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: PermissionsBoundary,
    });
    const { Policy } = await iam.send(new IAM.GetPolicyCommand({ PolicyArn: PermissionsBoundary }));
    expect(Policy).to.include({ AttachmentCount: 0, PermissionsBoundaryUsageCount: 1 });
    await refused(
      iam.send(new IAM.DeletePolicyCommand({ PolicyArn: PermissionsBoundary })),
      'DeleteConflictException',
    );
    await iam.send(new IAM.DeleteRolePermissionsBoundaryCommand({ RoleName }));
    expect(await shown()).to.equal(undefined);
    await iam.send(new IAM.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    expect((await shown())!.PermissionsBoundaryArn).to.equal(PermissionsBoundary);
    await refused(
      iam.send(
        new IAM.PutRolePermissionsBoundaryCommand({
          RoleName,
          PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/none`,
        }),
      ),
      'NoSuchEntityException',
    );
    await iam.send(new IAM.DeleteRoleCommand({ RoleName }));
  });

  it('makes another version of a policy the default', async () => {
    const { Policy } = await iam.send(
      new IAM.CreatePolicyCommand({ PolicyName: 'versions', PolicyDocument: reading }),
    );
    const PolicyArn = Policy!.Arn!;
    await iam.send(new IAM.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: reading }));
    await iam.send(new IAM.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    const now = await iam.send(new IAM.GetPolicyCommand({ PolicyArn }));
    expect(now.Policy!.DefaultVersionId).to.equal('v2');
    await refused(
      iam.send(new IAM.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v9' })),
      'NoSuchEntityException',
    );
  });

  it('creates, reads, changes, lists and deletes a role', async () => {
    const RoleName = 'first';
    const { Role } = await iam.send(
      new IAM.CreateRoleCommand({
        RoleName,
        Path: '/app/',
        AssumeRolePolicyDocument: trust,
        Description: 'a & b <c>',
        Tags: [{ Key: 'project', Value: 'x y' }],
      }),
    );
    expect(Role!.Arn).to.equal(`arn:aws:iam::${ACCOUNT}:role/app/first`);
    expect(Role!.Description).to.equal('a & b <c>');
    await iam.send(new IAM.TagRoleCommand({ RoleName, Tags: [{ Key: 'more', Value: '1' }] }));
    await iam.send(new IAM.UntagRoleCommand({ RoleName, TagKeys: ['project'] }));
    expect((await iam.send(new IAM.ListRoleTagsCommand({ RoleName }))).Tags).to.deep.equal([
      { Key: 'more', Value: '1' },
    ]);
    await iam.send(new IAM.UpdateRoleCommand({ RoleName, Description: 'other', MaxSessionDuration: 7200 }));
    const read = (await iam.send(new IAM.GetRoleCommand({ RoleName }))).Role!;
    expect(read).to.include({ Description: 'other', MaxSessionDuration: 7200 });
    expect(decodeURIComponent(read.AssumeRolePolicyDocument!)).to.equal(trust);
    expect(
      (await iam.send(new IAM.ListRolesCommand({ PathPrefix: '/app/' }))).Roles!.map((r) => r.RoleName),
    ).to.deep.equal(['first']);

    await iam.send(new IAM.PutRolePolicyCommand({ RoleName, PolicyName: 'in', PolicyDocument: reading }));
    const inline = await iam.send(new IAM.GetRolePolicyCommand({ RoleName, PolicyName: 'in' }));
    expect(decodeURIComponent(inline.PolicyDocument!)).to.equal(reading);
    await refused(
      iam.send(new IAM.DeleteRoleCommand({ RoleName })),
      'DeleteConflictException',
      /delete policies first/,
    );
    await iam.send(new IAM.DeleteRolePolicyCommand({ RoleName, PolicyName: 'in' }));
    expect((await iam.send(new IAM.ListRolePoliciesCommand({ RoleName }))).PolicyNames).to.deep.equal([]);
    await iam.send(new IAM.DeleteRoleCommand({ RoleName }));
    await refused(
      iam.send(new IAM.GetRoleCommand({ RoleName })),
      'NoSuchEntityException',
      /role with name first/,
    );
  });

  it('pages lists', async () => {
    for (const n of [1, 2, 3])
      await iam.send(
        new IAM.CreateRoleCommand({ RoleName: `page-${n}`, Path: '/page/', AssumeRolePolicyDocument: trust }),
      );
    const names: string[] = [];
    for await (const part of IAM.paginateListRoles({ client: iam, pageSize: 2 }, { PathPrefix: '/page/' }))
      names.push(...part.Roles!.map((role) => role.RoleName!));
    expect(names).to.deep.equal(['page-1', 'page-2', 'page-3']);
  });

  it('attaches managed policies by version', async () => {
    const RoleName = 'page-1';
    const { Policy } = await iam.send(
      new IAM.CreatePolicyCommand({ PolicyName: 'mine', PolicyDocument: reading }),
    );
    const PolicyArn = Policy!.Arn!;
    await iam.send(new IAM.AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const attached = await iam.send(new IAM.ListAttachedRolePoliciesCommand({ RoleName }));
    expect(attached.AttachedPolicies).to.deep.equal([{ PolicyName: 'mine', PolicyArn }]);
    await refused(iam.send(new IAM.DeletePolicyCommand({ PolicyArn })), 'DeleteConflictException');
    const document = policy({ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' });
    await iam.send(
      new IAM.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault: true }),
    );
    const { PolicyVersion } = await iam.send(new IAM.GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    expect(decodeURIComponent(PolicyVersion!.Document!)).to.equal(document);
    await iam.send(new IAM.DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam.send(new IAM.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    await iam.send(new IAM.DeletePolicyCommand({ PolicyArn }));
  });

  it('refuses malformed documents, unknown principals, taken and bad names', async () => {
    const create = (RoleName: string, AssumeRolePolicyDocument: string) =>
      iam.send(new IAM.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await refused(create('bad', '{}'), 'MalformedPolicyDocumentException');
    const unknown = policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/nobody` },
      Action: 'sts:AssumeRole',
    });
    await refused(create('bad', unknown), 'MalformedPolicyDocumentException', /Invalid principal in policy/);
    await refused(create('PAGE-1', trust), 'EntityAlreadyExistsException');
    await refused(create('no spaces', trust), 'ValidationError');
    const put = iam.send(
      new IAM.PutRolePolicyCommand({ RoleName: 'page-1', PolicyName: 'p', PolicyDocument: trust }),
    );
    await refused(put, 'MalformedPolicyDocumentException');
  });

  it('refuses by name what it does not have', async () => {
    await refused(
      iam.send(new IAM.CreateGroupCommand({ GroupName: 'g' })),
      'InvalidAction',
      /local IAM does not support CreateGroup/,
    );
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
    await refused(
      iam.send(new IAM.AttachRolePolicyCommand({ RoleName: 'page-1', PolicyArn })),
      'NotImplemented',
      /does not support the AWS managed policy/,
    );
  });

  it('checks its callers', async () => {
    const keys = await cloud.user('reader', {
      Effect: 'Allow',
      Action: 'iam:GetRole',
      Resource: `arn:aws:iam::${ACCOUNT}:role/page/*`,
    });
    const reader = cloud.iam(keys);
    await reader.send(new IAM.GetRoleCommand({ RoleName: 'page-1' }));
    const remove = reader.send(new IAM.DeleteRoleCommand({ RoleName: 'page-1' }));
    await refused(
      remove,
      'AccessDenied',
      /user\/reader is not authorized to perform: iam:DeleteRole on resource: .*role\/page\/page-1/,
    );
    // Whether a role exists is not told to those who may not ask.
    await refused(reader.send(new IAM.GetRoleCommand({ RoleName: 'elsewhere' })), 'AccessDenied');
  });

  it('keeps its state over a restart', async () => {
    await cloud.stop();
    await cloud.start();
    iam = cloud.iam();
    const { Role } = await iam.send(new IAM.GetRoleCommand({ RoleName: 'page-2' }));
    expect(Role!.Path).to.equal('/page/');
  });

  it('refuses parameters that it would not act on', () =>
    refused(
      iam.send(new IAM.ListAttachedRolePoliciesCommand({ RoleName: 'any', PathPrefix: '/app/' })),
      'NotImplemented',
      /does not support PathPrefix of ListAttachedRolePolicies/,
    ));

  it('lists users below a path', async () => {
    await iam.send(new IAM.CreateUserCommand({ UserName: 'below', Path: '/team/' }));
    const { Users } = await iam.send(new IAM.ListUsersCommand({ PathPrefix: '/team/' }));
    expect(Users!.map((user) => user.UserName)).to.deep.equal(['below']);
  });
});
