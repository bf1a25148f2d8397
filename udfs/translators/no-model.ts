import type { FunctionObject } from '../signature.js';

export const object = {
  signature: {
    name: 'LOS_NO_MODEL',
    args: [['EVENT', 'OBJECT']],
    returns: 'OBJECT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof refuse>;

/**
 * The request translator of predict_los until a first version is promoted.
 * @example
 * SELECT LOS_NO_MODEL({'body': {'data': []}});
 */
export default function refuse(_event: object): never {
  throw new Error(
    'No model has been promoted yet: run "los train", or promote a version with "los model promote".',
  );
}
