// API Gateway's invoke plane: https://ID.execute-api.REGION.amazonaws.com/STAGE/…, with the errors as callers see
// them (API Gateway Developer Guide, "Gateway response types"; quotas for the limits).
import { promisify } from 'node:util';
import { deflate, deflateSync, gunzip, gunzipSync, gzip, gzipSync, inflate, inflateSync } from 'node:zlib';
import { FULL_ACCESS } from '../ec2/networks.js';
import { PUBLIC } from '../ec2/ways.js';
import { AwsError } from '../errors.js';
import { parsePolicy } from '../identity/policy.js';
import type { AuthorizeOptions, AwsContext, AwsRequest, AwsResponse, AwsService } from '../service.js';
import { logAccess } from './access-log.js';
import { type MethodAnswer, runIntegration } from './integration.js';
import type { ApiState, Apis, Snapshot, Stage } from './model.js';
import { findRoute, type Route } from './routing.js';
import { Throttle } from './throttle.js';

/** Bytes of a request's body, compressed or not, and of an answer's. */
const MOST_BYTES = 10 * 2 ** 20;

/** Bytes that are packed and unpacked on the spot: to wake another thread takes longer. */
const FEW_BYTES = 1 << 16;

const unpack = { gzip: promisify(gunzip), deflate: promisify(inflate) };
const unpackFew = { gzip: gunzipSync, deflate: inflateSync };
const pack = { gzip: promisify(gzip), deflate: promisify(deflate) };
const packFew = { gzip: gzipSync, deflate: deflateSync };

/** Makes the invoke plane over the APIs given. */
export function createInvokePlane(context: AwsContext, apis: Apis): AwsService {
  const throttle = new Throttle(context.clock);
  return {
    name: 'execute-api',
    protocol: 'restJson',
    anonymous: true,
    maxBody: MOST_BYTES,
    tooLarge: () =>
      refusal(413, `HTTP content length exceeded ${MOST_BYTES} bytes.`, 'RequestTooLargeException'),
    errorResponse,
    async handle(request) {
      const called = locate(request, apis);
      const way = wayOf(context, request);
      context.ways.count('execute-api', request.identity.arn, way?.id ?? PUBLIC);
      // No public address leads to a private API, and no VPC endpoint to a public one.
      // https://repost.aws/knowledge-center/api-gateway-vpc-connections
      if (!called || (called.snapshot.private === true) !== (way !== undefined))
        return refusal(403, 'Forbidden', 'ForbiddenException');
      const answer = await respond(context, throttle, request, called).catch((error: unknown) => {
        if (error instanceof AwsError) return errorResponse(error);
        throw error;
      });
      logAccess(context, called.stage, {
        ...variablesOf(request, called),
        path: request.rawPath,
        requestTimeEpoch: String(context.clock.now()),
        status: String(answer.status),
      });
      return answer;
    },
  };
}

async function respond(
  context: AwsContext,
  throttle: Throttle,
  request: AwsRequest,
  called: Called,
): Promise<AwsResponse> {
  const { state, stage, snapshot, path } = called;
  const route = findRoute(snapshot, request.method, path);
  if (!route) return refusal(403, 'Missing Authentication Token', 'MissingAuthenticationTokenException');
  authorize(context, request, called, route);
  if (!throttle.allows(state.api.id, stage))
    return refusal(429, 'Too Many Requests', 'TooManyRequestsException');
  const body = await decompress(request, snapshot.minimumCompressionSize);
  if (!Buffer.isBuffer(body)) return body;
  const answer = await runIntegration(
    context,
    snapshot,
    {
      route,
      headers: request.headers,
      query: request.query,
      body,
      stageVariables: stage.variables ?? {},
      variables: {
        ...variablesOf(request, called),
        resourceId: route.resource.id,
        resourcePath: route.resource.path,
      },
    },
    () => undefined,
  );
  if (answer.body.length > MOST_BYTES)
    return refusal(500, 'Internal server error', 'InternalServerErrorException');
  return compress(answer, request.headers['accept-encoding'], snapshot.minimumCompressionSize);
}

/** What is known of a request before its route: `$context`. */
const variablesOf = (request: AwsRequest, { state, stage }: Called) => ({
  accountId: state.accountId,
  apiId: state.api.id,
  httpMethod: request.method,
  'identity.userArn': request.identity.arn,
  requestId: request.requestId,
  stage: stage.stageName,
});

interface Called {
  state: ApiState;
  stage: Stage;
  snapshot: Snapshot;
  /** Behind the stage. */
  path: string;
}

/** `vpce-… vpc-…`: the VPC endpoint that a call comes through, and its VPC. AWS knows them from its network; here the caller says so. */
const WAY = 'x-local-vpc-endpoint';

/** The endpoint; undefined: over the public address. One that EC2 here does not know is another's, with no policy of its own. */
function wayOf({ networks }: AwsContext, { headers }: AwsRequest): AuthorizeOptions['through'] {
  const [id, vpcId] = (headers[WAY] ?? '').split(' ');
  return id && vpcId ? (networks.endpoints[id] ?? { id, vpcId, policy: FULL_ACCESS }) : undefined;
}

