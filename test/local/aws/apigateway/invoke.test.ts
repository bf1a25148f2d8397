import { gunzipSync, gzipSync } from 'node:zlib';
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import {
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { policy, TestCloud } from '../support.js';
import { BUCKET, FilesApi } from './api.js';

describe('invoking a REST API', () => {
  const cloud = new TestCloud();
  const api = new FilesApi(cloud);
  before(async () => {
    await cloud.start();
    await api.create();
  });
  after(() => cloud.remove());

  it('is not possible before a deployment', async () => {
    expect(await api.call('GET', '/prod/files/a%20b')).to.include({ status: 403, message: 'Forbidden' });
    await api.deploy();
    expect((await api.call('GET', '/prod/files/a%20b')).status).to.equal(200);
  });

  it('maps path and headers to the service and its answer back', async () => {
    const answer = await api.call('GET', '/prod/files/a%20b');
    expect(answer.text).to.equal('x'.repeat(5000));
    expect(answer.headers.get('content-type')).to.equal('text/csv');
    await api.call('PUT', '/prod/files/new', {
      body: Buffer.from('héllo'),
      headers: { 'content-type': 'application/pdf' },
    });
    const stored = await cloud.s3().send(new GetObjectCommand({ Bucket: BUCKET, Key: 'new' }));
    expect(stored.ContentType).to.equal('text/plain');
    expect(await stored.Body!.transformToString()).to.equal('héllo');
  });

  it('selects the answer’s status by pattern, else the default', async () => {
    const missing = await api.call('GET', '/prod/files/missing');
    expect(missing.status).to.equal(404);
    expect(missing.text).to.contain('NoSuchKey');
  });

  it('refuses callers in its own words', async () => {
    const get = (keys: Parameters<FilesApi['call']>[2]) => api.call('GET', '/prod/files/a', keys);
    expect(await get({ keys: null })).to.include({ status: 403, message: 'Missing Authentication Token' });
    const stranger = await get({ keys: await cloud.user('stranger') });
    expect(stranger.status).to.equal(403);
    expect(stranger.headers.get('x-amzn-errortype')).to.equal('AccessDeniedException');
    expect(stranger.message).to.match(
      /^User: .*user\/stranger is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:\*{8}9012:\w+\/prod\/GET\/files\/a/,
    );
    const wrong = await get({ keys: { ...api.caller, secretAccessKey: 'x' } });
    expect(wrong.status).to.equal(403);
    expect(wrong.headers.get('x-amzn-errortype')).to.equal('InvalidSignatureException');
    const unknown = await get({ keys: { ...api.caller, accessKeyId: 'AKIA0000000000000000' } });
    expect(unknown.message).to.equal('The security token included in the request is invalid.');
  });

  it('lets a caller in by identity policy alone', async () => {
    const keys = await cloud.user('friend', {
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: `arn:aws:execute-api:*:*:${api.restApiId}/prod/GET/*`,
    });
    expect((await api.call('GET', '/prod/files/a%20b', { keys })).status).to.equal(200);
    expect((await api.call('PUT', '/prod/files/a%20b', { keys, body: Buffer.from('x') })).status).to.equal(
      403,
    );
  });

  it('does not know other paths, methods, stages or APIs', async () => {
    expect((await api.call('GET', '/prod/elsewhere')).message).to.equal('Missing Authentication Token');
    expect((await api.call('DELETE', '/prod/files/a')).message).to.equal('Missing Authentication Token');
    expect((await api.call('GET', '/test/files/a')).message).to.equal('Forbidden');
  });

  it('decompresses requests, and compresses answers of the size that the API says', async () => {
    const body = gzipSync('compressed text');
    await api.call('PUT', '/prod/files/zip', { body, headers: { 'content-encoding': 'gzip' } });
    const plain = await api.call('GET', '/prod/files/zip', { headers: { 'accept-encoding': 'gzip' } });
    expect(plain.headers.get('content-encoding')).to.equal(null);
    expect(plain.text).to.equal('compressed text');

    const patchOperations = [{ op: 'replace' as const, path: '/minimumCompressionSize', value: '1000' }];
    await api.client.send(new ApiGateway.UpdateRestApiCommand({ restApiId: api.restApiId, patchOperations }));
    const get = (name: string) =>
      api.call('GET', `/prod/files/${name}`, { headers: { 'accept-encoding': 'gzip' } });
    expect((await get('a%20b')).headers.get('content-encoding')).to.equal(
      null,
      'not live before a deployment',
    );
    await api.deploy();
    const big = await get('a%20b');
    expect(big.headers.get('content-encoding')).to.equal('gzip');
    expect(gunzipSync(big.bytes).length).to.equal(5000);
    expect((await get('zip')).headers.get('content-encoding')).to.equal(null);
  });

  it('leaves compressed what is below the minimum compression size, and decompresses again without one', async () => {
    const set = async (value?: string) => {
      const patchOperations = [{ op: 'replace' as const, path: '/minimumCompressionSize', value }];
      await api.client.send(
        new ApiGateway.UpdateRestApiCommand({ restApiId: api.restApiId, patchOperations }),
      );
      await api.deploy();
    };
    const stored = async () => {
      const body = gzipSync('0,1,2\n');
      await api.call('PUT', '/prod/files/small', { body, headers: { 'content-encoding': 'gzip' } });
      return (await api.call('GET', '/prod/files/small')).text;
    };
    await set('1024');
    expect(await stored()).not.to.contain('0,1,2');
    await set('10');
    expect(await stored()).to.equal('0,1,2\n');
    await set('1024');
    await set();
    expect(await stored()).to.equal('0,1,2\n');
  });

  it('refuses other encodings and broken ones', async () => {
    const put = (encoding: string) =>
      api.call('PUT', '/prod/files/x', { body: Buffer.from('x'), headers: { 'content-encoding': encoding } });
    expect((await put('compress')).status).to.equal(415);
    expect((await put('gzip')).status).to.equal(400);
  });

  it('takes 10 MB and no more, compressed or not', async () => {
    const limit = 10 * 2 ** 20;
    const put = (body: Buffer, headers = {}) => api.call('PUT', '/prod/files/large', { body, headers });
    expect((await put(Buffer.alloc(limit, 'a'))).status).to.equal(200);
    const over = await put(Buffer.alloc(limit + 1, 'a'));
    expect(over).to.include({ status: 413, message: 'HTTP content length exceeded 10485760 bytes.' });
    expect(
      (await put(gzipSync(Buffer.alloc(limit + 1, 'a')), { 'content-encoding': 'gzip' })).status,
    ).to.equal(413);
  });

  it('answers 500, and says why in the test log only, when its role may not be assumed', async () => {
    const iam = cloud.iam();
    const trust = (Service: string) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'gateway',
          PolicyDocument: policy({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }),
        }),
      );
    await trust('lambda.amazonaws.com');
    expect(await api.call('GET', '/prod/files/a%20b')).to.include({
      status: 500,
      message: 'Internal server error',
    });
    const test = await api.client.send(
      new ApiGateway.TestInvokeMethodCommand({
        restApiId: api.restApiId,
        resourceId: api.resourceId,
        httpMethod: 'GET',
        pathWithQueryString: '/files/a%20b',
      }),
    );
    expect(test.log).to.contain('does not have permission to assume the provided role');
    await trust('apigateway.amazonaws.com');
    expect((await api.call('GET', '/prod/files/a%20b')).status).to.equal(200);
  });

  it('passes on what its role may not do as the status that the service answers', async () => {
    const iam = cloud.iam();
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'gateway', PolicyName: 'p' }));
    const denied = await api.call('GET', '/prod/files/a%20b');
    expect(denied.status).to.equal(500); // the default response of this API: 403 has no pattern
    expect(denied.text).to.match(
      /assumed-role\/gateway\/BackplaneAssumeRoleSession is not authorized to perform: s3:GetObject/,
    );
    const document = policy({
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
      Resource: '*',
    });
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'gateway', PolicyName: 'p', PolicyDocument: document }),
    );
  });

  it('throttles by the stage’s limits', async () => {
    const set = (name: string, value: string) => ({
      op: 'replace' as const,
      path: `/*/*/throttling/${name}`,
      value,
    });
    await api.client.send(
      new ApiGateway.UpdateStageCommand({
        restApiId: api.restApiId,
        stageName: 'prod',
        patchOperations: [set('rateLimit', '1'), set('burstLimit', '2')],
      }),
    );
    const statuses = await Promise.all(
      [1, 2, 3, 4].map(async () => (await api.call('GET', '/prod/files/zip')).status),
    );
    expect(statuses.sort()).to.deep.equal([200, 200, 429, 429]);
    cloud.clock.advance(1000);
    expect((await api.call('GET', '/prod/files/zip')).status).to.equal(200);
  });
});
