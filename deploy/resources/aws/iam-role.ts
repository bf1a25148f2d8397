import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import type { Context } from '../../context.js';
import { managedMarker, readMarker, TAG_KEY } from '../marker.js';
import type { LiveResource, Resource, ResourceKind } from '../resource.js';
import { errorName, isMissing } from './errors.js';

export interface IamRoleDefinition {
  /** AWS service that may assume the role; null: Snowflake may, and the trust resource says so. */
  readonly service: string | null;
  /** Inline policies by name. */
  readonly policies: Readonly<Record<string, object>>;
}

/** IAM roles. The fingerprint is in the description, because ListRoles reports that but no tags. */
export const iamRoleKind: ResourceKind<IamRoleDefinition> = {
  id: 'aws.iam-role',

  async list(ctx, wanted) {
    const names = new Set(wanted.map((resource) => resource.name));
    const found: LiveResource[] = [];
    for await (const role of allRoles(ctx)) {
      const item = { name: role.RoleName ?? '', ...readMarker(ctx.settings.prefix, role.Description) };
      if (item.owner !== 'foreign' || names.has(item.name)) found.push(item);
    }
    return found;
  },

  async create(ctx, resource, fingerprint) {
    // The marker only says that the role is ours: the fingerprint follows when all policies are in place.
    await ctx.aws.iam.send(
      new CreateRoleCommand({
        RoleName: resource.name,
        AssumeRolePolicyDocument: JSON.stringify(trustOf(resource.definition)),
        Description: managedMarker(ctx.settings.prefix, 'unfinished'),
        Tags: [{ Key: TAG_KEY, Value: ctx.settings.prefix }],
      }),
    );
    await putPolicies(ctx, resource, fingerprint);
    return undefined;
  },

  async update(ctx, resource, fingerprint) {
    if (resource.definition.service)
      await ctx.aws.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: resource.name,
          PolicyDocument: JSON.stringify(trustOf(resource.definition)),
        }),
      );
    const { PolicyNames = [] } = await ctx.aws.iam.send(
      new ListRolePoliciesCommand({ RoleName: resource.name }),
    );
    for (const PolicyName of PolicyNames.filter((name) => !(name in resource.definition.policies)))
      await ctx.aws.iam.send(new DeleteRolePolicyCommand({ RoleName: resource.name, PolicyName }));
    await putPolicies(ctx, resource, fingerprint);
    return undefined;
  },

  async remove(ctx, { name: RoleName }) {
    try {
      const { PolicyNames = [] } = await ctx.aws.iam.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames)
        await ctx.aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      await ctx.aws.iam.send(new DeleteRoleCommand({ RoleName }));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  },
};

/** Every role of the account, page by page. */
export async function* allRoles(ctx: Context) {
  let Marker: string | undefined;
  do {
    const page = await ctx.aws.iam.send(new ListRolesCommand({ Marker, MaxItems: 1000 }));
    yield* page.Roles ?? [];
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
}

async function putPolicies(ctx: Context, resource: Resource<IamRoleDefinition>, fingerprint: string) {
  const { iam } = ctx.aws;
  for (const [PolicyName, document] of Object.entries(resource.definition.policies))
    await iam
      .send(
        new PutRolePolicyCommand({
          RoleName: resource.name,
          PolicyName,
          PolicyDocument: JSON.stringify(document),
        }),
      )
      .catch((error: unknown) => {
        if (errorName(error) === 'MalformedPolicyDocumentException')
          throw new Error(`IAM refuses the policy ${PolicyName}: ${(error as Error).message}`);
        throw error;
      });
  await iam.send(
    new UpdateRoleCommand({
      RoleName: resource.name,
      Description: managedMarker(ctx.settings.prefix, fingerprint),
    }),
  );
}

/** A role for Snowflake trusts nobody until its integration has named who will come. */
function trustOf({ service }: IamRoleDefinition): object {
  return {
    Version: '2012-10-17',
    Statement: [
      service
        ? { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }
        : { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
    ],
  };
}