/** The deployed stage that host and path name. */
function locate({ headers, rawPath }: AwsRequest, apis: Apis): Called | undefined {
  const id = /^([a-z0-9]+)\.execute-api\./.exec(headers.host ?? '')?.[1];
  const state = id === undefined ? undefined : apis.find(id);
  const [, name = '', path = '/'] = /^\/([^/]*)(\/.*)?$/.exec(rawPath) ?? [];
  const stage = state?.stages[name];
  const deployment = stage && state?.deployments[stage.deploymentId];
  if (!state || !stage || !deployment || state.api.disableExecuteApiEndpoint) return undefined;
  return { state, stage, snapshot: deployment.snapshot, path };
}

function authorize(
  context: AwsContext,
  request: AwsRequest,
  { state, stage, snapshot, path }: Called,
  route: Route,
) {
  const iam = route.method.authorizationType === 'AWS_IAM';
  if (iam && request.identity.kind === 'anonymous')
    throw new AwsError('MissingAuthenticationToken', 'Missing Authentication Token', 403);
  if (!iam && snapshot.policy === undefined) return;
  const arn = `arn:aws:execute-api:${context.region}:${state.accountId}:${state.api.id}/${stage.stageName}/${request.method}/${path.replace(/^\//, '')}`;
  const through = wayOf(context, request);
  const who = iam
    ? request.identity
    : { ...request.identity, kind: 'anonymous' as const, accountId: '', arn: 'anonymous' };
  try {
    context.authorize(who, 'execute-api:Invoke', arn, {
      resourceAccount: state.accountId,
      ...(through && { through }),
      ...(snapshot.policy !== undefined && { resourcePolicy: parsePolicy(snapshot.policy, 'resource') }),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Callers are shown the account's last four digits only.
    const masked = error.message.replace(
      arn,
      arn.replace(state.accountId, `********${state.accountId.slice(-4)}`),
    );
    throw new AwsError(error.code, masked, 403);
  }
}

/**
 * A request's body may be compressed. With a minimum compression size, "compression or decompression is not applied on
 * the payload if the payload size is smaller than this value" (API reference, CreateRestApi): it passes as it came.
 */
async function decompress(
  { headers, body }: AwsRequest,
  minimum: number | undefined,
): Promise<Buffer | AwsResponse> {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (!encoding || encoding === 'identity' || body.length < Math.max(minimum ?? 0, 1)) return body;
  if (encoding !== 'gzip' && encoding !== 'deflate')
    return refusal(
      415,
      `Unsupported Media Type: content encoding ${encoding}`,
      'UnsupportedMediaTypeException',
    );
  try {
    const options = { maxOutputLength: MOST_BYTES };
    return body.length <= FEW_BYTES
      ? unpackFew[encoding](body, options)
      : await unpack[encoding](body, options);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? refusal(413, `HTTP content length exceeded ${MOST_BYTES} bytes.`, 'RequestTooLargeException')
      : refusal(400, `Invalid request body: it is not ${encoding}`, 'BadRequestException');
  }
}

async function compress(
  answer: MethodAnswer,
  accepted: string | undefined,
  minimum: number | undefined,
): Promise<AwsResponse> {
  const encoding = /\bgzip\b/.test(accepted ?? '')
    ? 'gzip'
    : /\bdeflate\b/.test(accepted ?? '')
      ? 'deflate'
      : undefined;
  if (minimum === undefined || !encoding || answer.body.length < Math.max(minimum, 1)) return answer;
  // The fastest level: the answer crosses loopback only.
  const few = answer.body.length <= FEW_BYTES;
  const body = few
    ? packFew[encoding](answer.body, { level: 1 })
    : await pack[encoding](answer.body, { level: 1 });
  return { ...answer, headers: { ...answer.headers, 'content-encoding': encoding }, body };
}

function refusal(status: number, message: string, type: string): AwsResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: JSON.stringify({ message }),
  };
}

/** This plane spells the member of a denial with a capital. */
function errorResponse(error: AwsError): AwsResponse {
  const types: Record<string, string> = {
    AccessDenied: 'AccessDeniedException',
    MissingAuthenticationToken: 'MissingAuthenticationTokenException',
    SignatureDoesNotMatch: 'InvalidSignatureException',
    IncompleteSignature: 'IncompleteSignatureException',
    InvalidClientTokenId: 'UnrecognizedClientException',
    ExpiredToken: 'ExpiredTokenException',
  };
  const type = types[error.code] ?? 'InternalServerErrorException';
  if (!(error.code in types)) return refusal(500, 'Internal server error', type);
  const answer = refusal(403, error.message, type);
  return error.code === 'AccessDenied'
    ? { ...answer, body: JSON.stringify({ Message: error.message }) }
    : answer;
}
