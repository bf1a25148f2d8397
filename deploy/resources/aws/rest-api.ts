import type { Resource as ApiResource, RestApi } from '@aws-sdk/client-api-gateway';
import { requireValue } from '../../../udfs/require-value.js';
import type { Context } from '../../context.js';
import { messageOf, UserError } from '../../errors.js';
import { errorName, unlessMissing } from '../../ground/aws-errors.js';
import { objectMarker, readMarker, TAG_KEY } from '../../ground/marker.js';
import { retryWhile } from '../../ground/retry.js';
import { defineKind, type LiveResource, type Outputs, type Resource } from '../resource.js';
import { ourRestApis } from './find-rest-api.js';
import {
  ADDRESS,
  COMPRESSION,
  DEFAULT_COMPRESSION,
  ENDPOINT_TYPE,
  endpointType,
  liveProperties,
  propertiesOfDefinition,
  type RestApiDefinition,
} from './rest-api-properties.js';
import { apiResources, bringRoutes } from './rest-api-routes.js';

/**
 * API Gateway REST APIs, the fingerprint in the description. Changes reach callers only with a deployment,
 * which is made last: an interrupted change leaves what is live untouched.
 * Outputs: `id`, `invokeUrl` (with the stage, without a slash at the end).
 */
export const restApiKind = defineKind<RestApiDefinition>({
  id: 'aws.rest-api',

  definitionProperties: ({ definition }) => propertiesOfDefinition(definition),

  async list(ctx, wanted) {
    const found = (await ourRestApis(ctx)).map(async (api): Promise<LiveResource> => {
      const definition = wanted.find((resource) => resource.name === api.name)?.definition;
      return {
        name: api.name ?? '',
        ...readMarker(ctx.settings.prefix, api.description),
        outputs: outputsOf(ctx, api.id ?? '', definition?.stage ?? ''),
        ...(definition ? { properties: await liveProperties(ctx, api, definition) } : {}),
      };
    });
    return renameDuplicates(await Promise.all(found));
  },

  async create(ctx, resource, fingerprint) {
    const api = await createApi(ctx, resource);
    const id = api.id ?? '';
    await bring(ctx, id, [{ id: api.rootResourceId, path: '/' }], resource, fingerprint);
    return outputsOf(ctx, id, resource.definition.stage);
  },

  async update(ctx, resource, fingerprint, live) {
    const id = idOf(live);
    await ctx.aws.apiGateway.updateRestApi({
      restApiId: id,
      patchOperations: [
        replace('/policy', JSON.stringify(resource.definition.resourcePolicy)),
        ...changeOfType(resource.definition, live),
        // Without a value, which unsets it, as Terraform's provider does.
        ...(live.properties?.[COMPRESSION] === DEFAULT_COMPRESSION
          ? []
          : [replace('/minimumCompressionSize')]),
        ...(live.properties?.[ADDRESS] === 'off' ? [replace('/disableExecuteApiEndpoint', 'false')] : []),
      ],
    });
    await bring(ctx, id, await apiResources(ctx, id), resource, fingerprint);
    return outputsOf(ctx, id, resource.definition.stage);
  },

  async remove(ctx, live) {
    await unlessMissing(ctx.aws.apiGateway.deleteRestApi({ restApiId: idOf(live) }));
  },
});

/**
 * In place, and back; it reaches callers with the deployment that follows.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-api-migration.html
 */
function changeOfType(definition: RestApiDefinition, { properties }: LiveResource) {
  const before = properties?.[ENDPOINT_TYPE];
  const type = endpointType(definition);
  return before === undefined || before === type
    ? []
    : [replace(`/endpointConfiguration/types/${before}`, type)];
}

const replace = (path: string, value?: string) => ({ op: 'replace' as const, path, value });

/**
 * Names of REST APIs are not unique: a creation whose answer got lost was repeated by the SDK. The finished one
 * keeps the name, a second one is named by its id and so is not declared and goes.
 */
