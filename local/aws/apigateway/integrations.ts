// API Gateway's control plane: integrations with other AWS services, and integration responses.
// Mapping expressions: API Gateway Developer Guide, "Parameter mapping source reference for REST APIs".
import { AwsError, featureError } from '../errors.js';
import { type ApiCall, type ApiOperation, integrationOf, map, methodOf, only, text } from './call.js';
import { status } from './methods.js';
import {
  badRequest,
  type Integration,
  type IntegrationResponse,
  type Method,
  missingError,
} from './model.js';
import { applyPatches, set, setEntry } from './patch.js';

const INTEGRATION = '/restapis/{api}/resources/{resource}/methods/{method}/integration';
const RESPONSE = `${INTEGRATION}/responses/{status}`;

/** Services that an integration can call here. */
const TARGETS = ['runtime.sagemaker', 'sagemaker', 's3', 'sts', 'iam'];
/** Those of them that it can call by action. */
const ACTION_TARGETS = ['sagemaker'];

/** `$context` values that mappings may use here. */
export const CONTEXT_VARIABLES = [
  'accountId',
  'apiId',
  'httpMethod',
  'identity.userArn',
  'requestId',
  'resourceId',
  'resourcePath',
  'stage',
] as const;

export const integrationOperations: Record<string, ApiOperation> = {
  [`PUT ${INTEGRATION}`](call) {
    only(call, 'PutIntegration', [
      'type',
      'httpMethod',
      'uri',
      'credentials',
      'requestParameters',
      'passthroughBehavior',
      'contentHandling',
      'timeoutInMillis',
      'cacheNamespace',
      'cacheKeyParameters',
      'requestTemplates',
      'connectionType',
    ]);
    const { state, resource, method } = methodOf(call);
    const { body } = call;
    if (map(body.requestTemplates)) throw noTemplates();
    if (
      body.connectionType !== undefined &&
      body.connectionType !== null &&
      body.connectionType !== 'INTERNET'
    )
      throw featureError('API Gateway', `connection type ${body.connectionType}`, 'Use INTERNET.');
    if (body.type !== 'AWS')
      throw ['HTTP', 'HTTP_PROXY', 'MOCK', 'AWS_PROXY'].includes(String(body.type))
        ? featureError('API Gateway', `integrations of type ${body.type}`, 'It has type AWS.')
        : badRequest(
            'Enumeration value for IntegrationType must be one of: [HTTP, HTTP_PROXY, AWS, AWS_PROXY, MOCK]',
          );
    const httpMethod = text(body.httpMethod);
    if (!httpMethod) throw badRequest('Enumeration value for HttpMethod must be non-empty');
    const requestParameters = map<string>(body.requestParameters);
    for (const [name, value] of Object.entries(requestParameters ?? {}))
      checkRequestMapping(name, value, method);
    const integration: Integration = {
      type: 'AWS',
      httpMethod,
      uri: checkUri(call, text(body.uri)),
      credentials: checkCredentials(call, text(body.credentials)),
      requestParameters,
      passthroughBehavior: passthrough(text(body.passthroughBehavior) ?? 'WHEN_NO_MATCH'),
      contentHandling: contentHandling(text(body.contentHandling)),
      timeoutInMillis: timeout((body.timeoutInMillis as number | undefined) ?? 29_000),
      cacheNamespace: text(body.cacheNamespace) ?? resource.id,
      cacheKeyParameters: (body.cacheKeyParameters as string[] | undefined) ?? [],
    };
    method.methodIntegration = integration;
    call.apis.save(state);
    return integration;
  },

  [`GET ${INTEGRATION}`]: (call) => integrationOf(call).integration,

  [`PATCH ${INTEGRATION}`](call) {
    const { state, method, integration } = integrationOf(call);
    applyPatches(call, {
      '/uri': ({ value }) => {
        integration.uri = checkUri(call, value);
      },
      '/credentials': (patch) => {
        integration.credentials = checkCredentials(call, set(patch.value, patch));
      },
      '/httpMethod': ({ value }) => {
        integration.httpMethod = value;
      },
      '/passthroughBehavior': ({ value }) => {
        integration.passthroughBehavior = passthrough(value);
      },
      '/contentHandling': (patch) => {
        integration.contentHandling = contentHandling(set(patch.value, patch));
      },
      '/timeoutInMillis': ({ value }) => {
        integration.timeoutInMillis = timeout(Number(value));
      },
      '/requestParameters/{}': (patch, name) => {
        if (patch.op !== 'remove') checkRequestMapping(name, patch.value, method);
        integration.requestParameters = setEntry(integration.requestParameters, name, patch.value, patch);
      },
    });
    call.apis.save(state);
    return integration;
  },

  [`DELETE ${INTEGRATION}`](call) {
    const { state, method } = integrationOf(call);
    delete method.methodIntegration;
    call.apis.save(state);
    return undefined;
  },

  [`PUT ${RESPONSE}`](call) {
    only(call, 'PutIntegrationResponse', [
      'selectionPattern',
      'responseParameters',
      'contentHandling',
      'responseTemplates',
    ]);
    const { state, method, integration } = integrationOf(call);
    const statusCode = status(call);
    if (map(call.body.responseTemplates)) throw noTemplates();
    if (!method.methodResponses?.[statusCode]) throw missingError('Invalid Response status code specified');
    const responseParameters = map<string>(call.body.responseParameters);
    for (const [name, value] of Object.entries(responseParameters ?? {}))
      checkResponseMapping(name, value, method, statusCode);
    const response: IntegrationResponse = {
      statusCode,
      selectionPattern: pattern(text(call.body.selectionPattern)),
      responseParameters,
      contentHandling: contentHandling(text(call.body.contentHandling)),
    };
    integration.integrationResponses = { ...integration.integrationResponses, [statusCode]: response };
    call.apis.save(state);
    return response;
  },

  [`GET ${RESPONSE}`]: (call) => integrationResponse(call).response,

  [`PATCH ${RESPONSE}`](call) {
    const { state, method, response } = integrationResponse(call);
    applyPatches(call, {
      '/selectionPattern': (patch) => {
        response.selectionPattern = pattern(set(patch.value, patch));
      },
      '/contentHandling': (patch) => {
        response.contentHandling = contentHandling(set(patch.value, patch));
      },
      '/responseParameters/{}': (patch, name) => {
        if (patch.op !== 'remove') checkResponseMapping(name, patch.value, method, response.statusCode);
        response.responseParameters = setEntry(response.responseParameters, name, patch.value, patch);
      },
    });
    call.apis.save(state);
    return response;
  },

  [`DELETE ${RESPONSE}`](call) {
    const { state, integration, response } = integrationResponse(call);
    delete integration.integrationResponses![response.statusCode];
    call.apis.save(state);
    return undefined;
  },
};

