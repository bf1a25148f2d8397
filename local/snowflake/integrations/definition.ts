import { createHash, randomBytes } from 'node:crypto';
import type { Account } from '../account.js';
import type { Integration } from '../catalog/objects.js';
import { localRefusal, SnowflakeError, syntaxError } from '../errors.js';
import type { OptionValue } from '../kernel/options.js';
import { requirePrivateLink } from '../privatelink/functions.js';
import { requireVerified } from './recipients.js';

type Properties = Integration['properties'];
export type Category = Integration['category'];

/** The properties of each category in DESC INTEGRATION's order; `generated` ones cannot be set. */
const PROPERTIES: Record<Category, { name: string; type: 'String' | 'List'; generated?: true }[]> = {
  API: [
    { name: 'API_KEY', type: 'String' },
    { name: 'API_PROVIDER', type: 'String' },
    { name: 'API_AWS_IAM_USER_ARN', type: 'String', generated: true },
    { name: 'API_AWS_ROLE_ARN', type: 'String' },
    { name: 'API_AWS_EXTERNAL_ID', type: 'String' },
    { name: 'API_ALLOWED_PREFIXES', type: 'List' },
    { name: 'API_BLOCKED_PREFIXES', type: 'List' },
  ],
  STORAGE: [
    { name: 'STORAGE_PROVIDER', type: 'String' },
    { name: 'STORAGE_ALLOWED_LOCATIONS', type: 'List' },
    { name: 'STORAGE_BLOCKED_LOCATIONS', type: 'List' },
    { name: 'STORAGE_AWS_IAM_USER_ARN', type: 'String', generated: true },
    { name: 'STORAGE_AWS_ROLE_ARN', type: 'String' },
    { name: 'STORAGE_AWS_EXTERNAL_ID', type: 'String' },
    { name: 'STORAGE_AWS_OBJECT_ACL', type: 'String' },
  ],
  NOTIFICATION: [
    { name: 'ALLOWED_RECIPIENTS', type: 'List' },
    { name: 'DEFAULT_RECIPIENTS', type: 'List' },
    { name: 'DEFAULT_SUBJECT', type: 'String' },
  ],
};

const REQUIRED: Record<Category, string[]> = {
  API: ['API_PROVIDER', 'API_AWS_ROLE_ARN', 'API_ALLOWED_PREFIXES'],
  STORAGE: ['STORAGE_PROVIDER', 'STORAGE_AWS_ROLE_ARN', 'STORAGE_ALLOWED_LOCATIONS'],
  NOTIFICATION: [],
};

/** Properties that Snowflake has and this does not, with the reason. */
const NOT_BUILT: Record<string, string> = {
  USE_PRIVATELINK_ENDPOINT: 'nothing leaves the machine',
  AZURE_TENANT_ID: 'only AWS is reached',
  AZURE_AD_APPLICATION_ID: 'only AWS is reached',
  GOOGLE_AUDIENCE: 'only AWS is reached',
  DIRECTION: 'only mail is sent',
  AWS_SNS_TOPIC_ARN: 'only mail is sent',
  AWS_SNS_ROLE_ARN: 'only mail is sent',
  WEBHOOK_URL: 'only mail is sent',
};

/** What a property's value must look like. */
const PATTERNS: Record<string, RegExp> = {
  API_AWS_ROLE_ARN: /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/,
  STORAGE_AWS_ROLE_ARN: /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/,
  STORAGE_ALLOWED_LOCATIONS: /^(\*|s3:\/\/.+)$/i,
  STORAGE_BLOCKED_LOCATIONS: /^s3:\/\/.+$/i,
  STORAGE_AWS_OBJECT_ACL: /^bucket-owner-full-control$/,
};

/** Of an API Gateway that is reached through a VPC endpoint; docs: sql-reference/external-functions-creating-aws-planning. */
export const PRIVATE_PROVIDER = 'aws_private_api_gateway';

/** The only kinds of provider that run here. */
const PROVIDERS: Record<string, string[]> = {
  API_PROVIDER: ['aws_api_gateway', PRIVATE_PROVIDER],
  STORAGE_PROVIDER: ['S3'],
  TYPE: ['EXTERNAL_STAGE', 'EMAIL'],
};

/**
 * The properties of a new integration. Snowflake names the IAM user that will assume the role, and makes an
 * external ID; a replaced integration gets a new one, which breaks the role's trust policy.
 */
