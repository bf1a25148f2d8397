import { literal } from '../../procedures/ground/names.js';
import { UserError } from '../errors.js';
import { renderText } from './policy.js';

/** Login of the machine that runs los, and from where. */
export interface Machine {
  /** Who it is to the issuer of its tokens (their claim `sub`): it then needs no secret. */
  readonly oidcSubject?: string;
  readonly oidcIssuer?: string;
  /** Its IAM role, where it runs in AWS: it then needs no secret either. */
  readonly awsRole?: string;
  /** IPv4 addresses and ranges. */
  readonly addresses?: readonly string[];
}

export const GITHUB = 'https://token.actions.githubusercontent.com';

/**
 * Statements that make the machine's user, whose sessions have the deploying role, and let it in from its addresses alone, where that is asked for. Of a user or a policy
 * that is there they change nothing else. Their grammar, at docs.snowflake.com/en/sql-reference/sql: create-user and alter-user
 * (WORKLOAD_IDENTITY, of TYPE = SERVICE alone; the audience is Snowflake's default), create-network-policy and
 * alter-network-policy. Addresses are the policy's own: network rules lie in a schema, and none is there yet.
 * @throws UserError for a subject that is no machine's alone, and for what is no address
 */
export function machineScript(user: string, role: string, machine: Machine): string {
  const { oidcSubject: subject, oidcIssuer: issuer = GITHUB, awsRole, addresses = [] } = machine;
  if (subject && /[*?]|:pull_request$/.test(subject))
    throw new UserError(`The subject ${subject} is more than one machine, or runs code before its review.`, {
      next: 'Name a branch or, better, an environment with approval: repo:OWNER/NAME:environment:prod.',
    });
  if (awsRole && !/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(awsRole))
    throw new UserError(`--aws-role takes the ARN of an IAM role, not ${awsRole}.`, {
      next: 'Write arn:aws:iam::123456789012:role/ci.',
    });
  const wrong = addresses.find((address) => !/^(\d{1,3}\.){3}\d{1,3}(\/\d\d?)?$/.test(address));
  if (wrong !== undefined)
    throw new UserError(`--addresses takes IPv4 addresses and ranges, not ${wrong}.`, {
      next: 'Write 203.0.113.7 or 203.0.113.0/24. For a private endpoint or IPv6 attach a network policy of your own.',
    });
  return renderText('machine.sql.hbs', {
    user,
    role,
    identity: awsRole
      ? `TYPE = AWS ARN = ${literal(awsRole)}`
      : subject && `TYPE = OIDC ISSUER = ${literal(issuer)} SUBJECT = ${literal(subject)}`,
    addresses: addresses.map(literal).join(', '),
  });
}
