import { GetAccountAuthorizationDetailsCommand, type RoleDetail } from '@aws-sdk/client-iam';
import type { Context } from '../../context.js';
import { oncePerReading } from '../reading.js';

/** A role with everything that decides what it may do and who may be it. */
export interface RoleDetails {
  readonly name: string;
  readonly trust: unknown;
  /** Inline policies by name. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Every role of the account: one call (a page per 1000 roles), once while a plan is made. */
export function roleDetails(ctx: Context): Promise<RoleDetails[]> {
  return oncePerReading(ctx, 'roles', () => readAll(ctx));
}

async function readAll(ctx: Context): Promise<RoleDetails[]> {
  const roles: RoleDetails[] = [];
  let Marker: string | undefined;
  do {
    const page = await ctx.aws.iam.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], Marker, MaxItems: 1000 }),
    );
    roles.push(...(page.RoleDetailList ?? []).map(detailsOf));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
  return roles;
}

function detailsOf(role: RoleDetail): RoleDetails {
  return {
    name: role.RoleName ?? '',
    trust: document(role.AssumeRolePolicyDocument),
    policies: Object.fromEntries(
      (role.RolePolicyList ?? []).map((policy) => [policy.PolicyName ?? '', document(policy.PolicyDocument)]),
    ),
    attached: (role.AttachedManagedPolicies ?? []).map((policy) => policy.PolicyArn ?? ''),
    tags: Object.fromEntries((role.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
  };
}

/** IAM hands out documents URL-encoded. */
function document(text: string | undefined): unknown {
  return JSON.parse(decodeURIComponent(text || '{}'));
}
