import type { Answer } from '../prediction/predictions.js';
import type { FunctionObject } from '../signature.js';

export const object = {
  signature: {
    name: 'LOS_CONTROL_RESPONSE',
    args: [['EVENT', 'OBJECT']],
    returns: 'OBJECT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof translateControlResponse>;

export interface ControlResponseEvent {
  readonly body: unknown;
}

/** Answer of LOS_SAGEMAKER: SageMaker's answer, or its error as a value. */
export type ControlAnswer =
  | { readonly ok: true; readonly answer: object }
  | {
      readonly ok: false;
      /** E.g. `ValidationException`. */
      readonly error: string;
      readonly message: string;
    };

/**
 * SageMaker's answer as a value. The API answers 200 for its errors too, so they are told by `__type`, which no
 * answer of an operation has. Operations that answer nothing (DeleteEndpoint) have an empty body.
 * @throws Error when the answer is neither an object nor empty
 * @example
 * SELECT LOS_CONTROL_RESPONSE({'body': {'EndpointName': 'los-health-v3', 'EndpointStatus': 'InService'}});
 */
export default function translateControlResponse({ body }: ControlResponseEvent): Answer<ControlAnswer> {
  return { body: { data: [[0, read(body)]] } };
}

function read(body: unknown): ControlAnswer {
  if (body === undefined || body === null) return { ok: true, answer: {} };
  if (typeof body === 'string') {
    const text = body.trim();
    if (text === '') return { ok: true, answer: {} };
    if (text.charAt(0) === '{') return read(JSON.parse(text));
  }
  if (typeof body !== 'object' || Array.isArray(body))
    throw new Error(`SageMaker answered ${JSON.stringify(body).slice(0, 200)}, which is no object.`);
  const { __type: type, message, Message } = body as Record<string, unknown>;
  if (typeof type !== 'string') return { ok: true, answer: body };
  // Some come with the name of AWS's framework before a #; denials spell the member with a capital.
  return { ok: false, error: type.replace(/^.*#/, ''), message: String(message ?? Message ?? '') };
}
