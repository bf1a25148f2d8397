/** The name of an AWS error (`NoSuchEntityException`), whatever client it came from. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** True when AWS says that the thing does not exist: every service has its own word for it. */
export function isMissing(error: unknown): boolean {
  const name = errorName(error);
  return (
    /^(NoSuch|NotFound|ResourceNotFound)/.test(name) ||
    // SageMaker has only ValidationException for this.
    (name === 'ValidationException' && /could not find|does not exist/i.test((error as Error).message))
  );
}