export function newProperties(
  account: Account,
  category: Category,
  options: Record<string, OptionValue>,
): Properties {
  const type = category === 'STORAGE' ? 'EXTERNAL_STAGE' : category === 'NOTIFICATION' ? 'EMAIL' : undefined;
  if (type && String(options.TYPE).toUpperCase() !== type)
    throw options.TYPE === undefined
      ? syntaxError('Missing option(s): [TYPE].')
      : localRefusal(`${category} INTEGRATION … TYPE = ${options.TYPE}`, `only ${type} is built`);
  for (const [name, value] of Object.entries(options)) refuseProvider(name, value);
  for (const name of REQUIRED[category])
    if (options[name] === undefined) throw syntaxError(`Missing option(s): [${name}].`);
  if (options.ENABLED === undefined) throw syntaxError('Missing option(s): [ENABLED].');
  const generated: Properties = {};
  if (category !== 'NOTIFICATION') {
    generated[`${category}_AWS_IAM_USER_ARN`] = account.network.aws.user.arn;
    generated[`${category}_AWS_EXTERNAL_ID`] = newExternalId(account.name);
  }
  return withProperties(account, category, generated, options);
}

/** @throws SnowflakeError 000002 for Azure's, Google Cloud's and others */
function refuseProvider(key: string, value: OptionValue | undefined): void {
  const allowed = PROVIDERS[key];
  if (allowed && !allowed.some((each) => each.toUpperCase() === String(value).toUpperCase()))
    throw localRefusal(`${key} = ${value}`, `only ${allowed.join(', ')} is built`);
}

/** Sets (or, with undefined, unsets) properties. @throws SnowflakeError for one that this category lacks */
export function withProperties(
  account: Account,
  category: Category,
  before: Properties,
  options: Record<string, OptionValue | undefined>,
): Properties {
  const next: Properties = { ...before };
  for (const [key, value] of Object.entries(options)) {
    if (key === 'ENABLED' || key === 'COMMENT' || key === 'TYPE') continue;
    const property = PROPERTIES[category].find(({ name }) => name === key);
    if (NOT_BUILT[key]) throw localRefusal(`${key} of an integration`, NOT_BUILT[key]);
    if (!property || property.generated) throw syntaxError(`invalid property '${key}' for 'INTEGRATION'`);
    if (value === undefined && REQUIRED[category].includes(key))
      throw syntaxError(`property '${key}' of an integration cannot be unset.`);
    for (const each of value === undefined ? [] : [value].flat())
      if (PATTERNS[key] && !PATTERNS[key].test(String(each)))
        throw new SnowflakeError(
          '001008',
          '22023',
          `SQL compilation error:\ninvalid value [${each}] for parameter '${key}'`,
        );
    refuseProvider(key, value);
    // docs: sql-reference/sql/alter-api-integration has no such parameter, and Terraform's provider makes a new integration.
    if (key === 'API_PROVIDER' && before.API_AWS_ROLE_ARN !== undefined)
      throw syntaxError(`invalid property '${key}' for 'INTEGRATION'`);
    if (key === 'API_PROVIDER' && String(value).toLowerCase() === PRIVATE_PROVIDER)
      requirePrivateLink(account, PRIVATE_PROVIDER);
    if (key === 'ALLOWED_RECIPIENTS' && value !== undefined)
      requireVerified(account, [value].flat().map(String));
    if (value === undefined) delete next[key];
    else next[key] = property.type === 'List' ? [value].flat().map(String) : String(value);
  }
  return next;
}

/** Rows of DESC INTEGRATION: property, property_type, property_value, property_default. */
export function describeRows(integration: Integration): string[][] {
  const rows = [['ENABLED', 'Boolean', String(integration.enabled), 'false']];
  for (const { name, type } of PROPERTIES[integration.category]) {
    const value = integration.properties[name];
    const shown = Array.isArray(value) ? value.join(',') : String(value ?? '');
    rows.push([
      name,
      type,
      name === 'API_KEY' && shown !== '' ? '☺☺☺☺☺☺☺☺☺☺' : shown,
      type === 'List' ? '[]' : '',
    ]);
  }
  rows.push(['COMMENT', 'String', integration.comment, '']);
  return rows;
}

/** Looks like Snowflake's `ACCOUNT_SFCRole=2_…=`. */
function newExternalId(account: string): string {
  return `${account.toUpperCase()}_SFCRole=2_${createHash('sha256').update(randomBytes(32)).digest('base64').slice(0, 27)}=`;
}
