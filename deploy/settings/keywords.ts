/**
 * The keywords of JSON Schema that settings use, and the type that a checked value has: written once, a setting has its check, its
 * default, its words and its type.
 */

type Options = object;

const keywordOf =
  <const T extends string | readonly string[]>(type: T) =>
  <const O extends Options>(description: string, options: O) => ({ type, ...options, description });

export const text = keywordOf('string');
export const integer = keywordOf('integer');
export const number = keywordOf('number');
export const array = keywordOf('array');

/** @param fallback what holds where nothing is written */
export const boolean = (description: string, fallback: boolean) =>
  ({ type: 'boolean', default: fallback, description }) as const;

/** One of some values. */
export const choice = <const O extends { readonly enum: readonly unknown[] }>(
  description: string,
  options: O,
) => ({ ...options, description });

/** The same, or nothing. */
export const orNull = {
  text: keywordOf(['string', 'null']),
  integer: keywordOf(['integer', 'null']),
  number: keywordOf(['number', 'null']),
  array: keywordOf(['array', 'null']),
};

/** A section: all of its keys may be left out, and then have their defaults. */
export const object = <const P extends object>(properties: P) =>
  ({ type: 'object', additionalProperties: false, default: {}, properties }) as const;

/** Value that a schema accepts, with all defaults filled in. */
export type Value<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly properties: infer P }
    ? { readonly [K in keyof P]: Value<P[K]> }
    : S extends { readonly type: readonly (infer T)[] }
      ? PlainValue<T, S>
      : S extends { readonly type: infer T }
        ? PlainValue<T, S>
        : never;

type PlainValue<T, S> = T extends 'string'
  ? string
  : T extends 'integer' | 'number'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends 'null'
        ? null
        : T extends 'array'
          ? S extends { readonly items: infer I }
            ? readonly Value<I>[]
            : never
          : S extends { readonly patternProperties: Readonly<Record<string, infer A>> }
            ? Readonly<Record<string, Value<A>>>
            : never;