function integrationResponse(call: ApiCall) {
  const found = integrationOf(call);
  const response = found.integration.integrationResponses?.[call.names.status!];
  if (!response) throw missingError('Invalid Response status code specified');
  return { ...found, response };
}

const noTemplates = () =>
  featureError(
    'API Gateway',
    'mapping templates (VTL)',
    'Pass the body through and shape it on either side, as external functions do with translators.',
  );

const URI = /^arn:aws:apigateway:([a-z0-9-]+):([a-z0-9.-]+):(path|action)\/(.*)$/;

/**
 * `arn:aws:apigateway:REGION:SERVICE:path/PATH` or `…:action/NAME` taken apart. An action goes to the service's root,
 * its name in the query string, which services that speak JSON do not read: they go by the header X-Amz-Target.
 */
export function parseUri(uri: string): { service: string; path: string; action?: string } | undefined {
  const [, , service, by, rest] = URI.exec(uri) ?? [];
  if (service === undefined || rest === undefined) return undefined;
  return by === 'action'
    ? { service, path: '/', action: rest }
    : { service, path: `/${rest.replace(/^\//, '')}` };
}

function checkUri({ context }: ApiCall, uri: string | undefined): string {
  if (!uri) throw badRequest('Uri must be specified for this integration type');
  const match = URI.exec(uri);
  if (!match) throw badRequest('AWS ARN for integration must contain path or action');
  if (match[1] !== context.region)
    throw badRequest(`Invalid ARN specified in the request: region ${match[1]}`);
  if (!TARGETS.includes(match[2]!))
    throw featureError('API Gateway', `integrations with ${match[2]}`, `It can call ${TARGETS.join(', ')}.`);
  if (match[3] === 'action' && !ACTION_TARGETS.includes(match[2]!))
    throw featureError(
      'API Gateway',
      `integrations with ${match[2]} by action`,
      `Use path/…; by action it can call ${ACTION_TARGETS.join(', ')}.`,
    );
  if (match[3] === 'action' && !/^[A-Za-z]+$/.test(match[4]!))
    throw featureError('API Gateway', `the action ${match[4]}`, 'Write the name of one operation.');
  if (uri.includes('${')) throw featureError('API Gateway', 'stage variables in URIs', 'Write the URI out.');
  return uri;
}

