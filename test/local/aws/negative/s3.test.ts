/** What S3 refuses: codes from the S3 API reference, "Error responses". */
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Keys, policy, TestCloud } from '../support.js';
import { refuses } from './refuses.js';

describe('negative: S3', () => {
  const cloud = new TestCloud();
  const Bucket = 'negative-bucket';
  let s3: S3Client;
  let reader: Keys;
  let vendor: Keys;
  let UploadId: string;

  before(async () => {
    await cloud.start();
    s3 = cloud.s3();
    reader = await cloud.user(
      'reader',
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/open/*` },
      { Effect: 'Deny', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/open/but-not-this` },
    );
    vendor = cloud.aws.createVendorUser('vendor');
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'open/k', Body: '0123456789' }));
    UploadId = (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))).UploadId!;
    for (const PartNumber of [1, 2])
      await s3.send(new UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber, Body: 'small' }));
  });
  after(() => cloud.remove());

  const get = (Key: string, change: object = {}, keys?: Keys) =>
    (keys ? cloud.s3(keys) : s3).send(new GetObjectCommand({ Bucket, Key, ...change }));
  const put = (change: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...change }));
  const complete = (change: object) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'parts', UploadId, ...change }));
  const part = (PartNumber: number, ETag = '"00000000000000000000000000000000"') => ({ PartNumber, ETag });

  const lifecycle = (...changes: object[]) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: changes.map((change) => ({
            ID: 'rule',
            Status: 'Enabled' as const,
            Filter: { Prefix: 'rows/' },
            Expiration: { Days: 3 },
            ...change,
          })),
        },
      }),
    );

  refuses([
    { what: 'a key that does not exist', call: () => get('missing'), code: 'NoSuchKey', status: 404 },
    {
      what: 'a bucket that does not exist',
      call: () => s3.send(new ListObjectsV2Command({ Bucket: 'missing-bucket' })),
      code: 'NoSuchBucket',
      status: 404,
    },
    {
      what: 'HEAD of a bucket that does not exist: no body, so no code but the status',
      call: () => s3.send(new HeadBucketCommand({ Bucket: 'missing-bucket' })),
      code: 'NotFound',
      status: 404,
    },
    {
      what: 'a name with capitals',
      call: () => s3.send(new CreateBucketCommand({ Bucket: 'Capital' })),
      code: 'InvalidBucketName',
      status: 400,
    },
    {
      what: 'a bucket that another account has',
      call: () => cloud.s3(vendor).send(new CreateBucketCommand({ Bucket })),
      code: 'AccessDenied',
      status: 403,
    },
    {
      what: 'deleting a bucket that holds something',
      call: () => s3.send(new DeleteBucketCommand({ Bucket })),
      code: 'BucketNotEmpty',
      status: 409,
    },
    {
      what: 'a key that no policy allows',
      call: () => get('closed/k', {}, reader),
      code: 'AccessDenied',
      status: 403,
      says: /s3:GetObject/,
    },
    {
      what: 'a key that a policy denies',
      call: () => get('open/but-not-this', {}, reader),
      code: 'AccessDenied',
      status: 403,
      says: /explicit deny/,
    },
    {
      what: 'another account’s object without a bucket policy',
      call: () => get('open/k', {}, vendor),
      code: 'AccessDenied',
      status: 403,
    },
    {
      what: 'a bucket policy where there is none',
      call: () => s3.send(new GetBucketPolicyCommand({ Bucket })),
      code: 'NoSuchBucketPolicy',
      status: 404,
    },
    {
      what: 'a bucket policy without a principal',
      call: () =>
        s3.send(
          new PutBucketPolicyCommand({
            Bucket,
            Policy: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }),
          }),
        ),
      code: 'MalformedPolicy',
      status: 400,
    },
    {
      what: 'a public bucket policy, which new buckets block',
      call: () =>
        s3.send(
          new PutBucketPolicyCommand({
            Bucket,
            Policy: policy({
              Effect: 'Allow',
              Principal: '*',
              Action: 's3:GetObject',
              Resource: `arn:aws:s3:::${Bucket}/*`,
            }),
          }),
        ),
      code: 'AccessDenied',
      status: 403,
    },
    {
      what: 'tags where there are none',
      call: () => s3.send(new GetBucketTaggingCommand({ Bucket })),
      code: 'NoSuchTagSet',
      status: 404,
    },
    {
      what: 'public-access settings of a missing bucket',
      call: () => s3.send(new GetPublicAccessBlockCommand({ Bucket: 'missing-bucket' })),
      code: 'NoSuchBucket',
      status: 404,
    },
    {
      what: 'a range behind the end',
      call: () => get('open/k', { Range: 'bytes=100-' }),
      code: 'InvalidRange',
      status: 416,
    },
    {
      what: 'a precondition that does not hold',
      call: () => get('open/k', { IfMatch: '"another"' }),
      code: 'PreconditionFailed',
      status: 412,
    },
    {
      what: 'writing what exists, if none may match',
      call: () => put({ Key: 'open/k', IfNoneMatch: '*' }),
      code: 'PreconditionFailed',
      status: 412,
    },
    {
      what: 'writing over an object that is not there, if a certain one must match',
      call: () => put({ Key: 'open/missing', IfMatch: '"another"' }),
      code: 'NoSuchKey',
      status: 404,
    },
    ...['bogus', Buffer.from('a-key-that-stands-in-no-token').toString('base64url')].map(
      (ContinuationToken) => ({
        what: `the continuation token ${ContinuationToken}, which it never gave out`,
        call: () => s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken })),
        code: 'InvalidArgument',
        status: 400,
      }),
    ),
    {
      what: 'a body that is not the one of its MD5',
      call: () => put({ ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }),
      code: 'BadDigest',
      status: 400,
    },
    {
      what: 'a body that is not the one of its checksum',
      call: () => put({ ChecksumCRC32: 'AAAAAA==' }),
      code: 'BadDigest',
      status: 400,
    },
    {
      what: 'an MD5 that is none',
      call: () => put({ ContentMD5: 'nonsense' }),
      code: 'InvalidDigest',
      status: 400,
    },
    {
      what: 'a key of more than 1,024 bytes',
      call: () => put({ Key: 'k'.repeat(1025) }),
      code: 'KeyTooLongError',
      status: 400,
    },
    {
      what: 'an upload that does not exist',
      call: () => complete({ UploadId: 'missing', MultipartUpload: { Parts: [part(1)] } }),
      code: 'NoSuchUpload',
      status: 404,
    },
    {
      what: 'a part that was never sent',
      call: () => complete({ MultipartUpload: { Parts: [part(7)] } }),
      code: 'InvalidPart',
      status: 400,
    },
    {
      what: 'parts out of order',
      call: () =>
        complete({
          MultipartUpload: {
            Parts: [
              part(2, '"eb5c1399a871211c7e7ed732d15e3a8b"'),
              part(1, '"eb5c1399a871211c7e7ed732d15e3a8b"'),
            ],
          },
        }),
      code: 'InvalidPartOrder',
      status: 400,
    },
    {
      what: 'a first part of less than 5 MB',
      call: () =>
        complete({
          MultipartUpload: {
            Parts: [
              part(1, '"eb5c1399a871211c7e7ed732d15e3a8b"'),
              part(2, '"eb5c1399a871211c7e7ed732d15e3a8b"'),
            ],
          },
        }),
      code: 'EntityTooSmall',
      status: 400,
    },
    {
      what: 'a part number above 10,000',
      call: () =>
        s3.send(new UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber: 10_001, Body: 'x' })),
      code: 'InvalidArgument',
      status: 400,
    },
    {
      what: 'the lifecycle configuration of a bucket that has none',
      call: () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      code: 'NoSuchLifecycleConfiguration',
      status: 404,
    },
    {
      what: 'a lifecycle configuration without rules',
      call: () => lifecycle(),
      code: 'MalformedXML',
      status: 400,
    },
    {
      what: 'a lifecycle rule that says nothing of the objects it is for',
      call: () => lifecycle({ Filter: undefined }),
      code: 'MalformedXML',
      status: 400,
    },
    {
      what: 'a lifecycle rule of an unknown status',
      call: () => lifecycle({ Status: 'On' as 'Enabled' }),
      code: 'MalformedXML',
      status: 400,
    },
    {
      what: 'a lifecycle rule by days and by date',
      call: () => lifecycle({ Expiration: { Days: 3, Date: new Date('2030-01-01T00:00:00Z') } }),
      code: 'MalformedXML',
      status: 400,
    },
    {
      what: 'a lifecycle rule that does nothing',
      call: () => lifecycle({ Expiration: undefined }),
      code: 'InvalidRequest',
      status: 400,
      says: /At least one action needs to be specified in a rule/,
    },
    {
      what: 'a lifecycle rule of no days',
      call: () => lifecycle({ Expiration: { Days: 0 } }),
      code: 'InvalidArgument',
      status: 400,
      says: /'Days' for Expiration action must be a positive integer/,
    },
    {
      what: 'a lifecycle date that is not midnight',
      call: () => lifecycle({ Expiration: { Date: new Date('2030-01-01T10:00:00Z') } }),
      code: 'InvalidArgument',
      status: 400,
      says: /'Date' must be at midnight GMT/,
    },
    {
      what: 'two lifecycle rules of one name',
      call: () => lifecycle({}, {}),
      code: 'InvalidArgument',
      status: 400,
      says: /Rule ID must be unique. Found same ID for one or more rules/,
    },
    {
      what: 'a lifecycle rule by somebody who may not make one',
      call: () =>
        cloud
          .s3(reader)
          .send(
            new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [] } }),
          ),
      code: 'AccessDenied',
      status: 403,
    },
  ]);
});
