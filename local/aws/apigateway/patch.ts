// The patch operations by which API Gateway's Update… calls change things: {op, path, value}.

import type { ApiCall } from './call.js';
import { badRequest } from './model.js';

export interface Patch {
  op: 'add' | 'replace' | 'remove';
  value: string;
}

/** For each path that may be patched (`/description`, or `/variables/{}` with a name in it), what a patch does. */
export type Patchable = Record<string, (patch: Patch, name: string) => void>;

/** Applies the body's patchOperations; a path or operation that is not listed is refused in AWS's words. */
export function applyPatches(call: ApiCall, patchable: Patchable): void {
  const operations = (call.body.patchOperations ?? []) as { op?: string; path?: string; value?: string }[];
  for (const { op, path = '', value = '' } of operations) {
    if (op !== 'add' && op !== 'replace' && op !== 'remove')
      throw badRequest(
        `Invalid patch operation specified. Must be one of: [add, remove, replace]; the local API Gateway does not support ${op}.`,
      );
    const exact = patchable[path];
    if (exact) {
      exact({ op, value }, '');
      continue;
    }
    const slash = path.indexOf('/', 1);
    const named = slash > 0 ? patchable[`${path.slice(0, slash)}/{}`] : undefined;
    if (!named)
      throw badRequest(
        `Invalid patch path '${path}' specified for op '${op}'. Must be one of: [${Object.keys(patchable).join(', ')}]`,
      );
    named(
      { op, value },
      path
        .slice(slash + 1)
        .replace(/~1/g, '/')
        .replace(/~0/g, '~'),
    );
  }
}

/** Sets a member to the patch's value, or removes it. */
export function set<T>(value: T, { op }: Patch): T | undefined {
  return op === 'remove' ? undefined : value;
}

/** A map with an entry changed; undefined when it is left empty. */
export function setEntry<T>(
  entries: Record<string, T> | undefined,
  name: string,
  value: T,
  { op }: Patch,
): Record<string, T> | undefined {
  const { [name]: _, ...rest } = entries ?? {};
  const changed = op === 'remove' ? rest : { ...rest, [name]: value };
  return Object.keys(changed).length > 0 ? changed : undefined;
}
