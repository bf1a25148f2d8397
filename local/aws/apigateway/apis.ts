// API Gateway's control plane: REST APIs and their resources.
import { featureError } from '../errors.js';
import { principalExists } from '../iam/shared.js';
import { parsePolicy } from '../identity/policy.js';
import {
  type ApiCall,
  type ApiOperation,
  apiOf,
  map,
  only,
  page,
  resourceOf,
  tagConditions,
  text,
} from './call.js';
import { type ApiState, badRequest, conflict, newId, type Resource, type RestApi } from './model.js';
import { applyPatches, set } from './patch.js';

export const apiOperations: Record<string, ApiOperation> = {
  'POST /restapis'(call) {
    only(call, 'CreateRestApi', [
      'name',
      'description',
      'version',
      'binaryMediaTypes',
      'minimumCompressionSize',
      'apiKeySource',
      'endpointConfiguration',
      'policy',
      'tags',
      'disableExecuteApiEndpoint',
    ]);
    const { body, context, request } = call;
    const name = text(body.name);
    if (!name) throw badRequest('RestApi name is required');
    const id = newId(10);
    const root: Resource = { id: newId(10), path: '/', resourceMethods: {} };
    const { types = ['EDGE'], vpcEndpointIds } = (body.endpointConfiguration ?? {}) as {
      types?: string[];
      vpcEndpointIds?: string[];
    };
    if (vpcEndpointIds)
      throw featureError(
        'API Gateway',
        'vpcEndpointIds of a REST API',
        'They give it one more name; its policy says which endpoints it lets in.',
      );
    const policy = text(body.policy);
    const api: RestApi = {
      id,
      name,
      description: text(body.description),
      createdDate: Math.floor(context.clock.now() / 1000),
      version: text(body.version),
      binaryMediaTypes: body.binaryMediaTypes as string[] | undefined,
      minimumCompressionSize: compressionSize(body.minimumCompressionSize),
      apiKeySource: 'HEADER',
      endpointConfiguration: endpointConfiguration(types),
      policy: policy ? checkPolicy(call, id, policy, '*') : undefined,
      tags: map<string>(body.tags),
      disableExecuteApiEndpoint: body.disableExecuteApiEndpoint === true,
      rootResourceId: root.id,
    };
    call.apis.save({
      accountId: request.identity.accountId,
      api,
      resources: { [root.id]: root },
      deployments: {},
      stages: {},
    });
    return describe(api);
  },

  'GET /restapis': (call) =>
    page(
      call,
      call.apis.ofAccount(call.request.identity.accountId).map(({ api }) => describe(api)),
    ),

  'GET /restapis/{api}': (call) => describe(apiOf(call).api),

  'PATCH /restapis/{api}'(call) {
    const state = apiOf(call);
    const api = { ...state.api };
    applyPatches(call, {
      '/name': ({ value }) => {
        if (!value) throw badRequest('RestApi name is required');
        api.name = value;
      },
      '/description': (patch) => {
        api.description = set(patch.value, patch);
      },
      '/version': (patch) => {
        api.version = set(patch.value, patch);
      },
      '/minimumCompressionSize': (patch) => {
        api.minimumCompressionSize =
          patch.op === 'remove' || !patch.value ? undefined : compressionSize(Number(patch.value));
      },
      '/policy': (patch) => {
        api.policy =
          patch.op === 'remove' || !patch.value ? undefined : checkPolicy(call, api.id, patch.value);
      },
      '/disableExecuteApiEndpoint': ({ value }) => {
        api.disableExecuteApiEndpoint = value === 'true';
      },
      '/binaryMediaTypes/{}': ({ op }, name) => {
        const others = (api.binaryMediaTypes ?? []).filter((type) => type !== name);
        api.binaryMediaTypes = op === 'remove' ? others : [...others, name];
      },
      '/endpointConfiguration/{}': ({ op, value }, name) => {
        const [before] = api.endpointConfiguration.types;
        if (op !== 'replace' || !/^types\/(0|EDGE|REGIONAL|PRIVATE)$/.test(name))
          throw featureError(
            'API Gateway',
            `the patch ${op} /endpointConfiguration/${name}`,
            'Replace types/0.',
          );
        const next = endpointConfiguration([value]);
        if (before === 'PRIVATE' && value === 'EDGE')
          throw badRequest('Cannot update endpoint type from PRIVATE to EDGE.');
        // What was private keeps its kind of addresses.
        api.endpointConfiguration =
          before === 'PRIVATE' ? { ...api.endpointConfiguration, types: next.types } : next;
      },
    });
    state.api = api;
    call.apis.save(state);
    return describe(api);
  },

  'DELETE /restapis/{api}'(call) {
    call.apis.delete(apiOf(call).api.id);
    return undefined;
  },

  'GET /restapis/{api}/resources'(call) {
    const state = apiOf(call);
    const embed = call.request.query.getAll('embed').includes('methods');
    const resources = Object.values(state.resources).sort((a, b) => (a.path < b.path ? -1 : 1));
    return page(
      call,
      resources.map((resource) => describeResource(resource, embed)),
    );
  },

  'POST /restapis/{api}/resources/{resource}'(call) {
    const state = apiOf(call);
    const parent = resourceOf(call, state);
    const pathPart = text(call.body.pathPart) ?? '';
    if (!/^(\{[A-Za-z0-9._$:-]+\+?\}|[A-Za-z0-9._$:~,-]+)$/.test(pathPart))
      throw badRequest(
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
      );
    if (parent.pathPart?.endsWith('+}'))
      throw badRequest('Cannot create a child of a resource with a greedy path variable.');
    const siblings = Object.values(state.resources).filter((other) => other.parentId === parent.id);
    if (siblings.some((other) => other.pathPart === pathPart))
      throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
    const variable = pathPart.startsWith('{') && siblings.find((other) => other.pathPart?.startsWith('{'));
    if (variable)
      throw badRequest(
        `A sibling (${variable.pathPart}) of this resource already has a variable path part -- only one is allowed`,
      );
    const resource: Resource = {
      id: newId(6),
      parentId: parent.id,
      pathPart,
      path: `${parent.path === '/' ? '' : parent.path}/${pathPart}`,
      resourceMethods: {},
    };
    state.resources[resource.id] = resource;
    call.apis.save(state);
    return describeResource(resource, false);
  },

  'GET /restapis/{api}/resources/{resource}'(call) {
    const resource = resourceOf(call, apiOf(call));
    return describeResource(resource, call.request.query.getAll('embed').includes('methods'));
  },

  'DELETE /restapis/{api}/resources/{resource}'(call) {
    const state = apiOf(call);
    const resource = resourceOf(call, state);
    if (!resource.parentId) throw badRequest('Root resource cannot be deleted.');
    deleteTree(state, resource.id);
    call.apis.save(state);
    return undefined;
  },
};

