import { UserError } from '../errors.js';
import { privateName } from '../ground/private-name.js';
import { ACCOUNT_NAMES } from './account-names.js';
import { settingsSchema } from './schema.js';
import type { Settings, WrittenSettings } from './settings.js';

export type Tree = { [key: string]: unknown };

/**
 * Names what everybody in the account shares: with the prefix, or as the file says. The API integrations of a private REST API
 * have names of their own: Snowflake cannot change the provider of one, and one that is replaced has another external ID. So the way back is
 * there until the way on is.
 */
export function nameAccountObjects(settings: WrittenSettings): Pick<Settings, 'snowflake' | 'aws'> {
  const { prefix, names, snowflake, aws } = settings;
  const upper = prefix.toUpperCase().replaceAll('-', '_');
  const nameOf = (name: string) => names[name] ?? name.replace(/^LOS/, upper).replace(/^los/, prefix);
  const each = <K extends string>(group: Readonly<Record<K, string>>) =>
    mapValues(group, (name: string) => nameOf(name));
  const integrations = each(ACCOUNT_NAMES.integrations);
  const { api, control } = aws.privateApi.length > 0 ? mapValues(integrations, privateName) : integrations;
  return {
    snowflake: {
      ...snowflake,
      warehouse: { ...snowflake.warehouse, name: nameOf(ACCOUNT_NAMES.warehouse) },
      roles: each(ACCOUNT_NAMES.roles),
      integrations: { ...integrations, api, control },
    },
    aws: {
      ...aws,
      roles: each(ACCOUNT_NAMES.iamRoles),
      restApi: { ...aws.restApi, name: nameOf(ACCOUNT_NAMES.restApi) },
    },
  };
}

const mapValues = <K extends string>(group: Readonly<Record<K, string>>, of: (value: string) => string) =>
  Object.fromEntries(Object.entries<string>(group).map(([key, value]) => [key, of(value)])) as Record<
    K,
    string
  >;

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
  const { database } = settingsSchema.properties.snowflake.properties;
  const named = isTree(base.names) ? Object.keys(base.names).map((name) => `names.${name}`) : [];
  for (const key of [...named, 'snowflake.database', 'aws.bucket']) {
    const keys = key.split('.');
    const written = valueAt(base, keys) ?? (key === 'snowflake.database' ? database.default : undefined);
    if (typeof written === 'string' && valueAt(overlay, keys) === undefined)
      put(merged, keys, addSuffix(written, name));
  }
  return merged;
}

/** Snowflake's names are upper-case with underscores, AWS's take a hyphen. */
function addSuffix(written: string, name: string): string {
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

function valueAt(tree: Tree, keys: readonly string[]): unknown {
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
