// Whether policies allow an action.
// Rules: IAM User Guide, "Policy evaluation logic": an explicit deny wins; within an account the identity's or the
// resource's policy may allow; across accounts both must. What identity policies allow, a permissions boundary must
// allow too; what a resource's policy allows to a user or to a role's session is not limited by it, to a role it is.
import type { Identity } from '../service.js';
import { arnMatches, parseArn, wildcardMatches } from './arn.js';
import { type ConditionContext, conditionHolds, substituteVariables } from './conditions.js';
import type { PolicyDocument, Principals, Statement } from './policy.js';

export interface Question {
  identity: Identity;
  /** `service:Action` */
  action: string;
  resource: string;
  context: ConditionContext;
}

/** `account`: allowed to the caller's whole account, which leaves the decision to that account's own policies. */
export type Verdict = 'deny' | 'allow' | 'account' | 'none';

/** What documents attached to the identity itself say. */
export function identityVerdict(documents: readonly PolicyDocument[], question: Question): Verdict {
  let verdict: Verdict = 'none';
  for (const { statements } of documents)
    for (const statement of statements) {
      if (!applies(statement, question)) continue;
      if (statement.effect === 'Deny') return 'deny';
      verdict = 'allow';
    }
  return verdict;
}

/**
 * What a document on a resource (or a role's trust policy) says, principals considered.
 * @param bounded leaves out what is allowed to the role of a session, which the role's boundary limits
 */
export function resourceVerdict(document: PolicyDocument, question: Question, bounded = false): Verdict {
  let verdict: Verdict = 'none';
  for (const statement of document.statements) {
    const match = principalMatches(statement, question.identity, bounded && statement.effect === 'Allow');
    if (!match || !applies(statement, question)) continue;
    if (statement.effect === 'Deny') return 'deny';
    if (match === 'direct') verdict = 'allow';
    else if (verdict === 'none') verdict = 'account';
  }
  return verdict;
}

function applies(statement: Statement, { action, resource, context }: Question): boolean {
  const names = (actions: string[]) => actions.some((pattern) => wildcardMatches(pattern, action, true));
  const covers = (resources: string[]) =>
    resources.some((pattern) => arnMatches(substituteVariables(pattern, context, true), resource));
  if (statement.actions && !names(statement.actions)) return false;
  if (statement.notActions && names(statement.notActions)) return false;
  if (statement.resources && !covers(statement.resources)) return false;
  if (statement.notResources && covers(statement.notResources)) return false;
  return statement.conditions.every((condition) => conditionHolds(condition, context));
}

function principalMatches(
  statement: Statement,
  identity: Identity,
  bounded: boolean,
): 'direct' | 'account' | undefined {
  if (statement.principals) return matchOne(statement.principals, identity, bounded);
  if (statement.notPrincipals) return matchOne(statement.notPrincipals, identity) ? undefined : 'direct';
  return undefined;
}

function matchOne(
  principals: Principals,
  identity: Identity,
  bounded = false,
): 'direct' | 'account' | undefined {
  if (identity.kind === 'service') return principals.Service?.includes(identity.arn) ? 'direct' : undefined;
  let account: 'account' | undefined;
  for (const entry of principals.AWS ?? []) {
    if (entry === '*') return 'direct';
    if (identity.kind === 'anonymous') continue;
    if (entry === identity.arn || (entry === identity.principalArn && !bounded)) return 'direct';
    if (entry === identity.accountId || entry === `arn:aws:iam::${identity.accountId}:root`)
      account = 'account';
  }
  return account;
}

/** The decision over both sides, with the reason in AWS's words for the error message. */
export function decide(
  question: Question,
  { documents, boundary }: { documents: readonly PolicyDocument[]; boundary?: PolicyDocument },
  resource: { account: string; policy?: PolicyDocument | undefined; delegates?: boolean | undefined },
): { allowed: true } | { allowed: false; reason: string } {
  const { identity, action } = question;
  const own = identityVerdict(documents, question);
  const bound = boundary ? identityVerdict([boundary], question) : 'allow';
  const theirs = resource.policy ? resourceVerdict(resource.policy, question, bound !== 'allow') : 'none';
  if (own === 'deny') return { allowed: false, reason: 'with an explicit deny in an identity-based policy' };
  if (bound === 'deny') return { allowed: false, reason: 'with an explicit deny in a permissions boundary' };
  if (theirs === 'deny')
    return { allowed: false, reason: 'with an explicit deny in a resource-based policy' };
  const none = (kind: string) => ({
    allowed: false as const,
    reason: `because no ${kind} policy allows the ${action} action`,
  });
  if (identity.kind === 'anonymous' || identity.kind === 'service')
    return theirs === 'allow' ? { allowed: true } : none('resource-based');
  const unbounded = {
    allowed: false as const,
    reason: `because no permissions boundary allows the ${action} action`,
  };
  if (resource.account === identity.accountId) {
    if (theirs === 'allow') return { allowed: true };
    if (resource.delegates && theirs === 'none') return none('resource-based');
    if (own !== 'allow') return none('identity-based');
    return bound === 'allow' ? { allowed: true } : unbounded;
  }
  if (theirs !== 'allow' && theirs !== 'account') return none('resource-based');
  if (own !== 'allow') return none('identity-based');
  return bound === 'allow' ? { allowed: true } : unbounded;
}

/** The account that owns a resource, by its ARN; `otherwise` where the ARN does not say. */
export function ownerOf(resource: string, otherwise: string): string {
  return parseArn(resource)?.account || otherwise;
}
