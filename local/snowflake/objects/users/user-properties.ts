// The properties of CREATE USER and ALTER USER; docs: sql-reference/sql/create-user.
import { hashPassword, keyFingerprint } from '../../access/passwords.js';
import type { User } from '../../catalog/objects.js';
import { invalidProperty, localRefusal, SnowflakeError } from '../../errors.js';
import type { OptionValue } from '../../kernel/options.js';
import { checkParameter, type ParameterValue, SESSION_PARAMETERS } from '../../sessions/parameters.js';

/** Text properties by their SQL names. */
const TEXTS: Record<string, keyof User> = {
  COMMENT: 'comment',
  DEFAULT_ROLE: 'defaultRole',
  DEFAULT_WAREHOUSE: 'defaultWarehouse',
  DEFAULT_NAMESPACE: 'defaultNamespace',
  EMAIL: 'email',
  DISPLAY_NAME: 'displayName',
  FIRST_NAME: 'firstName',
  MIDDLE_NAME: 'middleName',
  LAST_NAME: 'lastName',
};
const FOLDED = ['DEFAULT_ROLE', 'DEFAULT_WAREHOUSE', 'DEFAULT_NAMESPACE'];

/** Properties that Snowflake has and this does not, with the reason. */
const NOT_BUILT: Record<string, string> = {
  DAYS_TO_EXPIRY: 'users do not expire here',
  MINS_TO_UNLOCK: 'users are not locked here',
  MINS_TO_BYPASS_MFA: 'there is no second factor to bypass',
  RSA_PUBLIC_KEY_FP: 'it follows from the key',
  RSA_PUBLIC_KEY_2_FP: 'it follows from the key',
};

/** What a user of TYPE = SERVICE cannot have; docs: user-guide/admin-user-management, "Types of users". */
const NOT_OF_SERVICES = ['PASSWORD', 'FIRST_NAME', 'MIDDLE_NAME', 'LAST_NAME', 'MUST_CHANGE_PASSWORD'];

/**
 * The user with these properties set.
 * @param policyId finds the id of a network policy that the user's maker may attach
 * @throws SnowflakeError for one that there is not, or a value it cannot have
 */
export async function withProperties(
  user: User,
  options: Record<string, OptionValue>,
  policyId: (name: string) => number,
): Promise<User> {
  const changed: User = { ...user };
  for (const [key, value] of Object.entries(options)) {
    const text = String(value);
    const property = TEXTS[key];
    if (property) Object.assign(changed, { [property]: FOLDED.includes(key) ? text.toUpperCase() : text });
    else if (key === 'PASSWORD') changed.passwordHash = await hashPassword(text);
    else if (key === 'LOGIN_NAME') changed.loginName = text.toUpperCase();
    else if (key === 'DISABLED') changed.disabled = flag(key, value);
    else if (key === 'RSA_PUBLIC_KEY') changed.rsaPublicKey = checkKey(text);
    else if (key === 'RSA_PUBLIC_KEY_2') changed.rsaPublicKey2 = checkKey(text);
    else if (key === 'MUST_CHANGE_PASSWORD') {
      if (flag(key, value))
        throw localRefusal('MUST_CHANGE_PASSWORD = TRUE', 'there is no web interface to change it in');
    } else if (key === 'DEFAULT_SECONDARY_ROLES') {
      if (!Array.isArray(value) || value.some((each) => String(each).toUpperCase() !== 'ALL'))
        throw badValue(key, JSON.stringify(value));
      if (value.length > 0) changed.defaultSecondaryRoles = 'ALL';
      else delete changed.defaultSecondaryRoles;
    } else if (key === 'TYPE') {
      const type = text.toUpperCase();
      if (type !== 'PERSON' && type !== 'SERVICE' && type !== 'LEGACY_SERVICE') throw badValue(key, text);
      changed.type = type;
    } else if (key === 'WORKLOAD_IDENTITY') changed.workloadIdentity = readIdentity(value);
    else if (key === 'NETWORK_POLICY') changed.networkPolicy = policyId(text);
    else if (Object.hasOwn(SESSION_PARAMETERS, key))
      changed.parameters = { ...changed.parameters, [key]: checkParameter(key, value as ParameterValue) };
    else throw propertyError(key);
  }
  if (changed.workloadIdentity && changed.type !== 'SERVICE')
    throw localRefusal('WORKLOAD_IDENTITY of a user', 'it is for users of TYPE = SERVICE');
  const wrong = NOT_OF_SERVICES.filter(
    (key) => key in options || (key === 'PASSWORD' && changed.passwordHash !== undefined),
  );
  if (changed.type === 'SERVICE' && wrong.length > 0)
    throw new SnowflakeError(
      '003617',
      '22023',
      `SQL compilation error:\nCannot set the following properties for a user of type SERVICE: ${wrong.join(', ')}.`,
    );
  return changed;
}