function renameDuplicates(found: readonly LiveResource[]): LiveResource[] {
  const rankOf = (item: LiveResource) => (item.fingerprint && item.fingerprint !== 'unfinished' ? 0 : 1);
  const seen = new Set<string>();
  return [...found]
    .sort((a, b) => rankOf(a) - rankOf(b) || (idOf(a) < idOf(b) ? -1 : 1))
    .map((item) => {
      if (seen.has(item.name)) return { ...item, name: `${item.name} (${idOf(item)})` };
      seen.add(item.name);
      return item;
    });
}

function outputsOf(ctx: Context, id: string, stage: string): Outputs {
  return { id, invokeUrl: `https://${id}.execute-api.${ctx.aws.region}.amazonaws.com/${stage}` };
}

/**
 * An API with its tag, by which IAM knows what the deployer may change; then its policy, which is such a change. A policy may name only
 * principals that API Gateway knows already: a new role takes a while.
 */
async function createApi(ctx: Context, { name, definition }: Resource<RestApiDefinition>): Promise<RestApi> {
  const api = await ctx.aws.apiGateway.createRestApi({
    name,
    description: objectMarker(ctx.settings.prefix, 'unfinished'),
    endpointConfiguration: { types: [endpointType(definition)] },
    tags: { [TAG_KEY]: ctx.settings.prefix },
  });
  const patchOperations = [replace('/policy', JSON.stringify(definition.resourcePolicy))];
  await retryWhile(
    () => ctx.aws.apiGateway.updateRestApi({ restApiId: api.id, patchOperations }),
    (error) =>
      errorName(error) === 'BadRequestException' && /principal|policy/i.test((error as Error).message),
    { signal: ctx.signal },
  );
  return api;
}

/** Brings the methods to the declared state, deploys them, and marks the API as finished. */
async function bring(
  ctx: Context,
  restApiId: string,
  live: readonly ApiResource[],
  { definition }: Resource<RestApiDefinition>,
  fingerprint: string,
): Promise<void> {
  await bringRoutes(ctx, restApiId, live, definition.routes);
  const { apiGateway } = ctx.aws;
  await apiGateway.createDeployment({ restApiId, stageName: definition.stage, description: fingerprint });
  await setStage(ctx, restApiId, definition);
  await apiGateway.updateRestApi({
    restApiId,
    patchOperations: [replace('/description', objectMarker(ctx.settings.prefix, fingerprint))],
  });
}

/** Who called what with which result; no body, so no patient is in it. */
const LOG_FORMAT =
  '{"time":"$context.requestTimeEpoch","id":"$context.requestId","caller":"$context.identity.userArn","method":"$context.httpMethod","path":"$context.path","status":"$context.status"}';

/** Limits and log of the stage. API Gateway's role for CloudWatch is one setting of an account and region, and never ours to set. */
async function setStage(ctx: Context, restApiId: string, definition: RestApiDefinition): Promise<void> {
  const { stage: stageName, throttle, accessLog } = definition;
  await ctx.aws.apiGateway
    .updateStage({
      restApiId,
      stageName,
      patchOperations: [
        replace('/*/*/throttling/rateLimit', String(throttle.rate)),
        replace('/*/*/throttling/burstLimit', String(throttle.burst)),
        ...(accessLog
          ? [
              replace('/accessLogSettings/destinationArn', accessLog),
              replace('/accessLogSettings/format', LOG_FORMAT),
            ]
          : []),
      ],
    })
    .catch((error: unknown) => {
      if (!/CloudWatch Logs role/i.test(messageOf(error))) throw error;
      throw new UserError(`API Gateway cannot write the access log: ${messageOf(error)}.`, {
        next: 'Let an administrator set its role once for the account and region: aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=ROLE, with a role that apigateway.amazonaws.com may assume and that has AmazonAPIGatewayPushToCloudWatchLogs. Or leave out aws.restApi.accessLog.',
        cause: error,
      });
    });
}

function idOf({ name, outputs }: LiveResource): string {
  return requireValue(outputs?.id, `the id of the API ${name}`);
}