function deleteTree(state: ApiState, id: string): void {
  for (const child of Object.values(state.resources)) if (child.parentId === id) deleteTree(state, child.id);
  delete state.resources[id];
}

/** The policy is returned with its quotes escaped, as AWS does. */
function describe(api: RestApi): unknown {
  return { ...api, ...(api.policy !== undefined && { policy: JSON.stringify(api.policy).slice(1, -1) }) };
}

/** A resource as answers show it; its methods in full only where the request embeds them. */
export function describeResource(resource: Resource, embedMethods: boolean): unknown {
  const { resourceMethods, ...rest } = resource;
  const methods = Object.entries(resourceMethods);
  return {
    ...rest,
    ...(methods.length > 0 && {
      resourceMethods: Object.fromEntries(
        methods.map(([name, method]) => [name, embedMethods ? method : {}]),
      ),
    }),
  };
}

/**
 * "Private APIs can only have a dualstack IP address type"; the others have ipv4 if nothing is said.
 * Changes: from EDGE and REGIONAL to each, from PRIVATE to REGIONAL.
 * docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-api-migration.html, api-gateway-ip-address-type.html
 */
function endpointConfiguration(types: string[]): RestApi['endpointConfiguration'] {
  if (types.length !== 1 || !['EDGE', 'REGIONAL', 'PRIVATE'].includes(types[0]!))
    throw badRequest('Invalid endpoint type specified. Must be one of: [EDGE, REGIONAL, PRIVATE]');
  return { types, ipAddressType: types[0] === 'PRIVATE' ? 'dualstack' : 'ipv4' };
}

function compressionSize(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const size = Number(value);
  if (!Number.isInteger(size) || size < 0 || size > 10_485_760)
    throw badRequest('Invalid minimum compression size, must be between 0 and 10485760');
  return size;
}

/**
 * Checks a resource policy and completes its short resource names (`execute-api:/stage/METHOD/path`). Setting one
 * needs a permission of its own, on the API; on all while it has no id yet. Of its tags a policy is asked as all that an API has.
 * @param named what the permission names: the API, or `*`
 */
function checkPolicy(call: ApiCall, apiId: string, policy: string, named = apiId): string {
  const { context, request } = call;
  const { identity } = request;
  context.authorize(
    identity,
    'apigateway:UpdateRestApiPolicy',
    `arn:aws:apigateway:${context.region}::/restapis/${named}`,
    { resourceAccount: identity.accountId, conditions: tagConditions(request, call.body, call.apis) },
  );
  const requestError = (why: string) =>
    badRequest(
      `Invalid policy document. Please check the policy syntax and ensure that Principals are valid. (${why})`,
    );
  let statements: ReturnType<typeof parsePolicy>['statements'];
  try {
    statements = parsePolicy(policy, 'resource').statements;
  } catch (error) {
    throw requestError((error as Error).message);
  }
  for (const { principals, notPrincipals, resources, notResources } of statements) {
    for (const entry of (principals ?? notPrincipals)?.AWS ?? [])
      if (!principalExists(context.accounts, entry)) throw requestError(`no such principal: ${entry}`);
    for (const resource of resources ?? notResources ?? ['(none)'])
      if (resource !== '*' && !/^(arn:aws:)?execute-api:/.test(resource))
        throw requestError(`a resource must be *, an execute-api ARN or execute-api:/…, not ${resource}`);
  }
  const arn = `arn:aws:execute-api:${context.region}:${identity.accountId}:${apiId}`;
  const complete = (resource: unknown) =>
    typeof resource === 'string' && resource.startsWith('execute-api:')
      ? resource.replace(/^execute-api:\/?/, `${arn}/`)
      : resource;
  const json = JSON.parse(policy) as { Statement: Record<string, unknown> | Record<string, unknown>[] };
  for (const statement of Array.isArray(json.Statement) ? json.Statement : [json.Statement])
    for (const name of ['Resource', 'NotResource'])
      if (statement[name] !== undefined)
        statement[name] = Array.isArray(statement[name])
          ? statement[name].map(complete)
          : complete(statement[name]);
  return JSON.stringify(json);
}
