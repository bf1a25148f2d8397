/**
 * Nothing granted is unneeded: each statement of each policy that the product makes is taken away in turn, and the
 * product's journey must fail with an error that names a permission of that statement.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDeploymentCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { type OpenContext, openContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { roleArn } from '../../deploy/stack/names.js';
import { literal } from '../../procedures/ground/names.js';
import { Journey } from '../deploy/journey.js';

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource?: string | string[];
}
interface Policy {
  Version: string;
  Statement: Statement[];
}

/**
 * What these allow serves people who look for a cause: the logs and figures of SageMaker's containers in CloudWatch,
 * which the local AWS does not have. SageMaker works without them.
 */
const FOR_DIAGNOSIS = ['WriteLogs', 'WriteMetrics'];

describe('the permissions that the product grants', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-permissions-'));
  let cloud: LocalCloud;
  let ctx: OpenContext;
  let journey: Journey;

  before(async () => {
    const state = join(folder, 'state');
    // Policies count at once here: how long AWS takes is tested elsewhere.
    cloud = await startCloud({ stateDir: state, propagationDelay: 0 });
    const config = join(folder, 'los.config.yaml');
    writeFileSync(config, `state: ${state}\nmail: { to: [] }\n`);
    ctx = await openContext({
      target: 'local',
      config,
      progress: silentProgress,
      signal: new AbortController().signal,
    });
    await apply(ctx);
    journey = new Journey(ctx);
    await journey.load();
  });
  after(async () => {
    await ctx?.close();
    await cloud?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The error that a version meets on its way into predict_los; undefined when it gets there. */
  const outcome = () =>
    journey.train().then(
      () => undefined,
      (error: unknown) => error as Error,
    );
  const actionsOf = ({ Action }: Statement) => [Action].flat();
  const without = (policy: Policy, statement: Statement): Policy => ({
    ...policy,
    Statement: policy.Statement.filter((other) => other !== statement),
  });
  const expectNamed = (error: Error | undefined, actions: readonly string[]) => {
    expect(error, 'the journey went well without it').to.be.instanceOf(Error);
    expect(
      actions.some((action) => error!.message.includes(action)),
      error!.message,
    ).to.equal(true);
  };

  /** What LOS_SAGEMAKER answers. */
  const ask = async (action: string, request: object) => {
    const [row] = await ctx.snowflake.query<{ ANSWER: object }>(
      `SELECT LOS_SAGEMAKER('${action}', TO_OBJECT(PARSE_JSON(${literal(JSON.stringify(request))}))) AS ANSWER`,
    );
    return row!.ANSWER;
  };
  const container = {
    PrimaryContainer: {
      Image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0',
      ModelDataUrl: 's3://no-such-bucket/model.tar.gz',
    },
  };

  const inlinePolicies = async (RoleName: string) => {
    const { PolicyNames = [] } = await ctx.aws.iam.send(new ListRolePoliciesCommand({ RoleName }));
    return Promise.all(
      PolicyNames.map(async (PolicyName) => {
        const { PolicyDocument } = await ctx.aws.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        return { PolicyName, policy: JSON.parse(decodeURIComponent(PolicyDocument!)) as Policy };
      }),
    );
  };
  const put = (RoleName: string, PolicyName: string, policy: Policy) =>
    policy.Statement.length === 0
      ? ctx.aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
      : ctx.aws.iam.send(
          new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) }),
        );

  it('are enough', async () => {
    expect(await outcome()).to.equal(undefined);
  });

  it('are all needed: statements of roles', async () => {
    const tried: string[] = [];
    for (const role of ['los-snowflake-s3', 'los-apigateway', 'los-sagemaker'])
      for (const { PolicyName, policy } of await inlinePolicies(role))
        for (const statement of policy.Statement) {
          await put(role, PolicyName, without(policy, statement));
          const error = await outcome();
          await put(role, PolicyName, policy);
          if (FOR_DIAGNOSIS.includes(statement.Sid!)) expect(error, statement.Sid).to.equal(undefined);
          else expectNamed(error, actionsOf(statement));
          tried.push(statement.Sid!);
        }
    expect(tried).to.have.members([
      'ExchangeFiles',
      'ListFiles',
      'InvokeOwnEndpoints',
      'ReadTrainingDataWriteModels',
      'ListTrainingData',
      'PullBuiltInImage',
      'EnterRegistries',
      ...FOR_DIAGNOSIS,
    ]);
  });

  it('are all needed: statements of the role behind the routes to SageMaker', async () => {
    const ResourceConfig = { InstanceType: 'ml.m5.xlarge' };
    const answers = async () => {
      const all: string[] = [];
      for (const [action, request] of [
        [
          'CreateModel',
          { ModelName: 'los-x', ...container, ExecutionRoleArn: roleArn(ctx, 'los-sagemaker') },
        ],
        ['ListModelPackages', {}],
        // Of these no more is asked than whether they are allowed.
        [
          'CreateTrainingJob',
          {
            TrainingJobName: 'los-x',
            ResourceConfig,
            StoppingCondition: { MaxRuntimeInSeconds: 60 },
            EnableNetworkIsolation: true,
          },
        ],
        ['CreateTransformJob', { TransformJobName: 'los-x', TransformResources: ResourceConfig }],
        [
          'CreateEndpointConfig',
          {
            EndpointConfigName: 'los-x',
            ProductionVariants: [{ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }],
          },
        ],
      ] as const)
        all.push(JSON.stringify(await ask(action, request)));
      return all.join('\n');
    };
    expect(await answers()).not.to.contain('AccessDenied');
    const tried: string[] = [];
    for (const { PolicyName, policy } of await inlinePolicies('los-control'))
      for (const statement of policy.Statement.filter(({ Effect }) => Effect === 'Allow')) {
        await put('los-control', PolicyName, without(policy, statement));
        const given = await answers();
        await put('los-control', PolicyName, policy);
        expect(given).to.contain('AccessDenied');
        expect(
          actionsOf(statement).some((action) => given.includes(action)),
          given,
        ).to.equal(true);
        tried.push(statement.Sid!);
      }
    expect(tried).to.have.members([
      'OwnJobsAndModels',
      'TrainWithoutNetwork',
      'CreateTransformJob',
      'CreateEndpointConfig',
      'FindPackages',
      'HandRoleToSageMaker',
    ]);
  });

  it('are all needed: who may call the API', async () => {
    // The API alone says so: the same granted by the caller's role would be granted twice.
    for (const role of ['los-snowflake-api', 'los-snowflake-control'])
      expect(await inlinePolicies(role)).to.deep.equal([]);
    const { apiGateway } = ctx.aws;
    const { items = [] } = await apiGateway.send(new GetRestApisCommand({}));
    const restApiId = items[0]!.id!;
    const set = async (value: string) => {
      await apiGateway.send(
        new UpdateRestApiCommand({ restApiId, patchOperations: [{ op: 'replace', path: '/policy', value }] }),
      );
      await apiGateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
    };
    const { policy } = await apiGateway.send(new GetRestApiCommand({ restApiId }));
    // API Gateway escapes what it returns.
    const declared = JSON.parse(policy!.replaceAll('\\"', '"').replaceAll('\\/', '/')) as Policy;
    const allowed = declared.Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).to.have.length(2);
    const [predictions, training] = allowed as [Statement, Statement];
    await set(JSON.stringify(without(declared, predictions)));
    expectNamed(await outcome(), actionsOf(predictions));
    await set(JSON.stringify(without(declared, training)));
    expectNamed(
      (await ask('ListModelPackages', {}).catch((error: Error) => error)) as Error,
      actionsOf(training),
    );
    await set(JSON.stringify(declared));
    expect(await outcome()).to.equal(undefined);
    expect(await ask('ListModelPackages', {})).to.deep.include({ ok: true });
  });
});
