import { createOnce } from '../../clients/create-once.js';
import type { Context } from '../../context.js';
import { errorName, unlessMissing } from '../../ground/aws-errors.js';
import { objectMarker, readMarker, TAG_KEY } from '../../ground/marker.js';
import type { Properties } from '../difference.js';
import { pretty } from '../fingerprint.js';
import { defineKind, type Resource } from '../resource.js';
import { type RoleDetails, roleDetails } from './role-details.js';

export interface IamRoleDefinition {
  /** AWS service that may assume the role; null: Snowflake may, and the trust resource says so. */
  readonly service: string | null;
  /** Inline policies by name. */
  readonly policies: Readonly<Record<string, object>>;
  /** Account for which alone the service may: left out for API Gateway, which does not say for whom it asks. */
  readonly sourceAccount?: string;
  /** ARN of the permissions boundary; left out: whatever an administrator has set stays. */
  readonly boundary?: string;
}

const BOUNDARY = 'permissions boundary';

/**
 * IAM roles with their policies, compared document by document. The fingerprint is in a tag. Only declared ones are
 * looked for: one whose name was changed in the settings is not found any more (docs/permissions.md).
 */
export const iamRoleKind = defineKind<IamRoleDefinition>({
  id: 'aws.iam-role',

  definitionProperties: ({ definition }) => ({
    'inline policies': Object.keys(definition.policies).sort().join(', '),
    'attached policies': '',
    ...(definition.boundary ? { [BOUNDARY]: definition.boundary } : {}),
    // Whom a role for Snowflake trusts is the trust resource's matter.
    ...(definition.service ? { trust: pretty(trustOf(definition)) } : {}),
    ...Object.fromEntries(
      Object.entries(definition.policies).map(([name, document]) => [`policy ${name}`, pretty(document)]),
    ),
  }),

  async list(ctx, wanted) {
    const roles = await Promise.all(wanted.map(({ name }) => roleDetails(ctx, name)));
    return roles
      .filter((role) => role !== undefined)
      .map((role) => ({
        name: role.name,
        ...ownerOf(ctx, role),
        properties: propertiesOf(role),
        restoreMark: `aws iam tag-role --role-name ${role.name} --tags Key=${TAG_KEY},Value=${ctx.settings.prefix}`,
      }));
  },

  async create(ctx, resource, fingerprint) {
    // The tag only says that the role is ours: the fingerprint follows when all policies are in place.
    await createOnce(
      ctx.aws.iam.createRole({
        RoleName: resource.name,
        AssumeRolePolicyDocument: JSON.stringify(trustOf(resource.definition)),
        ...(resource.definition.boundary ? { PermissionsBoundary: resource.definition.boundary } : {}),
        Description: `Made by predict-los (${ctx.settings.prefix})`,
        Tags: [{ Key: TAG_KEY, Value: ctx.settings.prefix }],
      }),
    );
    await putPolicies(ctx, resource, fingerprint);
  },

  async update(ctx, resource, fingerprint, live) {
    const { iam } = ctx.aws;
    const RoleName = resource.name;
    const { boundary } = resource.definition;
    // First: without it a deployer may change nothing else.
    if (boundary && live.properties?.[BOUNDARY] !== boundary)
      await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: boundary });
    if (resource.definition.service)
      await iam.updateAssumeRolePolicy({
        RoleName,
        PolicyDocument: JSON.stringify(trustOf(resource.definition)),
      });
    await removePolicies(ctx, RoleName, (name) => !(name in resource.definition.policies));
    await putPolicies(ctx, resource, fingerprint);
  },

  async remove(ctx, { name: RoleName }) {
    await unlessMissing(
      removePolicies(ctx, RoleName, () => true).then(() => ctx.aws.iam.deleteRole({ RoleName })),
    );
  },
});

/** A role with our tag but no fingerprint in it is one whose creation was interrupted. */
function ownerOf(ctx: Context, role: RoleDetails) {
  const tag = role.tags[TAG_KEY];
  return tag === ctx.settings.prefix
    ? { owner: 'managed' as const, fingerprint: undefined }
    : readMarker(ctx.settings.prefix, tag);
}

function propertiesOf(role: RoleDetails): Properties {
  return {
    'inline policies': Object.keys(role.policies).sort().join(', '),
    'attached policies': [...role.attached].sort().join(', '),
    [BOUNDARY]: role.boundary,
    trust: pretty(role.trust),
    ...Object.fromEntries(
      Object.entries(role.policies).map(([name, document]) => [`policy ${name}`, pretty(document)]),
    ),
  };
}

/** Takes away inline policies that `which` names, and every managed policy: none is declared. */
async function removePolicies(ctx: Context, RoleName: string, isRemoved: (name: string) => boolean) {
  const { iam } = ctx.aws;
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  for (const PolicyName of PolicyNames.filter(isRemoved))
    await iam.deleteRolePolicy({ RoleName, PolicyName });
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName });
  for (const { PolicyArn } of AttachedPolicies) await iam.detachRolePolicy({ RoleName, PolicyArn });
}

async function putPolicies(ctx: Context, resource: Resource<IamRoleDefinition>, fingerprint: string) {
  const { iam } = ctx.aws;
  for (const [PolicyName, document] of Object.entries(resource.definition.policies))
    await iam
      .putRolePolicy({
        RoleName: resource.name,
        PolicyName,
        PolicyDocument: JSON.stringify(document),
      })
      .catch((error: unknown) => {
        if (errorName(error) === 'MalformedPolicyDocumentException')
          throw new Error(`IAM refuses the policy ${PolicyName}: ${(error as Error).message}`);
        throw error;
      });
  await iam.tagRole({
    RoleName: resource.name,
    Tags: [{ Key: TAG_KEY, Value: objectMarker(ctx.settings.prefix, fingerprint) }],
  });
}

/** A role for Snowflake trusts no principal until its integration has named one. */
export function trustOf({ service, sourceAccount }: IamRoleDefinition): object {
  return {
    Version: '2012-10-17',
    Statement: [
      service
        ? {
            Effect: 'Allow',
            Principal: { Service: service },
            Action: 'sts:AssumeRole',
            ...(sourceAccount ? { Condition: { StringEquals: { 'aws:SourceAccount': sourceAccount } } } : {}),
          }
        : { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
    ],
  };
}
