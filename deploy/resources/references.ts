import type { Outputs, ResourceId } from './resource.js';

const REFERENCE = /\$\{([^#${}]+)#(\w+)\}/g;

/**
 * Puts the values of `ref(id, output)` into every string of a definition.
 * @returns the definition and the references that have no value yet (their object is still to be made)
 */
export function resolveReferences<T>(
  definition: T,
  outputs: ReadonlyMap<ResourceId, Outputs>,
): { definition: T; missing: string[] } {
  const missing: string[] = [];
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replace(REFERENCE, (whole, id: string, output: string) => {
        const known = outputs.get(id)?.[output];
        if (known === undefined) missing.push(`${id}#${output}`);
        return known ?? whole;
      });
    if (Array.isArray(value)) return value.map(walk);
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
    return value;
  };
  return { definition: walk(definition) as T, missing };
}

/** Ids of the resources that a text refers to. */
export function referencesIn(text: string): ResourceId[] {
  return [...new Set(Array.from(text.matchAll(REFERENCE), ([, id]) => id ?? ''))];
}
