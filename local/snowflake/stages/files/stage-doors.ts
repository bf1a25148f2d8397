// Internal stages as S3 shows them, for drivers that know no folder of this machine.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { ChunkedError, decodeChunks } from '@local-cloud/kit/aws-chunked.js';
import type { Account } from '../../account.js';
import { SnowflakeError } from '../../errors.js';
import { LocalFiles } from './local-files.js';
import { temporaryFolder } from './temporary.js';

/** Drivers do not ask of a bucket `sfc-…` whether it is accelerated. */
const BUCKET = 'sfc-local-stages';
/** `/BUCKET/PREFIX/KEY` */
const OBJECT = new RegExp(`^/${BUCKET}/([0-9a-f]+)/(.+)$`);
/** Of a signed URL. */
const SIGNATURE = 'X-Goog-Signature';
/** As long as Snowflake's own credentials for a stage may last at least, in milliseconds. */
const LIFE = 3_600_000;

/** A stage's folder for one PUT or GET, known by the unguessable prefix of its objects. */
interface Door {
  readonly folder: string;
  readonly writes: boolean;
  readonly token: string;
  readonly expires: number;
}

/** What S3 answers instead. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const registers = new WeakMap<Account, StageDoors>();

/** The doors of an account. */
export function stageDoors(account: Account): StageDoors {
  const known = registers.get(account) ?? new StageDoors(account);
  registers.set(account, known);
  return known;
}

/** Opens folders of stages to drivers for a time, and serves them: objects alone, whole, one request each. */
export class StageDoors {
  private readonly doors = new Map<string, Door>();
  /** Where they are served, `http://127.0.0.1:PORT`; the server sets it. */
  url = '';

  constructor(private readonly account: Account) {}

  /** `stageInfo` of an answer to PUT (`writes`) or GET: S3. */
  open(folder: string, writes: boolean): Record<string, unknown> {
    const { prefix, token, info } = this.add(folder, writes);
    return {
      ...info,
      locationType: 'S3',
      creds: {
        AWS_KEY_ID: `ASIA${prefix.slice(0, 16).toUpperCase()}`,
        AWS_SECRET_KEY: token,
        AWS_TOKEN: token,
      },
      region: this.account.network.aws.region,
      // With its scheme: drivers take https for a name without one.
      endPoint: this.url,
    };
  }

  /** `stageInfo` of an answer to PUT of one file: a signed URL, as Google Cloud has them. */
  openFile(folder: string, name: string): Record<string, unknown> {
    const { token, info } = this.add(folder, true);
    const presignedUrl = `${this.url}/${info.location}${encodeURIComponent(name)}?${SIGNATURE}=${token}`;
    return { ...info, locationType: 'GCS', creds: {}, region: '', endPoint: null, presignedUrl };
  }

  private add(folder: string, writes: boolean) {
    const now = this.account.clock.now();
    for (const [prefix, { expires }] of this.doors) if (expires <= now) this.doors.delete(prefix);
    const prefix = randomBytes(18).toString('hex');
    const token = randomBytes(24).toString('hex');
    this.doors.set(prefix, { folder, writes, token, expires: now + LIFE });
    const location = `${BUCKET}/${prefix}/`;
    const info = { location, path: `${prefix}/`, storageAccount: null, isClientSideEncrypted: false };
    return { prefix, token, info };
  }

