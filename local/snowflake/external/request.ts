import { createHash, createHmac, type Hash, type Hmac, randomUUID } from 'node:crypto';
import http from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, inflate, inflateSync } from 'node:zlib';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, HttpRequest } from '@smithy/types';

const [unzip, inflated] = [promisify(gunzip), promisify(inflate)];
/** Bytes that are unpacked on the spot: to wake another thread takes longer. */
const FEW_BYTES = 1 << 16;
const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });

export interface ServiceRequest {
  method: 'POST' | 'GET';
  /** The genuine URL, e.g. https://abc.execute-api.us-east-1.amazonaws.com/prod/x?y=1 */
  url: URL;
  headers: Record<string, string>;
  body?: Uint8Array;
  /** When it is sent, on the account's clock, which AWS looks at too. */
  time: number;
}
export interface ServiceResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Unzipped. */
  body: Buffer;
  /** Bytes of the body as it came, compressed or not. */
  bytes: number;
}

/** Node's own hashing in the shape that the signer wants. */
class Sha256 {
  private hash: Hash | Hmac;
  constructor(private readonly secret?: Parameters<typeof createHmac>[1] | ArrayBuffer) {
    this.hash = this.fresh();
  }
  private fresh(): Hash | Hmac {
    return this.secret === undefined
      ? createHash('sha256')
      : createHmac('sha256', this.secret instanceof ArrayBuffer ? Buffer.from(this.secret) : this.secret);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    if (typeof data === 'string') this.hash.update(data);
    else if (data instanceof ArrayBuffer) this.hash.update(Buffer.from(data));
    else this.hash.update(data as NodeJS.ArrayBufferView);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {
    this.hash = this.fresh();
  }
}

/** The AWS region of an API Gateway host; undefined for any other host, which nothing here resolves. */
export function gatewayRegion(host: string): string | undefined {
  return /^[a-z0-9]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host)?.[1];
}

/** The id that the service sees with a batch, and again when the batch is sent again. */
export function newBatchId(): string {
  return randomUUID();
}

/**
 * Sends one request, signed for execute-api, to the loopback endpoint that stands for AWS, with the genuine
 * Host header. @throws Error for transport errors
 */
export async function send(
  endpoint: string,
  request: ServiceRequest,
  credentials: AwsCredentialIdentity,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<ServiceResponse> {
  const signer = new SignatureV4({
    service: 'execute-api',
    region: gatewayRegion(request.url.host)!,
    credentials,
    sha256: Sha256 as never,
  });
  const unsigned = {
    method: request.method,
    protocol: 'https:',
    hostname: request.url.host,
    path: request.url.pathname,
    query: Object.fromEntries(request.url.searchParams),
    headers: { ...request.headers, host: request.url.host },
    body: request.body,
  } as HttpRequest;
  const signed = await signer.sign(unsigned, { signingDate: new Date(request.time) });
  const { hostname, port } = new URL(endpoint);
  const { status, headers, body } = await new Promise<{
    status: number;
    headers: http.IncomingHttpHeaders;
    body: Buffer;
  }>((resolve, reject) => {
    const outgoing = http.request(
      {
        agent,
        hostname,
        port,
        method: request.method,
        path: request.url.pathname + request.url.search,
        headers: {
          ...signed.headers,
          ...(request.body && { 'content-length': String(request.body.length) }),
        },
        timeout: timeoutMs,
        ...(signal && { signal }),
      },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode!, headers: incoming.headers, body: Buffer.concat(parts) }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
  const encoding = headers['content-encoding'];
  return { status, headers, body: await unpack(body, encoding), bytes: body.length };
}

async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const few = body.length <= FEW_BYTES;
  if (encoding === 'gzip') return few ? gunzipSync(body) : await unzip(body);
  if (encoding === 'deflate') return few ? inflateSync(body) : await inflated(body);
  return body;
}
