import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'snowflake-sdk';
import { messageOf, UserError } from '../errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that each way to log in needs; the rest the driver asks a browser, a telephone or the machine's cloud for. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  SNOWFLAKE_JWT: ['SNOWFLAKE_USER', 'SNOWFLAKE_PRIVATE_KEY_FILE or SNOWFLAKE_PRIVATE_KEY_RAW'],
  PROGRAMMATIC_ACCESS_TOKEN: ['SNOWFLAKE_TOKEN'],
  OAUTH: ['SNOWFLAKE_TOKEN'],
  OAUTH_CLIENT_CREDENTIALS: ['SNOWFLAKE_OAUTH_CLIENT_ID', 'SNOWFLAKE_OAUTH_CLIENT_SECRET'],
  OAUTH_AUTHORIZATION_CODE: [],
  EXTERNALBROWSER: [],
  WORKLOAD_IDENTITY: ['SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER (AWS, AZURE, GCP) or SNOWFLAKE_TOKEN'],
  USERNAME_PASSWORD_MFA: ['SNOWFLAKE_USER', 'SNOWFLAKE_PASSWORD'],
  SNOWFLAKE: ['SNOWFLAKE_USER', 'SNOWFLAKE_PASSWORD'],
};

/** Variables that are options of the driver, by its names for them: SNOWFLAKE_OAUTH_CLIENT_ID is oauthClientId. */
const PASSED =
  /^SNOWFLAKE_((?:OAUTH|WORKLOAD_IDENTITY_PROVIDER|WORKLOAD_IDENTITY_AZURE|PASSCODE|TOKEN|PASSWORD)\w*)$/;

/**
 * Login to the real Snowflake, from the variables that Snowflake's own command line reads: SNOWFLAKE_ACCOUNT,
 * SNOWFLAKE_USER, SNOWFLAKE_AUTHENTICATOR and what that needs. Without it the first that is there of a private key
 * (PEM, with PRIVATE_KEY_PASSPHRASE if it has one), a programmatic access token and a password, which trials alone
 * take. Where wanted, SNOWFLAKE_ROLE, SNOWFLAKE_HOST, SNOWFLAKE_PORT, SNOWFLAKE_PROTOCOL.
 * @returns undefined without SNOWFLAKE_ACCOUNT: then connections.toml decides
 * @throws UserError that names what is missing, never a value
 */
export function loginFromEnvironment(env: Environment): ConnectionOptions | undefined {
  const account = env.SNOWFLAKE_ACCOUNT;
  if (!account) return undefined;
  const { SNOWFLAKE_ROLE: role, SNOWFLAKE_HOST: host, SNOWFLAKE_USER: username } = env;
  const port = env.SNOWFLAKE_PORT ? `:${env.SNOWFLAKE_PORT}` : '';
  const authenticator = chooseWay(env);
  return {
    account,
    authenticator,
    ...(username ? { username } : {}),
    ...(role ? { role } : {}),
    ...(host ? { accessUrl: `${env.SNOWFLAKE_PROTOCOL || 'https'}://${host}${port}` } : {}),
    // A token without its provider's name is one of OpenID Connect.
    ...(authenticator === 'WORKLOAD_IDENTITY' ? { workloadIdentityProvider: 'OIDC' } : {}),
    ...(authenticator === 'SNOWFLAKE_JWT' ? { privateKey: privateKey(env) } : passedOn(env)),
    // Else each command opens the browser, or asks the telephone, once more. The driver keeps the token where its user alone reads it.
    ...(/^EXTERNALBROWSER|^OAUTH_AUTH/.test(authenticator) ? { clientStoreTemporaryCredential: true } : {}),
    ...(authenticator === 'USERNAME_PASSWORD_MFA' ? { clientRequestMFAToken: true } : {}),
  } as ConnectionOptions;
}

function passedOn(env: Environment): Readonly<Record<string, string>> {
  const options = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    const option = PASSED.exec(name)?.[1]?.toLowerCase();
    return option && value ? [[option.replace(/_(\w)/g, (_, sign) => sign.toUpperCase()), value]] : [];
  });
  return Object.fromEntries(options);
}

function chooseWay(env: Environment): string {
  const isSet = (names: string) => (names.match(/SNOWFLAKE_\w+/g) ?? []).some((name) => env[name]);
  const found = ['SNOWFLAKE_JWT', 'PROGRAMMATIC_ACCESS_TOKEN', 'SNOWFLAKE'].find((each) =>
    isSet(NEEDS[each]?.at(-1) ?? ''),
  );
  const way = env.SNOWFLAKE_AUTHENTICATOR || found;
  if (!way)
    throw new UserError('SNOWFLAKE_ACCOUNT is set, but nothing to log in with.', {
      next: 'Set SNOWFLAKE_PRIVATE_KEY_FILE, SNOWFLAKE_TOKEN, or SNOWFLAKE_AUTHENTICATOR (EXTERNALBROWSER for people, WORKLOAD_IDENTITY for machines), or unset SNOWFLAKE_ACCOUNT to use connections.toml.',
    });
  // The address of an Okta is a way as well.
  const okta = way.startsWith('https://');
  const name = okta ? way : way.toUpperCase();
  const needs = NEEDS[okta ? 'SNOWFLAKE' : name];
  if (!needs)
    throw new UserError(`SNOWFLAKE_AUTHENTICATOR ${way} is no way to log in that los knows.`, {
      next: `Use one of ${Object.keys(NEEDS).join(', ')}, or the https:// address of an Okta.`,
    });
  const missing = needs.find((names) => !isSet(names));
  if (missing)
    throw new UserError(`SNOWFLAKE_ACCOUNT is set, but ${missing} is not.`, {
      next: `Set it, for the driver needs it to log in by ${name}, or unset SNOWFLAKE_ACCOUNT to use connections.toml.`,
    });
  return name;
}

/** The key as PKCS #8 in PEM, decrypted here: the driver takes an encrypted one from a file only. */
function privateKey(env: Environment): string {
  const { SNOWFLAKE_PRIVATE_KEY_RAW: raw, SNOWFLAKE_PRIVATE_KEY_FILE: file = '' } = env;
  try {
    const key = raw || readFileSync(file, 'utf8');
    const passphrase = env.PRIVATE_KEY_PASSPHRASE || undefined;
    return createPrivateKey({ key, ...(passphrase ? { passphrase } : {}) })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  } catch (error) {
    throw new UserError(
      `The private key in ${raw ? 'SNOWFLAKE_PRIVATE_KEY_RAW' : `the file ${file}`} cannot be read: ${messageOf(error)}.`,
      { next: 'Give a private key in PEM, and its passphrase in PRIVATE_KEY_PASSPHRASE if it has one.' },
    );
  }
}
