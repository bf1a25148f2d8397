import { messageLine, withoutValues } from '../procedures/ground/without-values.js';

/** Part of a page that was read, or the reason why not. */
export type Part<T> = { readonly value: T } | { readonly failure: unknown };

export type Parts<T> = { readonly [K in keyof T]: Part<T[K]> };

/** Waits for what is read; that it fails takes down nothing that is read beside it. */
export async function partOf<T>(reading: Promise<T> | T): Promise<Part<T>> {
  try {
    return { value: await reading };
  } catch (failure) {
    return { failure };
  }
}

/**
 * Parts as plain values under the same names; one that could not be read throws where it is used, so that a page says it there.
 * @example
 * const { zone } = throwWhereUsed({ zone: { value: 'UTC' }, nights: { failure: new Error('no such table') } });
 */
export function throwWhereUsed<T extends object>(parts: Parts<T>): T {
  const facts = {};
  for (const [name, part] of Object.entries<Part<unknown>>(parts))
    Object.defineProperty(facts, name, {
      enumerable: true,
      get() {
        if ('failure' in part) throw part.failure;
        return part.value;
      },
    });
  return facts as T;
}

/** That something is missing from a page, and why, without a value of a row. */
export function absenceSentence(what: string, why: unknown): string {
  return `${what} cannot be shown: ${messageLine(withoutValues(why).message)}`;
}
