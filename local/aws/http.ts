// The wire of the local AWS: reads a request, finds its service by the signature's scope (AWS finds it by host name;
// clients of the local one all use the same), verifies the signature, and writes what the service answers.
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '@local-cloud/kit/clock.js';
import { SLOW_MS } from '@local-cloud/kit/faults/fault.js';
import type { Faults } from '@local-cloud/kit/faults/faults.js';
import type { Meter } from './costs/meter.js';
import { AwsError, errorResponse } from './errors.js';
import type { Accounts } from './identity/accounts.js';
import { type Injected, inject } from './injected.js';
import { operationName } from './operation-name.js';
import type { AwsRequest, AwsResponse, AwsService, Identity } from './service.js';
import { type Claim, readClaim, verifyClaim, type WireRequest } from './signature/verify.js';

/** What answering needs. */
export interface Serving extends Performing {
  accounts: Accounts;
  clock: Clock;
  region: string;
}

/** What carrying out a request needs. */
export interface Performing {
  services: Map<string, AwsService>;
  /** What shall go wrong, and how late slow calls are. */
  faults: Faults;
  clock: Clock;
  meter: Meter;
}

const ANONYMOUS: Identity = {
  kind: 'anonymous',
  accountId: '',
  arn: 'anonymous',
  principalArn: '',
  userId: 'anonymous',
};

/** Answers one HTTP request. */
export async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  serving: Serving,
): Promise<void> {
  const requestId = randomUUID();
  const outcome = await respond(incoming, requestId, serving);
  if ('silence' in outcome) {
    if (outcome.silence === 'cut') incoming.socket.destroy();
    return;
  }
  const reply = outcome.answer;
  const headers: Record<string, string> = {
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
    date: new Date(serving.clock.now()).toUTCString(),
    ...reply.headers,
  };
  const { body } = reply;
  if (typeof body === 'string' || Buffer.isBuffer(body))
    headers['content-length'] ??= String(Buffer.byteLength(body));
  else if (body === undefined && incoming.method !== 'HEAD' && reply.status !== 204)
    headers['content-length'] ??= '0';
  outgoing.writeHead(reply.status, headers);
  // A body that was refused unread would otherwise be taken for the next request.
  if (!incoming.complete) incoming.resume();
  if (body === undefined || incoming.method === 'HEAD') outgoing.end();
  else if (typeof body === 'string' || Buffer.isBuffer(body)) outgoing.end(body);
  else await pipeline(body, outgoing);
}

async function respond(incoming: IncomingMessage, requestId: string, serving: Serving): Promise<Injected> {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers = incoming.headers as Record<string, string>;
  const wire: WireRequest = {
    method: incoming.method ?? 'GET',
    rawPath: mark < 0 ? url : url.slice(0, mark),
    rawQuery: mark < 0 ? '' : url.slice(mark + 1),
    headers,
  };
  let service: AwsService | undefined;
  try {
    const claim = readClaim(wire);
    const name = serviceName(wire, claim);
    service = serving.services.get(name);
    if (!service)
      throw new AwsError(
        'UnknownService',
        `The local AWS has no service "${name}"; it has ${[...serving.services.keys()].join(', ')}.`,
        501,
      );
    const limit = service.maxBody ?? DEFAULT_MAX_BODY;
    let body: Buffer = Buffer.alloc(0);
    let payloadHash = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
    if (!service.streamsBody) {
      const read =
        Number(headers['content-length'] ?? 0) > limit ? undefined : await readBody(incoming, limit);
      if (!read) return { answer: sizeAnswer(service) };
      body = read;
      if (claim && !(claim.presigned && claim.service === 's3'))
        payloadHash = createHash('sha256').update(body).digest('hex');
    } else if (claim?.presigned) payloadHash = 'UNSIGNED-PAYLOAD';
    const identity = claim ? identify(claim, wire, payloadHash, service, serving) : ANONYMOUS;
    if (!claim && !service.anonymous)
      throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    return await perform(service, serving, {
      service: name,
      method: wire.method,
      rawPath: wire.rawPath,
      query: new URLSearchParams(wire.rawQuery),
      headers,
      body,
      ...(service.streamsBody && { stream: incoming }),
      identity,
      region: claim?.region ?? serving.region,
      requestId,
    });
  } catch (error) {
    return { answer: failure(service, error, requestId) };
  }
}

