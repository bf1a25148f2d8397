// S3: reading, writing, copying and deleting objects.
import { type FileHandle, open } from 'node:fs/promises';
import { AwsError, featureError } from '../errors.js';
import type { AwsResponse } from '../service.js';
import { tagging, tagsOf } from './bucket-settings.js';
import type { Bucket, ObjectAttributes, StoredObject } from './buckets.js';
import { expirationHeader } from './lifecycle.js';
import { type S3Call, type S3Operation, xmlBody, xmlResponse } from './request.js';
import { attributesOf, checksumHeaders, discard, encryptionHeaders, receive } from './upload.js';

export const objectOperations: Record<string, S3Operation> = {
  async 'PUT object'(call) {
    const attributes = attributesOf(call);
    const bucket = writable(call, attributes);
    const received = await receive(call);
    try {
      // Checked once the data is there, as another writer may have been quicker.
      checkPreconditions(call, bucket.get(call.key), true);
    } catch (error) {
      await discard(received);
      throw error;
    }
    const stored = bucket.adopt(call.key, received.file, {
      ...attributes,
      encryption: attributes.encryption ?? bucket.settings.encryption,
      ...(received.checksum && { checksum: received.checksum }),
      size: received.size,
      etag: `"${received.md5}"`,
      now: call.context.clock.now(),
    });
    return {
      status: 200,
      headers: {
        etag: stored.etag,
        ...encryptionHeaders(stored.encryption),
        ...checksumHeaders(stored.checksum),
        ...expirationHeader(stored, bucket.settings.lifecycleRules),
      },
    };
  },

  async 'PUT object copy'(call) {
    const attributes = attributesOf(call);
    const bucket = writable(call, attributes);
    const source = copySource(call);
    const from = call.context.s3.content(call.request.identity, source.bucket, source.key);
    const replace = (name: string) => (call.request.headers[name] ?? 'COPY').toUpperCase() === 'REPLACE';
    const replaced = replace('x-amz-metadata-directive');
    if (source.bucket === call.bucket && source.key === call.key && !replaced && !attributes.encryption)
      throw new AwsError(
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
        400,
      );
    const { key: _, path: file, size: __, etag: ___, lastModified: ____, ...kept } = from;
    const data = await call.buckets.stage({ file });
    const stored = bucket.adopt(call.key, data.file, {
      ...(replaced ? { ...attributes, checksum: from.checksum } : kept),
      tags: replace('x-amz-tagging-directive') ? attributes.tags : from.tags,
      encryption: attributes.encryption ?? bucket.settings.encryption,
      size: data.size,
      etag: data.etag,
      now: call.context.clock.now(),
    });
    return xmlResponse('CopyObjectResult', {
      ETag: stored.etag,
      LastModified: new Date(stored.lastModified).toISOString(),
    });
  },

  'GET object': (call) => read(call, true),
  'HEAD object': (call) => read(call, false),

  'DELETE object'(call) {
    const { context, request, bucket, key } = call;
    context.s3.bucket(request.identity, bucket, 's3:DeleteObject', { key }).delete(key);
    return { status: 204 };
  },

  'GET object tagging'(call) {
    const object = call.context.s3.get(call.request.identity, call.bucket, call.key, 's3:GetObjectTagging');
    return xmlResponse('Tagging', tagging(object.tags ?? {}));
  },
  async 'PUT object tagging'(call) {
    const { context, request, key } = call;
    context.s3.get(request.identity, call.bucket, key, 's3:PutObjectTagging');
    const tags = tagsOf(await xmlBody(call, 'Tagging'));
    call.buckets.get(call.bucket)!.describe(key, { tags });
    return { status: 200 };
  },
  'DELETE object tagging'(call) {
    const { context, request, key } = call;
    context.s3.get(request.identity, call.bucket, key, 's3:DeleteObjectTagging');
    call.buckets.get(call.bucket)!.describe(key, { tags: undefined });
    return { status: 204 };
  },
};

