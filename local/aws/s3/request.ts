// An S3 request taken apart: which bucket and key it is for, and which operation.
import { XMLParser } from 'fast-xml-parser';
import { AwsError, featureError } from '../errors.js';
import type { AwsContext, AwsRequest, AwsResponse } from '../service.js';
import { element, type XmlNode } from '../xml.js';
import type { Buckets } from './buckets.js';

export interface S3Call {
  context: AwsContext;
  buckets: Buckets;
  request: AwsRequest;
  bucket: string;
  key: string;
}

export type S3Operation = (call: S3Call) => AwsResponse | Promise<AwsResponse>;

/**
 * Bucket and key, from the path (`/bucket/key`, the way clients address an endpoint that is an IP address) or from
 * the host (`bucket.s3.REGION.amazonaws.com`).
 */
export function addressOf(request: AwsRequest): { bucket: string; key: string } {
  let path: string;
  try {
    path = decodeURIComponent(request.rawPath.slice(1));
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400);
  }
  const host = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com/.exec(request.headers.host ?? '')?.[1];
  if (host) return { bucket: host, key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** Query parameters that name an operation of their own. */
const SUBRESOURCES = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploads',
  'versioning',
  'versions',
  'website',
];

/** The operation as `METHOD level subresource`, e.g. `GET bucket policy`, `PUT object part`. */
export function operationOf({ method, query, headers }: AwsRequest, bucket: string, key: string): string {
  const level = !bucket ? 'service' : key ? 'object' : 'bucket';
  const words = [method, level];
  const sub = SUBRESOURCES.find((name) => query.has(name));
  if (sub) words.push(sub);
  else if (query.has('uploadId')) words.push(query.has('partNumber') ? 'part' : 'upload');
  else if (level === 'bucket' && method === 'GET' && query.get('list-type') === '2') words.push('list-v2');
  if (headers['x-amz-copy-source'] !== undefined) words.push('copy');
  return words.join(' ');
}

/** Refuses what the request asks beside what its operation does here. */
export function refuseHeaders(request: AwsRequest): void {
  for (const [name, what] of [
    ['x-amz-server-side-encryption-customer-algorithm', 'encryption with customer-provided keys (SSE-C)'],
    ['x-amz-object-lock-mode', 'object locks'],
    ['x-amz-website-redirect-location', 'redirects'],
    ['x-amz-grant-read', 'access control lists'],
  ] as const)
    if (request.headers[name] !== undefined) throw featureError('S3', what, 'Leave it out.');
  if (request.query.has('versionId') && request.query.get('versionId') !== 'null')
    throw featureError('S3', 'object versions', 'Leave versionId out.');
}

/** The whole body of a small request, for operations that take XML or JSON. */
export async function smallBody(call: S3Call, most = 2 * 2 ** 20): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of call.request.stream! as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new AwsError('MaxMessageLengthExceeded', 'Your request was too big.', 400);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  isArray: (name) => ['Object', 'Part', 'Tag', 'Rule'].includes(name),
});

/** An XML body's root element as nested plain objects; every value is text. */
export async function xmlBody<T>(call: S3Call, root: string): Promise<T> {
  let document: Record<string, unknown>;
  try {
    document = parser.parse(await smallBody(call)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof AwsError) throw error;
    document = {};
  }
  const body = document[root];
  if (body === undefined)
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
      400,
    );
  return (typeof body === 'object' ? body : {}) as T;
}

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** The answer 200 with an XML document in S3's namespace. */
export function xmlResponse(root: string, node: XmlNode): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, node, NAMESPACE)}`,
  };
}