/** The service's answer, unless a fault was set for the operation. */
async function perform(
  service: AwsService,
  { clock, faults, meter }: Performing,
  request: AwsRequest,
): Promise<Injected> {
  const operation = operationName(request);
  const fault = faults.take(operation);
  if (fault === 'slow') await clock.sleep(SLOW_MS);
  else if (fault && fault !== 'lose') return inject(fault, service.name);
  meter.request(operation);
  const answer = await service.handle(request);
  return fault === 'lose' ? { silence: 'cut' } : { answer };
}

function identify(
  claim: Claim,
  wire: WireRequest,
  payloadHash: string,
  service: AwsService,
  serving: Serving,
): Identity {
  // Services without a region, and STS's global endpoint, are signed for us-east-1; a client may name this region to them, too.
  const regions = ['iam', 'sts'].includes(service.name) ? [serving.region, 'us-east-1'] : [serving.region];
  if (!regions.includes(claim.region))
    throw claim.service === 's3'
      ? new AwsError(
          'AuthorizationHeaderMalformed',
          `The authorization header is malformed; the region '${claim.region}' is wrong; expecting '${serving.region}'`,
          400,
          { Region: serving.region },
        )
      : new AwsError(
          'SignatureDoesNotMatch',
          `Credential should be scoped to a valid region, not '${claim.region}'. This local AWS is ${serving.region}.`,
          403,
        );
  return verifyClaim(claim, wire, payloadHash, serving.accounts, serving.clock);
}

/** The registered name of the service that a request is for. */
function serviceName({ rawPath, headers }: WireRequest, claim: Claim | undefined): string {
  if (/\.execute-api\./.test(headers.host ?? '')) return 'execute-api';
  // SageMaker and its runtime sign alike and are told apart by their protocols.
  if (claim?.service === 'sagemaker')
    return rawPath.startsWith('/endpoints/') ? 'runtime.sagemaker' : 'sagemaker';
  if (claim) return claim.service;
  // Unsigned: only to answer in the right protocol that a signature is missing.
  if (headers['x-amz-target']?.startsWith('SageMaker.')) return 'sagemaker';
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return 'sts';
  return 's3';
}

const DEFAULT_MAX_BODY = 64 * 2 ** 20;

function sizeAnswer(service: AwsService): AwsResponse {
  if (service.tooLarge) return service.tooLarge();
  throw new AwsError(
    'RequestEntityTooLarge',
    `The body is longer than ${service.maxBody ?? DEFAULT_MAX_BODY} bytes.`,
    413,
  );
}

/**
 * Calls a service from within. Its errors arrive as responses; a connection that a fault cuts rejects, and one that it
 * lets hang never settles.
 */
export async function dispatch(performing: Performing, request: AwsRequest): Promise<AwsResponse> {
  const service = performing.services.get(request.service);
  if (!service) throw new Error(`the local AWS has no service "${request.service}"`);
  let outcome: Injected;
  try {
    if (request.body.length > (service.maxBody ?? DEFAULT_MAX_BODY)) return sizeAnswer(service);
    const stream = service.streamsBody ? Readable.from([request.body]) : undefined;
    outcome = await perform(service, performing, stream ? { ...request, stream } : request);
  } catch (error) {
    return failure(service, error, request.requestId);
  }
  if ('answer' in outcome) return outcome.answer;
  if (outcome.silence === 'hang') return new Promise(() => {});
  throw new Error(`the connection to ${request.service} was cut`);
}

function failure(service: AwsService | undefined, error: unknown, requestId: string): AwsResponse {
  let known: AwsError;
  if (error instanceof AwsError) known = error;
  else {
    console.error('local AWS: internal failure:', error);
    known = new AwsError(
      'InternalFailure',
      'The local AWS failed on this request; its log has the details.',
      500,
    );
  }
  return (
    service?.errorResponse?.(known, requestId) ??
    errorResponse(service?.protocol ?? 'restJson', known, requestId)
  );
}

/** The whole body, or undefined when it is longer than `limit` bytes. */
async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length);
}
