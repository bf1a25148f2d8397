import type { RestApi } from '@aws-sdk/client-api-gateway';
import type { Context } from '../../context.js';
import { allItems } from '../../ground/aws-errors.js';
import type { Properties } from '../difference.js';
import { fingerprintOf, pretty } from '../fingerprint.js';
import { apiResources, liveMethod, methodOfDefinition, type RestApiRoute } from './rest-api-routes.js';

/**
 * A regional or private REST API whose POST methods go to AWS services as roles. It has no minimum compression size: Snowflake sends
 * gzip, which API Gateway unpacks by default, and with such a size leaves packed what is smaller.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
 */
export interface RestApiDefinition {
  readonly stage: string;
  readonly resourcePolicy: object;
  /** Reached by VPC endpoints alone; which ones its policy says. */
  readonly private?: true;
  readonly routes: readonly RestApiRoute[];
  /** Limits of the stage: calls a second, and at once. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** ARN of the log group of its access log; left out: what an administrator has set stays. */
  readonly accessLog?: string;
}

export const COMPRESSION = 'minimum compression size';

/** Setting that a plan shows where there is no such size. */
export const DEFAULT_COMPRESSION = 'none';

/** The address that Snowflake calls; an account's rules for APIs with names of their own switch it off. */
export const ADDRESS = 'execute-api endpoint';

/** Who reaches it: everybody, or VPC endpoints. */
export const ENDPOINT_TYPE = 'endpoint type';

export const endpointType = (definition: Pick<RestApiDefinition, 'private'>) =>
  definition.private ? 'PRIVATE' : 'REGIONAL';

/** Properties of an API by its definition, in the form of liveProperties(). */
export function propertiesOfDefinition(definition: RestApiDefinition): Properties {
  return {
    'resource policy': pretty(definition.resourcePolicy),
    [COMPRESSION]: DEFAULT_COMPRESSION,
    [ADDRESS]: 'on',
    [ENDPOINT_TYPE]: endpointType(definition),
    [THROTTLE]: throttleText(definition.throttle.rate, definition.throttle.burst),
    ...(definition.accessLog ? { 'access log': definition.accessLog } : {}),
    methods: joinLines(definition.routes.map(({ path }) => `POST ${path}`)),
    ...Object.assign(
      {},
      ...definition.routes.map((route) => prefixPath(route.path, methodOfDefinition(route))),
    ),
    // The deployment's description is the fingerprint of what was deployed.
    'deployed version': fingerprintOf('aws.rest-api', definition),
  };
}

const THROTTLE = 'throttling';
const throttleText = (rate: number, burst: number) => `${rate} a second, ${burst} at once`;

/** Properties of the live API: the configuration, and which version of it the stage serves. One listing per kind of part. */
export async function liveProperties(
  ctx: Context,
  api: RestApi,
  { stage: stageName, routes }: Pick<RestApiDefinition, 'stage' | 'routes'>,
): Promise<Properties> {
  const restApiId = api.id ?? '';
  const [resources, stages, deployments] = await Promise.all([
    apiResources(ctx, restApiId),
    ctx.aws.apiGateway.getStages({ restApiId }),
    allItems(ctx.aws.apiGateway.paginateGetDeployments({ restApiId, limit: 500 }), ({ items }) => items),
  ]);
  const methods = resources.flatMap((resource) =>
    Object.entries(resource.resourceMethods ?? {}).map(
      ([verb, method]) => [`${verb} ${resource.path}`, method] as const,
    ),
  );
  const stage = stages.item?.find((each) => each.stageName === stageName);
  const { deploymentId } = stage ?? {};
  const { throttlingRateLimit = 10000, throttlingBurstLimit = 5000 } = stage?.methodSettings?.['*/*'] ?? {};
  const deployed = deployments.find((deployment) => deployment.id === deploymentId);
  return {
    'resource policy': pretty(policyOf(api)),
    [COMPRESSION]: String(api.minimumCompressionSize ?? DEFAULT_COMPRESSION),
    [ADDRESS]: api.disableExecuteApiEndpoint ? 'off' : 'on',
    [ENDPOINT_TYPE]: api.endpointConfiguration?.types?.[0],
    [THROTTLE]: throttleText(throttlingRateLimit, throttlingBurstLimit),
    'access log': stage?.accessLogSettings?.destinationArn ?? '',
    methods: joinLines(methods.map(([name]) => name)),
    // Of a method that is missing there is nothing more to say than that.
    ...Object.assign(
      {},
      ...routes.map(({ path }) => {
        const method = methods.find(([name]) => name === `POST ${path}`)?.[1];
        return method ? prefixPath(path, liveMethod(method)) : {};
      }),
    ),
    'deployed version': deploymentId ? (deployed?.description ?? 'unknown') : '',
  };
}

/** One a line, so that a difference shows what is missing or too many. */
function joinLines(names: readonly string[]): string {
  return [...names].sort().join('\n');
}

function prefixPath(path: string, properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [`${name} of ${path}`, value]));
}

/**
 * API Gateway returns the policy with its quotes escaped and completes `execute-api:/…` to an ARN; both are
 * taken back.
 */
function policyOf(api: RestApi): unknown {
  if (!api.policy) return null;
  const text = api.policy.replaceAll('\\"', '"').replaceAll('\\/', '/');
  return JSON.parse(text.replaceAll(/arn:aws:execute-api:[^:"]*:\d*:[^/"]*\//g, 'execute-api:/'));
}
