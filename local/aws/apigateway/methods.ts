// API Gateway's control plane: methods and method responses.
import { featureError } from '../errors.js';
import { type ApiCall, type ApiOperation, apiOf, map, methodOf, only, resourceOf, text } from './call.js';
import { badRequest, conflict, type Method, type MethodResponse, missingError } from './model.js';
import { applyPatches, set, setEntry } from './patch.js';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];
const METHOD = '/restapis/{api}/resources/{resource}/methods/{method}';
const RESPONSE = `${METHOD}/responses/{status}`;

export const methodOperations: Record<string, ApiOperation> = {
  [`PUT ${METHOD}`](call) {
    only(call, 'PutMethod', [
      'authorizationType',
      'apiKeyRequired',
      'operationName',
      'requestParameters',
      'requestModels',
    ]);
    const state = apiOf(call);
    const resource = resourceOf(call, state);
    const { body } = call;
    const httpMethod = call.names.method!;
    if (!METHODS.includes(httpMethod))
      throw badRequest(`Invalid HTTP method specified. Must be one of: [${METHODS.join(', ')}]`);
    if (resource.resourceMethods[httpMethod]) throw conflict('Method already exists for this resource');
    if (body.apiKeyRequired === true)
      throw featureError('API Gateway', 'API keys', 'Use authorizationType AWS_IAM.');
    const requestParameters = map<boolean>(body.requestParameters);
    for (const name of Object.keys(requestParameters ?? {})) checkRequestParameter(name, resource.path);
    const method: Method = {
      httpMethod,
      authorizationType: authorization(text(body.authorizationType)),
      apiKeyRequired: false,
      operationName: text(body.operationName),
      requestParameters,
      requestModels: models(body.requestModels),
    };
    resource.resourceMethods[httpMethod] = method;
    call.apis.save(state);
    return method;
  },

  [`GET ${METHOD}`]: (call) => methodOf(call).method,

  [`PATCH ${METHOD}`](call) {
    const { state, resource, method } = methodOf(call);
    applyPatches(call, {
      '/authorizationType': ({ value }) => {
        method.authorizationType = authorization(value);
      },
      '/operationName': (patch) => {
        method.operationName = set(patch.value, patch);
      },
      '/requestParameters/{}': (patch, name) => {
        checkRequestParameter(name, resource.path);
        method.requestParameters = setEntry(method.requestParameters, name, patch.value === 'true', patch);
      },
    });
    call.apis.save(state);
    return method;
  },

  [`DELETE ${METHOD}`](call) {
    const { state, resource, method } = methodOf(call);
    delete resource.resourceMethods[method.httpMethod];
    call.apis.save(state);
    return undefined;
  },

  [`PUT ${RESPONSE}`](call) {
    only(call, 'PutMethodResponse', ['responseParameters', 'responseModels']);
    const { state, method } = methodOf(call);
    const statusCode = status(call);
    method.methodResponses ??= {};
    if (method.methodResponses[statusCode]) throw conflict('Response already exists for this resource');
    const responseParameters = map<boolean>(call.body.responseParameters);
    for (const name of Object.keys(responseParameters ?? {})) checkResponseParameter(name);
    const response: MethodResponse = {
      statusCode,
      responseParameters,
      responseModels: models(call.body.responseModels),
    };
    method.methodResponses[statusCode] = response;
    call.apis.save(state);
    return response;
  },

  [`GET ${RESPONSE}`]: (call) => methodResponse(call).response,

  [`PATCH ${RESPONSE}`](call) {
    const { state, response } = methodResponse(call);
    applyPatches(call, {
      '/responseParameters/{}': (patch, name) => {
        checkResponseParameter(name);
        response.responseParameters = setEntry(
          response.responseParameters,
          name,
          patch.value === 'true',
          patch,
        );
      },
    });
    call.apis.save(state);
    return response;
  },

  [`DELETE ${RESPONSE}`](call) {
    const { state, method, response } = methodResponse(call);
    delete method.methodResponses![response.statusCode];
    call.apis.save(state);
    return undefined;
  },
};

function methodResponse(call: ApiCall) {
  const found = methodOf(call);
  const response = found.method.methodResponses?.[call.names.status!];
  if (!response) throw missingError('Invalid Response status code specified');
  return { ...found, response };
}

/** The status code in the path. */
export function status({ names }: ApiCall): string {
  const code = names.status!;
  if (!/^[1-5]\d\d$/.test(code)) throw badRequest('Invalid status code specified.');
  return code;
}

function authorization(type: string | undefined): string {
  if (type === 'CUSTOM' || type === 'COGNITO_USER_POOLS')
    throw featureError('API Gateway', `authorization by ${type}`, 'Use AWS_IAM.');
  if (type !== 'NONE' && type !== 'AWS_IAM')
    throw badRequest(
      'Invalid Authorization type specified. Must be one of: [NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS]',
    );
  return type;
}

function models(value: unknown): Record<string, string> | undefined {
  const given = map<string>(value);
  for (const name of Object.values(given ?? {}))
    if (name !== 'Empty' && name !== 'Error')
      throw featureError('API Gateway', `the model ${name}`, 'It has the built-in models Empty and Error.');
  return given;
}

function checkRequestParameter(name: string, path: string): void {
  const match = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(name);
  if (!match) throw badRequest(`Invalid mapping expression specified: ${name}`);
  if (match[1] === 'path' && !path.includes(`{${match[2]}}`) && !path.includes(`{${match[2]}+}`))
    throw badRequest(`Invalid mapping expression specified: the path ${path} has no parameter ${match[2]}`);
}

function checkResponseParameter(name: string): void {
  if (!/^method\.response\.header\.[A-Za-z0-9_-]+$/.test(name))
    throw badRequest(`Invalid mapping expression specified: ${name}`);
}
