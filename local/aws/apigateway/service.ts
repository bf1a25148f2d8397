// Amazon API Gateway (REST APIs): the control plane here, the invoke plane in invoke.ts.
import { join } from 'node:path';
import { AwsError, featureError } from '../errors.js';
import type { AwsContext, AwsService } from '../service.js';
import { accountOperations } from './access-log.js';
import { apiOperations } from './apis.js';
import { type ApiOperation, tagConditions } from './call.js';
import { deploymentOperations } from './deployments.js';
import { integrationOperations } from './integrations.js';
import { createInvokePlane } from './invoke.js';
import { methodOperations } from './methods.js';
import { Apis, badRequest } from './model.js';
import { tagOperations } from './tags.js';
import { testInvokeOperations } from './test-invoke.js';

const OPERATIONS: Record<string, ApiOperation> = {
  ...accountOperations,
  ...apiOperations,
  ...methodOperations,
  ...integrationOperations,
  ...deploymentOperations,
  ...tagOperations,
  ...testInvokeOperations,
};

const ROUTES = Object.entries(OPERATIONS).map(([route, operation]) => {
  const [method, path] = route.split(' ') as [string, string];
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  return { method, names, expression: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}/?$`), operation };
});

/** Makes the control plane (`apigateway`) and the invoke plane (`execute-api`) over the same APIs. */
export function create(context: AwsContext): AwsService[] {
  const apis = new Apis(join(context.stateDir, 'apigateway'));
  const control: AwsService = {
    name: 'apigateway',
    protocol: 'restJson',
    async handle(request) {
      const { method, rawPath, identity } = request;
      for (const route of ROUTES) {
        const match = route.method === method ? route.expression.exec(rawPath) : null;
        if (!match) continue;
        const body = parse(request.body);
        const conditions = tagConditions(request, body, apis);
        const authorize = (verb: string, path: string) =>
          context.authorize(identity, `apigateway:${verb}`, `arn:aws:apigateway:${context.region}::${path}`, {
            resourceAccount: identity.accountId,
            conditions,
          });
        // Permissions on this service are HTTP methods on paths.
        authorize(method, rawPath);
        // What is created with tags is tagged too, before it has an id. https://github.com/mattclay/aws-terminator/pull/284
        if (`${method} ${rawPath}` === 'POST /restapis' && body.tags)
          authorize(
            'PUT',
            `/tags/${encodeURIComponent(`arn:aws:apigateway:${context.region}::/restapis/`)}*`,
          );
        const names = Object.fromEntries(
          route.names.map((name, i) => [name, decodeURIComponent(match[i + 1]!)]),
        );
        const result = await route.operation({ context, apis, request, names, body });
        return result === undefined
          ? { status: method === 'DELETE' ? 202 : 204 }
          : {
              status: method === 'POST' || method === 'PUT' ? 201 : 200,
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(result),
            };
      }
      throw featureError(
        'API Gateway',
        `${method} ${rawPath}`,
        `It has ${Object.keys(OPERATIONS).join('; ')}.`,
      );
    },
  };
  return [control, createInvokePlane(context, apis)];
}

function parse(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const json: unknown = JSON.parse(body.toString('utf8'));
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch (error) {
    throw new AwsError(
      'SerializationException',
      `Could not parse request body into json: ${(error as Error).message}`,
      400,
    );
  }
  throw badRequest('Invalid request input');
}
