// Whether policies allow an action.
// Rules: IAM User Guide, "Policy evaluation logic": an explicit deny wins; within an account the identity's or the
// resource's policy may allow; across accounts both must.
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

/** What a document on a resource (or a role's trust policy) says, principals considered. */
export function resourceVerdict(document: PolicyDocument, question: Question): Verdict {
  let verdict: Verdict = 'none';
  for (const statement of document.statements) {
    const match = principalMatches(statement, question.identity);
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
    resources.some((pattern) => arnMatches(substituteVariables(pattern, context), resource));
  if (statement.actions && !names(statement.actions)) return false;
  if (statement.notActions && names(statement.notActions)) return false;
  if (statement.resources && !covers(statement.resources)) return false;
  if (statement.notResources && covers(statement.notResources)) return false;
  return statement.conditions.every((condition) => conditionHolds(condition, context));
}

function principalMatches(statement: Statement, identity: Identity): 'direct' | 'account' | undefined {
  if (statement.principals) return matchOne(statement.principals, identity);
  if (statement.notPrincipals) return matchOne(statement.notPrincipals, identity) ? undefined : 'direct';
  return undefined;
}

function matchOne(principals: Principals, identity: Identity): 'direct' | 'account' | undefined {
  if (identity.kind === 'service') return principals.Service?.includes(identity.arn) ? 'direct' : undefined;
  let account: 'account' | undefined;
  for (const entry of principals.AWS ?? []) {
    if (entry === '*') return 'direct';
    if (identity.kind === 'anonymous') continue;
    if (entry === identity.arn || entry === identity.principalArn) return 'direct';
    if (entry === identity.accountId || entry === `arn:aws:iam::${identity.accountId}:root`)
      account = 'account';
  }
  return account;
}

/** The decision over both sides, with the reason in AWS's words for the error message. */
export function decide(
  question: Question,
  documents: readonly PolicyDocument[],
  resource: { account: string; policy?: PolicyDocument | undefined },
): { allowed: true } | { allowed: false; reason: string } {
  const { identity, action } = question;
  const own = identityVerdict(documents, question);
  const theirs = resource.policy ? resourceVerdict(resource.policy, question) : 'none';
  if (own === 'deny') return { allowed: false, reason: 'with an explicit deny in an identity-based policy' };
  if (theirs === 'deny')
    return { allowed: false, reason: 'with an explicit deny in a resource-based policy' };
  const none = (kind: string) => ({
    allowed: false as const,
    reason: `because no ${kind} policy allows the ${action} action`,
  });
  if (identity.kind === 'anonymous' || identity.kind === 'service')
    return theirs === 'allow' ? { allowed: true } : none('resource-based');
  if (resource.account === identity.accountId)
    return own === 'allow' || theirs === 'allow' ? { allowed: true } : none('identity-based');
  if (theirs !== 'allow' && theirs !== 'account') return none('resource-based');
  return own === 'allow' ? { allowed: true } : none('identity-based');
}

/** The account that owns a resource, by its ARN; `otherwise` where the ARN does not say. */
export function ownerOf(resource: string, otherwise: string): string {
  return parseArn(resource)?.account || otherwise;
}
