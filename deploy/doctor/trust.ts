import type { RoleDetails } from '../resources/aws/role-details.js';
import type { Problem } from './check.js';
import { concerns, type Decision, decide, principalsOf, type Statement, statementsOf } from './policy.js';
import type { Scene } from './scene.js';

/** Whether a role lets in the IAM user of an integration with the integration's external ID. */
export async function integrationTrusted(
  scene: Scene,
  roleName: string,
  integration: string,
  property: 'API_AWS' | 'STORAGE_AWS',
): Promise<Problem | undefined> {
  const role = (await scene.role(roleName))!;
  const described = (await scene.integration(integration))!;
  const user = described[`${property}_IAM_USER_ARN`] ?? '';
  const externalId = described[`${property}_EXTERNAL_ID`] ?? '';
  const fix = scene.los('apply');
  const assumes = { action: 'sts:AssumeRole', principals: [user, user.split(':')[4] ?? ''] };
  const about = statementsOf(role.trust).filter((statement) => concerns(statement, assumes));
  if (about.some(({ Effect, Condition }) => Effect === 'Deny' && !Condition))
    return { what: `The trust policy of ${roleName} denies Snowflake's user ${user}.`, fix };
  const allows = about.filter(({ Effect }) => Effect === 'Allow');
  if (allows.length === 0) {
    const trusted = statementsOf(role.trust).flatMap(principalsOf).join(', ') || 'no principal';
    return { what: `The role ${roleName} trusts ${trusted}, not Snowflake's user ${user}.`, fix };
  }
  if (!allows.some((statement) => externalIds(statement)?.includes(externalId) ?? !statement.Condition))
    return {
      what: `The role ${roleName} expects another external ID than the integration ${integration} has; a replaced integration gets a new one.`,
      fix,
    };
  return undefined;
}

/** External IDs that a statement asks for; undefined when it asks for none. */
function externalIds({ Condition }: Statement): string[] | undefined {
  for (const [operator, keys] of Object.entries(Condition ?? {}))
    for (const [key, values] of Object.entries(keys))
      if (/^StringEquals/i.test(operator) && key.toLowerCase() === 'sts:externalid') return [values].flat();
  return undefined;
}

/** Whether a role lets in an AWS service. */
export function serviceTrusted(scene: Scene, role: RoleDetails, service: string): Problem | undefined {
  const decision = decide(statementsOf(role.trust), { action: 'sts:AssumeRole', principals: [service] });
  if (decision.allowed) return undefined;
  return {
    what: `The role ${role.name} does not let ${service} assume it (${decision.why}).`,
    fix: scene.los('apply'),
  };
}

/** Whether a role's policies, inline and managed, allow all of these actions. */
export async function roleAllows(
  scene: Scene,
  roleName: string,
  requests: readonly { action: string; resource: string }[],
): Promise<Problem | undefined> {
  const statements = await roleStatements(scene, roleName);
  for (const request of requests) {
    const decision = decide(statements, request);
    if (!decision.allowed) return refusal(scene, roleName, request, decision);
  }
  return undefined;
}

/** Whether a role's policies explicitly deny an action that something else allows. */
export async function roleDenies(
  scene: Scene,
  roleName: string,
  request: { action: string; resource: string },
): Promise<Problem | undefined> {
  const decision = decide(await roleStatements(scene, roleName), request);
  if (decision.allowed || decision.why !== 'denied') return undefined;
  return refusal(scene, roleName, request, decision);
}

async function roleStatements(scene: Scene, roleName: string): Promise<Statement[]> {
  const role = (await scene.role(roleName))!;
  return [...Object.values(role.policies), ...(await managedPolicies(scene, role))].flatMap(statementsOf);
}

function refusal(
  scene: Scene,
  role: string,
  { action, resource }: { action: string; resource: string },
  decision: Refusal,
): Problem {
  return {
    what: `The role ${role} may not ${action} on ${resource}: ${inWords(decision)}.`,
    fix:
      decision.why === 'denied'
        ? `Take the denying statement out of the policies of ${role} (IAM console, Roles), or ${scene.los('apply')}`
        : scene.los('apply'),
  };
}

type Refusal = Extract<Decision, { allowed: false }>;

export function inWords(decision: Refusal): string {
  if (decision.why === 'denied') return 'a policy denies it';
  if (decision.why === 'conditional') return 'it is allowed only under a condition';
  return 'no policy allows it';
}

function managedPolicies({ ctx }: Scene, role: RoleDetails): Promise<unknown[]> {
  return Promise.all(
    role.attached.map(async (PolicyArn) => {
      const { Policy } = await ctx.aws.iam.getPolicy({ PolicyArn });
      const { PolicyVersion } = await ctx.aws.iam.getPolicyVersion({
        PolicyArn,
        VersionId: Policy?.DefaultVersionId,
      });
      return JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '{}')) as unknown;
    }),
  );
}
