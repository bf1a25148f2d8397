import {
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteMethodCommand,
  DeleteRestApiCommand,
  GetRestApisCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  type RestApi,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { madeOnce } from '../../clients/once.js';
import type { Context } from '../../context.js';
import { errorName, isMissing } from '../../ground/aws-errors.js';
import { managedMarker, readMarker, TAG_KEY } from '../../ground/marker.js';
import { retryWhile } from '../../ground/retry.js';
import { defineKind, type LiveResource, type Outputs, type Resource } from '../resource.js';
import { apiResources, declaredProperties, liveProperties } from './rest-api-properties.js';

/** A regional REST API with one POST method that goes to an AWS service as a role. */
export interface RestApiDefinition {
  readonly stage: string;
  /** Path of the method, e.g. `/endpoints/{endpoint}/invocations`. */
  readonly path: string;
  /** Who may call it. */
  readonly resourcePolicy: object;
  readonly integration: {
    readonly uri: string;
    readonly credentials: string;
    /** `integration.request.…` → `method.request.…` or a quoted constant. */
    readonly requestParameters: Readonly<Record<string, string>>;
  };
  /** Status that the caller sees → pattern of the service's status; an empty pattern is the default. */
  readonly responses: readonly { readonly status: string; readonly pattern: string }[];
  /** Response header → `integration.response.header.…`. */
  readonly responseParameters: Readonly<Record<string, string>>;
  /** Bodies from this size on may come and go compressed. */
  readonly minimumCompressionSize: number;
}

/**
 * API Gateway REST APIs, the fingerprint in the description. Changes reach callers only with a deployment,
 * which is made last: an interrupted change leaves what is live untouched.
 * Outputs: `id`, `invokeUrl` (with the stage, without a slash at the end).
 */
export const restApiKind = defineKind<RestApiDefinition>({
  id: 'aws.rest-api',

  declared: ({ definition }) => declaredProperties(definition),

  async list(ctx, wanted) {
    const found: LiveResource[] = [];
    let position: string | undefined;
    do {
      const page = await ctx.aws.apiGateway.send(new GetRestApisCommand({ limit: 500, position }));
      for (const api of page.items ?? []) {
        const marker = readMarker(ctx.settings.prefix, api.description);
        // Names of REST APIs are not unique, so one without our marker is simply another API.
        if (marker.owner === 'foreign') continue;
        const definition = wanted.find((resource) => resource.name === api.name)?.definition;
        found.push({
          name: api.name ?? '',
          ...marker,
          outputs: outputsOf(ctx, api.id ?? '', definition?.stage ?? ''),
          ...(definition ? { properties: await liveProperties(ctx, api, definition) } : {}),
        });
      }
      position = page.position;
    } while (position);
    return apart(found);
  },

  async create(ctx, resource, fingerprint) {
    const api = await createApi(ctx, resource);
    const id = api.id ?? '';
    await bring(ctx, id, api.rootResourceId ?? '', resource, fingerprint);
    return outputsOf(ctx, id, resource.definition.stage);
  },

  async update(ctx, resource, fingerprint, live) {
    const id = live.outputs!.id!;
    await removeUndeclaredMethods(ctx, id, resource.definition.path);
    await ctx.aws.apiGateway.send(
      new UpdateRestApiCommand({
        restApiId: id,
        patchOperations: [
          { op: 'replace', path: '/policy', value: JSON.stringify(resource.definition.resourcePolicy) },
          {
            op: 'replace',
            path: '/minimumCompressionSize',
            value: String(resource.definition.minimumCompressionSize),
          },
        ],
      }),
    );
    await bring(ctx, id, undefined, resource, fingerprint);
    return outputsOf(ctx, id, resource.definition.stage);
  },

  async remove(ctx, live) {
    await ctx.aws.apiGateway
      .send(new DeleteRestApiCommand({ restApiId: live.outputs!.id! }))
      .catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
  },
});

/**
 * Names of REST APIs are not unique: a creation whose answer got lost was repeated by the SDK. The finished one
 * keeps the name, a second one is named by its id and so is not declared and goes.
 */
function apart(found: readonly LiveResource[]): LiveResource[] {
  const finished = (item: LiveResource) => (item.fingerprint && item.fingerprint !== 'unfinished' ? 0 : 1);
  const seen = new Set<string>();
  return [...found]
    .sort((a, b) => finished(a) - finished(b) || (a.outputs!.id! < b.outputs!.id! ? -1 : 1))
    .map((item) => {
      if (seen.has(item.name)) return { ...item, name: `${item.name} (${item.outputs!.id})` };
      seen.add(item.name);
      return item;
    });
}

function outputsOf(ctx: Context, id: string, stage: string): Outputs {
  return { id, invokeUrl: `https://${id}.execute-api.${ctx.aws.region}.amazonaws.com/${stage}` };
}

/** A resource policy may name only principals that API Gateway knows already: a new role takes a while. */
function createApi(ctx: Context, { name, definition }: Resource<RestApiDefinition>): Promise<RestApi> {
  return retryWhile(
    () =>
      ctx.aws.apiGateway.send(
        new CreateRestApiCommand({
          name,
          description: managedMarker(ctx.settings.prefix, 'unfinished'),
          endpointConfiguration: { types: ['REGIONAL'] },
          policy: JSON.stringify(definition.resourcePolicy),
          minimumCompressionSize: definition.minimumCompressionSize,
          tags: { [TAG_KEY]: ctx.settings.prefix },
        }),
      ),
    (error) =>
      errorName(error) === 'BadRequestException' && /principal|policy/i.test((error as Error).message),
    { signal: ctx.signal },
  );
}

async function bring(
  ctx: Context,
  restApiId: string,
  rootId: string | undefined,
  { definition }: Resource<RestApiDefinition>,
  fingerprint: string,
): Promise<void> {
  const { apiGateway } = ctx.aws;
  const resourceId = await ensurePath(ctx, restApiId, rootId, definition.path);
  const method = { restApiId, resourceId, httpMethod: 'POST' };
  // There is no "put" over an existing method; callers do not notice, they see the last deployment.
  await apiGateway.send(new DeleteMethodCommand(method)).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  const pathParameters = [...definition.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  await madeOnce(
    apiGateway.send(
      new PutMethodCommand({
        ...method,
        authorizationType: 'AWS_IAM',
        requestParameters: Object.fromEntries(
          pathParameters.map((name) => [`method.request.path.${name}`, true]),
        ),
      }),
    ),
  );
  await apiGateway.send(
    new PutIntegrationCommand({
      ...method,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: definition.integration.uri,
      credentials: definition.integration.credentials,
      requestParameters: { ...definition.integration.requestParameters },
      passthroughBehavior: 'WHEN_NO_MATCH',
    }),
  );
  const headers = Object.keys(definition.responseParameters);
  for (const { status, pattern } of definition.responses) {
    await madeOnce(
      apiGateway.send(
        new PutMethodResponseCommand({
          ...method,
          statusCode: status,
          responseParameters: Object.fromEntries(headers.map((header) => [header, false])),
        }),
      ),
    );
    await apiGateway.send(
      new PutIntegrationResponseCommand({
        ...method,
        statusCode: status,
        ...(pattern ? { selectionPattern: pattern } : {}),
        responseParameters: { ...definition.responseParameters },
      }),
    );
  }
  await apiGateway.send(
    new CreateDeploymentCommand({ restApiId, stageName: definition.stage, description: fingerprint }),
  );
  await apiGateway.send(
    new UpdateRestApiCommand({
      restApiId,
      patchOperations: [
        { op: 'replace', path: '/description', value: managedMarker(ctx.settings.prefix, fingerprint) },
      ],
    }),
  );
}

/** A method that somebody added is a way past the declared authorization. */
async function removeUndeclaredMethods(ctx: Context, restApiId: string, path: string): Promise<void> {
  for (const item of await apiResources(ctx, restApiId))
    for (const httpMethod of Object.keys(item.resourceMethods ?? {}))
      if (!(item.path === path && httpMethod === 'POST'))
        await ctx.aws.apiGateway.send(
          new DeleteMethodCommand({ restApiId, resourceId: item.id, httpMethod }),
        );
}

/** The id of the resource at `path`, its missing parts made. */
async function ensurePath(ctx: Context, restApiId: string, rootId: string | undefined, path: string) {
  const { items = [] } = rootId
    ? { items: [{ id: rootId, path: '/' }] }
    : { items: await apiResources(ctx, restApiId) };
  const ids = new Map(items.map((item) => [item.path, item.id]));
  let parentId = ids.get('/');
  let soFar = '';
  for (const pathPart of path.split('/').filter(Boolean)) {
    soFar += `/${pathPart}`;
    parentId = ids.get(soFar) ?? (await createResource(ctx, { restApiId, parentId, pathPart }, soFar));
  }
  return parentId;
}

async function createResource(
  ctx: Context,
  input: { restApiId: string; parentId: string | undefined; pathPart: string },
  path: string,
): Promise<string | undefined> {
  const made = await madeOnce(ctx.aws.apiGateway.send(new CreateResourceCommand(input)));
  if (made) return made.id;
  return (await apiResources(ctx, input.restApiId)).find((item) => item.path === path)?.id;
}
