/** A stream whose changes are no longer kept, because nobody read it for too long, or whose table was replaced. */
const STALE = /stale|Base table|Time travel data is not available/i;

/** Whether a statement failed because a stream can only be made anew. */
export function isStale(error: unknown): boolean {
  return STALE.test(String((error as Partial<Error>).message));
}
