/** The deployer against moto: Snowflake is the local one, AWS is an AWS that nobody here wrote. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import { GetRoleCommand, GetRolePolicyCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  DeleteBucketPolicyCommand,
  GetBucketEncryptionCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  DeleteModelPackageCommand,
  DescribeEndpointCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  StopTrainingJobCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { systemClock } from '@local-cloud/kit/clock.js';
import { type SnowflakeServer, startSnowflake } from '@local-cloud/snowflake/server.js';
import { expect } from 'chai';
import type { AwsClients } from '../../deploy/clients/aws.js';
import { connectAws } from '../../deploy/clients/aws-sdk.js';
import { drive } from '../../deploy/clients/drive.js';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import type { Context } from '../../deploy/context.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { apply } from '../../deploy/operate/apply.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { loadSettings } from '../../deploy/settings/load.js';
import { bucketName } from '../../deploy/stack/names.js';
import type { Target } from '../../deploy/target.js';
import { startTraining, trainingOf } from '../../procedures/jobs/training-job.js';
import { endpointInService } from '../deploy/endpoint.js';
import { fakeContext } from '../deploy/fake-context.js';
import { planned } from '../deploy/planned.js';
import { type Moto, startMoto } from './moto.js';
import { pythonWith } from './python.js';

/** What moto 5.2 does not have, by name, so that a deployer that came to need it fails here with a reason. */
const LACKING: Record<string, (aws: AwsClients, api: string) => Promise<unknown>> = {
  'sagemaker UpdateEndpoint': ({ sageMaker }) =>
    sageMaker.send(new UpdateEndpointCommand({ EndpointName: 'x', EndpointConfigName: 'x' })),
  'sagemaker StopTrainingJob': ({ sageMaker }) =>
    sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: 'x' })),
  'sagemaker DeleteModelPackage': ({ sageMaker }) =>
    sageMaker.send(new DeleteModelPackageCommand({ ModelPackageName: 'x' })),
  'apigateway TestInvokeMethod': ({ apiGateway }, restApiId) =>
    apiGateway.send(
      new ApiGateway.TestInvokeMethodCommand({ restApiId, resourceId: 'x', httpMethod: 'POST' }),
    ),
  'apigateway TagResource': ({ apiGateway, region }, api) =>
    apiGateway.send(
      new ApiGateway.TagResourceCommand({
        resourceArn: `arn:aws:apigateway:${region}::/restapis/${api}`,
        tags: { a: 'b' },
      }),
    ),
};

