// AWS Identity and Access Management: roles, users and policies of the caller's account.
import { AwsError } from '../errors.js';
import type { Account } from '../identity/principals.js';
import { type QueryParameters, queryResponse, readQuery } from '../query-protocol.js';
import type { AwsContext, AwsService, Identity } from '../service.js';
import type { XmlNode } from '../xml.js';
import { authorizationDetailOperations } from './authorization-details.js';
import { PARAMETERS } from './parameters.js';
import { policyOperations } from './policies.js';
import { roleOperations } from './roles.js';
import { userOperations } from './users.js';

/** One IAM call: the caller, its account, and the parameters. */
export interface IamCall {
  context: AwsContext;
  identity: Identity;
  account: Account;
  parameters: QueryParameters;
  /** The operation's name. */
  action: string;
  /** Throws AccessDenied unless the caller may perform the operation on the resource. */
  authorize(resource: string, conditions?: Record<string, string | string[]>): void;
}

/** Returns the result's members; undefined for an operation whose answer is empty. */
export type IamOperation = (call: IamCall) => XmlNode | undefined;

const OPERATIONS: Record<string, IamOperation> = {
  ...roleOperations,
  ...policyOperations,
  ...userOperations,
  ...authorizationDetailOperations,
};
for (const name of Object.keys(OPERATIONS))
  if (!PARAMETERS[name]) throw new Error(`The parameters of ${name} are not listed.`);

/** Makes the service. */
export function create(context: AwsContext): AwsService {
  return {
    name: 'iam',
    protocol: 'query',
    async handle(request) {
      const { action, parameters } = readQuery(request);
      const operation = OPERATIONS[action];
      if (!operation)
        throw new AwsError(
          'InvalidAction',
          `The local IAM does not support ${action}; it supports ${Object.keys(OPERATIONS).sort().join(', ')}.`,
          400,
        );
      parameters.only(action, PARAMETERS[action]!);
      const { identity } = request;
      const result = operation({
        context,
        identity,
        account: context.accounts.account(identity.accountId),
        parameters,
        action,
        authorize: (resource, conditions) =>
          context.authorize(identity, `iam:${action}`, resource, { ...(conditions && { conditions }) }),
      });
      return queryResponse(action, 'https://iam.amazonaws.com/doc/2010-05-08/', result, request.requestId);
    },
  };
}
