// S3: multipart uploads. They live as long as the process; a client whose upload is gone starts it again.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../errors.js';
import type { ObjectAttributes } from './buckets.js';
import { writable } from './object-operations.js';
import { type S3Call, type S3Operation, xmlBody, xmlResponse } from './request.js';
import { attributesOf, checksumHeaders, encryptionHeaders, type Received, receive } from './upload.js';

interface Upload {
  bucket: string;
  key: string;
  attributes: ObjectAttributes;
  started: number;
  parts: Map<number, Received & { modified: number }>;
}

/** Parts other than the last must be this long. */
const SHORTEST_PART = 5 * 2 ** 20;

/** The uploads in progress, and the operations on them. */
export class MultipartUploads {
  private readonly uploads = new Map<string, Upload>();

  readonly operations: Record<string, S3Operation> = {
    'POST object uploads': (call) => {
      const attributes = attributesOf(call);
      const bucket = writable(call, attributes);
      const id = randomBytes(24).toString('base64url');
      this.uploads.set(id, {
        bucket: bucket.name,
        key: call.key,
        attributes: { encryption: bucket.settings.encryption, ...attributes },
        started: call.context.clock.now(),
        parts: new Map(),
      });
      return xmlResponse('InitiateMultipartUploadResult', {
        Bucket: bucket.name,
        Key: call.key,
        UploadId: id,
      });
    },

    'PUT object part': async (call) => {
      const upload = this.find(call, 's3:PutObject');
      const number = Number(call.request.query.get('partNumber'));
      if (!Number.isInteger(number) || number < 1 || number > 10_000)
        throw new AwsError(
          'InvalidArgument',
          'Part number must be an integer between 1 and 10000, inclusive',
          400,
        );
      const received = await receive(call);
      const before = upload.parts.get(number);
      upload.parts.set(number, { ...received, modified: call.context.clock.now() });
      if (before) await rm(before.file, { force: true });
      return {
        status: 200,
        headers: {
          etag: `"${received.md5}"`,
          ...encryptionHeaders(upload.attributes.encryption),
          ...checksumHeaders(received.checksum),
        },
      };
    },

    'POST object upload': (call) => this.complete(call),

    'DELETE object upload': async (call) => {
      const upload = this.find(call, 's3:AbortMultipartUpload');
      await this.forget(call.request.query.get('uploadId')!, upload);
      return { status: 204 };
    },

    'GET object upload': (call) => {
      const upload = this.find(call, 's3:ListMultipartUploadParts');
      return xmlResponse('ListPartsResult', {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: call.request.query.get('uploadId')!,
        IsTruncated: false,
        Part: [...upload.parts]
          .sort(([a], [b]) => a - b)
          .map(([number, part]) => ({
            PartNumber: number,
            LastModified: new Date(part.modified).toISOString(),
            ETag: `"${part.md5}"`,
            Size: part.size,
          })),
      });
    },

    'GET bucket uploads': (call) => {
      const bucket = call.context.s3.bucket(
        call.request.identity,
        call.bucket,
        's3:ListBucketMultipartUploads',
      );
      const prefix = call.request.query.get('prefix') ?? '';
      const uploads = [...this.uploads].filter(
        ([, upload]) => upload.bucket === bucket.name && upload.key.startsWith(prefix),
      );
      return xmlResponse('ListMultipartUploadsResult', {
        Bucket: bucket.name,
        IsTruncated: false,
        Upload: uploads.map(([id, upload]) => ({
          Key: upload.key,
          UploadId: id,
          Initiated: new Date(upload.started).toISOString(),
        })),
      });
    },
  };

  private find(call: S3Call, action: string): Upload {
    const { context, request, key } = call;
    const bucket = context.s3.bucket(request.identity, call.bucket, action, { key });
    const upload = this.uploads.get(request.query.get('uploadId') ?? '');
    // Parts are read again when they are put together: kms:Decrypt beside kms:GenerateDataKey.
    if (upload && action === 's3:PutObject')
      context.s3.useKey(request.identity, 'Decrypt', bucket, key, upload.attributes.encryption);
    if (!upload || upload.bucket !== bucket.name || upload.key !== key)
      throw new AwsError(
        'NoSuchUpload',
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
        404,
      );
    return upload;
  }

  private async complete(call: S3Call) {
    const upload = this.find(call, 's3:PutObject');
    const body = await xmlBody<{ Part?: { PartNumber: string; ETag: string }[] }>(
      call,
      'CompleteMultipartUpload',
    );
    const wanted = (body.Part ?? []).map(({ PartNumber, ETag }) => ({
      number: Number(PartNumber),
      md5: ETag.replace(/^("|&quot;)|("|&quot;)$/g, ''),
    }));
    if (wanted.length === 0) throw new AwsError('MalformedXML', 'You must specify at least one part', 400);
    if (wanted.some(({ number }, i) => i > 0 && number <= wanted[i - 1]!.number))
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
        400,
      );
    const parts = wanted.map(({ number, md5 }) => {
      const part = upload.parts.get(number);
      if (!part || part.md5 !== md5)
        throw new AwsError(
          'InvalidPart',
          "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
          400,
        );
      return part;
    });
    if (parts.slice(0, -1).some(({ size }) => size < SHORTEST_PART))
      throw new AwsError(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        400,
      );
    const file = call.buckets.temporaryFile();
    await appendFile(file, '', { mode: 0o600 });
    for (const part of parts)
      await pipeline(createReadStream(part.file), createWriteStream(file, { flags: 'a' }));
    const digests = createHash('md5');
    for (const { md5 } of parts) digests.update(Buffer.from(md5, 'hex'));
    const { bucket: name, key, attributes } = upload;
    const stored = call.buckets.get(name)!.adopt(key, file, {
      ...attributes,
      size: parts.reduce((sum, { size }) => sum + size, 0),
      etag: `"${digests.digest('hex')}-${parts.length}"`,
      now: call.context.clock.now(),
    });
    await this.forget(call.request.query.get('uploadId')!, upload);
    return xmlResponse('CompleteMultipartUploadResult', { Bucket: name, Key: key, ETag: stored.etag });
  }

  private async forget(id: string, upload: Upload): Promise<void> {
    this.uploads.delete(id);
    for (const { file } of upload.parts.values()) await rm(file, { force: true });
  }
}
