import * as ApiGateway from '@aws-sdk/client-api-gateway';
import { expect } from 'chai';
import { ACCOUNT, policy, refused, TestCloud } from '../support.js';
import { BUCKET, FilesApi } from './api.js';

describe('the API Gateway control plane', () => {
  const cloud = new TestCloud();
  const api = new FilesApi(cloud);
  let client: ApiGateway.APIGatewayClient;
  before(async () => {
    await cloud.start();
    await api.create();
    client = api.client;
  });
  after(() => cloud.remove());

  const at = () => ({ restApiId: api.restApiId, resourceId: api.resourceId, httpMethod: 'GET' });

  it('reads back what was created, the policy completed and escaped', async () => {
    const got = await client.send(new ApiGateway.GetRestApiCommand({ restApiId: api.restApiId }));
    expect(got).to.deep.include({ name: 'files', tags: { project: 'test' } });
    expect(got.endpointConfiguration!.types).to.deep.equal(['REGIONAL']);
    expect(got.createdDate!.getTime()).to.be.closeTo(Date.now(), 60_000);
    const document = JSON.parse(JSON.parse(`"${got.policy}"`) as string) as {
      Statement: { Resource: string }[];
    };
    expect(document.Statement[0]!.Resource).to.equal(
      `arn:aws:execute-api:us-east-1:${ACCOUNT}:${api.restApiId}/*`,
    );
    const list = await client.send(new ApiGateway.GetRestApisCommand({ limit: 500 }));
    expect(list.items!.map((item) => item.id)).to.deep.equal([api.restApiId]);
  });

  it('lists resources with their methods and integrations', async () => {
    const list = await client.send(
      new ApiGateway.GetResourcesCommand({ restApiId: api.restApiId, embed: ['methods'], limit: 500 }),
    );
    expect(list.items!.map((item) => item.path)).to.deep.equal(['/', '/files', '/files/{name}']);
    const { GET } = list.items![2]!.resourceMethods!;
    expect(GET).to.deep.include({ authorizationType: 'AWS_IAM', apiKeyRequired: false });
    expect(GET!.methodIntegration).to.deep.include({
      type: 'AWS',
      httpMethod: 'GET',
      timeoutInMillis: 29_000,
    });
    expect(GET!.methodIntegration!.integrationResponses!['404']).to.include({ selectionPattern: '404' });
  });

  it('changes by patches', async () => {
    const replace = (path: string, value: string) => ({ op: 'replace' as const, path, value });
    const { restApiId } = api;
    await client.send(
      new ApiGateway.UpdateRestApiCommand({
        restApiId,
        patchOperations: [replace('/description', 'd'), { op: 'add', path: '/binaryMediaTypes/image~1png' }],
      }),
    );
    const got = await client.send(new ApiGateway.GetRestApiCommand({ restApiId }));
    expect(got).to.deep.include({ description: 'd', binaryMediaTypes: ['image/png'] });
    await client.send(
      new ApiGateway.UpdateIntegrationCommand({
        ...at(),
        patchOperations: [
          replace('/timeoutInMillis', '5000'),
          { op: 'add', path: '/requestParameters/integration.request.header.X-Y', value: "'z'" },
        ],
      }),
    );
    const integration = await client.send(new ApiGateway.GetIntegrationCommand(at()));
    expect(integration.timeoutInMillis).to.equal(5000);
    expect(integration.requestParameters).to.include({ 'integration.request.header.X-Y': "'z'" });
    await refused(
      client.send(
        new ApiGateway.UpdateRestApiCommand({ restApiId, patchOperations: [replace('/nothing', 'x')] }),
      ),
      'BadRequestException',
      /Invalid patch path/,
    );
  });

  it('deploys and stages', async () => {
    const { restApiId } = api;
    const first = await api.deploy();
    const second = await api.deploy();
    const stage = await client.send(new ApiGateway.GetStageCommand({ restApiId, stageName: 'prod' }));
    expect(stage.deploymentId).to.equal(second);
    const remove = (deploymentId: string) =>
      client.send(new ApiGateway.DeleteDeploymentCommand({ restApiId, deploymentId }));
    await refused(remove(second), 'BadRequestException', /Active stages pointing to this deployment/);
    await remove(first);
    await client.send(
      new ApiGateway.CreateStageCommand({ restApiId, stageName: 'beta', deploymentId: second }),
    );
    await refused(
      client.send(new ApiGateway.CreateStageCommand({ restApiId, stageName: 'beta', deploymentId: second })),
      'ConflictException',
    );
    expect((await client.send(new ApiGateway.GetStagesCommand({ restApiId }))).item!.length).to.equal(2);
    await client.send(new ApiGateway.DeleteStageCommand({ restApiId, stageName: 'beta' }));
    await refused(
      client.send(new ApiGateway.GetStageCommand({ restApiId, stageName: 'beta' })),
      'NotFoundException',
    );
  });

  it('tags by ARN', async () => {
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${api.restApiId}`;
    await client.send(new ApiGateway.TagResourceCommand({ resourceArn, tags: { more: 'a b' } }));
    await client.send(new ApiGateway.UntagResourceCommand({ resourceArn, tagKeys: ['project'] }));
    expect((await client.send(new ApiGateway.GetTagsCommand({ resourceArn }))).tags).to.deep.equal({
      more: 'a b',
    });
  });

  it('refuses what AWS refuses', async () => {
    const { restApiId, resourceId } = api;
    const send = client.send.bind(client) as (command: never) => Promise<unknown>;
    const cases: [object, string, RegExp][] = [
      [
        new ApiGateway.GetRestApiCommand({ restApiId: 'nothere' }),
        'NotFoundException',
        /Invalid API identifier/,
      ],
      [
        new ApiGateway.CreateResourceCommand({ restApiId, parentId: api.rootId, pathPart: 'files' }),
        'ConflictException',
        /already has this name/,
      ],
      [
        new ApiGateway.CreateResourceCommand({ restApiId, parentId: api.rootId, pathPart: 'a b' }),
        'BadRequestException',
        /path part only allow/,
      ],
      [
        new ApiGateway.PutMethodCommand({ ...at(), authorizationType: 'AWS_IAM' }),
        'ConflictException',
        /already exists/,
      ],
      [
        new ApiGateway.PutMethodCommand({
          restApiId,
          resourceId,
          httpMethod: 'POST',
          authorizationType: 'MAGIC',
        }),
        'BadRequestException',
        /Authorization type/,
      ],
      [
        integration({ requestParameters: { 'integration.request.path.key': 'method.request.path.other' } }),
        'BadRequestException',
        /Invalid mapping expression parameter/,
      ],
      [
        integration({ uri: 'arn:aws:apigateway:us-east-1:s3:nothing' }),
        'BadRequestException',
        /path or action/,
      ],
      [integration({ timeoutInMillis: 30_000 }), 'BadRequestException', /between 50 ms and 29000 ms/],
      [
        integration({ integrationHttpMethod: undefined }),
        'BadRequestException',
        /HttpMethod must be non-empty/,
      ],
      [
        integration({ credentials: 'arn:aws:iam::999999999999:role/gateway' }),
        'AccessDeniedException',
        /Cross-account pass role/,
      ],
      [
        new ApiGateway.PutIntegrationResponseCommand({ ...at(), statusCode: '418' }),
        'NotFoundException',
        /Response status code/,
      ],
      [
        new ApiGateway.CreateRestApiCommand({ name: 'x', policy: '{}' }),
        'BadRequestException',
        /Invalid policy document/,
      ],
      [
        new ApiGateway.CreateRestApiCommand({
          name: 'x',
          policy: policy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/none` },
            Action: '*',
            Resource: '*',
          }),
        }),
        'BadRequestException',
        /Principals are valid/,
      ],
      [
        new ApiGateway.CreateRestApiCommand({ name: 'x', minimumCompressionSize: -1 }),
        'BadRequestException',
        /compression size/,
      ],
    ];
    for (const [command, name, message] of cases) await refused(send(command as never), name, message);

    function integration(more: Partial<ApiGateway.PutIntegrationCommandInput>) {
      return new ApiGateway.PutIntegrationCommand({
        ...at(),
        type: 'AWS',
        integrationHttpMethod: 'GET',
        uri: `arn:aws:apigateway:us-east-1:s3:path/${BUCKET}/{key}`,
        credentials: api.gatewayRole,
        ...more,
      });
    }
  });

  it('refuses by name what it does not have', async () => {
    const mock = new ApiGateway.PutIntegrationCommand({ ...at(), type: 'MOCK' });
    await refused(
      client.send(mock),
      'NotImplemented',
      /local API Gateway does not support integrations of type MOCK/,
    );
    await refused(client.send(new ApiGateway.GetApiKeysCommand({})), 'NotImplemented', /GET \/apikeys/);
  });

  it('checks its callers, and that they may pass the integration’s role', async () => {
    const keys = await cloud.user('deployer', { Effect: 'Allow', Action: 'apigateway:*', Resource: '*' });
    const deployer = cloud.apigateway(keys);
    const put = new ApiGateway.PutIntegrationCommand({
      ...at(),
      type: 'AWS',
      integrationHttpMethod: 'GET',
      uri: `arn:aws:apigateway:us-east-1:s3:path/${BUCKET}/x`,
      credentials: api.gatewayRole,
    });
    await refused(deployer.send(put), 'AccessDeniedException', /iam:PassRole on resource: .*role\/gateway/);
    const reader = cloud.apigateway(
      await cloud.user('reader', { Effect: 'Allow', Action: 'apigateway:GET', Resource: '*' }),
    );
    await reader.send(new ApiGateway.GetRestApisCommand({}));
    const remove = reader.send(new ApiGateway.DeleteRestApiCommand({ restApiId: api.restApiId }));
    await refused(
      remove,
      'AccessDeniedException',
      /apigateway:DELETE on resource: arn:aws:apigateway:us-east-1::\/restapis/,
    );
  });

  it('is there after a restart, and gone after its deletion', async () => {
    await cloud.stop();
    await cloud.start();
    client = cloud.apigateway();
    const { restApiId } = api;
    expect(
      (await client.send(new ApiGateway.GetStageCommand({ restApiId, stageName: 'prod' }))).stageName,
    ).to.equal('prod');
    await client.send(new ApiGateway.DeleteRestApiCommand({ restApiId }));
    expect((await client.send(new ApiGateway.GetRestApisCommand({}))).items).to.deep.equal([]);
  });
});
