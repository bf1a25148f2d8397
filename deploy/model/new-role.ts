import { retryWhile } from '../ground/retry.js';

/**
 * Hands a role to SageMaker. A role that was made seconds ago is not known everywhere in AWS: SageMaker then refuses
 * with a ValidationException "Could not assume role …", which passes by waiting.
 */
export function onceRoleIsKnown<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return retryWhile(
    call,
    (error) =>
      error instanceof Error && /could not assume role|unable to assume (the )?role/i.test(error.message),
    { signal, seconds: 120 },
  );
}