describe('deploying with moto as AWS', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'moto-'));
  /** Operations that the deployer called, such as `iam CreateRole`. */
  const called = new Set<string>();
  let moto: Moto | undefined;
  let server: SnowflakeServer | undefined;
  let ctx: Context;
  let aws: AwsClients;
  /** Clients whose calls are not the deployer's. */
  let bystander: AwsClients;
  let discarded = false;

  before(async function () {
    const python = pythonWith('moto.server, moto');
    if (!python) {
      console.log("skipped: no Python here has moto's server (pip install 'moto[server]', or set PYTHON)");
      return this.skip();
    }
    moto = await startMoto(python);
    console.log(`moto ${moto.version}`);
    // As anybody would send the deployer elsewhere.
    process.env.AWS_ENDPOINT_URL = moto.endpoint;
    const keys = { accessKeyId: 'testing', secretAccessKey: 'testing' };
    // The local Snowflake meets moto too, when it assumes a role and looks into the bucket.
    const user = { arn: 'arn:aws:iam::999999999999:user/vendor', ...keys };
    server = await startSnowflake({
      stateDir,
      clock: systemClock,
      network: { aws: { endpoint: moto.endpoint, region: 'us-east-1', user }, smtpUrl: '' },
    });
    const settings = loadSettings('/dev/null', {});
    const { accessUrl, account, user: username, password, role } = server;
    const snowflake = await connectSnowflake(
      { accessUrl, account, username, password, role },
      '',
      settings.snowflake,
    );
    aws = await connectAws({ region: 'us-east-1', credentials: keys });
    bystander = await connectAws({ region: 'us-east-1', credentials: keys });
    recordCalls(aws, called);
    const target = {
      name: 'local',
      dataIsDisposable: true,
      trainingProblem: async () => undefined,
      discard: async () => {
        discarded = true;
      },
    } as unknown as Target;
    ctx = fakeContext({ settings, target, snowflake, aws });
  });
  after(async () => {
    delete process.env.AWS_ENDPOINT_URL;
    aws?.close();
    bystander?.close();
    await ctx?.snowflake.close();
    await server?.close();
    await moto?.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it('completes its AWS part', async () => {
    const { created } = await apply(ctx);
    expect(created.filter((id) => id.startsWith('aws.'))).to.have.members([
      'aws.bucket:los-123456789012-us-east-1',
      'aws.iam-role:los-apigateway',
      'aws.iam-role:los-control',
      'aws.iam-role:los-sagemaker',
      'aws.iam-role:los-snowflake-api',
      'aws.iam-role:los-snowflake-control',
      'aws.iam-role:los-snowflake-s3',
      'aws.rest-api:los',
      'aws.trust:los-snowflake-api',
      'aws.trust:los-snowflake-control',
      'aws.trust:los-snowflake-s3',
    ]);
  });

  it('made what it declares, read back from moto', async () => {
    const { settings } = ctx;
    const Bucket = bucketName(ctx);
    const { ServerSideEncryptionConfiguration } = await aws.s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    const rule = ServerSideEncryptionConfiguration?.Rules?.[0];
    expect(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).to.equal('AES256');
    const { PublicAccessBlockConfiguration: block } = await aws.s3.send(
      new GetPublicAccessBlockCommand({ Bucket }),
    );
    expect(Object.values(block ?? {})).to.deep.equal([true, true, true, true]);

    const { roles } = settings.aws;
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: roles.snowflakeStorage }));
    const [trust] = JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).Statement;
    const described = await ctx.snowflake.query(
      `DESCRIBE INTEGRATION ${settings.snowflake.integrations.storage}`,
    );
    const property = (name: string) => described.find((row) => row.property === name)?.property_value;
    expect(trust.Principal.AWS).to.equal(property('STORAGE_AWS_IAM_USER_ARN'));
    expect(trust.Condition.StringEquals['sts:ExternalId']).to.equal(property('STORAGE_AWS_EXTERNAL_ID'));
    const inline = await aws.iam.send(
      new GetRolePolicyCommand({ RoleName: roles.apiGateway, PolicyName: 'apigateway' }),
    );
    expect(decodeURIComponent(inline.PolicyDocument!)).to.contain('sagemaker:InvokeEndpoint');

    const { items = [] } = await aws.apiGateway.send(new ApiGateway.GetRestApisCommand({}));
    const restApiId = items.find((api) => api.name === settings.aws.restApi.name)!.id!;
    const resources = await aws.apiGateway.send(new ApiGateway.GetResourcesCommand({ restApiId }));
    const leaf = resources.items!.find(({ path }) => path === '/endpoints/{endpoint}/invocations')!;
    const method = await aws.apiGateway.send(
      new ApiGateway.GetMethodCommand({ restApiId, resourceId: leaf.id, httpMethod: 'POST' }),
    );
    expect(method.authorizationType).to.equal('AWS_IAM');
    expect(method.methodIntegration?.uri).to.contain(
      ':runtime.sagemaker:path/endpoints/{endpoint}/invocations',
    );
    expect(Object.keys(method.methodIntegration?.integrationResponses ?? {})).to.have.members([
      '200',
      '400',
      '429',
      '500',
      '503',
    ]);
    const stage = await aws.apiGateway.send(new ApiGateway.GetStageCommand({ restApiId, stageName: 'prod' }));
    expect(stage.deploymentId).to.be.a('string');
  });

  it('finds nothing to do the second time', async () => {
    const { changes } = await plan(ctx);
    expect(changes.map(({ action, id, reason }) => `${action} ${id}: ${reason}`)).to.deep.equal([]);
  });

  it('mends what others broke', async () => {
    const { items = [] } = await aws.apiGateway.send(new ApiGateway.GetRestApisCommand({}));
    await aws.apiGateway.send(new ApiGateway.DeleteRestApiCommand({ restApiId: items[0]!.id! }));
    expect((await apply(ctx)).created).to.include('aws.rest-api:los');
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('trains and makes an endpoint', async () => {
    // moto leaves out the conditions of a bucket's policy, so that it refuses TLS as well.
    await aws.s3.send(new DeleteBucketPolicyCommand({ Bucket: bucketName(ctx) }));
    const location = `s3://${bucketName(ctx)}/moto`;
    for (const channel of ['train', 'validation'])
      await aws.s3.send(
        new PutObjectCommand({ Bucket: bucketName(ctx), Key: `moto/${channel}/rows.csv`, Body: '1,2\n' }),
      );
    const making = await planned(ctx, loadContract(ctx.settings.dataset));
    const job = { name: 'los-moto-v1', hyperparameters: { num_round: '5' } };
    const files = { version: 'v1', location, weighted: false };
    // As Snowflake may, the request is delivered twice.
    for (let i = 0; i < 2; i++) await drive(ctx, startTraining(making, files, job));
    let trained = await drive(ctx, trainingOf(job.name));
    while (typeof trained === 'string') trained = await drive(ctx, trainingOf(job.name));
    expect(trained.artifact).to.match(/^s3:.*model\.tar\.gz$/);
    await endpointInService(ctx, { name: 'los-moto-v1', version: 'v1', artifact: trained.artifact });
    const endpoint = await aws.sageMaker.send(new DescribeEndpointCommand({ EndpointName: 'los-moto-v1' }));
    expect(endpoint.EndpointStatus).to.equal('InService');
    // Apply leaves alone what training made, and misses what was taken away above.
    const { changes } = await plan(ctx);
    expect(
      changes.flatMap(({ id, differences }) => differences.map(({ property }) => `${id} ${property}`)),
    ).to.deep.equal([`aws.bucket:${bucketName(ctx)} transport`]);
  });

  for (const [operation, call] of Object.entries(LACKING))
    it(`gets no ${operation} from moto`, async () => {
      const { items = [] } = await bystander.apiGateway.send(new ApiGateway.GetRestApisCommand({}));
      const error = await call(bystander, items[0]!.id!).catch((e: unknown) => e as Error);
      expect(error, 'moto has it now: take it off the list').to.be.instanceOf(Error);
      expect(error).to.have.nested.property('$metadata.httpStatusCode').that.is.oneOf([404, 405, 500, 501]);
    });

  it('removes everything', async () => {
    const { kept } = await destroy(ctx, { yes: true, purgeData: true });
    expect(kept).to.deep.equal([]);
    expect(discarded).to.equal(true);
    const { sageMaker } = aws;
    expect((await aws.s3.send(new ListBucketsCommand({}))).Buckets ?? []).to.deep.equal([]);
    expect((await aws.iam.send(new ListRolesCommand({}))).Roles).to.deep.equal([]);
    expect((await aws.apiGateway.send(new ApiGateway.GetRestApisCommand({}))).items ?? []).to.deep.equal([]);
    expect((await sageMaker.send(new ListEndpointsCommand({}))).Endpoints).to.deep.equal([]);
    expect((await sageMaker.send(new ListEndpointConfigsCommand({}))).EndpointConfigs).to.deep.equal([]);
    expect((await sageMaker.send(new ListModelsCommand({}))).Models).to.deep.equal([]);
  });

  it('needed nothing that moto lacks', () => {
    expect(called.size).to.be.greaterThan(30);
    expect(Object.keys(LACKING).filter((operation) => called.has(operation))).to.deep.equal([]);
  });
});

/** Notes each operation that goes out through the clients. */
function recordCalls(aws: AwsClients, called: Set<string>): void {
  const record = (service: string, stack: AwsClients['iam']['middlewareStack']) =>
    stack.add(
      (next, context) => (args) => {
        called.add(`${service} ${context.commandName?.replace(/Command$/, '')}`);
        return next(args);
      },
      { step: 'initialize', name: 'recordCalls' },
    );
  const { iam, s3, apiGateway, sageMaker } = aws;
  const clients = { iam, s3, apigateway: apiGateway, sagemaker: sageMaker };
  for (const [service, client] of Object.entries(clients))
    record(service, client.middlewareStack as unknown as AwsClients['iam']['middlewareStack']);
}
