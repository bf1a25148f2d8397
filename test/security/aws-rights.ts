import * as IAM from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsClients } from '../../deploy/clients/aws.js';
import { connectAws } from '../../deploy/clients/aws-sdk.js';
import type { OpenContext } from '../../deploy/open.js';
import type { embeddedCloud } from '../deploy/embedded-cloud.js';

export type Cloud = Awaited<ReturnType<typeof embeddedCloud>>;

export const ACCOUNT = '123456789012';
export const anything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
export const trustOf = (arn: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: arn }, Action: 'sts:AssumeRole' }],
  });

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface Caller {
  readonly aws: AwsClients;
  readonly credentials: Credentials;
}

async function callerOf({ cloud }: Cloud, credentials: Credentials): Promise<Caller> {
  const { endpoint, region } = cloud.connection.aws;
  return { credentials, aws: await connectAws({ region, endpoint, credentials }) };
}

/** A user with a policy, or two, and nothing else. */
export async function newUser(
  cloud: Cloud,
  { aws: { iam } }: OpenContext,
  UserName: string,
  policy: object,
  more?: object,
) {
  await iam.send(new IAM.CreateUserCommand({ UserName }));
  for (const [i, document] of [policy, more].entries()) {
    if (!document) continue;
    const PolicyName = i ? `more-of-${UserName}` : `of-${UserName}`;
    const PolicyDocument = JSON.stringify(document);
    const { Policy } = await iam.send(new IAM.CreatePolicyCommand({ PolicyName, PolicyDocument }));
    await iam.send(new IAM.AttachUserPolicyCommand({ UserName, PolicyArn: Policy!.Arn }));
  }
  const { AccessKey } = await iam.send(new IAM.CreateAccessKeyCommand({ UserName }));
  return callerOf(cloud, {
    accessKeyId: AccessKey!.AccessKeyId!,
    secretAccessKey: AccessKey!.SecretAccessKey!,
  });
}

/** The inline policies of a role, by name. */
export async function policiesOf(
  { aws: { iam } }: OpenContext,
  RoleName: string,
): Promise<Record<string, { Statement: { Sid: string }[] }>> {
  const { PolicyNames = [] } = await iam.send(new IAM.ListRolePoliciesCommand({ RoleName }));
  const found = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument = '' } = await iam.send(new IAM.GetRolePolicyCommand({ RoleName, PolicyName }));
    return [PolicyName, JSON.parse(decodeURIComponent(PolicyDocument))] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** Takes a statement out of a role's policies. @returns puts it back */
export async function takeStatement(
  admin: OpenContext,
  RoleName: string,
  Sid: string,
): Promise<() => Promise<unknown>> {
  const policies = Object.entries(await policiesOf(admin, RoleName));
  const [PolicyName, before] = policies.find(([, { Statement }]) =>
    Statement.some((one) => one.Sid === Sid),
  )!;
  const put = (document: object) =>
    admin.aws.iam.send(
      new IAM.PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }),
    );
  await put({ ...before, Statement: before.Statement.filter((one) => one.Sid !== Sid) });
  return () => put(before);
}

/** A session of a role, as its caller assumes it. */
export async function assume(
  cloud: Cloud,
  { credentials }: Pick<Caller, 'credentials'>,
  role: string,
  RoleSessionName = 'attack',
): Promise<Caller> {
  const { endpoint, region } = cloud.cloud.connection.aws;
  const sts = new STSClient({ endpoint, region, credentials });
  try {
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, RoleSessionName }),
    );
    return await callerOf(cloud, {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    });
  } finally {
    sts.destroy();
  }
}

/** What AWS says of a call: `done`, or the error's name. */
export const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: Error) => (/AccessDenied/.test(error.name) ? 'denied' : `${error.name}: ${error.message}`),
  );
