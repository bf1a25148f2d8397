import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as S3 from '@aws-sdk/client-s3';
import { decodeChunks } from '@local-cloud/kit/aws-chunked.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { ACCOUNT, policy, refused, TestCloud } from '../support.js';

const Bucket = 'test-bucket';

describe('S3 objects', () => {
  const cloud = new TestCloud();
  let s3: S3.S3Client;
  before(async () => {
    await cloud.start();
    s3 = cloud.s3();
    await s3.send(new S3.CreateBucketCommand({ Bucket }));
  });
  after(() => cloud.remove());

  const put = (
    Key: string,
    Body: S3.PutObjectCommandInput['Body'],
    more: Partial<S3.PutObjectCommandInput> = {},
  ) => s3.send(new S3.PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string, more: Partial<S3.GetObjectCommandInput> = {}) =>
    (await s3.send(new S3.GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString();

  it('keeps bytes, type, metadata and tags under odd keys', async () => {
    const Key = "a b/c+d/ü'(x)*&=?#%25.csv";
    await put(Key, 'héllo', {
      ContentType: 'text/csv',
      ContentEncoding: 'gzip',
      Metadata: { origin: 'here' },
      Tagging: 'a=1&b=2%203',
    });
    const got = await s3.send(new S3.GetObjectCommand({ Bucket, Key }));
    expect(await got.Body!.transformToString()).to.equal('héllo');
    expect(got).to.deep.include({
      ContentType: 'text/csv',
      ContentEncoding: 'gzip',
      Metadata: { origin: 'here' },
      TagCount: 2,
      ServerSideEncryption: 'AES256',
    });
    expect(got.ETag).to.equal(`"${createHash('md5').update('héllo').digest('hex')}"`);
    const { TagSet } = await s3.send(new S3.GetObjectTaggingCommand({ Bucket, Key }));
    expect(TagSet).to.deep.equal([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2 3' },
    ]);
    await s3.send(new S3.DeleteObjectCommand({ Bucket, Key }));
    await refused(text(Key), 'NoSuchKey');
  });

  it('takes streams as aws-chunked uploads with a trailing checksum', async () => {
    const data = Buffer.alloc(300_000, 'abcdefg');
    await put('stream', Readable.from([data.subarray(0, 100_000), data.subarray(100_000)]), {
      ContentLength: data.length,
    });
    const head = await s3.send(new S3.HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
    expect(head.ContentLength).to.equal(data.length);
    expect(head.ChecksumCRC32).to.be.a('string');
    expect(await text('stream')).to.equal(data.toString());
  });

  it('refuses data that does not match its checksum', async () => {
    const wrong = put('bad', 'data', { ChecksumCRC32: 'AAAAAA==' });
    await refused(wrong, 'BadDigest');
    await refused(text('bad'), 'NoSuchKey');
    for (const ChecksumAlgorithm of ['CRC32C', 'SHA1', 'SHA256'] as const)
      await put('good', 'data', { ChecksumAlgorithm });
    expect(await text('good')).to.equal('data');
  });

  it('reads ranges', async () => {
    await put('range', '0123456789');
    expect(await text('range', { Range: 'bytes=2-4' })).to.equal('234');
    expect(await text('range', { Range: 'bytes=7-' })).to.equal('789');
    expect(await text('range', { Range: 'bytes=-3' })).to.equal('789');
    await refused(text('range', { Range: 'bytes=20-' }), 'InvalidRange');
  });

  it('lists in order, by prefix, delimiter and page', async () => {
    const keys = ['l/a', 'l/b/1', 'l/b/2', 'l/b/3', 'l/c', 'l/d/1', 'l/é'];
    for (const key of [...keys].reverse()) await put(key, 'x');
    const listed: string[] = [];
    for await (const page of S3.paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket, Prefix: 'l/' }))
      listed.push(...page.Contents!.map((object) => object.Key!));
    expect(listed).to.deep.equal(keys);
    const folded: string[] = [];
    for await (const page of S3.paginateListObjectsV2(
      { client: s3, pageSize: 2 },
      { Bucket, Prefix: 'l/', Delimiter: '/' },
    ))
      folded.push(
        ...[
          ...(page.Contents ?? []).map((o) => o.Key!),
          ...(page.CommonPrefixes ?? []).map((p) => p.Prefix!),
        ].sort(),
      );
    expect(folded).to.deep.equal(['l/a', 'l/b/', 'l/c', 'l/d/', 'l/é']);
    const after = await s3.send(new S3.ListObjectsV2Command({ Bucket, Prefix: 'l/', StartAfter: 'l/c' }));
    expect(after.Contents!.map((o) => o.Key)).to.deep.equal(['l/d/1', 'l/é']);
  });

  it('copies, and deletes many at once', async () => {
    await put('from here', 'x', { Metadata: { m: '1' } });
    await s3.send(new S3.CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from%20here` }));
    expect((await s3.send(new S3.HeadObjectCommand({ Bucket, Key: 'to' }))).Metadata).to.deep.equal({
      m: '1',
    });
    const Delete = { Objects: [{ Key: 'from here' }, { Key: 'to' }, { Key: 'never & there' }] };
    const { Deleted } = await s3.send(new S3.DeleteObjectsCommand({ Bucket, Delete }));
    expect(Deleted!.map((d) => d.Key)).to.deep.equal(['from here', 'to', 'never & there']);
    await refused(text('to'), 'NoSuchKey');
  });

  it('puts multipart uploads together', async () => {
    const Key = 'big';
    const part = Buffer.alloc(5 * 2 ** 20, 'p');
    const { UploadId } = await s3.send(
      new S3.CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/x' }),
    );
    const send = async (PartNumber: number, Body: Buffer) => ({
      PartNumber,
      ETag: (await s3.send(new S3.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))).ETag!,
    });
    const Parts = [await send(1, part), await send(2, Buffer.from('end'))];
    const complete = (list: S3.CompletedPart[]) =>
      s3.send(
        new S3.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: list } }),
      );
    await refused(complete([{ ...Parts[0]!, ETag: '"0"' }]), 'InvalidPart');
    await refused(complete([...Parts].reverse()), 'InvalidPartOrder');
    expect((await complete(Parts)).ETag).to.match(/-2"$/);
    const head = await s3.send(new S3.HeadObjectCommand({ Bucket, Key }));
    expect(head).to.include({ ContentLength: part.length + 3, ContentType: 'text/x' });
    await refused(complete(Parts), 'NoSuchUpload');
  });

  it('replaces an object whole, and leaves no files behind', async () => {
    await put('again', 'one');
    await put('again', 'two');
    expect(await text('again')).to.equal('two');
    await refused(put('again', 'three', { IfNoneMatch: '*' }), 'PreconditionFailed');
    await s3.send(new S3.DeleteObjectCommand({ Bucket, Key: 'again' }));
    expect(readdirSync(join(cloud.stateDir, 'aws', 's3', '.incoming'))).to.deep.equal([]);
  });

  it('keeps objects over a restart', async () => {
    await put('kept', 'still here', { Metadata: { a: 'b' } });
    await cloud.stop();
    await cloud.start();
    s3 = cloud.s3();
    expect(await text('kept')).to.equal('still here');
  });

  it('checks identity and bucket policies', async () => {
    const keys = await cloud.user('writer', {
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${Bucket}/in/*`,
    });
    const client = cloud.s3(keys);
    await client.send(new S3.PutObjectCommand({ Bucket, Key: 'in/1', Body: 'x' }));
    const out = () => client.send(new S3.PutObjectCommand({ Bucket, Key: 'out/1', Body: 'x' }));
    await refused(out(), 'AccessDenied', /s3:PutObject on resource: arn:aws:s3:::test-bucket\/out\/1/);
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/writer` },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${Bucket}/out/*`,
    };
    await s3.send(new S3.PutBucketPolicyCommand({ Bucket, Policy: policy(statement) }));
    await out();
    await s3.send(
      new S3.PutBucketPolicyCommand({ Bucket, Policy: policy({ ...statement, Effect: 'Deny' }) }),
    );
    await refused(out(), 'AccessDenied', /explicit deny in a resource-based policy/);
    await s3.send(new S3.DeleteBucketPolicyCommand({ Bucket }));
    // Without permission to list, a missing key looks like a forbidden one.
    const reader = cloud.s3(
      await cloud.user('reader', { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }),
    );
    await refused(reader.send(new S3.GetObjectCommand({ Bucket, Key: 'none' })), 'AccessDenied');
  });

  it('decodes chunks however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 })),
        fc.integer({ min: 1, max: 17 }),
        async (chunks, cut) => {
          const wire = Buffer.concat([
            ...chunks.flatMap((c) => [
              Buffer.from(`${c.length.toString(16)}\r\n`),
              Buffer.from(c),
              Buffer.from('\r\n'),
            ]),
            Buffer.from('0\r\nx-amz-checksum-crc32: abc\r\n\r\n'),
          ]);
          const pieces: Buffer[] = [];
          for (let i = 0; i < wire.length; i += cut) pieces.push(wire.subarray(i, i + cut));
          const trailers = {};
          const out: Buffer[] = [];
          for await (const chunk of decodeChunks(Readable.from(pieces), trailers))
            out.push(Buffer.from(chunk));
          expect(Buffer.concat(out)).to.deep.equal(Buffer.concat(chunks));
          expect(trailers).to.deep.equal({ 'x-amz-checksum-crc32': 'abc' });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('S3 buckets', () => {
  const cloud = new TestCloud();
  let s3: S3.S3Client;
  before(async () => {
    await cloud.start();
    s3 = cloud.s3();
  });
  after(() => cloud.remove());

  it('creates, finds, lists and deletes', async () => {
    await s3.send(new S3.CreateBucketCommand({ Bucket: 'one-bucket' }));
    await s3.send(new S3.CreateBucketCommand({ Bucket: 'one-bucket' })); // us-east-1 repeats without an error
    await s3.send(new S3.HeadBucketCommand({ Bucket: 'one-bucket' }));
    expect(
      (await s3.send(new S3.GetBucketLocationCommand({ Bucket: 'one-bucket' }))).LocationConstraint,
    ).to.be.oneOf([undefined, '']);
    expect((await s3.send(new S3.ListBucketsCommand({}))).Buckets!.map((b) => b.Name)).to.deep.equal([
      'one-bucket',
    ]);
    await s3.send(new S3.PutObjectCommand({ Bucket: 'one-bucket', Key: 'k', Body: 'x' }));
    await refused(s3.send(new S3.DeleteBucketCommand({ Bucket: 'one-bucket' })), 'BucketNotEmpty');
    await s3.send(new S3.DeleteObjectCommand({ Bucket: 'one-bucket', Key: 'k' }));
    await s3.send(new S3.DeleteBucketCommand({ Bucket: 'one-bucket' }));
    await refused(s3.send(new S3.HeadBucketCommand({ Bucket: 'one-bucket' })), 'NotFound');
    await refused(s3.send(new S3.GetObjectCommand({ Bucket: 'one-bucket', Key: 'k' })), 'NoSuchBucket');
  });

  it('refuses bad names, other regions, and what it does not have', async () => {
    await refused(s3.send(new S3.CreateBucketCommand({ Bucket: 'No-Capitals' })), 'InvalidBucketName');
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
    await refused(
      s3.send(new S3.CreateBucketCommand({ Bucket: 'far-bucket', CreateBucketConfiguration })),
      'IllegalLocationConstraintException',
    );
    await s3.send(new S3.CreateBucketCommand({ Bucket: 'plain' }));
    await refused(
      s3.send(new S3.GetBucketWebsiteCommand({ Bucket: 'plain' })),
      'NotImplemented',
      /local S3 does not support/,
    );
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await refused(
      s3.send(new S3.PutBucketVersioningCommand({ Bucket: 'plain', VersioningConfiguration })),
      'NotImplemented',
    );
  });

  it('keeps settings, encrypted and private by default', async () => {
    const Bucket = 'settings';
    await s3.send(new S3.CreateBucketCommand({ Bucket }));
    const encryption = async () =>
      (await s3.send(new S3.GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration!
        .Rules![0]!.ApplyServerSideEncryptionByDefault!.SSEAlgorithm;
    expect(await encryption()).to.equal('AES256');
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }];
    await s3.send(
      new S3.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
    expect(await encryption()).to.equal('aws:kms');
    const all = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    const block = () => s3.send(new S3.GetPublicAccessBlockCommand({ Bucket }));
    expect((await block()).PublicAccessBlockConfiguration).to.deep.equal(all);
    await s3.send(new S3.DeletePublicAccessBlockCommand({ Bucket }));
    await refused(block(), 'NoSuchPublicAccessBlockConfiguration');
    await s3.send(new S3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: all }));
    await refused(s3.send(new S3.GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet');
    await s3.send(
      new S3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'k', Value: '<v>' }] } }),
    );
    expect((await s3.send(new S3.GetBucketTaggingCommand({ Bucket }))).TagSet).to.deep.equal([
      { Key: 'k', Value: '<v>' },
    ]);
    await refused(s3.send(new S3.GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy');
    const put = (statement: object) =>
      s3.send(new S3.PutBucketPolicyCommand({ Bucket, Policy: policy(statement) }));
    const everyone = {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    };
    await refused(put(everyone), 'AccessDenied', /BlockPublicPolicy/);
    await refused(
      put({ ...everyone, Resource: 'arn:aws:s3:::another/*' }),
      'MalformedPolicy',
      /invalid resource/,
    );
    await refused(
      put({ ...everyone, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/nobody` } }),
      'MalformedPolicy',
      /Invalid principal/,
    );
  });
});