/** The user with a property at its default. @throws SnowflakeError for one that there is not */
export function withoutProperty(user: User, key: string): User {
  const changed: User = { ...user };
  if (key === 'COMMENT') changed.comment = '';
  else if (key === 'RSA_PUBLIC_KEY') delete changed.rsaPublicKey;
  else if (key === 'RSA_PUBLIC_KEY_2') delete changed.rsaPublicKey2;
  else if (key === 'WORKLOAD_IDENTITY') delete changed.workloadIdentity;
  else if (key === 'NETWORK_POLICY') delete changed.networkPolicy;
  else if (key === 'PASSWORD') delete changed.passwordHash;
  else if (key === 'DISABLED') changed.disabled = false;
  else if (key === 'TYPE') delete changed.type;
  else if (key === 'DEFAULT_SECONDARY_ROLES') changed.defaultSecondaryRoles = 'ALL';
  else if (TEXTS[key]) delete changed[TEXTS[key] as 'email'];
  else if (Object.hasOwn(SESSION_PARAMETERS, key)) {
    const { [key]: _, ...parameters } = changed.parameters ?? {};
    changed.parameters = parameters;
  } else throw propertyError(key);
  return changed;
}

/** Reads `(TYPE = OIDC ISSUER = '…' SUBJECT = '…')` or `(TYPE = AWS ARN = '…')`; docs: user-guide/workload-identity-federation. */
function readIdentity(value: OptionValue): User['workloadIdentity'] {
  const { TYPE, ...given } = value as Record<string, OptionValue>;
  const needs = TYPE === 'AWS' ? ['ARN'] : ['ISSUER', 'SUBJECT'];
  const key = Object.keys(given).find((each) => !needs.includes(each));
  if ((TYPE !== 'OIDC' && TYPE !== 'AWS') || key !== undefined)
    throw localRefusal(
      `WORKLOAD_IDENTITY = (${key ?? `TYPE = ${TYPE}`} …)`,
      'only an issuer and a subject of OpenID Connect, and an ARN of AWS, are built',
    );
  const { ARN, ISSUER, SUBJECT } = given;
  if (TYPE === 'AWS' && typeof ARN === 'string' && /^arn:aws[\w-]*:(iam|sts)::\d{12}:/.test(ARN))
    return { arn: ARN };
  if (
    TYPE === 'OIDC' &&
    typeof ISSUER === 'string' &&
    ISSUER.startsWith('https://') &&
    typeof SUBJECT === 'string' &&
    SUBJECT
  )
    return { issuer: ISSUER, subject: SUBJECT };
  throw badValue('WORKLOAD_IDENTITY', JSON.stringify(value));
}

function propertyError(key: string): SnowflakeError {
  const reason = NOT_BUILT[key];
  return reason ? localRefusal(`${key} of a user`, reason) : invalidProperty(key, 'USER');
}

function flag(key: string, value: OptionValue): boolean {
  if (typeof value !== 'boolean') throw badValue(key, String(value));
  return value;
}

function badValue(key: string, value: string): SnowflakeError {
  return new SnowflakeError(
    '001008',
    '22023',
    `SQL compilation error:\ninvalid value [${value}] for parameter '${key}'`,
  );
}

function checkKey(key: string): string {
  const base64 = key.replace(/-----(BEGIN|END) PUBLIC KEY-----|\s/g, '');
  try {
    keyFingerprint(base64);
    if (Buffer.from(base64, 'base64').length < 128) throw new Error('too short');
  } catch {
    throw new SnowflakeError(
      '390401',
      '22023',
      'New public key rejected by current policy. Reason: Invalid public key',
    );
  }
  return base64;
}
