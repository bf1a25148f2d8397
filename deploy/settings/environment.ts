import { UserError } from '../errors.js';
import type { Tree } from './load.js';

/** Keys whose names are shared by everybody in the account: an environment must have its own. */
const ACCOUNT_WIDE: readonly (readonly string[])[] = [
  ['snowflake', 'database'],
  ['snowflake', 'warehouse', 'name'],
  ['snowflake', 'roles', 'deploy'],
  ['snowflake', 'roles', 'run'],
  ['snowflake', 'roles', 'read'],
  ['snowflake', 'roles', 'operate'],
  ['snowflake', 'roles', 'wards'],
  ['snowflake', 'integrations', 'api'],
  ['snowflake', 'integrations', 'storage'],
  ['snowflake', 'integrations', 'mail'],
  ['aws', 'bucket'],
  ['aws', 'roles', 'snowflakeApi'],
  ['aws', 'roles', 'snowflakeStorage'],
  ['aws', 'roles', 'apiGateway'],
  ['aws', 'roles', 'control'],
  ['aws', 'roles', 'sageMaker'],
  ['aws', 'restApi', 'name'],
];

/** Without a key for it in the file, the database has this name. */
const DATABASE = 'PREDICT_LOS';

/**
 * The settings of one environment: its overlay laid over the rest of the file. Two environments live in one
 * account, so every account-wide name that the overlay does not set itself gets the environment's suffix:
 * prefix `los` becomes `los-dev`, database PREDICT_LOS becomes PREDICT_LOS_DEV.
 * @param tree the file, checked
 * @param name key of `environments`; undefined: the rest of the file alone
 * @throws UserError when the file does not know the environment
 */
export function applyEnvironment(tree: Tree, name: string | undefined, path: string): Tree {
  const { environments = {}, ...base } = tree as Tree & { environments?: Record<string, Tree | null> };
  if (name === undefined) return base;
  if (!Object.hasOwn(environments, name)) {
    const known = Object.keys(environments);
    throw new UserError(`${path} knows no environment ${name}.`, {
      next: known.length
        ? `Use one of ${known.join(', ')}, or add it under environments.`
        : `Add it under environments, e.g. environments: { ${name}: {} }.`,
    });
  }
  const overlay = environments[name] ?? {};
  const merged = merge(base, overlay);
  merged.prefix = overlay.prefix ?? `${String(base.prefix ?? 'los')}-${name}`;
  for (const keys of ACCOUNT_WIDE) {
    const written = keys.at(-1) === 'database' ? (at(base, keys) ?? DATABASE) : at(base, keys);
    if (typeof written === 'string' && at(overlay, keys) === undefined)
      put(merged, keys, suffixed(written, name));
  }
  return merged;
}

/** Snowflake's names are upper-case with underscores, AWS's take a hyphen. */
function suffixed(written: string, name: string): string {
  return /^[A-Z_][A-Z0-9_$]*$/.test(written) ? `${written}_${name.toUpperCase()}` : `${written}-${name}`;
}

function merge(base: Tree, overlay: Tree): Tree {
  const merged: Tree = { ...base };
  for (const [key, value] of Object.entries(overlay)) {
    const below = merged[key];
    merged[key] = isTree(value) && isTree(below) ? merge(below, value) : value;
  }
  return merged;
}

const isTree = (value: unknown): value is Tree =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function at(tree: Tree, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => (isTree(value) ? value[key] : undefined), tree);
}

function put(tree: Tree, keys: readonly string[], value: unknown): void {
  const [key, ...rest] = keys as [string, ...string[]];
  if (!rest.length) tree[key] = value;
  else {
    // A copy: the section may still be the base's own.
    const section: Tree = { ...(isTree(tree[key]) ? tree[key] : {}) };
    tree[key] = section;
    put(section, rest, value);
  }
}
