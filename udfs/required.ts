/**
 * A value that has to be there by what other code has made sure of.
 * @param what it is, for the error: `admission of a contract with beds`
 * @throws Error where it is missing: a bug, with the place in its stack
 */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Missing: ${what}`);
  return value;
}
