import {
  type Resource as ApiResource,
  type Deployment,
  GetDeploymentsCommand,
  GetResourcesCommand,
  GetStagesCommand,
  type Method,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import type { Context } from '../../context.js';
import type { Properties } from '../difference.js';
import { fingerprintOf, pretty } from '../fingerprint.js';
import type { RestApiDefinition } from './rest-api.js';

/** The resources of an API with their methods and integrations. */
export async function apiResources(ctx: Context, restApiId: string): Promise<ApiResource[]> {
  const resources: ApiResource[] = [];
  let position: string | undefined;
  do {
    const page = await ctx.aws.apiGateway.send(
      new GetResourcesCommand({ restApiId, embed: ['methods'], limit: 500, position }),
    );
    resources.push(...(page.items ?? []));
    position = page.position;
  } while (position);
  return resources;
}

/** What the definition says of an API, in the form of liveProperties(). */
export function declaredProperties(definition: RestApiDefinition): Properties {
  const { path, integration, responses, responseParameters } = definition;
  return {
    'resource policy': pretty(definition.resourcePolicy),
    'minimum compression size': String(definition.minimumCompressionSize),
    methods: `POST ${path}`,
    authorization: 'AWS_IAM',
    integration: pretty({ type: 'AWS', httpMethod: 'POST', ...integration }),
    responses: pretty(
      Object.fromEntries(responses.map(({ status, pattern }) => [status, { pattern, responseParameters }])),
    ),
    // The deployment's description is the fingerprint of what was deployed.
    'deployed version': fingerprintOf('aws.rest-api', definition),
  };
}

/** What lives: the configuration, and which version of it the stage serves. One listing per kind of part. */
export async function liveProperties(
  ctx: Context,
  api: RestApi,
  { stage: stageName, path }: Pick<RestApiDefinition, 'stage' | 'path'>,
): Promise<Properties> {
  const restApiId = api.id ?? '';
  const [resources, stages, deployments] = await Promise.all([
    apiResources(ctx, restApiId),
    ctx.aws.apiGateway.send(new GetStagesCommand({ restApiId })),
    allDeployments(ctx, restApiId),
  ]);
  const methods = resources.flatMap((resource) =>
    Object.entries(resource.resourceMethods ?? {}).map(
      ([verb, method]) => [`${verb} ${resource.path}`, method] as const,
    ),
  );
  const deploymentId = stages.item?.find((stage) => stage.stageName === stageName)?.deploymentId;
  const deployed = deployments.find((deployment) => deployment.id === deploymentId);
  return {
    'resource policy': pretty(policyOf(api)),
    'minimum compression size': String(api.minimumCompressionSize ?? ''),
    methods: methods
      .map(([name]) => name)
      .sort()
      .join(', '),
    ...methodProperties(methods.find(([name]) => name === `POST ${path}`)?.[1]),
    'deployed version': deploymentId ? (deployed?.description ?? 'unknown') : '',
  };
}

async function allDeployments(ctx: Context, restApiId: string): Promise<Deployment[]> {
  const deployments: Deployment[] = [];
  let position: string | undefined;
  do {
    const page = await ctx.aws.apiGateway.send(
      new GetDeploymentsCommand({ restApiId, limit: 500, position }),
    );
    deployments.push(...(page.items ?? []));
    position = page.position;
  } while (position);
  return deployments;
}

function methodProperties(method: Method | undefined): Properties {
  const integration = method?.methodIntegration;
  return {
    authorization: method?.authorizationType ?? '',
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
 * API Gateway returns the policy with its quotes escaped and completes `execute-api:/…` to an ARN; both are
 * taken back.
 */
function policyOf(api: RestApi): unknown {
  if (!api.policy) return null;
  const text = api.policy.replaceAll('\\"', '"').replaceAll('\\/', '/');
  return JSON.parse(text.replaceAll(/arn:aws:execute-api:[^:"]*:\d*:[^/"]*\//g, 'execute-api:/'));
}
