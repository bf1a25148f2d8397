import type { Resource as ApiResource, Method } from '@aws-sdk/client-api-gateway';
import { createOnce } from '../../clients/create-once.js';
import type { Context } from '../../context.js';
import { allItems, unlessMissing } from '../../ground/aws-errors.js';
import { differencesOf, type Properties } from '../difference.js';
import { pretty } from '../fingerprint.js';
import { readOnce } from '../reading.js';

/** A POST method of a REST API that goes to an AWS service as a role. */
export interface RestApiRoute {
  /** E.g. `/endpoints/{endpoint}/invocations`. */
  readonly path: string;
  readonly integration: {
    readonly uri: string;
    readonly credentials: string;
    /** `integration.request.…` → `method.request.…` or a quoted constant. */
    readonly requestParameters: Readonly<Record<string, string>>;
  };
  /** Status that the caller sees → pattern of the service's status; an empty pattern is the default. */
  readonly responses: readonly { readonly status: string; readonly pattern: string }[];
  /** Response header → `integration.response.header.…` or a quoted constant. */
  readonly responseParameters: Readonly<Record<string, string>>;
}

/** The resources of an API with their methods and integrations, read once while a plan is made. */
export function apiResources(ctx: Context, restApiId: string): Promise<ApiResource[]> {
  const { apiGateway } = ctx.aws;
  return readOnce(ctx, `resources of ${restApiId}`, () =>
    allItems(
      apiGateway.paginateGetResources({ restApiId, embed: ['methods'], limit: 500 }),
      ({ items }) => items,
    ),
  );
}

/** Properties of a method by its definition, in the form of liveMethod(). */
export function methodOfDefinition({ integration, responses, responseParameters }: RestApiRoute): Properties {
  return {
    authorization: 'AWS_IAM',
    integration: pretty({ type: 'AWS', httpMethod: 'POST', ...integration }),
    responses: pretty(
      Object.fromEntries(responses.map(({ status, pattern }) => [status, { pattern, responseParameters }])),
    ),
  };
}

/** Properties of a live method. */
export function liveMethod({
  authorizationType = '',
  apiKeyRequired,
  methodIntegration: integration,
}: Method): Properties {
  return {
    authorization: apiKeyRequired ? `${authorizationType} and an API key` : authorizationType,
    integration: integration
      ? pretty({
          type: integration.type,
          httpMethod: integration.httpMethod,
          uri: integration.uri,
          credentials: integration.credentials,
          requestParameters: integration.requestParameters ?? {},
        })
      : '',
    responses: pretty(
      Object.fromEntries(
        Object.entries(integration?.integrationResponses ?? {}).map(([status, response]) => [
          status,
          {
            pattern: response.selectionPattern ?? '',
            responseParameters: response.responseParameters ?? {},
          },
        ]),
      ),
    ),
  };
}

/**
 * Makes the methods that are missing, recreates those that are not as declared, and removes those that are not
 * declared. What is right already is left alone: API Gateway takes ten calls a second from an account, and a method
 * takes ten.
 * @param live the API's resources as they are
 */
export async function bringRoutes(
  ctx: Context,
  restApiId: string,
  live: readonly ApiResource[],
  routes: readonly RestApiRoute[],
): Promise<void> {
  // An undeclared method is a way past the declared authorization.
  for (const { id: resourceId, path, resourceMethods } of live)
    for (const httpMethod of Object.keys(resourceMethods ?? {}))
      if (!(httpMethod === 'POST' && routes.some((route) => route.path === path)))
        await unlessMissing(ctx.aws.apiGateway.deleteMethod({ restApiId, resourceId, httpMethod }));
  const ids = new Map(live.map(({ path, id }) => [path ?? '', id]));
  for (const route of routes) {
    const method = live.find(({ path }) => path === route.path)?.resourceMethods?.POST;
    if (method && differencesOf(methodOfDefinition(route), liveMethod(method)).length === 0) continue;
    // There is no "put" over an existing method; callers do not notice, they see the last deployment.
    const resourceId = await ensurePath(ctx, restApiId, ids, route.path);
    if (method)
      await unlessMissing(ctx.aws.apiGateway.deleteMethod({ restApiId, resourceId, httpMethod: 'POST' }));
    await bringRoute(ctx, restApiId, resourceId, route);
  }
}

async function bringRoute(
  ctx: Context,
  restApiId: string,
  resourceId: string | undefined,
  { path, integration, responses, responseParameters }: RestApiRoute,
): Promise<void> {
  const { apiGateway } = ctx.aws;
  const method = { restApiId, resourceId, httpMethod: 'POST' };
  const pathParameters = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  await createOnce(
    apiGateway.putMethod({
      ...method,
      authorizationType: 'AWS_IAM',
      requestParameters: Object.fromEntries(
        pathParameters.map((name) => [`method.request.path.${name}`, true]),
      ),
    }),
  );
  await apiGateway.putIntegration({
    ...method,
    type: 'AWS',
    integrationHttpMethod: 'POST',
    uri: integration.uri,
    credentials: integration.credentials,
    requestParameters: { ...integration.requestParameters },
    passthroughBehavior: 'WHEN_NO_MATCH',
  });
  const headers = Object.keys(responseParameters);
  for (const { status, pattern } of responses) {
    await createOnce(
      apiGateway.putMethodResponse({
        ...method,
        statusCode: status,
        responseParameters: Object.fromEntries(headers.map((header) => [header, false])),
      }),
    );
    await apiGateway.putIntegrationResponse({
      ...method,
      statusCode: status,
      ...(pattern ? { selectionPattern: pattern } : {}),
      responseParameters: { ...responseParameters },
    });
  }
}

/**
 * The id of the resource at `path`, its missing parts made.
 * @param ids of the resources that there are, by their paths; what is made comes in
 */
async function ensurePath(
  ctx: Context,
  restApiId: string,
  ids: Map<string, string | undefined>,
  path: string,
): Promise<string | undefined> {
  let parentId = ids.get('/');
  let soFar = '';
  for (const pathPart of path.split('/').filter(Boolean)) {
    soFar += `/${pathPart}`;
    parentId = ids.get(soFar) ?? (await createResource(ctx, { restApiId, parentId, pathPart }, soFar));
    ids.set(soFar, parentId);
  }
  return parentId;
}

async function createResource(
  ctx: Context,
  input: { restApiId: string; parentId: string | undefined; pathPart: string },
  path: string,
): Promise<string | undefined> {
  const made = await createOnce(ctx.aws.apiGateway.createResource(input));
  if (made) return made.id;
  return (await apiResources(ctx, input.restApiId)).find((item) => item.path === path)?.id;
}