  /** Answers a request for an object. @returns false for one that is none of ours */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    const [, prefix, key] = OBJECT.exec(path) ?? [];
    if (prefix === undefined) return false;
    try {
      const door = this.require(prefix, request);
      const files = new LocalFiles(door.folder, '');
      const name = decodeURIComponent(key!);
      if (request.method === 'PUT') await this.receive(request, response, files, name, door);
      else if (request.method === 'GET' || request.method === 'HEAD')
        await send(request, response, files.pathOf(name));
      else throw new Refusal(405, 'MethodNotAllowed', 'A stage takes PUT, GET and HEAD of single objects.');
    } catch (error) {
      refuse(request, response, error);
    }
    return true;
  }

  private require(prefix: string, { headers, url = '' }: IncomingMessage): Door {
    const door = this.doors.get(prefix);
    const signature = new URLSearchParams(url.split('?')[1]).get(SIGNATURE);
    if (!door || (headers['x-amz-security-token'] ?? signature) !== door.token)
      throw new Refusal(403, 'AccessDenied', 'Access Denied');
    if (door.expires <= this.account.clock.now())
      throw new Refusal(400, 'ExpiredToken', 'The provided token has expired.');
    return door;
  }

  private async receive(
    request: IncomingMessage,
    response: ServerResponse,
    files: LocalFiles,
    name: string,
    door: Door,
  ): Promise<void> {
    if (!door.writes) throw new Refusal(403, 'AccessDenied', 'Access Denied');
    // A part of an upload in parts would overwrite the object; PUT's threshold keeps drivers from it.
    if (request.url?.includes('uploadId=')) throw new Refusal(501, 'NotImplemented', 'Upload in one part.');
    files.pathOf(name);
    const path = join(await temporaryFolder(this.account), randomUUID());
    const trailers: Record<string, string> = {};
    const claimed = String(request.headers['x-amz-content-sha256'] ?? '');
    const source = claimed.startsWith('STREAMING-') ? decodeChunks(request, trailers) : request;
    const sum = { crc32: 0, sha256: createHash('sha256'), md5: createHash('md5') };
    async function* sumChunks() {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        sum.crc32 = crc32(chunk, sum.crc32);
        sum.sha256.update(chunk);
        sum.md5.update(chunk);
        yield chunk;
      }
    }
    try {
      await pipeline(sumChunks, createWriteStream(path, { mode: 0o600 }));
      const given = trailers['x-amz-checksum-crc32'] ?? request.headers['x-amz-checksum-crc32'];
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum.crc32);
      const digest = sum.sha256.digest('hex');
      if (
        (given !== undefined && given !== bytes.toString('base64')) ||
        (/^[0-9a-f]{64}$/.test(claimed) && claimed !== digest)
      )
        throw new Refusal(400, 'BadDigest', 'The checksum you specified did not match what we received.');
      await files.store(name, path);
    } finally {
      await rm(path, { force: true });
    }
    response.writeHead(200, { etag: `"${sum.md5.digest('hex')}"`, 'content-length': 0 }).end();
  }
}

async function send(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const found = await stat(path).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!found?.isFile()) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  for await (const part of createReadStream(path)) {
    sha256.update(part as Buffer);
    md5.update(part as Buffer);
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(Number(range?.[2] || found.size - 1), found.size - 1);
  response.writeHead(range ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': Math.max(0, end - start + 1),
    ...(range && { 'content-range': `bytes ${start}-${end}/${found.size}` }),
    etag: `"${md5.digest('hex')}"`,
    'last-modified': found.mtime.toUTCString(),
    // By it drivers know a file that they have put already.
    'x-amz-meta-sfc-digest': sha256.digest('base64'),
  });
  if (request.method === 'HEAD' || found.size === 0) response.end();
  else await pipeline(createReadStream(path, { start, end }), response);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // What broke while the object was on its way can only be cut.
  if (response.headersSent) return void response.destroy(error as Error);
  const known =
    error instanceof Refusal
      ? error
      : error instanceof ChunkedError
        ? new Refusal(400, error.code, error.message)
        : error instanceof SnowflakeError || error instanceof URIError
          ? new Refusal(400, 'InvalidURI', error.message)
          : undefined;
  if (!known) throw error;
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${known.code}</Code><Message>${known.message.replaceAll(/[<&]/g, ' ')}</Message></Error>`;
  const head = request.method === 'HEAD';
  response.writeHead(known.status, {
    'content-type': 'application/xml',
    ...(!head && { 'content-length': Buffer.byteLength(body) }),
  });
  if (!request.complete) request.resume();
  response.end(head ? undefined : body);
}