function checkCredentials({ context, request }: ApiCall, arn: string | undefined): string | undefined {
  if (arn === undefined || arn === '') return undefined;
  if (arn === 'arn:aws:iam::*:user/*')
    throw featureError('API Gateway', "passing the caller's credentials on", 'Name a role.');
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(arn)) throw badRequest('Invalid ARN specified in the request');
  try {
    context.checkPassRole(request.identity, arn, 'apigateway.amazonaws.com');
  } catch (error) {
    if (error instanceof AwsError && error.message.startsWith('Cross-account'))
      throw new AwsError('AccessDenied', 'Cross-account pass role is not allowed.', 403);
    throw error;
  }
  return arn;
}

function passthrough(value: string): string {
  if (!['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'].includes(value))
    throw badRequest(
      'Invalid passthrough behavior specified. Must be one of: [WHEN_NO_MATCH, NEVER, WHEN_NO_TEMPLATES]',
    );
  return value;
}

function contentHandling(value: string | undefined): string | undefined {
  if (value === undefined || value === 'CONVERT_TO_TEXT') return value;
  throw featureError('API Gateway', `content handling ${value}`, 'Leave it out, or use CONVERT_TO_TEXT.');
}

function timeout(value: number): number {
  if (!Number.isInteger(value) || value < 50 || value > 29_000)
    throw badRequest('Timeout should be between 50 ms and 29000 ms');
  return value;
}

function pattern(value: string | undefined): string | undefined {
  if (!value) return undefined;
  try {
    new RegExp(value);
  } catch {
    throw badRequest(`Invalid selection pattern specified: ${value}`);
  }
  return value;
}

const invalidMapping = (what: string) =>
  badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${what}]`);

function checkRequestMapping(name: string, value: string, method: Method): void {
  if (!/^integration\.request\.(header|querystring|path)\.[^.]+/.test(name))
    throw invalidMapping(`Invalid mapping expression specified: ${name}`);
  if (/^'.*'$/s.test(value) || /^stageVariables\.\w+$/.test(value)) return;
  const variable = /^context\.(.+)$/.exec(value)?.[1];
  if (variable !== undefined) {
    if (!(CONTEXT_VARIABLES as readonly string[]).includes(variable))
      throw featureError(
        'API Gateway',
        `context.${variable} in mappings`,
        `It has ${CONTEXT_VARIABLES.join(', ')}.`,
      );
    return;
  }
  if (/^method\.request\.(body|multivalue)/.test(value))
    throw featureError(
      'API Gateway',
      `the mapping source ${value}`,
      'Map headers, query strings or path parameters.',
    );
  // A source must be declared on the method, path parameters too.
  if (!method.requestParameters || !(value in method.requestParameters))
    throw invalidMapping(`Invalid mapping expression parameter specified: ${value}`);
}

function checkResponseMapping(name: string, value: string, method: Method, statusCode: string): void {
  if (!(name in (method.methodResponses?.[statusCode]?.responseParameters ?? {})))
    throw invalidMapping(`Invalid mapping expression parameter specified: ${name}`);
  if (!/^'.*'$/s.test(value) && !/^integration\.response\.header\.[A-Za-z0-9_-]+$/.test(value))
    throw invalidMapping(`Invalid mapping expression specified: ${value}`);
}
