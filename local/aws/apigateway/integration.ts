// Running an integration: mapping the method's request to the service's, calling it as the integration's role, and
// mapping the answer back. Used by the invoke plane and by TestInvokeMethod.
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { AwsContext, AwsResponse, Identity } from '../service.js';
import { parseUri } from './integrations.js';
import type { Integration, IntegrationResponse, Method, Snapshot } from './model.js';
import type { Route } from './routing.js';

export interface MethodRequest {
  route: Route;
  headers: Record<string, string>;
  query: URLSearchParams;
  /** Decompressed. */
  body: Buffer;
  stageVariables: Record<string, string>;
  /** Values for `context.…` mappings. */
  variables: Record<string, string>;
}

export interface MethodAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Writes a line of the execution log. */
export type Log = (line: string) => void;

const json = (status: number, message: string, type?: string): MethodAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...(type && { 'x-amzn-errortype': type }) },
  body: Buffer.from(JSON.stringify({ message })),
});

/** What a caller sees of a mistake in the API's own configuration; the log says which. */
function configurationAnswer(log: Log, why: string): MethodAnswer {
  log(`Execution failed due to configuration error: ${why}`);
  return json(500, 'Internal server error', 'InternalServerErrorException');
}

/** Runs the method's integration. */
export async function runIntegration(
  context: AwsContext,
  snapshot: Snapshot,
  request: MethodRequest,
  log: Log,
): Promise<MethodAnswer> {
  const { method } = request.route;
  const integration = method.methodIntegration!;
  const missing = Object.entries(method.requestParameters ?? {}).filter(
    ([name, required]) => required && source(name, request) === undefined,
  );
  // Required parameters are enforced by validators only; without one AWS lets the request through.
  for (const [name] of missing)
    log(`The request lacks the required parameter ${name}; no validator checks it.`);
  if (integration.passthroughBehavior === 'NEVER')
    return json(415, 'Unsupported Media Type', 'BadRequestException');

  const target = parseUri(integration.uri)!;
  if (!integration.credentials) return configurationAnswer(log, 'the integration has no credentials');
  let identity: Identity;
  try {
    identity = context.assumeServiceRole(
      integration.credentials,
      'apigateway.amazonaws.com',
      'BackplaneAssumeRoleSession',
    );
  } catch {
    return configurationAnswer(
      log,
      `API Gateway does not have permission to assume the provided role ${integration.credentials}`,
    );
  }

  const mapped = mapRequest(integration, target, request);
  const query = mapped.query.size > 0 ? `?${mapped.query}` : '';
  log(
    `Endpoint request URI: https://${target.service}.${context.region}.amazonaws.com${mapped.rawPath}${query}`,
  );
  log(`Endpoint request headers: ${JSON.stringify(mapped.headers)}`);
  const done = new AbortController();
  const call = context.dispatch({
    service: target.service,
    method: integration.httpMethod,
    ...mapped,
    body: textBody(request, snapshot),
    identity,
    region: context.region,
    requestId: randomUUID(),
  });
  const timedOut = context.clock
    .sleep(integration.timeoutInMillis, done.signal)
    .then(() => 'timeout' as const);
  const answer = await Promise.race([call.catch(() => 'cut' as const), timedOut]);
  done.abort();
  if (answer === 'cut') {
    log('Execution failed due to a network error communicating with the endpoint');
    return json(504, 'Network error communicating with endpoint', 'InternalServerErrorException');
  }
  if (answer === 'timeout') {
    log('Execution failed due to a timeout error');
    return json(504, 'Endpoint request timed out', 'InternalServerErrorException');
  }
  log(`Received response. Status: ${answer.status}`);
  const selected = select(integration, String(answer.status));
  if (!selected)
    return configurationAnswer(
      log,
      'No match for output mapping and no default endpoint response mapping configured',
    );
  const result = mapResponse(selected, method, answer, await bodyOf(answer));
  log(`Method completed with status: ${result.status}`);
  return result;
}

/** The value of `method.request.…`, or undefined. */
function source(name: string, { headers, query, route }: MethodRequest): string | undefined {
  const [, where, key] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(name) ?? [];
  if (where === 'header') return headers[key!.toLowerCase()];
  if (where === 'querystring') return query.get(key!) ?? undefined;
  return where === 'path' ? route.path[key!] : undefined;
}

function mapRequest(
  integration: Integration,
  { path, action }: NonNullable<ReturnType<typeof parseUri>>,
  request: MethodRequest,
) {
  // Only mapped headers reach the service, beside these.
  const headers: Record<string, string> = {
    'content-type': request.headers['content-type'] ?? 'application/json',
    accept: 'application/json',
  };
  const query = new URLSearchParams(action === undefined ? {} : { Action: action });
  let rawPath = path;
  for (const [name, expression] of Object.entries(integration.requestParameters ?? {})) {
    const [, where, key] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(name)!;
    const value = evaluate(expression, request);
    if (value === undefined) continue;
    if (where === 'header') headers[key!.toLowerCase()] = value;
    else if (where === 'querystring') query.set(key!, value);
    else rawPath = rawPath.replaceAll(`{${key}}`, encodeURIComponent(value));
  }
  return { headers, query, rawPath };
}

function evaluate(expression: string, request: MethodRequest): string | undefined {
  if (expression.startsWith("'")) return expression.slice(1, -1);
  if (expression.startsWith('context.')) return request.variables[expression.slice('context.'.length)];
  if (expression.startsWith('stageVariables.'))
    return request.stageVariables[expression.slice('stageVariables.'.length)];
  return source(expression, request);
}

/** Outside the API's binary media types a body is text: bytes that are not UTF-8 do not survive. */
function textBody({ headers, body }: MethodRequest, { binaryMediaTypes = [] }: Snapshot): Buffer {
  const type = (headers['content-type'] ?? 'application/json').split(';')[0]!.trim();
  const binary = binaryMediaTypes.some((other) => other === '*/*' || other === type);
  return binary || isUtf8(body) ? body : Buffer.from(body.toString('utf8'));
}

const patterns = new Map<string, RegExp>();

/** The integration response whose pattern matches the service's status, else the one without a pattern. */
function select(integration: Integration, status: string): IntegrationResponse | undefined {
  const responses = Object.values(integration.integrationResponses ?? {});
  return (
    responses.find(({ selectionPattern }) => {
      if (!selectionPattern) return false;
      let expression = patterns.get(selectionPattern);
      if (!expression) {
        expression = new RegExp(`^(?:${selectionPattern})$`, 's');
        patterns.set(selectionPattern, expression);
      }
      return expression.test(status);
    }) ?? responses.find(({ selectionPattern }) => !selectionPattern)
  );
}

function mapResponse(
  selected: IntegrationResponse,
  method: Method,
  answer: AwsResponse,
  body: Buffer,
): MethodAnswer {
  // Without a mapping the type is JSON, whatever the service says.
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const declared = method.methodResponses?.[selected.statusCode]?.responseParameters ?? {};
  for (const [name, expression] of Object.entries(selected.responseParameters ?? {})) {
    if (!(name in declared)) continue;
    const value = expression.startsWith("'")
      ? expression.slice(1, -1)
      : answer.headers?.[expression.slice('integration.response.header.'.length).toLowerCase()];
    if (value !== undefined) headers[name.slice('method.response.header.'.length).toLowerCase()] = value;
  }
  return { status: Number(selected.statusCode), headers, body };
}

async function bodyOf({ body }: AwsResponse): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  if (typeof body === 'string') return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body as Readable) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
