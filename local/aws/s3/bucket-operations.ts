// S3: creating, finding and deleting buckets.
import { AwsError } from '../errors.js';
import { type S3Call, type S3Operation, xmlBody, xmlResponse } from './request.js';

export const bucketOperations: Record<string, S3Operation> = {
  'GET service'(call) {
    const { identity } = call.request;
    call.context.authorize(identity, 's3:ListAllMyBuckets', '*');
    const prefix = call.request.query.get('prefix') ?? '';
    return xmlResponse('ListAllMyBucketsResult', {
      Owner: { ID: identity.accountId },
      Buckets: {
        Bucket: call.buckets
          .ofAccount(identity.accountId)
          .filter((bucket) => bucket.name.startsWith(prefix))
          .map((bucket) => ({
            Name: bucket.name,
            CreationDate: new Date(bucket.created).toISOString(),
            BucketRegion: bucket.region,
          })),
      },
    });
  },

  async 'PUT bucket'(call) {
    const { context, request, bucket: name } = call;
    context.authorize(request.identity, 's3:CreateBucket', `arn:aws:s3:::${name}`);
    checkBucketName(name);
    const configuration = Number(request.headers['content-length'] ?? 0)
      ? await xmlBody<{ LocationConstraint?: string; Tags?: { Tag: { Key: string; Value: string }[] } }>(
          call,
          'CreateBucketConfiguration',
        )
      : {};
    const wanted = configuration.LocationConstraint ?? 'us-east-1';
    if (configuration.LocationConstraint === 'us-east-1')
      throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
        LocationConstraint: 'us-east-1',
      });
    if (wanted !== context.region)
      throw new AwsError(
        'IllegalLocationConstraintException',
        configuration.LocationConstraint
          ? `The ${wanted} location constraint is incompatible for the region specific endpoint this request was sent to.`
          : 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.',
        400,
      );
    const existing = call.buckets.get(name);
    if (existing && existing.accountId !== request.identity.accountId)
      throw new AwsError(
        'BucketAlreadyExists',
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
        409,
        { BucketName: name },
      );
    // us-east-1 alone answers a repeated creation by the owner with success.
    if (existing && context.region !== 'us-east-1')
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { BucketName: name },
      );
    if (!existing) {
      const bucket = call.buckets.create({
        name,
        accountId: request.identity.accountId,
        region: context.region,
        created: context.clock.now(),
      });
      const tags = configuration.Tags?.Tag;
      if (tags) bucket.change({ tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) });
    }
    return { status: 200, headers: { location: `/${name}` } };
  },

  'HEAD bucket'(call) {
    const bucket = find(call, 's3:ListBucket');
    return { status: 200, headers: { 'x-amz-bucket-region': bucket.region } };
  },

  'DELETE bucket'(call) {
    const bucket = find(call, 's3:DeleteBucket');
    if (bucket.size > 0)
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: bucket.name,
      });
    call.buckets.delete(bucket.name);
    return { status: 204 };
  },

  'GET bucket location'(call) {
    const bucket = find(call, 's3:GetBucketLocation');
    return xmlResponse('LocationConstraint', bucket.region === 'us-east-1' ? '' : bucket.region);
  },

  async 'POST bucket delete'(call) {
    const { context, request, bucket: name } = call;
    const body = await xmlBody<{ Quiet?: string; Object?: { Key: string; VersionId?: string }[] }>(
      call,
      'Delete',
    );
    const items = body.Object ?? [];
    if (items.length === 0 || items.length > 1000)
      throw new AwsError(
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
        400,
      );
    const deleted: { Key: string }[] = [];
    const errors: { Key: string; Code: string; Message: string }[] = [];
    for (const { Key } of items) {
      const key = decodeEntities(Key);
      try {
        context.s3.bucket(request.identity, name, 's3:DeleteObject', { key }).delete(key);
        deleted.push({ Key: key });
      } catch (error) {
        // One missing permission is that object's answer, not the request's; a missing bucket is the request's.
        if (!(error instanceof AwsError) || error.code !== 'AccessDenied') throw error;
        errors.push({ Key: key, Code: error.code, Message: error.message });
      }
    }
    return xmlResponse('DeleteResult', { Deleted: body.Quiet === 'true' ? [] : deleted, Error: errors });
  },
};

function find(call: S3Call, action: string) {
  return call.context.s3.bucket(call.request.identity, call.bucket, action);
}

/** The parser leaves numeric character references, which clients use for control characters, as they are. */
function decodeEntities(text: string): string {
  return text.replace(/&#(x[0-9a-f]+|\d+);/gi, (_, code: string) =>
    String.fromCodePoint(
      code[0] === 'x' || code[0] === 'X' ? Number.parseInt(code.slice(1), 16) : Number(code),
    ),
  );
}

/** Rules: S3 User Guide, "Bucket naming rules". */
function checkBucketName(name: string): void {
  const right =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !name.startsWith('xn--') &&
    !name.startsWith('sthree-') &&
    !name.endsWith('-s3alias') &&
    !name.endsWith('--ol-s3');
  if (!right)
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
}
