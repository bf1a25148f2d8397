// S3: ListObjectsV2.
import { createHash } from 'node:crypto';
import { AwsError, featureError } from '../errors.js';
import type { XmlNode } from '../xml.js';
import { type S3Call, type S3Operation, xmlResponse } from './request.js';

export const listingOperations: Record<string, S3Operation> = {
  'GET bucket list-v2': listObjects,
  'GET bucket'() {
    throw featureError('S3', 'the first version of ListObjects', 'Use ListObjectsV2 (list-type=2).');
  },
};

function listObjects(call: S3Call) {
  const { query, identity } = call.request;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = Number(query.get('max-keys') ?? 1000);
  if (!Number.isInteger(most) || most < 0)
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range', 400);
  const limit = Math.min(most, 1000);
  const bucket = call.context.s3.bucket(identity, call.bucket, 's3:ListBucket', {
    conditions: {
      ...(query.has('prefix') && { 's3:prefix': prefix }),
      ...(query.has('delimiter') && { 's3:delimiter': delimiter }),
      's3:max-keys': String(most),
    },
  });
  const token = query.get('continuation-token');
  const after = token !== null ? decodeToken(token) : (query.get('start-after') ?? '');

  const contents: XmlNode[] = [];
  const prefixes: string[] = [];
  let last = '';
  let truncated = false;
  const write = query.get('encoding-type') === 'url' ? encodeKey : (text: string) => text;
  for (const key of bucket.keys(prefix, after)) {
    const at = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const common = at < 0 ? undefined : key.slice(0, at + delimiter.length);
    // A page that ended with a common prefix ended with all the keys under it.
    if (common !== undefined && (prefixes.at(-1) === common || (after !== '' && after.startsWith(common)))) {
      last = key;
      continue;
    }
    if (contents.length + prefixes.length >= limit) {
      truncated = limit > 0;
      break;
    }
    last = key;
    if (common !== undefined) prefixes.push(common);
    else {
      const { size, etag, lastModified } = bucket.get(key)!;
      contents.push({
        Key: write(key),
        LastModified: new Date(lastModified).toISOString(),
        ETag: etag,
        Size: size,
        StorageClass: 'STANDARD',
      });
    }
  }
  return xmlResponse('ListBucketResult', {
    Name: bucket.name,
    Prefix: write(prefix),
    ...(delimiter && { Delimiter: write(delimiter) }),
    MaxKeys: limit,
    ...(query.has('encoding-type') && { EncodingType: 'url' }),
    KeyCount: contents.length + prefixes.length,
    IsTruncated: truncated,
    ...(token !== null && { ContinuationToken: token }),
    ...(truncated && { NextContinuationToken: encodeToken(last) }),
    ...(query.has('start-after') && { StartAfter: write(query.get('start-after')!) }),
    Contents: contents,
    CommonPrefixes: prefixes.map((Prefix) => ({ Prefix: write(Prefix) })),
  });
}

/** The last key of a page with a checksum before it, by which a token that S3 never gave out is known. */
function encodeToken(key: string): string {
  return Buffer.concat([tokenSum(key), Buffer.from(key)]).toString('base64url');
}

function decodeToken(token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  const key = bytes.subarray(TOKEN_SUM).toString();
  if (!key || !tokenSum(key).equals(bytes.subarray(0, TOKEN_SUM)))
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400, {
      ArgumentName: 'continuation-token',
    });
  return key;
}

const TOKEN_SUM = 8;
const tokenSum = (key: string) => createHash('sha256').update(key).digest().subarray(0, TOKEN_SUM);

/** As S3 encodes keys for encoding-type=url: like a form, but with the slash left alone. */
function encodeKey(text: string): string {
  return encodeURIComponent(text)
    .replace(/%2F/g, '/')
    .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+');
}
