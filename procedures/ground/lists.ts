/** Functions that ES2017, the level that bodies are compiled to, does not have. */

/** An object of its entries. */
export function fromEntries<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const object: Record<string, T> = {};
  for (const [key, value] of entries) object[key] = value;
  return object;
}

/** All that a function makes of each item, in one list. */
export function flatMap<T, U>(items: readonly T[], make: (item: T, i: number) => readonly U[]): U[] {
  const all: U[] = [];
  items.forEach((item, i) => {
    for (const made of make(item, i)) all.push(made);
  });
  return all;
}

export function lastOf<T>(items: readonly T[]): T | undefined {
  return items[items.length - 1];
}

/** A copy in order. */
export function sortBy<T>(items: readonly T[], order: (a: T, b: T) => number): T[] {
  return items.slice().sort(order);
}

/** Tells whether an object has a member that is not undefined; it may be null. */
export function hasOwn(object: object, name: string): boolean {
  return (object as Record<string, unknown>)[name] !== undefined;
}
