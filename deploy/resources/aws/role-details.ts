import type { IAM, Role } from '@aws-sdk/client-iam';
import type { Context } from '../../context.js';
import { allItems, unlessMissing } from '../../ground/aws-errors.js';
import { readOnce } from '../reading.js';

/** A role with everything that decides what it may do and who may be it. */
export interface RoleDetails {
  readonly name: string;
  readonly trust: unknown;
  /** Inline policies by name. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the permissions boundary; empty: none. */
  readonly boundary: string;
}

/**
 * A role by name, read once while a plan is made; undefined when there is none. Roles are read one by one, because
 * what reads them all at once (iam:GetAccountAuthorizationDetails) shows every policy of the account, and many
 * security reviewers grant it to no one.
 */
export function roleDetails(ctx: Context, name: string): Promise<RoleDetails | undefined> {
  return readOnce(ctx, `role ${name}`, () => read(ctx.aws.iam, name));
}

async function read(iam: IAM, RoleName: string): Promise<RoleDetails | undefined> {
  // It may also go between two of these calls.
  return unlessMissing(
    (async () => {
      const { Role } = await iam.getRole({ RoleName });
      const [policies, attached] = await Promise.all([
        inlinePolicies(iam, RoleName),
        allItems(iam.paginateListAttachedRolePolicies({ RoleName }), (page) => page.AttachedPolicies),
      ]);
      const trust = document(Role?.AssumeRolePolicyDocument);
      const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? '';
      return {
        name: RoleName,
        trust,
        policies,
        attached: attached.map(({ PolicyArn = '' }) => PolicyArn),
        tags: tagsOf(Role),
        boundary,
      };
    })(),
  );
}

async function inlinePolicies(iam: IAM, RoleName: string): Promise<Record<string, unknown>> {
  const names = await allItems(iam.paginateListRolePolicies({ RoleName }), ({ PolicyNames }) => PolicyNames);
  const policies = names.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName });
    return [PolicyName, document(PolicyDocument)] as const;
  });
  return Object.fromEntries(await Promise.all(policies));
}

const tagsOf = (role: Role | undefined): Record<string, string> =>
  Object.fromEntries((role?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));

/** IAM hands out documents URL-encoded. */
function document(text: string | undefined): unknown {
  return JSON.parse(decodeURIComponent(text || '{}'));
}
