import { UserError } from '../errors.js';
import type { Tree } from './load.js';
import { settingsSchema } from './schema.js';

/** What the objects that everybody in the account shares are called with the prefix `los`, by key, where the file does not say. */
const ACCOUNT_NAMES: Readonly<Record<string, string>> = {
  'snowflake.warehouse.name': 'LOS_WH',
  'snowflake.roles.deploy': 'LOS_DEPLOY',
  'snowflake.roles.run': 'LOS_RUN',
  'snowflake.roles.read': 'LOS_READ',
  'snowflake.roles.operate': 'LOS_OPERATE',
  'snowflake.roles.patients': 'LOS_PATIENTS',
  'snowflake.roles.plan': 'LOS_PLAN',
  'snowflake.integrations.api': 'LOS_API',
  'snowflake.integrations.control': 'LOS_CONTROL_API',
  'snowflake.integrations.storage': 'LOS_S3',
  'snowflake.integrations.mail': 'LOS_MAIL',
  'aws.roles.snowflakeApi': 'los-snowflake-api',
  'aws.roles.snowflakeControl': 'los-snowflake-control',
  'aws.roles.snowflakeStorage': 'los-snowflake-s3',
  'aws.roles.apiGateway': 'los-apigateway',
  'aws.roles.control': 'los-control',
  'aws.roles.sageMaker': 'los-sagemaker',
  'aws.restApi.name': 'los',
};

/** Gives the objects of the account that have no name in the file theirs, which begin with the prefix. */
export function nameAccountObjects(tree: Tree, prefix: string): void {
  const upper = prefix.toUpperCase().replaceAll('-', '_');
  for (const [key, name] of Object.entries(ACCOUNT_NAMES)) {
    const keys = key.split('.');
    if (valueAt(tree, keys) === undefined)
      put(tree, keys, name.replace(/^LOS/, upper).replace(/^los/, prefix));
  }
}

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
  for (const key of [...Object.keys(ACCOUNT_NAMES), 'snowflake.database', 'aws.bucket']) {
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
