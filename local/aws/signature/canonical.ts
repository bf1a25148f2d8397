// AWS Signature Version 4: the canonical request and the signature over it.
// Rules: "Create a signed AWS API request" in the IAM User Guide.
import { createHash, createHmac } from 'node:crypto';

export interface SignedParts {
  method: string;
  /** As on the wire. */
  rawPath: string;
  /** The query as on the wire, without `?`. */
  rawQuery: string;
  headers: Record<string, string>;
  /** Lower-case names in order. */
  signedHeaders: string[];
  payloadHash: string;
}

/** `Credential=KEY/DATE/REGION/SERVICE/aws4_request` taken apart. */
export interface CredentialScope {
  keyId: string;
  date: string;
  region: string;
  service: string;
}

/** The signature, in hex, that the parts have under a secret. `time` is the request's `YYYYMMDDThhmmssZ`. */
export function signatureOf(
  parts: SignedParts,
  scope: CredentialScope,
  time: string,
  secret: string,
): string {
  const canonical = canonicalRequest(parts, scope.service);
  const credential = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const hash = createHash('sha256').update(canonical).digest('hex');
  return hmac(signingKey(scope, secret), `AWS4-HMAC-SHA256\n${time}\n${credential}\n${hash}`).toString('hex');
}

function canonicalRequest(parts: SignedParts, service: string): string {
  const headers = parts.signedHeaders.map(
    (name) => `${name}:${(parts.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`,
  );
  return [
    parts.method,
    canonicalPath(parts.rawPath, service),
    canonicalQuery(parts.rawQuery),
    headers.join(''),
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n');
}

/** S3 signs the path as sent; the others normalize it and encode it once more. */
function canonicalPath(rawPath: string, service: string): string {
  if (service === 's3') return rawPath.split('/').map(decodeEncode).join('/') || '/';
  const kept: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') kept.pop();
    else kept.push(segment);
  }
  const path = `/${kept.map(encode).join('/')}`;
  return path.length > 1 && rawPath.endsWith('/') ? `${path}/` : path;
}

function canonicalQuery(rawQuery: string): string {
  if (!rawQuery) return '';
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const at = pair.indexOf('=');
      const name = at < 0 ? pair : pair.slice(0, at);
      return `${decodeEncode(name)}=${at < 0 ? '' : decodeEncode(pair.slice(at + 1))}`;
    })
    .sort()
    .join('&');
}

function decodeEncode(text: string): string {
  try {
    return encode(decodeURIComponent(text));
  } catch {
    return text;
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

let lastKey: { id: string; key: Buffer } | undefined;

/** The key derived for a day, region and service; the last one is kept, as a client signs many requests alike. */
function signingKey(scope: CredentialScope, secret: string): Buffer {
  const id = `${scope.date}/${scope.region}/${scope.service}/${secret}`;
  if (lastKey?.id !== id) {
    const date = hmac(`AWS4${secret}`, scope.date);
    lastKey = { id, key: hmac(hmac(hmac(date, scope.region), scope.service), 'aws4_request') };
  }
  return lastKey.key;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
