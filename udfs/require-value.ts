/**
 * A value that has to be there by what other code has made sure of.
 * @param what it is, for the error: `admission of a contract with beds`
 * @throws Error where it is missing: a bug, with the place in its stack
 */
export function requireValue<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Missing: ${what}`);
  return value;
}

/**
 * The item of a list at a place that has to be there.
 * @param place from 0; from the end where it is negative, -1 is the last
 * @throws Error where there is none: a bug, with the place in its stack
 */
export function itemAt<T>(items: ArrayLike<T>, place: number): T {
  const item = items[place < 0 ? items.length + place : place];
  if (item === undefined) throw new Error(`Missing: item ${place} of ${items.length}`);
  return item;
}
