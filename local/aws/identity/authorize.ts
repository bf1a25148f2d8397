// Permission checks: the caller's policies, the resource's, and trust.
import type { Clock } from '@local-cloud/kit/clock.js';
import { AwsError } from '../errors.js';
import type { AuthorizeOptions, Identity } from '../service.js';
import type { Accounts } from './accounts.js';
import { decide, ownerOf, type Question, resourceVerdict } from './evaluate.js';
import { parsePolicy } from './policy.js';
import type { Role } from './principals.js';

/** Decides, and refuses in AWS's words. */
export class Authorizer {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly region: string,
  ) {}

  /** Throws AccessDenied unless the identity may perform the action on the resource. */
  authorize(identity: Identity, action: string, resource: string, options: AuthorizeOptions = {}): void {
    const account = options.resourceAccount ?? ownerOf(resource, identity.accountId);
    const { through } = options;
    const question = this.question(identity, action, resource, {
      'aws:ResourceAccount': account,
      ...(through && { 'aws:SourceVpce': through.id, 'aws:SourceVpc': through.vpcId }),
      ...options.conditions,
    });
    // IAM User Guide, "Troubleshoot access denied error messages": VPC endpoint policies.
    const passed = through && resourceVerdict(parsePolicy(through.policy, 'resource'), question);
    if (passed && passed !== 'allow' && passed !== 'account')
      throw denialError(
        identity,
        action,
        resource,
        passed === 'deny'
          ? 'with an explicit deny in a VPC endpoint policy'
          : `because no VPC endpoint policy allows the ${action} action`,
      );
    const decision = decide(question, this.accounts.policiesOf(identity), {
      account,
      policy: options.resourcePolicy,
      delegates: options.resourceDelegates,
    });
    if (!decision.allowed) throw denialError(identity, action, resource, decision.reason);
  }

  /** See AwsContext.checkPassRole. */
  checkPassRole(identity: Identity, roleArn: string, servicePrincipal: string): void {
    if (ownerOf(roleArn, '') !== identity.accountId)
      throw new AwsError('AccessDenied', `Cross-account pass role is not allowed.`, 403);
    this.authorize(identity, 'iam:PassRole', roleArn, {
      conditions: { 'iam:PassedToService': servicePrincipal },
    });
  }

  /** Whether a service principal may assume the role now; see AwsContext.assumeServiceRole. */
  assumeServiceRole(roleArn: string, servicePrincipal: string, sessionName: string): Identity {
    const role = this.accounts.roleByArn(roleArn);
    const service: Identity = {
      kind: 'service',
      accountId: '',
      arn: servicePrincipal,
      principalArn: servicePrincipal,
      userId: servicePrincipal,
    };
    const account = ownerOf(roleArn, '');
    const trust = role && this.accounts.trustOf(role);
    // API Gateway does not say for whom it takes on the role of an integration: a trust policy that asks refuses it.
    // https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479
    const source: Record<string, string> =
      servicePrincipal === 'apigateway.amazonaws.com' ? {} : { 'aws:SourceAccount': account };
    const question = this.question(service, 'sts:AssumeRole', roleArn, source);
    if (!role || !trust || resourceVerdict(trust, question) !== 'allow')
      throw new AwsError(
        'AccessDenied',
        `${servicePrincipal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
    return this.accounts.roleIdentity(role, sessionName);
  }

  /**
   * sts:AssumeRole by a user or role. The role's trust policy must allow it; where it names only the caller's
   * account, and always across accounts, the caller's own policies must allow it too. A missing role is denied, not
   * reported as missing.
   */
  assumeRole(identity: Identity, roleArn: string, conditions: Record<string, string>): Role {
    const action = 'sts:AssumeRole';
    const role = this.accounts.roleByArn(roleArn);
    const trust = role && this.accounts.trustOf(role);
    if (!role || !trust) throw denialError(identity, action, roleArn, '');
    const question = this.question(identity, action, roleArn, conditions);
    const trusted = resourceVerdict(trust, question);
    const sameAccount = ownerOf(roleArn, '') === identity.accountId;
    const own = decide(question, this.accounts.policiesOf(identity), { account: identity.accountId });
    const allowed =
      trusted === 'allow'
        ? own.allowed || (sameAccount && !own.reason.startsWith('with an explicit deny'))
        : trusted === 'account' && own.allowed;
    // AWS gives no reason here, so as not to tell outsiders about the trust policy.
    if (!allowed) throw denialError(identity, action, roleArn, '');
    return role;
  }

  private question(
    identity: Identity,
    action: string,
    resource: string,
    conditions: Record<string, string | string[]> = {},
  ): Question {
    const context = new Map<string, readonly string[]>();
    const set = (key: string, value: string | string[] | undefined) => {
      if (value !== undefined) context.set(key.toLowerCase(), Array.isArray(value) ? value : [value]);
    };
    const now = this.clock.now();
    set('aws:CurrentTime', new Date(now).toISOString());
    set('aws:EpochTime', String(Math.floor(now / 1000)));
    set('aws:RequestedRegion', this.region);
    set('aws:SourceIp', '127.0.0.1');
    // Loopback stands in for TLS here, as endpoints in AWS are reached by TLS only.
    set('aws:SecureTransport', 'true');
    if (identity.kind === 'user' || identity.kind === 'role') {
      set('aws:PrincipalArn', identity.principalArn);
      set('aws:PrincipalAccount', identity.accountId);
      set('aws:PrincipalType', identity.kind === 'user' ? 'User' : 'AssumedRole');
      set('aws:userid', identity.userId);
      if (identity.kind === 'user')
        set('aws:username', identity.arn.slice(identity.arn.lastIndexOf('/') + 1));
    }
    for (const [key, value] of Object.entries(conditions)) set(key, value);
    return { identity, action, resource, context };
  }
}

function denialError(identity: Identity, action: string, resource: string, reason: string): AwsError {
  const who = identity.kind === 'anonymous' ? 'anonymous' : identity.arn;
  return new AwsError(
    'AccessDenied',
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource}${reason && ` ${reason}`}`,
    403,
  );
}
