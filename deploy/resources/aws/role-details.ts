import type { IAM, Role } from '@aws-sdk/client-iam';
import type { Context } from '../../context.js';
import { isMissing } from '../../ground/aws-errors.js';
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

/**
 * A role by name, read once while a plan is made; undefined when there is none. Roles are read one by one, because
 * what reads them all at once (iam:GetAccountAuthorizationDetails) shows every policy of the account, and many
 * security reviewers grant it to no one.
 */
export function roleDetails(ctx: Context, name: string): Promise<RoleDetails | undefined> {
  return oncePerReading(ctx, `role ${name}`, () => read(ctx.aws.iam, name));
}

async function read(iam: IAM, RoleName: string): Promise<RoleDetails | undefined> {
  try {
    const { Role } = await iam.getRole({ RoleName });
    const [policies, attached] = await Promise.all([
      inlinePolicies(iam, RoleName),
      attachedPolicies(iam, RoleName),
    ]);
    return {
      name: RoleName,
      trust: document(Role?.AssumeRolePolicyDocument),
      policies,
      attached,
      tags: tagsOf(Role),
    };
  } catch (error) {
    // Also when it went between two of these calls.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function inlinePolicies(iam: IAM, RoleName: string): Promise<Record<string, unknown>> {
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.listRolePolicies({ RoleName, Marker });
    names.push(...(page.PolicyNames ?? []));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
  return Object.fromEntries(
    await Promise.all(
      names.map(async (PolicyName) => {
        const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName });
        return [PolicyName, document(PolicyDocument)] as const;
      }),
    ),
  );
}

async function attachedPolicies(iam: IAM, RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.listAttachedRolePolicies({ RoleName, Marker });
    arns.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn ?? ''));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
  return arns;
}

const tagsOf = (role: Role | undefined): Record<string, string> =>
  Object.fromEntries((role?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));

/** IAM hands out documents URL-encoded. */
function document(text: string | undefined): unknown {
  return JSON.parse(decodeURIComponent(text || '{}'));
}
