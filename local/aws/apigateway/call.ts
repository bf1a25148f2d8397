// One control-plane call, and finding what its path names.
import { featureError } from '../errors.js';
import type { AwsContext, AwsRequest } from '../service.js';
import {
  type ApiState,
  type Apis,
  badRequest,
  type Integration,
  type Method,
  missingError,
  type Resource,
} from './model.js';

export interface ApiCall {
  context: AwsContext;
  apis: Apis;
  request: AwsRequest;
  /** What the path's `{names}` stand for, decoded. */
  names: Record<string, string>;
  /** The JSON body. */
  body: Record<string, unknown>;
}

/** The answer's JSON, or undefined for an empty one. */
export type ApiOperation = (call: ApiCall) => unknown | Promise<unknown>;

/** The REST API that the path names, if it is the caller's. Throws NotFoundException. */
export function apiOf({ apis, names, request }: ApiCall): ApiState {
  const id = names.api!;
  const state = apis.find(id);
  if (!state || state.accountId !== request.identity.accountId)
    throw missingError(`Invalid API identifier specified ${request.identity.accountId}:${id}`);
  return state;
}

/** The resource that the path names. Throws NotFoundException. */
export function resourceOf(call: ApiCall, state: ApiState): Resource {
  const resource = state.resources[call.names.resource!];
  if (!resource) throw missingError('Invalid Resource identifier specified');
  return resource;
}

/** The method that the path names, with where it lies. Throws NotFoundException. */
export function methodOf(call: ApiCall): { state: ApiState; resource: Resource; method: Method } {
  const state = apiOf(call);
  const resource = resourceOf(call, state);
  const method = resource.resourceMethods[call.names.method!];
  if (!method) throw missingError('Invalid Method identifier specified');
  return { state, resource, method };
}

/** The integration of the method that the path names. Throws NotFoundException. */
export function integrationOf(call: ApiCall): ReturnType<typeof methodOf> & { integration: Integration } {
  const found = methodOf(call);
  const integration = found.method.methodIntegration;
  if (!integration) throw missingError('Invalid Integration identifier specified');
  return { ...found, integration };
}

/** Refuses members of a body that the operation does not know here. */
export function only(call: ApiCall, operation: string, known: readonly string[]): void {
  for (const [name, value] of Object.entries(call.body))
    if (value !== undefined && value !== null && !known.includes(name))
      throw featureError('API Gateway', `${name} of ${operation}`, `It knows ${known.join(', ')}.`);
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** An object of strings or booleans, or undefined. */
export function map<T>(value: unknown): Record<string, T> | undefined {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
    ? { ...(value as Record<string, T>) }
    : undefined;
}

/**
 * One page of a list by `limit` (1–500) and `position`; the list is called `item` on this service's wire.
 * @throws BadRequestException for a position that no listing returned
 */
export function page<T>(call: ApiCall, items: readonly T[]): { item: T[]; position?: string } {
  const limit = Number(call.request.query.get('limit') ?? 25);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw badRequest('Invalid limit: it is a number from 1 to 500');
  const position = call.request.query.get('position');
  const place = position === null ? '0' : Buffer.from(position, 'base64url').toString();
  const from = Number(place);
  if (!/^\d+$/.test(place) || (position !== null && (from === 0 || from >= items.length)))
    throw badRequest('Invalid position parameter');
  const to = from + limit;
  return {
    item: items.slice(from, to),
    ...(to < items.length && { position: Buffer.from(String(to)).toString('base64url') }),
  };
}

/**
 * What the conditions of a policy may ask of a call: the tags that it brings, and those of the REST API that its path names, which all that is below an API inherits; a stage's
 * own come first. Developer Guide, "Using tags to control access to API Gateway REST API resources" and "API Gateway resources that
 * can be tagged". What a path below /tags names is no such resource: the Service Authorization Reference has no tags for it.
 */
export function tagConditions(
  { rawPath, query, identity }: Pick<AwsRequest, 'rawPath' | 'query' | 'identity'>,
  body: Readonly<Record<string, unknown>>,
  apis: Apis,
): Record<string, string | string[]> {
  const requested = map<string>(body.tags) ?? {};
  const [, id = '', stage = ''] = /^\/restapis\/([^/]+)(?:\/stages\/([^/]+))?/.exec(rawPath) ?? [];
  const api = apis.find(id);
  const own = api?.accountId === identity.accountId ? api : undefined;
  const held = { ...own?.api.tags, ...own?.stages[decodeURIComponent(stage)]?.tags };
  const keys = [...Object.keys(requested), ...query.getAll('tagKeys')];
  return {
    ...namedBy('aws:RequestTag', requested),
    ...namedBy('aws:ResourceTag', held),
    ...(keys.length > 0 && { 'aws:TagKeys': keys }),
  };
}

function namedBy(key: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));
}
