import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'snowflake-sdk';
import { messageOf, UserError } from '../errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

const TOKEN_KINDS = ['OAUTH', 'PROGRAMMATIC_ACCESS_TOKEN', 'WORKLOAD_IDENTITY'];

/**
 * How to log in to the real Snowflake, from the variables that Snowflake's own command line reads:
 * SNOWFLAKE_ACCOUNT and SNOWFLAKE_USER, and one of
 *
 * - SNOWFLAKE_TOKEN, its kind in SNOWFLAKE_AUTHENTICATOR (default PROGRAMMATIC_ACCESS_TOKEN); WORKLOAD_IDENTITY needs no user
 * - SNOWFLAKE_PRIVATE_KEY_RAW or SNOWFLAKE_PRIVATE_KEY_FILE (PEM), with PRIVATE_KEY_PASSPHRASE if it has one; before a token
 * - SNOWFLAKE_PASSWORD
 *
 * and, where wanted, SNOWFLAKE_ROLE, SNOWFLAKE_HOST, SNOWFLAKE_PORT, SNOWFLAKE_PROTOCOL.
 * @returns undefined without SNOWFLAKE_ACCOUNT: then connections.toml decides
 * @throws UserError that names what is missing, never a value
 */
export function loginFromEnvironment(env: Environment): ConnectionOptions | undefined {
  const account = env.SNOWFLAKE_ACCOUNT;
  if (!account) return undefined;
  const { SNOWFLAKE_ROLE: role, SNOWFLAKE_HOST: host } = env;
  const port = env.SNOWFLAKE_PORT ? `:${env.SNOWFLAKE_PORT}` : '';
  const authenticator = env.SNOWFLAKE_AUTHENTICATOR?.toUpperCase();
  return {
    account,
    ...(role ? { role } : {}),
    ...(host ? { accessUrl: `${env.SNOWFLAKE_PROTOCOL || 'https'}://${host}${port}` } : {}),
    ...credentials(env, authenticator),
  } as ConnectionOptions;
}

function credentials(env: Environment, authenticator: string | undefined): Partial<ConnectionOptions> {
  const key = privateKey(env);
  if (key) return { authenticator: 'SNOWFLAKE_JWT', username: user(env), privateKey: key };
  if (env.SNOWFLAKE_TOKEN) {
    const kind = authenticator ?? 'PROGRAMMATIC_ACCESS_TOKEN';
    if (!TOKEN_KINDS.includes(kind))
      throw new UserError(`SNOWFLAKE_AUTHENTICATOR ${kind} takes no SNOWFLAKE_TOKEN.`, {
        next: `Use one of ${TOKEN_KINDS.join(', ')}.`,
      });
    const token = { authenticator: kind, token: env.SNOWFLAKE_TOKEN };
    // A workload says who it is by its token alone.
    return kind === 'WORKLOAD_IDENTITY'
      ? { ...token, workloadIdentityProvider: 'OIDC' }
      : { ...token, username: user(env) };
  }
  if (env.SNOWFLAKE_PASSWORD) return { username: user(env), password: env.SNOWFLAKE_PASSWORD };
  throw new UserError('SNOWFLAKE_ACCOUNT is set, but nothing to log in with.', {
    next: 'Set SNOWFLAKE_PRIVATE_KEY_FILE, SNOWFLAKE_TOKEN or SNOWFLAKE_PASSWORD, or unset SNOWFLAKE_ACCOUNT to use connections.toml.',
  });
}

function user(env: Environment): string {
  if (env.SNOWFLAKE_USER) return env.SNOWFLAKE_USER;
  throw new UserError('SNOWFLAKE_ACCOUNT is set, but SNOWFLAKE_USER is not.', {
    next: 'Set SNOWFLAKE_USER, or unset SNOWFLAKE_ACCOUNT to use connections.toml.',
  });
}

/** The key as PKCS #8 in PEM, decrypted here: the driver takes an encrypted one from a file only. */
function privateKey(env: Environment): string | undefined {
  const { SNOWFLAKE_PRIVATE_KEY_RAW: raw, SNOWFLAKE_PRIVATE_KEY_FILE: file } = env;
  const from = raw || file;
  if (!from) return undefined;
  try {
    const key = raw || readFileSync(from, 'utf8');
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
