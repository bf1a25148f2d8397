import type { FunctionObject } from '../signature.js';
import { type ControlAction, controlActionNames } from './control-actions.js';

export const object = {
  signature: {
    name: 'LOS_CONTROL_REQUEST',
    args: [['EVENT', 'OBJECT']],
    returns: 'OBJECT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof translateControlRequest>;

/** A batch of LOS_SAGEMAKER: one row, since a request is one call of SageMaker. */
export interface ControlRequestEvent {
  readonly body: { readonly data: readonly (readonly [row: number, action: unknown, request: unknown])[] };
}

/** Request that goes out: the request's JSON, to the route of its action. */
export interface ControlRequest {
  readonly body: string;
  /** Goes on from the external function's URL. */
  readonly urlSuffix: string;
}

/**
 * One call of SageMaker's control plane. The body is written here and not by Snowflake, so that a number arrives as
 * the number that it was and a text as a text (hyperparameters are texts that look like numbers).
 * @throws Error for an action that is not in the list, and for a request that is no OBJECT
 * @example
 * SELECT LOS_CONTROL_REQUEST({'body': {'data': [[0, 'DescribeEndpoint', {'EndpointName': 'los-health-v3'}]]}});
 */
export default function translateControlRequest({ body: { data } }: ControlRequestEvent): ControlRequest {
  const [first, ...others] = data;
  // MAX_BATCH_ROWS = 1 says so; more rows could not be one request.
  if (!first || others.length > 0) throw new Error(`LOS_SAGEMAKER was handed ${data.length} rows, not one.`);
  const [, action, request] = first;
  if (!controlActionNames.includes(action as ControlAction))
    throw new Error(
      `LOS_SAGEMAKER does not know the action ${String(action)}; it has ${controlActionNames.join(', ')}.`,
    );
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new Error(`The request of ${action} is NULL or no OBJECT.`);
  return { body: JSON.stringify(request), urlSuffix: `/${action as ControlAction}` };
}
