/** A REST API in front of S3, as a deployer would make it: GET /files/{name} answers an object of a bucket. */
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ACCOUNT, type Keys, policy, type TestCloud } from '../support.js';
import { sendSigned } from './sign.js';

export const BUCKET = 'api-bucket';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  bytes: Buffer;
  message: string | undefined;
}

export class FilesApi {
  client!: ApiGateway.APIGatewayClient;
  restApiId = '';
  rootId = '';
  resourceId = '';
  caller!: Keys;
  callerArn = `arn:aws:sts::${ACCOUNT}:assumed-role/caller/session`;
  readonly gatewayRole = `arn:aws:iam::${ACCOUNT}:role/gateway`;

  constructor(readonly cloud: TestCloud) {}

  /** The API without a deployment. */
  async create(): Promise<void> {
    const { cloud } = this;
    const s3 = cloud.s3();
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'a b', Body: 'x'.repeat(5000), ContentType: 'text/csv' }),
    );
    await cloud.role(
      'gateway',
      { Principal: { Service: 'apigateway.amazonaws.com' } },
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], Resource: '*' },
    );
    const caller = await cloud.role('caller', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/admin` } });
    this.caller = await cloud.assume(cloud.aws, caller, 'session');
    this.client = cloud.apigateway();
    const api = await this.client.send(
      new ApiGateway.CreateRestApiCommand({
        name: 'files',
        endpointConfiguration: { types: ['REGIONAL'] },
        policy: policy({
          Effect: 'Allow',
          Principal: { AWS: this.callerArn },
          Action: 'execute-api:Invoke',
          Resource: 'execute-api:/*',
        }),
        tags: { project: 'test' },
      }),
    );
    this.restApiId = api.id!;
    this.rootId = api.rootResourceId!;
    const files = await this.resource(this.rootId, 'files');
    this.resourceId = await this.resource(files, '{name}');
    await this.method('GET');
    await this.method('PUT');
  }

  async resource(parentId: string, pathPart: string): Promise<string> {
    const made = await this.client.send(
      new ApiGateway.CreateResourceCommand({ restApiId: this.restApiId, parentId, pathPart }),
    );
    return made.id!;
  }

  async method(httpMethod: string): Promise<void> {
    const at = { restApiId: this.restApiId, resourceId: this.resourceId, httpMethod };
    await this.client.send(
      new ApiGateway.PutMethodCommand({
        ...at,
        authorizationType: 'AWS_IAM',
        requestParameters: { 'method.request.path.name': true },
      }),
    );
    await this.client.send(
      new ApiGateway.PutIntegrationCommand({
        ...at,
        type: 'AWS',
        integrationHttpMethod: httpMethod,
        uri: `arn:aws:apigateway:us-east-1:s3:path/${BUCKET}/{key}`,
        credentials: this.gatewayRole,
        requestParameters: {
          'integration.request.path.key': 'method.request.path.name',
          'integration.request.header.Content-Type': "'text/plain'",
        },
      }),
    );
    for (const [statusCode, selectionPattern] of [
      ['200', '2\\d\\d'],
      ['404', '404'],
      ['500', ''],
    ] as const) {
      await this.client.send(
        new ApiGateway.PutMethodResponseCommand({
          ...at,
          statusCode,
          responseParameters: { 'method.response.header.Content-Type': true },
        }),
      );
      await this.client.send(
        new ApiGateway.PutIntegrationResponseCommand({
          ...at,
          statusCode,
          selectionPattern,
          responseParameters: {
            'method.response.header.Content-Type': 'integration.response.header.Content-Type',
          },
        }),
      );
    }
  }

  async deploy(): Promise<string> {
    const made = await this.client.send(
      new ApiGateway.CreateDeploymentCommand({ restApiId: this.restApiId, stageName: 'prod' }),
    );
    return made.id!;
  }

  /** Calls the deployed API over HTTP, signed by the keys given; `null` leaves the signature out. */
  async call(
    method: string,
    path: string,
    {
      keys = this.caller,
      body,
      headers = {},
    }: { keys?: Keys | null; body?: Buffer; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const host = `${this.restApiId}.execute-api.us-east-1.amazonaws.com`;
    return sendSigned(this.cloud.aws.endpoint, { method, host, path, headers, body, keys });
  }
}
