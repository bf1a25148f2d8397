import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import * as IAM from '@aws-sdk/client-iam';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { plan } from '../../deploy/operate/plan.js';
import { findRestApi } from '../../deploy/resources/aws/find-rest-api.js';
import { controlActionNames } from '../../udfs/control/control-actions.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { sendSigned } from '../local/aws/apigateway/sign.js';
import { ACCOUNT, assume, type Caller, outcomeOf, trustOf } from './aws-rights.js';

const LOG_GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/hospital/los-api`;

describe('finding 6: who may predict', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let api: string;

  before(async () => {
    cloud = await embeddedCloud(`mail: { to: [] }\naws: { restApi: { accessLog: '${LOG_GROUP}' } }`);
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  /** A role of ours as what Snowflake or API Gateway is when it has assumed it. */
  const be = async (RoleName: string, session: string): Promise<Caller> => {
    await ctx.aws.iam.send(
      new IAM.UpdateAssumeRolePolicyCommand({
        RoleName,
        PolicyDocument: trustOf(`arn:aws:iam::${ACCOUNT}:root`),
      }),
    );
    const { accessKeyId, secretAccessKey } = cloud.cloud.connection.aws;
    return assume(cloud, { credentials: { accessKeyId, secretAccessKey } }, RoleName, session);
  };
  const post = ({ credentials }: Caller, path: string) =>
    sendSigned(cloud.cloud.connection.aws.endpoint, {
      method: 'POST',
      host: `${api}.execute-api.us-east-1.amazonaws.com`,
      path: `/prod${path}`,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{}'),
      keys: credentials,
    });

  it('finding 16: is written down by the stage once an administrator lets API Gateway write', async () => {
    const error = await apply(ctx).catch((caught: unknown) => caught as { next?: string });
    expect((error as { next?: string }).next).to.contain('aws apigateway update-account');
    const RoleName = 'api-gateway-logs';
    const { Role } = await ctx.aws.iam.send(
      new IAM.CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'apigateway.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          ],
        }),
      }),
    );
    await ctx.aws.apiGateway.send(
      new ApiGateway.UpdateAccountCommand({
        patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: Role!.Arn! }],
      }),
    );
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    const account = await ctx.aws.apiGateway.send(new ApiGateway.GetAccountCommand({}));
    expect(account.cloudwatchRoleArn).to.equal(Role!.Arn);
    api = (await findRestApi(ctx))!.id!;
  });

  it('gets AccessDenied for every action of training, as Snowflake’s role', async () => {
    const predict = await be('los-snowflake-api', 'snowflake');
    const through: string[] = [];
    for (const action of controlActionNames) {
      const { status, message } = await post(predict, `/control/${action}`);
      if (status !== 403 || !/not authorized/.test(message ?? '')) through.push(`${action}: ${status}`);
    }
    expect(through).to.deep.equal([]);
    for (const path of [
      '/control/x',
      '/endpoints/theirs/invocations',
      '/endpoints/los-x/../../control/CreateModel',
    ])
      expect((await post(predict, path)).status, path).to.equal(403);
    // Its own way is open: SageMaker answers that there is no such endpoint.
    expect((await post(predict, '/endpoints/los-none/invocations')).status).to.equal(400);
    predict.aws.close();
  });

  it('gets it from SageMaker too, as API Gateway’s role behind the endpoints', async () => {
    const gateway = await be('los-apigateway', 'BackplaneAssumeRoleSession');
    const sdk = (await import('@aws-sdk/client-sagemaker')) as unknown as Record<
      string,
      new (
        input: object,
      ) => never
    >;
    const names = {
      TrainingJobName: 'los-x',
      TransformJobName: 'los-x',
      ModelName: 'los-x',
      EndpointName: 'los-x',
      EndpointConfigName: 'los-x',
      ModelPackageGroupName: 'los-x',
      ModelPackageArn: `arn:aws:sagemaker:us-east-1:${ACCOUNT}:model-package/los-x/1`,
    };
    const through: string[] = [];
    for (const action of controlActionNames) {
      const outcome = await outcomeOf(gateway.aws.sageMaker.send(new sdk[`${action}Command`]!(names)));
      if (outcome !== 'denied') through.push(`${action}: ${outcome}`);
    }
    expect(through).to.deep.equal([]);
    gateway.aws.close();
  });

  it('cannot train by a function of its own on the integration of predictions', async () => {
    const url = `https://${api}.execute-api.us-east-1.amazonaws.com/prod`;
    await ctx.snowflake.execute('CREATE ROLE CURIOUS');
    const make = (path: string) =>
      ctx.snowflake
        .execute(
          `CREATE EXTERNAL FUNCTION PREDICT_LOS.LOS.MINE(X OBJECT) RETURNS VARIANT API_INTEGRATION = LOS_API AS '${url}${path}'`,
        )
        .then(
          () => 'done',
          (error: Error) => error.message,
        );
    expect(await make('/control')).to.contain('not allowed by the API integration');
    expect(await make('/control/CreateModel')).to.contain('not allowed by the API integration');
  });

  it('finding 16: stands in the access log, refused or not, without a body', async () => {
    const file = join(cloud.folder, 'state', 'aws', 'access-logs', '_hospital_los-api.log');
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines.length).to.be.greaterThan(controlActionNames.length);
    expect(lines).to.satisfy((all: typeof lines) =>
      all.some(
        ({ path, status, caller }) =>
          path === '/prod/control/CreateModel' &&
          status === '403' &&
          caller!.endsWith('los-snowflake-api/snowflake'),
      ),
    );
    for (const line of lines)
      expect(Object.keys(line)).to.deep.equal(['time', 'id', 'caller', 'method', 'path', 'status']);
  });

  it('finding 12: is let through at a rate, which apply keeps', async () => {
    const stage = { restApiId: api, stageName: 'prod' };
    const settings = async () =>
      (await ctx.aws.apiGateway.send(new ApiGateway.GetStageCommand(stage))).methodSettings!['*/*'];
    expect(await settings()).to.include({ throttlingRateLimit: 100, throttlingBurstLimit: 200 });
    await ctx.aws.apiGateway.send(
      new ApiGateway.UpdateStageCommand({
        ...stage,
        patchOperations: [{ op: 'replace', path: '/*/*/throttling/rateLimit', value: '10000' }],
      }),
    );
    expect(
      (await plan(ctx)).changes.flatMap(({ differences }) => differences.map(({ property }) => property)),
    ).to.include('throttling');
    await apply(ctx);
    expect(await settings()).to.include({ throttlingRateLimit: 100 });
  });
});
