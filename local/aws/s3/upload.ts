// Receiving an object's data: straight to a file, hashed on the way, whether it comes plain or in aws-chunked form.
import { createHash, type Hash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { ChunkedError, decodeChunks } from '@local-cloud/kit/aws-chunked.js';
import { AwsError, featureError } from '../errors.js';
import type { ObjectAttributes } from './buckets.js';
import type { S3Call } from './request.js';

export interface Received {
  file: string;
  size: number;
  /** MD5, hex. */
  md5: string;
  checksum?: NonNullable<ObjectAttributes['checksum']>;
}

/** S3's limit for one PUT. */
const LONGEST = 5 * 2 ** 30;

/** Bytes that go to the disk together. */
const WRITTEN_AT_ONCE = 1 << 20;

/** Reads the body of a PUT into a temporary file and verifies every hash that came with it. */
export async function receive(call: S3Call): Promise<Received> {
  const { headers } = call.request;
  const claimed = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  if (claimed.startsWith('STREAMING-AWS4'))
    throw featureError(
      'S3',
      'uploads signed chunk by chunk',
      'Sign the whole payload or send it unsigned with a trailer.',
    );
  const length = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0);
  if (length > LONGEST)
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400);

  const trailers: Record<string, string> = {};
  const chunked = claimed.startsWith('STREAMING-');
  const source = call.request.stream! as AsyncIterable<Buffer>;
  const algorithm = checksumAlgorithm(headers);
  const sum = algorithm ? checksummer(algorithm) : undefined;
  const sha256 = /^[0-9a-f]{64}$/.test(claimed) ? createHash('sha256') : undefined;
  const given = headers['content-md5'];
  if (given !== undefined && Buffer.from(given, 'base64').length !== 16)
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified is not valid.', 400);
  const md5 = createHash('md5');
  const file = call.buckets.temporaryFile();
  const handle = await open(file, 'wx', 0o600);
  let size = 0;
  // A socket gives 64 KB at a time; each write is a trip to another thread.
  let held: Buffer[] = [];
  let heldSize = 0;
  const write = async () => {
    if (heldSize > 0) await handle.writeFile(Buffer.concat(held, heldSize));
    held = [];
    heldSize = 0;
  };
  try {
    for await (const chunk of chunked ? decodeChunks(source, trailers) : source) {
      size += chunk.length;
      sha256?.update(chunk);
      md5.update(chunk);
      sum?.update(chunk);
      held.push(chunk);
      heldSize += chunk.length;
      if (heldSize >= WRITTEN_AT_ONCE) await write();
    }
    await write();
    await handle.close();
    if (chunked ? size !== length : headers['content-length'] !== undefined && size !== length)
      throw new AwsError(
        'IncompleteBody',
        'You did not provide the number of bytes specified by the Content-Length HTTP header',
        400,
      );
    if (sha256 && sha256.digest('hex') !== claimed)
      throw new AwsError(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        400,
      );
    const digest = md5.digest();
    if (given !== undefined && given !== digest.toString('base64'))
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400);
    const checksum = algorithm && sum && verifyChecksum(algorithm, sum.digest(), { ...headers, ...trailers });
    return { file, size, md5: digest.toString('hex'), ...(checksum && { checksum }) };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(file, { force: true });
    throw error instanceof ChunkedError ? new AwsError(error.code, error.message, 400) : error;
  }
}

function verifyChecksum(
  algorithm: string,
  value: string,
  given: Record<string, string>,
): Received['checksum'] {
  const expected = given[`x-amz-checksum-${algorithm}`];
  if (expected !== undefined && expected.trim() !== value)
    throw new AwsError(
      'BadDigest',
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      400,
    );
  return { algorithm, value, type: 'FULL_OBJECT' };
}

/** The checksum that the client sends as a header or trailer, or asks for. */
function checksumAlgorithm(headers: Record<string, string>): string | undefined {
  const named =
    /^x-amz-checksum-(\w+)$/.exec(headers['x-amz-trailer'] ?? '')?.[1] ??
    Object.keys(headers)
      .map((name) => /^x-amz-checksum-(crc\w+|sha\w+)$/.exec(name)?.[1])
      .find((name) => name !== undefined) ??
    headers['x-amz-sdk-checksum-algorithm']?.toLowerCase();
  if (named !== undefined && !['crc32', 'crc32c', 'sha1', 'sha256'].includes(named))
    throw featureError(
      'S3',
      `the checksum algorithm ${named.toUpperCase()}`,
      'Use CRC32, CRC32C, SHA1 or SHA256.',
    );
  return named;
}

interface Checksummer {
  update(chunk: Buffer): void;
  /** Base64. */
  digest(): string;
}

function checksummer(algorithm: string): Checksummer {
  if (algorithm === 'sha1' || algorithm === 'sha256') {
    const hash: Hash = createHash(algorithm);
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
  }
  let value = 0;
  const step = algorithm === 'crc32' ? crc32 : crc32c;
  return {
    update(chunk) {
      value = step(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

let castagnoli: Uint32Array | undefined;

function crc32c(chunk: Buffer, before: number): number {
  castagnoli ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0x82f63b78 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = ~before;
  for (let i = 0; i < chunk.length; i++) crc = castagnoli[(crc ^ chunk[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** What the headers of a PUT say about the object. */
export function attributesOf(call: S3Call): ObjectAttributes {
  const { headers } = call.request;
  const encoding = headers['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked' && part !== '')
    .join(',');
  const metadata = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), value]] : [],
    ),
  );
  const encryption = headers['x-amz-server-side-encryption'];
  const keyId = headers['x-amz-server-side-encryption-aws-kms-key-id'];
  const tagging = headers['x-amz-tagging'];
  return {
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    ...(encoding && { contentEncoding: encoding }),
    ...(headers['content-disposition'] && { contentDisposition: headers['content-disposition'] }),
    ...(headers['content-language'] && { contentLanguage: headers['content-language'] }),
    ...(headers['cache-control'] && { cacheControl: headers['cache-control'] }),
    ...(headers.expires && { expires: headers.expires }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(encryption && {
      encryption: {
        algorithm: encryption,
        ...(keyId && { keyId }),
        ...(headers['x-amz-server-side-encryption-bucket-key-enabled'] === 'true' && { bucketKey: true }),
      },
    }),
    ...(tagging !== undefined && { tags: Object.fromEntries(new URLSearchParams(tagging)) }),
  };
}

/** Answers' headers about encryption. */
export function encryptionHeaders(encryption: ObjectAttributes['encryption']): Record<string, string> {
  return encryption
    ? {
        'x-amz-server-side-encryption': encryption.algorithm,
        ...(encryption.keyId && { 'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyId }),
      }
    : {};
}

export const checksumHeaders = (checksum: ObjectAttributes['checksum']): Record<string, string> =>
  checksum
    ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': checksum.type }
    : {};

/** Frees a received file that is not going to be an object after all. */
export async function discard(received: Pick<Received, 'file'>): Promise<void> {
  await rm(received.file, { force: true });
}
