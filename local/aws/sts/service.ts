// AWS Security Token Service: who am I, and temporary credentials for a role.
import { AwsError } from '../errors.js';
import type { Authorizer } from '../identity/authorize.js';
import { type QueryParameters, queryResponse, readQuery } from '../query-protocol.js';
import type { AwsContext, AwsService, Identity } from '../service.js';
import type { XmlNode } from '../xml.js';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Makes the service: AssumeRole and GetCallerIdentity. */
export function create(context: AwsContext, authorizer: Authorizer): AwsService {
  const operations: Record<string, (identity: Identity, parameters: QueryParameters) => XmlNode> = {
    GetCallerIdentity: (identity) => ({
      Arn: identity.arn,
      UserId: identity.userId,
      Account: identity.accountId,
    }),
    AssumeRole: (identity, parameters) => assumeRole(context, authorizer, identity, parameters),
  };
  return {
    name: 'sts',
    protocol: 'query',
    async handle(request) {
      const { action, parameters } = readQuery(request);
      const operation = operations[action];
      if (!operation)
        throw new AwsError(
          'InvalidAction',
          `The local STS does not support ${action}; it supports ${Object.keys(operations).join(', ')}.`,
          400,
        );
      return queryResponse(action, NAMESPACE, operation(request.identity, parameters), request.requestId);
    },
  };
}

function assumeRole(
  context: AwsContext,
  authorizer: Authorizer,
  identity: Identity,
  parameters: QueryParameters,
): XmlNode {
  parameters.only('AssumeRole', ['RoleArn', 'RoleSessionName', 'ExternalId', 'DurationSeconds']);
  const roleArn = parameters.need('RoleArn');
  const sessionName = parameters.need('RoleSessionName');
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  const externalId = parameters.get('ExternalId');
  const role = authorizer.assumeRole(identity, roleArn, {
    'sts:RoleSessionName': sessionName,
    ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
  });
  const seconds = parameters.number('DurationSeconds', 3600, [900, 43200]);
  // A role assumed by a role ("role chaining") gets one hour at most.
  const longest = identity.kind === 'role' ? 3600 : role.maxSessionDuration;
  if (seconds > longest)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  const session = context.accounts.startSession(role, sessionName, seconds);
  return {
    Credentials: {
      AccessKeyId: session.id,
      SecretAccessKey: session.secret,
      SessionToken: session.token,
      Expiration: new Date(session.expires!).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: session.identity.userId, Arn: session.identity.arn },
  };
}
