// Verifying who sent a request: AWS Signature Version 4 in the Authorization header or in the query (presigned).
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '@local-cloud/kit/clock.js';
import { AwsError } from '../errors.js';
import type { Accounts } from '../identity/accounts.js';
import type { Identity } from '../service.js';
import { type CredentialScope, signatureOf } from './canonical.js';

/** A signature as the request carries it, before it is verified. */
export interface Claim extends CredentialScope {
  signedHeaders: string[];
  signature: string;
  /** `YYYYMMDDThhmmssZ` */
  time: string;
  /** Seconds that a presigned URL is valid. */
  expires?: number;
  token?: string;
  presigned: boolean;
}

export interface WireRequest {
  method: string;
  rawPath: string;
  rawQuery: string;
  headers: Record<string, string>;
}

/** Reads the claim of a request; undefined for an unsigned one. Throws IncompleteSignature for a broken one. */
export function readClaim({ rawQuery, headers }: WireRequest): Claim | undefined {
  const { authorization } = headers;
  if (authorization === undefined) {
    // An older way to presign, which AWS takes in its oldest regions only.
    if (/(^|&)AWSAccessKeyId=/.test(rawQuery))
      throw new AwsError(
        'InvalidRequest',
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
        400,
      );
    if (!rawQuery.includes('X-Amz-Signature=')) return undefined;
    const query = new URLSearchParams(rawQuery);
    return {
      ...scopeOf(query.get('X-Amz-Credential') ?? ''),
      signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
      signature: query.get('X-Amz-Signature') ?? '',
      time: query.get('X-Amz-Date') ?? '',
      expires: Number(query.get('X-Amz-Expires')),
      ...(query.has('X-Amz-Security-Token') && { token: query.get('X-Amz-Security-Token')! }),
      presigned: true,
    };
  }
  if (!authorization.startsWith('AWS4-HMAC-SHA256 '))
    throw new AwsError(
      'IncompleteSignature',
      `Unsupported Authorization header: the local AWS accepts AWS4-HMAC-SHA256 (Signature Version 4) only.`,
      400,
    );
  const fields = new Map(
    authorization
      .slice('AWS4-HMAC-SHA256 '.length)
      .split(',')
      .map((field) => field.trim().split('=', 2) as [string, string]),
  );
  for (const name of ['Credential', 'SignedHeaders', 'Signature'])
    if (!fields.get(name))
      throw new AwsError('IncompleteSignature', `Authorization header requires '${name}' parameter.`, 400);
  return {
    ...scopeOf(fields.get('Credential')!),
    signedHeaders: fields.get('SignedHeaders')!.split(';'),
    signature: fields.get('Signature')!,
    time: headers['x-amz-date'] ?? httpDateToBasic(headers.date),
    ...(headers['x-amz-security-token'] !== undefined && { token: headers['x-amz-security-token'] }),
    presigned: false,
  };
}

function scopeOf(credential: string): CredentialScope {
  const parts = credential.split('/');
  if (parts.length !== 5 || parts[4] !== 'aws4_request')
    throw new AwsError(
      'IncompleteSignature',
      'Credential must have the form KEY/DATE/REGION/SERVICE/aws4_request.',
      400,
    );
  const [keyId, date, region, service] = parts as [string, string, string, string, string];
  return { keyId, date, region, service };
}

/** How far a request's time may be from the cloud's, in milliseconds: S3 tolerates 15 minutes, others 5. */
const tolerance = (service: string) => (service === 's3' ? 15 : 5) * 60_000;

/**
 * Verifies a claim and returns whose it is. `payloadHash` is the SHA-256 (hex) of the body as received, or what
 * x-amz-content-sha256 says where the body is checked later. Errors carry IAM's codes; the protocol renames them.
 */
export function verifyClaim(
  claim: Claim,
  request: WireRequest,
  payloadHash: string,
  accounts: Accounts,
  clock: Clock,
): Identity {
  const s3 = claim.service === 's3';
  const credentials = accounts.credentials(claim.keyId);
  if (!credentials)
    throw s3
      ? new AwsError(
          'InvalidAccessKeyId',
          'The AWS Access Key Id you provided does not exist in our records.',
          403,
          {
            AWSAccessKeyId: claim.keyId,
          },
        )
      : new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
  if (credentials.token !== claim.token)
    throw s3
      ? new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400)
      : new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);

  const sent = basicToMillis(claim.time);
  if (Number.isNaN(sent) || !claim.time.startsWith(claim.date))
    throw new AwsError(
      'IncompleteSignature',
      'Date must be in ISO-8601 basic format and agree with the credential.',
      400,
    );
  const now = clock.now();
  if (claim.expires !== undefined) {
    if (now > sent + claim.expires * 1000) throw new AwsError('AccessDenied', 'Request has expired', 403);
  } else if (Math.abs(now - sent) > tolerance(claim.service)) throw skewError(s3, claim.time, sent, now);

  const needed = ['host', ...Object.keys(request.headers).filter((name) => name === 'x-amz-security-token')];
  if (!claim.presigned)
    for (const name of needed)
      if (!claim.signedHeaders.includes(name))
        throw new AwsError(
          'SignatureDoesNotMatch',
          `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,
          403,
        );
  const expected = signatureOf(
    { ...request, signedHeaders: claim.signedHeaders, payloadHash },
    claim,
    claim.time,
    credentials.secret,
  );
  const [a, b] = [Buffer.from(expected), Buffer.from(claim.signature)];
  if (a.length !== b.length || !timingSafeEqual(a, b))
    throw new AwsError(
      'SignatureDoesNotMatch',
      s3
        ? 'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
        : 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      403,
    );

  if (credentials.expires !== undefined && credentials.expires <= now)
    throw s3
      ? new AwsError('ExpiredToken', 'The provided token has expired.', 400)
      : new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
  return credentials.identity;
}

function skewError(s3: boolean, time: string, sent: number, now: number): AwsError {
  if (s3)
    return new AwsError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
      { RequestTime: time, ServerTime: new Date(now).toISOString(), MaxAllowedSkewMilliseconds: 900_000 },
    );
  const basic = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
  return new AwsError(
    'SignatureDoesNotMatch',
    sent < now
      ? `Signature expired: ${time} is now earlier than ${basic(now - 300_000)} (${basic(now)} - 5 min.)`
      : `Signature not yet current: ${time} is still later than ${basic(now + 300_000)} (${basic(now)} + 5 min.)`,
    403,
  );
}

function basicToMillis(time: string): number {
  const m = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  return m ? Date.UTC(+m[1]!, +m[2]! - 1, +m[3]!, +m[4]!, +m[5]!, +m[6]!) : Number.NaN;
}

function httpDateToBasic(date: string | undefined): string {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}