/** The bucket, once the caller may put the object with these attributes. */
export function writable(call: S3Call, { tags, encryption }: ObjectAttributes): Bucket {
  const { context, request, bucket, key } = call;
  if (Buffer.byteLength(key) > 1024)
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, {
      Size: Buffer.byteLength(key),
      MaxSizeAllowed: 1024,
    });
  const conditions: Record<string, string> = encryption
    ? { 's3:x-amz-server-side-encryption': encryption.algorithm }
    : {};
  if (tags) context.s3.bucket(request.identity, bucket, 's3:PutObjectTagging', { key });
  const found = context.s3.bucket(request.identity, bucket, 's3:PutObject', { key, conditions });
  context.s3.useKey(request.identity, 'GenerateDataKey', found, key, encryption ?? found.settings.encryption);
  return found;
}

function copySource(call: S3Call): { bucket: string; key: string } {
  const text = decodeURIComponent(call.request.headers['x-amz-copy-source']!).replace(/^\//, '');
  const [path, version] = text.split('?versionId=') as [string, string?];
  if (version) throw featureError('S3', 'object versions', 'Leave versionId out of the copy source.');
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1)
    throw new AwsError(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      400,
    );
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

function checkPreconditions(call: S3Call, object: StoredObject | undefined, writing: boolean): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = call.request.headers;
  const has = (list: string) => list === '*' || list.split(',').some((tag) => tag.trim() === object?.etag);
  const preconditionError = (condition: string) =>
    new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
      Condition: condition,
    });
  // A conditional write over nothing is no failed condition; a read of nothing never gets here.
  if (match !== undefined && !object)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: call.key });
  if (match !== undefined && !has(match)) throw preconditionError('If-Match');
  if (writing && noneMatch !== undefined && object && has(noneMatch))
    throw preconditionError('If-None-Match');
}

async function read(call: S3Call, withBody: boolean): Promise<AwsResponse> {
  const { headers: given, query, identity } = call.request;
  const object = call.context.s3[withBody ? 'content' : 'get'](identity, call.bucket, call.key);
  checkPreconditions(call, object, false);
  const common = {
    etag: object.etag,
    'last-modified': new Date(object.lastModified).toUTCString(),
  };
  if (given['if-none-match']?.split(',').some((tag) => tag.trim() === object.etag))
    return { status: 304, headers: common };
  const range = parseRange(given.range, object.size);
  const [start, end] = range ?? [0, object.size - 1];
  const override = (name: string) => query.get(`response-${name}`) ?? undefined;
  const headers: Record<string, string | undefined> = {
    ...common,
    'accept-ranges': 'bytes',
    'content-length': String(end - start + 1),
    'content-type': override('content-type') ?? object.contentType ?? 'binary/octet-stream',
    'content-encoding': override('content-encoding') ?? object.contentEncoding,
    'content-disposition': override('content-disposition') ?? object.contentDisposition,
    'content-language': override('content-language') ?? object.contentLanguage,
    'cache-control': override('cache-control') ?? object.cacheControl,
    expires: override('expires') ?? object.expires,
    ...Object.fromEntries(
      Object.entries(object.metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value]),
    ),
    ...encryptionHeaders(object.encryption),
    ...expirationHeader(object, call.buckets.get(call.bucket)!.settings.lifecycleRules),
    ...(object.tags && { 'x-amz-tagging-count': String(Object.keys(object.tags).length) }),
    // A checksum is of the whole object: a part's reader could not use it.
    ...(!range && given['x-amz-checksum-mode'] === 'ENABLED' && checksumHeaders(object.checksum)),
    ...(range && { 'content-range': `bytes ${start}-${end}/${object.size}` }),
  };
  const response: AwsResponse = {
    status: range ? 206 : 200,
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
  if (!withBody) return response;
  if (object.size === 0) return { ...response, body: '' };
  let file: FileHandle;
  try {
    // Opened before the answer begins: what happens to the object from now on does not concern this reader.
    file = await open(object.path);
  } catch (error) {
    // Replaced or deleted in this very moment.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return read(call, withBody);
    throw error;
  }
  return { ...response, body: file.createReadStream({ start, end }) };
}

/** First and last byte of a Range header; undefined without one, or with one that S3 ignores. */
function parseRange(header: string | undefined, size: number): [number, number] | undefined {
  const match = header === undefined ? undefined : /^bytes=(\d*)-(\d*)$/.exec(header);
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start >= size || start > end)
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: header!,
      ActualObjectSize: size,
    });
  return [start, end];
}
