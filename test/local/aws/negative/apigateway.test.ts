/** What API Gateway refuses: the API reference's exceptions, and the Developer Guide's "Gateway response types". */
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import { expect } from 'chai';
import { type Answer, FilesApi } from '../apigateway/api.js';
import { ACCOUNT, type Keys, policy, TestCloud } from '../support.js';
import { refuses } from './refuses.js';

describe('negative: API Gateway', () => {
  const cloud = new TestCloud();
  const api = new FilesApi(cloud);
  let narrow: Keys;

  before(async () => {
    await cloud.start();
    await api.create();
    narrow = await cloud.user('narrow', { Effect: 'Allow', Action: 'apigateway:*', Resource: '*' });
  });
  after(() => cloud.remove());

  const at = () => ({ restApiId: api.restApiId, resourceId: api.resourceId });
  const role = `arn:aws:iam::${ACCOUNT}:role/gateway`;
  const integration = (change: object, keys?: Keys) =>
    (keys ? cloud.apigateway(keys) : api.client).send(
      new ApiGateway.PutIntegrationCommand({
        ...at(),
        httpMethod: 'GET',
        type: 'AWS',
        integrationHttpMethod: 'GET',
        uri: 'arn:aws:apigateway:us-east-1:s3:path/x',
        credentials: role,
        ...change,
      }),
    );
  const method = (change: object) =>
    api.client.send(
      new ApiGateway.PutMethodCommand({
        ...at(),
        httpMethod: 'POST',
        authorizationType: 'AWS_IAM',
        ...change,
      }),
    );

  describe('control plane', () =>
    refuses([
      {
        what: 'an API that does not exist',
        call: () => api.client.send(new ApiGateway.GetRestApiCommand({ restApiId: 'missing' })),
        code: 'NotFoundException',
        status: 404,
      },
      ...['bogus', Buffer.from('7').toString('base64url')].map((position) => ({
        what: `a position that no listing returned: ${position}`,
        call: () => api.client.send(new ApiGateway.GetRestApisCommand({ position })),
        code: 'BadRequestException',
        status: 400,
        says: /position/,
      })),
      {
        what: 'a page of no size',
        call: () => api.client.send(new ApiGateway.GetRestApisCommand({ limit: 0 })),
        code: 'BadRequestException',
        status: 400,
      },
      {
        what: 'an API without a name',
        call: () => api.client.send(new ApiGateway.CreateRestApiCommand({ name: '' })),
        code: 'BadRequestException',
        status: 400,
      },
      {
        what: 'a resource policy that is not valid',
        call: () => api.client.send(new ApiGateway.CreateRestApiCommand({ name: 'x', policy: '{' })),
        code: 'BadRequestException',
        status: 400,
        says: /policy/i,
      },
      {
        what: 'a resource policy that names nobody who exists',
        call: () =>
          api.client.send(
            new ApiGateway.CreateRestApiCommand({
              name: 'x',
              policy: policy({
                Effect: 'Allow',
                Principal: { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/missing/s` },
                Action: 'execute-api:Invoke',
                Resource: '*',
              }),
            }),
          ),
        code: 'BadRequestException',
        status: 400,
        says: /principal|policy/i,
      },
      {
        what: 'a compression size below zero',
        call: () =>
          api.client.send(new ApiGateway.CreateRestApiCommand({ name: 'x', minimumCompressionSize: -5 })),
        code: 'BadRequestException',
        status: 400,
      },
      {
        what: 'a resource that exists already',
        call: () =>
          api.client.send(
            new ApiGateway.CreateResourceCommand({
              restApiId: api.restApiId,
              parentId: api.rootId,
              pathPart: 'files',
            }),
          ),
        code: 'ConflictException',
        status: 409,
      },
      {
        what: 'a path part with a space',
        call: () =>
          api.client.send(
            new ApiGateway.CreateResourceCommand({
              restApiId: api.restApiId,
              parentId: api.rootId,
              pathPart: 'a b',
            }),
          ),
        code: 'BadRequestException',
        status: 400,
      },
      {
        what: 'a resource below one that does not exist',
        call: () =>
          api.client.send(
            new ApiGateway.CreateResourceCommand({
              restApiId: api.restApiId,
              parentId: 'missing',
              pathPart: 'x',
            }),
          ),
        code: 'NotFoundException',
        status: 404,
      },
      {
        what: 'a method that exists already',
        call: () => method({ httpMethod: 'GET' }),
        code: 'ConflictException',
        status: 409,
      },
      {
        what: 'an authorization that does not exist',
        call: () => method({ authorizationType: 'MAGIC' }),
        code: 'BadRequestException',
        status: 400,
      },
      {
        what: 'a path parameter that the path does not have',
        call: () => method({ requestParameters: { 'method.request.path.other': true } }),
        code: 'BadRequestException',
        status: 400,
      },
      {
        what: 'an integration URI that is none',
        call: () => integration({ uri: 'http://example.org' }),
        code: 'BadRequestException',
        status: 400,
      },
      {
        what: 'an integration of more than 29 seconds',
        call: () => integration({ timeoutInMillis: 60_000 }),
        code: 'BadRequestException',
        status: 400,
      },
      {
        what: 'an integration whose role the caller may not pass',
        call: () => integration({}, narrow),
        code: 'AccessDeniedException',
        status: 403,
        says: /iam:PassRole/,
      },
      {
        what: 'an integration with another account’s role',
        call: () => integration({ credentials: 'arn:aws:iam::999999999999:role/theirs' }),
        code: 'AccessDeniedException',
        status: 403,
        says: /[Cc]ross-account/,
      },
      {
        what: 'a deployment with a method that goes nowhere',
        call: async () => {
          await method({});
          try {
            await api.client.send(
              new ApiGateway.CreateDeploymentCommand({ restApiId: api.restApiId, stageName: 'prod' }),
            );
          } finally {
            await api.client.send(new ApiGateway.DeleteMethodCommand({ ...at(), httpMethod: 'POST' }));
          }
        },
        code: 'BadRequestException',
        status: 400,
        says: /No integration defined/,
      },
      {
        what: 'a deployment without any method',
        call: async () => {
          const { id } = await api.client.send(new ApiGateway.CreateRestApiCommand({ name: 'empty' }));
          await api.client.send(
            new ApiGateway.CreateDeploymentCommand({ restApiId: id!, stageName: 'prod' }),
          );
        },
        code: 'BadRequestException',
        status: 400,
        says: /doesn't contain any methods/,
      },
      {
        what: 'a stage of a deployment that does not exist',
        call: () =>
          api.client.send(
            new ApiGateway.CreateStageCommand({
              restApiId: api.restApiId,
              stageName: 'x',
              deploymentId: 'missing',
            }),
          ),
        code: 'NotFoundException',
        status: 404,
      },
      {
        what: 'deleting a deployment that a stage shows',
        call: async () => {
          const deploymentId = await api.deploy();
          await api.client.send(
            new ApiGateway.DeleteDeploymentCommand({ restApiId: api.restApiId, deploymentId }),
          );
        },
        code: 'BadRequestException',
        status: 400,
        says: /Active stages/,
      },
      {
        what: 'an API of another account',
        call: () =>
          cloud
            .apigateway({ ...cloud.aws.createVendorUser('stranger') })
            .send(new ApiGateway.GetRestApiCommand({ restApiId: api.restApiId })),
        code: 'AccessDeniedException',
        status: 403,
      },
    ]));

  describe('invoke plane', () => {
    interface Turned {
      what: string;
      call: () => Promise<Answer>;
      status: number;
      type: string;
      says: RegExp;
    }
    const path = '/prod/files/a%20b';
    before(() => api.deploy());

    const turned: Turned[] = [
      {
        what: 'a stage that was never deployed',
        call: () => api.call('GET', '/other/files/a%20b'),
        status: 403,
        type: 'ForbiddenException',
        says: /^Forbidden$/,
      },
      {
        what: 'a path that no resource has',
        call: () => api.call('GET', '/prod/nothing'),
        status: 403,
        type: 'MissingAuthenticationTokenException',
        says: /^Missing Authentication Token$/,
      },
      {
        what: 'a method that the resource does not have',
        call: () => api.call('DELETE', path),
        status: 403,
        type: 'MissingAuthenticationTokenException',
        says: /^Missing Authentication Token$/,
      },
      {
        what: 'no signature',
        call: () => api.call('GET', path, { keys: null }),
        status: 403,
        type: 'MissingAuthenticationTokenException',
        says: /^Missing Authentication Token$/,
      },
      {
        what: 'a wrong secret',
        call: () => api.call('GET', path, { keys: { ...api.caller, secretAccessKey: 'wrong' } }),
        status: 403,
        type: 'InvalidSignatureException',
        says: /signature we calculated does not match/,
      },
      {
        what: 'a token that is not known',
        call: () => api.call('GET', path, { keys: { ...api.caller, sessionToken: 'made-up' } }),
        status: 403,
        type: 'UnrecognizedClientException',
        says: /security token included in the request is invalid/,
      },
      {
        what: 'somebody whom no policy lets in',
        call: () => api.call('GET', path, { keys: narrow }),
        status: 403,
        type: 'AccessDeniedException',
        says: /not authorized to perform: execute-api:Invoke on resource: .*\*{8}9012/,
      },
      {
        what: 'more than 10 MB',
        call: () => api.call('PUT', path, { body: Buffer.alloc(10 * 2 ** 20 + 1) }),
        status: 413,
        type: 'RequestTooLargeException',
        says: /HTTP content length exceeded 10485760 bytes/,
      },
      {
        what: 'an encoding that it does not know',
        call: () => api.call('PUT', path, { body: Buffer.from('x'), headers: { 'content-encoding': 'br' } }),
        status: 415,
        type: 'UnsupportedMediaTypeException',
        says: /Unsupported Media Type/,
      },
      {
        what: 'a body that is not the gzip that it claims to be',
        call: () =>
          api.call('PUT', path, { body: Buffer.from('x'), headers: { 'content-encoding': 'gzip' } }),
        status: 400,
        type: 'BadRequestException',
        says: /not gzip/,
      },
      {
        what: 'one request too many',
        call: async () => {
          const throttle = (op: 'replace' | 'remove') =>
            api.client.send(
              new ApiGateway.UpdateStageCommand({
                restApiId: api.restApiId,
                stageName: 'prod',
                patchOperations: [
                  { op, path: '/*/*/throttling/rateLimit', value: '0.001' },
                  { op, path: '/*/*/throttling/burstLimit', value: '1' },
                ],
              }),
            );
          await throttle('replace');
          await api.call('GET', path);
          const answer = await api.call('GET', path);
          await throttle('remove');
          return answer;
        },
        status: 429,
        type: 'TooManyRequestsException',
        says: /^Too Many Requests$/,
      },
    ];
    for (const { what, call, status, type, says } of turned)
      it(`${type} (${status}): ${what}`, async () => {
        const answer = await call();
        expect(answer.status, answer.text).to.equal(status);
        expect(answer.headers.get('x-amzn-errortype')).to.equal(type);
        expect(answer.message).to.match(says);
      });
  });
});
