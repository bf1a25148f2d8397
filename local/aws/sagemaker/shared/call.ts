/** One call of an operation, with what every operation needs. */
import type { AwsContext, AwsRequest, Identity } from '../../service.js';
import { conditionsOf } from './condition-keys.js';
import { type AccountRecords, recordsOf } from './records.js';
import type { Input } from './validation.js';

export interface Call {
  input: Input;
  context: AwsContext;
  identity: Identity;
  region: string;
  records: AccountRecords;
  /** Now, in seconds since 1970. */
  now: number;
  /** The ARN of a resource in the caller's account. */
  arn(kind: string, name: string): string;
  /** Throws AccessDenied unless the caller may perform `sagemaker:ACTION` on the resource. */
  authorize(action: string, resource: string): void;
}

/** An operation: a request's members in, the answer's members out. */
export type Operation = (call: Call) => Promise<object | undefined> | object | undefined;

/** What a request's operation gets: its input, and the records of the caller's account. */
export function callOf(context: AwsContext, request: AwsRequest, input: Input): Call {
  const { accountId } = request.identity;
  return {
    input,
    context,
    identity: request.identity,
    region: request.region,
    records: recordsOf(context, accountId),
    now: context.clock.now() / 1000,
    arn: (kind, name) => sagemakerArn(request.region, accountId, kind, name),
    authorize: (action, resource) =>
      context.authorize(request.identity, `sagemaker:${action}`, resource, {
        conditions: conditionsOf(action, input),
      }),
  };
}

/** SageMaker's ARNs carry names in lower case. */
export function sagemakerArn(region: string, accountId: string, kind: string, name: string): string {
  return `arn:aws:sagemaker:${region}:${accountId}:${kind}/${name.toLowerCase()}`;
}
