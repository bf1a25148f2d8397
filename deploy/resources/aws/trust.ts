import { SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { retryWhile } from '../../ground/retry.js';
import { canonical, fingerprintOf } from '../fingerprint.js';
import { reading } from '../reading.js';
import { defineKind, type LiveResource, type Resource } from '../resource.js';
import { describeIntegration, moveFunctions } from '../snowflake/integrations.js';
import { roleDetails } from './role-details.js';

/** That the IAM user of a Snowflake integration may assume a role. The resource is named after the role. */
export interface TrustDefinition {
  readonly role: string;
  readonly integration: string;
  /** Which properties of DESCRIBE INTEGRATION name the user and the external ID. */
  readonly properties: { readonly user: string; readonly externalId: string };
  /** A statement that makes Snowflake assume the role, once what it needs exists. */
  readonly proof: string;
}

/**
 * The last link between the clouds. Whom a role must trust is known only to the live integration, so the
 * live trust policy is compared with the live integration: if either changes, the next apply heals it.
 */
export const trustKind = defineKind<TrustDefinition>({
  id: 'aws.trust',

  async list(ctx, wanted) {
    const found = await Promise.all(
      wanted.map(async ({ name, definition }): Promise<LiveResource[]> => {
        const live = (await roleDetails(ctx, definition.role))?.trust;
        const policy = await trustPolicy(ctx, definition);
        if (live === undefined || policy === undefined) return [];
        const agrees = canonical(live) === canonical(policy);
        return [
          {
            name,
            owner: 'managed',
            fingerprint: fingerprintOf('aws.trust', definition),
            ...(agrees
              ? {}
              : {
                  drift: `the role does not trust the integration ${definition.integration}: ${distrust(live, policy)}`,
                }),
          },
        ];
      }),
    );
    return found.flat();
  },

  create: bring,
  update: bring,

  // The role goes, and its trust policy with it.
  async remove() {},
});

async function bring(ctx: Context, { definition }: Resource<TrustDefinition>): Promise<undefined> {
  const once = reading(ctx);
  const policy = await trustPolicy(once, definition);
  if (!policy) throw new Error(`Snowflake has no integration ${definition.integration}`);
  // Who calls through the one that the role trusted before is let in no more.
  await moveFunctions(once, definition.integration);
  await ctx.aws.iam.updateAssumeRolePolicy({
    RoleName: definition.role,
    PolicyDocument: JSON.stringify(policy),
  });
  await prove(ctx, definition);
}

/**
 * Makes Snowflake really assume the role, waiting until AWS knows the new policy everywhere. Before the first
 * deployment is complete there is nothing to do it with; what is made later proves itself.
 */
async function prove(ctx: Context, { proof, role }: TrustDefinition): Promise<void> {
  try {
    await retryWhile(() => ctx.snowflake.query(proof), isRefusal, { signal: ctx.signal });
  } catch (error) {
    if (isRefusal(error)) throw error;
    if (!(error instanceof SnowflakeError)) throw error;
    // While it is moved to this role, a function still calls as the one that the API does not let in any more.
    if (!/does not exist|unknown (user-defined )?function|los train|execute-api:Invoke/i.test(error.message))
      ctx.progress.warn(
        `The trust of ${role} is as declared, but a call through it failed: ${error.message}`,
      );
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof SnowflakeError && /assuming AWS_ROLE|sts:AssumeRole/i.test(error.message);
}

interface TrustPolicy {
  readonly Version: string;
  readonly Statement: readonly TrustStatement[];
}

interface TrustStatement {
  readonly Effect: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string;
  readonly Condition?: unknown;
}

/** Reasons for which a cloud does not trust the integration, in words. */
function distrust(live: unknown, wanted: TrustPolicy): string {
  const allows = [(live as Partial<TrustPolicy>).Statement ?? []]
    .flat()
    .filter(({ Effect }) => Effect === 'Allow');
  const usersOf = (statements: readonly TrustStatement[]) =>
    statements.flatMap(({ Principal = {} }) => Object.values(Principal).flat());
  const [user] = usersOf(wanted.Statement);
  const trusted = usersOf(allows);
  if (user === undefined || !trusted.includes(user))
    return `it trusts ${trusted.join(', ') || 'no user'}, not Snowflake's user ${user}`;
  const condition = canonical(wanted.Statement[0]?.Condition);
  return allows.some(({ Condition }) => canonical(Condition) === condition)
    ? 'its trust policy was changed'
    : 'it expects another external ID (an integration that is replaced gets a new one)';
}

/** The trust policy that lets the integration in; undefined when there is no such integration. */
async function trustPolicy(ctx: Context, definition: TrustDefinition): Promise<TrustPolicy | undefined> {
  const described = await describeIntegration(ctx, definition.integration);
  if (!described) return undefined;
  const value = (property: string) => {
    const text = described[property];
    if (!text) throw new Error(`DESCRIBE INTEGRATION ${definition.integration} does not report ${property}`);
    return text;
  };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: value(definition.properties.user) },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': value(definition.properties.externalId) } },
      },
    ],
  };
}
