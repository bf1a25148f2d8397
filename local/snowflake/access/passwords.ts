import { createHash, createPublicKey, randomBytes, scrypt, timingSafeEqual, verify } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** A salted scrypt hash: "salt.hash", both base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('base64')}.${(await derive(password, salt, 32)).toString('base64')}`;
}

/** Whether a password is the one that `hashPassword` stored; takes as long for a wrong one. */
export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [salt, hash] = stored.split('.');
  const expected = Buffer.from(hash!, 'base64');
  return timingSafeEqual(expected, await derive(password, Buffer.from(salt!, 'base64'), expected.length));
}

/** "SHA256:…" of a public key given as base64 DER, as DESC USER shows it and key-pair tokens name it. */
export function keyFingerprint(publicKey: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64')}`;
}

/**
 * Checks a key-pair login token (RS256): its signature against the user's key, its issuer and its lifetime.
 * Drivers differ in the unit of `exp`: seconds as in RFC 7519, or milliseconds (the Node driver).
 * @param now milliseconds since 1970
 * @returns why it is refused, or undefined if it is good
 */
export function keyPairTokenError(
  token: string,
  user: { account: string; name: string; publicKey: string },
  now: number,
): 'JWT token is invalid.' | 'JWT token has expired.' | undefined {
  const [header, payload, signature] = token.split('.');
  if (!header || !payload || !signature) return 'JWT token is invalid.';
  const key = createPublicKey({ key: Buffer.from(user.publicKey, 'base64'), format: 'der', type: 'spki' });
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return 'JWT token is invalid.';
  const claims = tokenClaims(token);
  const subject = `${user.account}.${user.name}`;
  if (claims.sub !== subject || claims.iss !== `${subject}.${keyFingerprint(user.publicKey)}`) {
    return 'JWT token is invalid.';
  }
  const expires = Number(claims.exp) * (Number(claims.exp) < 1e11 ? 1000 : 1);
  return expires > now ? undefined : 'JWT token has expired.';
}

/** The claims of a token, not checked. */
export function tokenClaims(token: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
  } catch {
    return {};
  }
}
