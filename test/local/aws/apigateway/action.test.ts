/** Integrations by action: a REST API in front of SageMaker's control plane, called over HTTP. */
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import { expect } from 'chai';
import { ACCOUNT, type Keys, TestCloud } from '../support.js';
import { sendSigned } from './sign.js';

const HEADERS = {
  'integration.request.header.X-Amz-Target': "'SageMaker.CreateModelPackageGroup'",
  'integration.request.header.Content-Type': "'application/x-amz-json-1.1'",
};

describe('integrations by action', () => {
  const cloud = new TestCloud();
  let client: ApiGateway.APIGatewayClient;
  let caller: Keys;
  let at: { restApiId: string; resourceId: string; httpMethod: string };

  before(async () => {
    await cloud.start();
    await cloud.role(
      'control',
      { Principal: { Service: 'apigateway.amazonaws.com' } },
      {
        Effect: 'Allow',
        Action: ['sagemaker:CreateModelPackageGroup', 'sagemaker:AddTags', 'sagemaker:DeleteModel'],
        Resource: 'arn:aws:sagemaker:*:*:*/ours-*',
      },
    );
    caller = await cloud.user('caller', {
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: '*',
    });
    client = cloud.apigateway();
    const api = await client.send(new ApiGateway.CreateRestApiCommand({ name: 'control' }));
    const resource = await client.send(
      new ApiGateway.CreateResourceCommand({
        restApiId: api.id,
        parentId: api.rootResourceId,
        pathPart: 'make',
      }),
    );
    at = { restApiId: api.id!, resourceId: resource.id!, httpMethod: 'POST' };
    await client.send(new ApiGateway.PutMethodCommand({ ...at, authorizationType: 'AWS_IAM' }));
  });
  after(() => cloud.remove());

  const integrate = async (action: string, requestParameters: Record<string, string>) => {
    await client.send(
      new ApiGateway.PutIntegrationCommand({
        ...at,
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: `arn:aws:apigateway:us-east-1:sagemaker:action/${action}`,
        credentials: `arn:aws:iam::${ACCOUNT}:role/control`,
        requestParameters,
      }),
    );
    for (const [statusCode, selectionPattern] of [
      ['200', '2\\d{2}|4\\d{2}'],
      ['500', ''],
    ] as const) {
      const response = { ...at, statusCode };
      await client.send(new ApiGateway.PutMethodResponseCommand(response)).catch((error: Error) => {
        if (error.name !== 'ConflictException') throw error;
      });
      await client.send(new ApiGateway.PutIntegrationResponseCommand({ ...response, selectionPattern }));
    }
    await client.send(new ApiGateway.CreateDeploymentCommand({ restApiId: at.restApiId, stageName: 'prod' }));
  };
  const call = async (body: object) => {
    const { status, headers, text } = await sendSigned(cloud.aws.endpoint, {
      method: 'POST',
      host: `${at.restApiId}.execute-api.us-east-1.amazonaws.com`,
      path: '/prod/make',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
      keys: caller,
    });
    return { status, type: headers.get('content-type'), json: JSON.parse(text || '{}') as object };
  };

  it('call the operation that the mapped header names, as the role, and pass the body through', async () => {
    await integrate('CreateModelPackageGroup', HEADERS);
    const made = await call({ ModelPackageGroupName: 'ours-1', Tags: [{ Key: 'a', Value: '1' }] });
    expect(made).to.deep.equal({
      status: 200,
      // What the mapping says, not what the service says.
      type: 'application/json',
      json: {
        ModelPackageGroupArn: `arn:aws:sagemaker:us-east-1:${ACCOUNT}:model-package-group/ours-1`,
      },
    });
  });

  it('answer what IAM refuses with the service’s own error', async () => {
    const refused = await call({ ModelPackageGroupName: 'theirs' });
    expect(refused.status).to.equal(200);
    const { __type, Message } = refused.json as { __type: string; Message: string };
    expect(__type).to.equal('AccessDeniedException');
    expect(Message).to.match(
      /^User: arn:aws:sts::123456789012:assumed-role\/control\/\w+ is not authorized to perform: sagemaker:CreateModelPackageGroup on resource: .*\/theirs/,
    );
  });

  it('answer a client’s mistake as the mapping says', async () => {
    const again = await call({ ModelPackageGroupName: 'ours-1' });
    expect(again.status).to.equal(200);
    expect(again.json).to.include({ __type: 'ValidationException' });
  });

  it('answer what is missing in the service’s words', async () => {
    await integrate('DeleteModel', {
      ...HEADERS,
      'integration.request.header.X-Amz-Target': "'SageMaker.DeleteModel'",
    });
    const missing = await call({ ModelName: 'ours-1' });
    expect((missing.json as { message: string }).message).to.match(/^Could not find model/);
  });

  it('are refused by the service without the header that names the operation, or in another type', async () => {
    const { 'integration.request.header.Content-Type': type, ...target } = HEADERS;
    const lacking: Record<string, string>[] = [
      { 'integration.request.header.Content-Type': type },
      target,
      {},
    ];
    for (const headers of lacking) {
      await integrate('CreateModelPackageGroup', headers);
      const refused = await call({ ModelPackageGroupName: 'ours-2' });
      expect(refused.json).to.include({ __type: 'UnknownOperationException' });
    }
  });

  it('say in the test log where the request goes', async () => {
    await integrate('CreateModelPackageGroup', HEADERS);
    const { log, status } = await client.send(
      new ApiGateway.TestInvokeMethodCommand({ ...at, body: '{"ModelPackageGroupName":"ours-3"}' }),
    );
    expect(status).to.equal(200);
    expect(log).to.contain('https://sagemaker.us-east-1.amazonaws.com/?Action=CreateModelPackageGroup');
    expect(log).to.contain('SageMaker.CreateModelPackageGroup');
  });

  it('are refused by name where they are not built', async () => {
    const put = (uri: string) =>
      client
        .send(
          new ApiGateway.PutIntegrationCommand({
            ...at,
            type: 'AWS',
            integrationHttpMethod: 'POST',
            uri: `arn:aws:apigateway:us-east-1:${uri}`,
            credentials: `arn:aws:iam::${ACCOUNT}:role/control`,
          }),
        )
        .then(
          () => '',
          (error: Error) => `${error.name}: ${error.message}`,
        );
    expect(await put('sqs:action/SendMessage')).to.match(/^NotImplemented: .*integrations with sqs/);
    expect(await put('s3:action/PutObject')).to.match(/^NotImplemented: .*s3 by action/);
    expect(await put('sagemaker:action/CreateModel&Version=1')).to.match(/^NotImplemented: .*the action/);
    expect(await put('sagemaker:action/')).to.match(/the action/);
  });

  it('are made only by who may pass the role', async () => {
    const narrow = await cloud.user('narrow', { Effect: 'Allow', Action: 'apigateway:*', Resource: '*' });
    const error = await cloud
      .apigateway(narrow)
      .send(
        new ApiGateway.PutIntegrationCommand({
          ...at,
          type: 'AWS',
          integrationHttpMethod: 'POST',
          uri: 'arn:aws:apigateway:us-east-1:sagemaker:action/CreateModel',
          credentials: `arn:aws:iam::${ACCOUNT}:role/control`,
        }),
      )
      .catch((caught: Error) => caught);
    expect((error as Error).message).to.contain('iam:PassRole');
  });
});
