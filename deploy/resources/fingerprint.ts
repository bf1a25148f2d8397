import { createHash } from 'node:crypto';

/**
 * Hash of a definition, independent of the order of its keys.
 * @returns 16 hex digits: enough to tell versions of one object apart, short enough for a comment
 */
export function fingerprintOf(kind: string, definition: unknown): string {
  return createHash('sha256')
    .update(`${kind}\n${canonical(definition)}`)
    .digest('hex')
    .slice(0, 16);
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}

/** The same over several lines, for differences that a person reads. */
export function pretty(value: unknown): string {
  return JSON.stringify(JSON.parse(canonical(value)), null, 2);
}
