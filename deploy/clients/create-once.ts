/**
 * Waits for a call that makes something which can exist only once. When the answer to the first attempt got lost, the
 * SDK repeated the call and met what that attempt had made: that is a success, told apart from another's object
 * by the number of attempts.
 * @returns the answer; undefined when it was lost
 */
export async function createOnce<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { attempts?: number } };
    const exists =
      /^(EntityAlreadyExists|ResourceInUse|Conflict)/.test(name) ||
      // SageMaker has only ValidationException for this.
      (name === 'ValidationException' && /already existing/.test(message));
    if (exists && ($metadata?.attempts ?? 1) > 1) return undefined;
    throw error;
  }
}
