/** Faults on command as the official clients see them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateRestApiCommand, GetApiKeysCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListModelsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { operationNames as gatewayNames } from '@local-cloud/aws/apigateway/operation-names.js';
import { operationNames as s3Names } from '@local-cloud/aws/s3/operation-names.js';
import { type FaultKind, parseFault } from '@local-cloud/kit/faults/fault.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { expect } from 'chai';
import { FilesApi } from './apigateway/api.js';
import { TestCloud } from './support.js';

describe('faults on command', () => {
  const cloud = new TestCloud();
  const faults = new Faults();
  before(() => cloud.start({ faults }));
  after(() => cloud.remove());
  afterEach(() => faults.clear());

  const set = (...texts: string[]) => {
    for (const text of texts) faults.add(parseFault(text));
  };
  const hits = () => faults.list().map((fault) => fault.hits);
  const quick = () => ({ ...cloud.config(), requestHandler: { socketTimeout: 300 } });

  const calls: Record<string, () => Promise<unknown>> = {
    's3:ListBuckets': () => new S3Client(quick()).send(new ListBucketsCommand({})),
    'iam:ListRoles': () => cloud.iam().send(new ListRolesCommand({})),
    'sts:GetCallerIdentity': () => cloud.sts().send(new GetCallerIdentityCommand({})),
    'sagemaker:ListModels': () => new SageMakerClient(quick()).send(new ListModelsCommand({})),
    'sagemaker:InvokeEndpoint': () =>
      new SageMakerRuntimeClient(quick()).send(new InvokeEndpointCommand({ EndpointName: 'x', Body: '1' })),
    'apigateway:GetRestApis': () => cloud.apigateway().send(new GetRestApisCommand({})),
  };
  /** Error name and status by operation: the services' own words for the same trouble. */
  const expected: Record<string, Partial<Record<FaultKind, [string, number]>>> = {
    's3:ListBuckets': {
      throttle: ['SlowDown', 503],
      fail: ['InternalError', 500],
      unavailable: ['ServiceUnavailable', 503],
    },
    'iam:ListRoles': {
      throttle: ['Throttling', 400],
      fail: ['ServiceFailureException', 500],
      unavailable: ['ServiceUnavailable', 503],
    },
    'sts:GetCallerIdentity': {
      throttle: ['Throttling', 400],
      fail: ['InternalFailure', 500],
      unavailable: ['ServiceUnavailable', 503],
    },
    'sagemaker:ListModels': {
      throttle: ['ThrottlingException', 400],
      fail: ['InternalFailure', 500],
      unavailable: ['ServiceUnavailable', 503],
    },
    'sagemaker:InvokeEndpoint': {
      throttle: ['ThrottlingException', 429],
      fail: ['InternalFailure', 500],
      unavailable: ['ServiceUnavailable', 503],
    },
    'apigateway:GetRestApis': {
      throttle: ['TooManyRequestsException', 429],
      fail: ['InternalFailure', 500],
      unavailable: ['ServiceUnavailable', 503],
    },
  };

  for (const [operation, kinds] of Object.entries(expected))
    for (const [kind, [name, status]] of Object.entries(kinds))
      it(`${kind} ${operation}: ${name} ${status}, once`, async () => {
        set(`${operation}=${kind}`);
        const error = await calls[operation]!().catch((e: unknown) => e);
        expect(error).to.have.property('name', name);
        expect(error).to.have.nested.property('$metadata.httpStatusCode', status);
        const next = await calls[operation]!().catch((e: unknown) => e);
        expect(next).to.not.have.property('name', name);
      });

  it('cut: the client sees its connection go', async () => {
    set('sagemaker:ListModels=cut');
    const error = await calls['sagemaker:ListModels']!().catch((e: unknown) => e);
    expect(error).to.have.property('code', 'ECONNRESET');
  });

  it('lose: it is done, and the client does not know', async () => {
    const s3 = new S3Client({ ...quick(), forcePathStyle: true });
    set('s3:CreateBucket=lose');
    const error = await s3.send(new CreateBucketCommand({ Bucket: 'lost' })).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'ECONNRESET');
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).to.include('lost');
  });

  it('hang: the client gives up by its own time-out', async () => {
    set('s3:ListBuckets=hang');
    const started = Date.now();
    const error = await calls['s3:ListBuckets']!().catch((e: unknown) => e);
    expect(error).to.have.property('name', 'TimeoutError');
    expect(Date.now() - started).to.be.at.least(250);
  });

  it('garbage: the client cannot read the answer', async () => {
    set('sagemaker:ListModels=garbage', 's3:ListBuckets=garbage');
    for (const operation of ['sagemaker:ListModels', 's3:ListBuckets'])
      expect(await calls[operation]!().catch((e: unknown) => e)).to.be.instanceOf(Error);
  });

  it('are ridden out by a client that retries, and lose or double nothing', async () => {
    const s3 = new S3Client({ ...quick(), maxAttempts: 4, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'ridden-out' }));
    set('s3:PutObject=cut', 's3:PutObject=throttle', 's3:PutObject=fail');
    const Body = Buffer.alloc(300_000, 'x');
    await s3.send(new PutObjectCommand({ Bucket: 'ridden-out', Key: 'k', Body }));
    set('s3:GetObject=hang', 's3:GetObject=unavailable');
    const back = await s3.send(new GetObjectCommand({ Bucket: 'ridden-out', Key: 'k' }));
    expect(Buffer.from(await back.Body!.transformToByteArray()).equals(Body)).to.equal(true);
    expect(hits()).to.deep.equal([1, 1, 1, 1, 1]);
  });

  it('leave refusals alone: who may not call is told so first', async () => {
    set('iam:ListRoles=fail');
    const wrong = { accessKeyId: cloud.aws.accessKeyId, secretAccessKey: 'wrong' };
    const error = await cloud
      .iam(wrong)
      .send(new ListRolesCommand({}))
      .catch((e: unknown) => e);
    expect(error).to.have.property('name', 'SignatureDoesNotMatch');
    expect(hits()).to.deep.equal([0]);
  });

  it('know every operation of S3 and API Gateway by name', async () => {
    // The refusal of what is not supported lists what is.
    const supported = async (call: Promise<unknown>, separator: RegExp) => {
      const error = (await call.catch((e: unknown) => e)) as Error;
      return error.message
        .split('It has ')[1]!
        .replace(/\.$/, '')
        .split(separator)
        .map((name) => name.trim());
    };
    const s3 = new S3Client({ ...quick(), forcePathStyle: true });
    const names = await supported(s3.send(new GetBucketAclCommand({ Bucket: 'x' })), /;/);
    expect(names.length).to.be.greaterThan(30);
    expect(names.filter((name) => !(name in s3Names))).to.deep.equal([]);
    const routes = await supported(cloud.apigateway().send(new GetApiKeysCommand({})), /;/);
    expect(routes.length).to.be.greaterThan(30);
    expect(routes.filter((route) => !(route in gatewayNames))).to.deep.equal([]);
  });

  describe('at API Gateway', () => {
    const api = new FilesApi(cloud);
    before(async () => {
      await api.create();
      await api.deploy();
    });
    const get = () => api.call('GET', '/prod/files/a%20b');

    for (const [kind, status, message] of [
      ['throttle', 429, 'Too Many Requests'],
      ['fail', 500, 'Internal server error'],
      ['unavailable', 503, 'Service Unavailable'],
    ] as const)
      it(`${kind} execute-api:Invoke: ${status}`, async () => {
        set(`execute-api:Invoke=${kind}`);
        expect(await get()).to.deep.include({ status, message });
        expect((await get()).status).to.equal(200);
      });

    it('reach the service behind an integration, whose answer is mapped', async () => {
      set('s3:GetObject=fail');
      expect((await get()).status).to.equal(500);
      set('s3:GetObject=garbage');
      const answer = await get();
      expect(answer.status).to.equal(200);
      expect(answer.text).to.contain('<html>');
    });

    it('cut behind an integration is a 504', async () => {
      set('s3:GetObject=cut');
      expect(await get()).to.deep.include({
        status: 504,
        message: 'Network error communicating with endpoint',
      });
    });

    it('hang behind an integration is a 504 once API Gateway’s 29 seconds have passed', async () => {
      set('s3:GetObject=hang');
      let done = false;
      const answer = get().finally(() => {
        done = true;
      });
      while (hits()[0] === 0) await sleep(5);
      cloud.clock.advance(28_000);
      await sleep(50);
      expect(done).to.equal(false);
      cloud.clock.advance(1_000);
      expect(await answer).to.deep.include({ status: 504, message: 'Endpoint request timed out' });
    });

    it('spoil the control plane while the deployed API goes on', async () => {
      set('apigateway:*=unavailable,share=1');
      const error = await cloud
        .apigateway()
        .send(new CreateRestApiCommand({ name: 'x' }))
        .catch((e: unknown) => e);
      expect(error).to.have.property('name', 'ServiceUnavailable');
      expect((await get()).status).to.equal(200);
    });
  });
});
