// The name of a request's operation, `service:Operation`: what faults and the metering of costs go by.

import { operationNames as gatewayNames } from './apigateway/operation-names.js';
import { AwsError } from './errors.js';
import { operationNames as s3Names } from './s3/operation-names.js';
import { addressOf, operationOf } from './s3/request.js';
import type { AwsRequest } from './service.js';

type Named = Pick<AwsRequest, 'service' | 'method' | 'rawPath' | 'query' | 'headers' | 'body'>;

/** E.g. `s3:PutObject`, `sagemaker:InvokeEndpoint`, `execute-api:Invoke`; `service:Unknown` for what has no name. */
export function operationName(request: Named): string {
  switch (request.service) {
    case 's3':
      return `s3:${s3Name(request) ?? 'Unknown'}`;
    case 'sagemaker':
    case 'servicequotas':
    case 'kms':
      return `${request.service}:${request.headers['x-amz-target']?.split('.')[1] || 'Unknown'}`;
    // Both of SageMaker's services share the prefix, as in IAM's actions.
    case 'runtime.sagemaker':
      return 'sagemaker:InvokeEndpoint';
    case 'apigateway':
      return `apigateway:${gatewayName(request) ?? 'Unknown'}`;
    case 'execute-api':
      return 'execute-api:Invoke';
    default: {
      const form =
        request.method === 'POST' ? new URLSearchParams(request.body.toString('utf8')) : request.query;
      return `${request.service}:${form.get('Action') || 'Unknown'}`;
    }
  }
}

function s3Name(request: Named): string | undefined {
  try {
    const { bucket, key } = addressOf(request as AwsRequest);
    return s3Names[operationOf(request as AwsRequest, bucket, key)];
  } catch (error) {
    // A path that cannot be decoded: the service says so.
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

const gatewayRoutes = Object.entries(gatewayNames).map(([route, name]) => {
  const [method, path] = route.split(' ') as [string, string];
  return { method, expression: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`), name };
});

function gatewayName({ method, rawPath }: Named): string | undefined {
  return gatewayRoutes.find((route) => route.method === method && route.expression.test(rawPath))?.name;
}
