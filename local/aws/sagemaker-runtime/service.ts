/** The local SageMaker Runtime: InvokeEndpoint, POST /endpoints/{name}/invocations. */
import { AwsError } from '../errors.js';
import { servingOf } from '../sagemaker/hosting/serving.js';
import type { ServedResponse } from '../sagemaker/hosting/serving-worker.js';
import { sagemakerArn } from '../sagemaker/shared/call.js';
import { type Deployment, modelFileOf, recordsOf } from '../sagemaker/shared/records.js';
import type { AwsContext, AwsRequest, AwsResponse, AwsService } from '../service.js';

/** Payload limits in bytes (SageMaker developer guide): real-time and serverless endpoints. */
const MOST_BYTES = 6 * 1024 * 1024;
const MOST_BYTES_SERVERLESS = 4 * 1024 * 1024;

const PATH = /^\/endpoints\/([^/]+)\/invocations$/;
/** Headers that ask for what one container with one model does not have. */
const UNSUPPORTED_HEADERS = [
  'x-amzn-sagemaker-target-model',
  'x-amzn-sagemaker-target-container-hostname',
  'x-amzn-sagemaker-enable-explanations',
  'x-amzn-sagemaker-inference-component',
  'x-amzn-sagemaker-session-id',
];

/** Makes the service: InvokeEndpoint. */
export function create(context: AwsContext): AwsService {
  const inFlight = new Map<string, number>();
  return {
    name: 'runtime.sagemaker',
    protocol: 'restJson',
    maxBody: MOST_BYTES,
    tooLarge: () => sizeAnswer(MOST_BYTES),
    async handle(request) {
      const endpointName = endpointOf(request);
      const { identity, region, body } = request;
      context.authorize(
        identity,
        'sagemaker:InvokeEndpoint',
        sagemakerArn(region, identity.accountId, 'endpoint', endpointName),
      );
      refuseUnsupported(request);
      const deployment = findDeployment(context, identity.accountId, endpointName);
      checkVariant(request, deployment);
      const serverless = deployment.variant.ServerlessConfig;
      if (serverless && body.length > MOST_BYTES_SERVERLESS) return sizeAnswer(MOST_BYTES_SERVERLESS);

      const busy = inFlight.get(endpointName) ?? 0;
      if (serverless && busy >= serverless.MaxConcurrency)
        throw new AwsError(
          'ThrottlingException',
          `The endpoint ${endpointName} is at its maximum concurrency of ${serverless.MaxConcurrency}.`,
          429,
        );
      inFlight.set(endpointName, busy + 1);
      const started = performance.now();
      let response: ServedResponse;
      try {
        response = await servingOf(context).invoke(
          modelFileOf(recordsOf(context, identity.accountId), deployment),
          {
            contentType: request.headers['content-type'],
            accept: request.headers.accept,
            body,
          },
        );
      } catch (error) {
        const message = `Unable to load model: ${(error as Error).message}`;
        response = { status: 500, contentType: 'text/html', body: new TextEncoder().encode(message) };
      } finally {
        const left = inFlight.get(endpointName)! - 1;
        if (left === 0) inFlight.delete(endpointName);
        else inFlight.set(endpointName, left);
      }
      const { meter } = context;
      meter.add('inference-bytes', body.length + response.body.length);
      if (serverless)
        meter.add(
          'serverless-gb-seconds',
          ((performance.now() - started) / 1000) * (serverless.MemorySizeInMB / 1024),
        );
      if (response.status >= 300) return modelError(request, endpointName, response);
      return {
        status: response.status,
        headers: {
          'content-type': response.contentType,
          'x-amzn-invoked-production-variant': deployment.variant.VariantName,
        },
        body: Buffer.from(response.body.buffer, response.body.byteOffset, response.body.byteLength),
      };
    },
    close: () => servingOf(context).close(),
  };
}

function endpointOf(request: AwsRequest): string {
  const match = request.method === 'POST' && PATH.exec(request.rawPath);
  if (match) return decodeURIComponent(match[1]!);
  throw new AwsError(
    'UnknownOperationException',
    `The local SageMaker Runtime does not support ${request.method} ${request.rawPath}; it has POST /endpoints/{name}/invocations.`,
    404,
  );
}

function refuseUnsupported(request: AwsRequest): void {
  const header = UNSUPPORTED_HEADERS.find((name) => request.headers[name] !== undefined);
  if (header)
    throw new AwsError(
      'ValidationError',
      `The local SageMaker Runtime does not support the header ${header}.`,
    );
}

/** What the endpoint serves; an endpoint that is being updated still serves what it served. */
function findDeployment(context: AwsContext, accountId: string, endpointName: string): Deployment {
  const endpoint = recordsOf(context, accountId).endpoints.get(endpointName);
  if (!endpoint)
    throw new AwsError('ValidationError', `Endpoint ${endpointName} of account ${accountId} not found.`);
  const serves = endpoint.EndpointStatus === 'InService' || endpoint.EndpointStatus === 'Updating';
  if (!serves || !endpoint.deployed)
    throw new AwsError(
      'ValidationError',
      `Endpoint ${endpointName} of account ${accountId} is not InService: its status is ${endpoint.EndpointStatus}.`,
    );
  return endpoint.deployed;
}

function checkVariant(request: AwsRequest, deployment: Deployment): void {
  const target = request.headers['x-amzn-sagemaker-target-variant'];
  if (target !== undefined && target !== deployment.variant.VariantName)
    throw new AwsError('ValidationError', `Variant ${target} not found for Request.`);
}

function sizeAnswer(limit: number): AwsResponse {
  return {
    status: 413,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ValidationError' },
    body: JSON.stringify({ message: `HTTP content length exceeded ${limit} bytes.` }),
  };
}

/** The container's refusal, wrapped as SageMaker wraps it. */
function modelError(request: AwsRequest, endpointName: string, response: ServedResponse): AwsResponse {
  const { region, identity } = request;
  const logs = `/aws/sagemaker/Endpoints/${endpointName}`;
  const message = Buffer.from(response.body).toString('utf8');
  const whose = response.status >= 500 ? 'server' : 'client';
  return {
    status: 424,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ModelError' },
    body: JSON.stringify({
      ErrorCode: whose === 'server' ? 'INTERNAL_FAILURE_FROM_MODEL' : 'CLIENT_ERROR_FROM_MODEL',
      LogStreamArn: `arn:aws:logs:${region}:${identity.accountId}:log-group:${logs}`,
      Message: `Received ${whose} error (${response.status}) from primary with message "${message}". See https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${logs} in account ${identity.accountId} for more information.`,
      OriginalMessage: message,
      OriginalStatusCode: response.status,
    }),
  };
}
