import type { Difference } from '../results/deployment.js';

/** One value that is compiled into a body (deploy/compile/compile.ts) and differs: where it stands, and both sides as JSON. */
export interface ValueChange {
  /** `contract.features.AGE.default`, without the name of the constant that holds it. */
  readonly path: string;
  /** Undefined on a side: there is none. */
  readonly live: string | undefined;
  readonly declared: string | undefined;
}

/**
 * Finds differences between two bodies whose code is the same.
 * @returns undefined where the code differs too, or where the difference is not of a body
 */
export function valueChanges({ property, live, declared }: Difference): ValueChange[] | undefined {
  if (property !== 'body' || live === undefined || declared === undefined) return undefined;
  const [before, after] = [divide(live), divide(declared)];
  if (before === undefined || after === undefined || before.code !== after.code) return undefined;
  return [...changesOf(before.values, after.values, [])].map(({ path, ...sides }) => ({
    // The first step is the constant: PLAN for most.
    path: path.slice(1).join('.') || path.join('.'),
    ...sides,
  }));
}

const CONSTANT = /^const (\w+) = (.*);$/;

/** The constants of a body, and its other lines; undefined where a constant is more than JSON. */
function divide(body: string): { values: Record<string, unknown>; code: string } | undefined {
  const values: Record<string, unknown> = {};
  const code: string[] = [];
  for (const line of body.split('\n')) {
    const [, name, json] = CONSTANT.exec(line) ?? [];
    if (name === undefined || json === undefined || code.length > 1) {
      code.push(line);
      continue;
    }
    try {
      values[name] = JSON.parse(json);
    } catch {
      return undefined;
    }
  }
  return { values, code: code.join('\n') };
}

interface Step {
  readonly path: readonly string[];
  readonly live: string | undefined;
  readonly declared: string | undefined;
}

function* changesOf(live: unknown, declared: unknown, path: readonly string[]): Generator<Step> {
  const [before, after] = [text(live), text(declared)];
  if (before === after) return;
  const [old, now] = [entriesOf(live), entriesOf(declared)];
  if (!old || !now) {
    yield { path, live: before, declared: after };
    return;
  }
  let found = false;
  for (const key of new Set([...old.keys(), ...now.keys()]))
    for (const change of changesOf(old.get(key), now.get(key), [...path, key])) {
      found = true;
      yield change;
    }
  // The same entries in another order, which the order of columns follows.
  if (!found) yield { path, live: [...old.keys()].join(', '), declared: [...now.keys()].join(', ') };
}

/** An object by its keys, a list of named things by their names; undefined for what is compared as a whole. */
function entriesOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const names = value.map((item: unknown) =>
    typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : undefined,
  );
  const isNamed = names.length > 0 && names.every((name) => name !== undefined);
  return isNamed && new Set(names).size === names.length
    ? new Map(names.map((name, i) => [name, value[i]]))
    : undefined;
}

const text = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);
