/** SageMaker's control plane from SQL, through the official clients: Snowflake → API Gateway → SageMaker. */
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeEndpointConfigCommand, ListModelsCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { expect } from 'chai';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import { connectSnowflake } from '../../../deploy/clients/snowflake-driver.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { bootstrap } from '../../../deploy/operate/bootstrap.js';
import { plan } from '../../../deploy/operate/plan.js';
import { bucketName, roleArn } from '../../../deploy/stack/names.js';
import { literal } from '../../../procedures/ground/names.js';
import type { ControlAnswer } from '../../../udfs/control/control-response-translator.js';
import { longTests } from '../../long.js';
import { embeddedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

const PASSWORD = 'Correct-Horse-7';
const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0';

describe('SageMaker from SQL', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  /** With nothing but LOS_DEPLOY. */
  let deployer: Snowflake;

  const login = async (username: string, role: string) => {
    await ctx.snowflake.execute(
      `CREATE USER ${username} PASSWORD = '${PASSWORD}' DEFAULT_ROLE = ${role} DEFAULT_WAREHOUSE = LOS_WH`,
    );
    const { accessUrl, account } = cloud.cloud.connection.snowflake;
    const credentials = { accessUrl, account, username, password: PASSWORD };
    return () => connectSnowflake(credentials, 'unused', ctx.settings.snowflake);
  };

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
    ctx = await cloud.open();
    const connect = await login('CI_LOS', 'LOS_DEPLOY');
    await bootstrap(ctx, { user: 'CI_LOS', run: true });
    deployer = await connect();
    await apply({ ...ctx, snowflake: deployer });
    await ctx.aws.s3.send(
      new PutObjectCommand({ Bucket: bucketName(ctx), Key: 'models/x/model.tar.gz', Body: 'a model' }),
    );
  });
  afterEach(() => cloud.cloud.faults.clear());
  after(async () => {
    await deployer?.close();
    await ctx?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  const sql = (action: string, request: object) =>
    `SELECT LOS_SAGEMAKER(${literal(action)}, TO_OBJECT(PARSE_JSON(${literal(JSON.stringify(request))}))) AS ANSWER`;
  const ask = async (action: string, request: object, snowflake = deployer): Promise<ControlAnswer> => {
    const [row] = await snowflake.query<{ ANSWER: ControlAnswer | string }>(sql(action, request));
    const { ANSWER } = row!;
    return typeof ANSWER === 'string' ? (JSON.parse(ANSWER) as ControlAnswer) : ANSWER;
  };
  const failure = (snowflake: Snowflake, statement: string) =>
    snowflake.query(statement).then(
      () => '',
      (error: Error) => error.message,
    );
  const model = (ModelName: string) => ({
    ModelName,
    ExecutionRoleArn: roleArn(ctx, 'los-sagemaker'),
    PrimaryContainer: { Image: IMAGE, ModelDataUrl: `s3://${bucketName(ctx)}/models/x/model.tar.gz` },
    Tags: [{ Key: 'los', Value: '1' }],
  });
  const models = async () => {
    const { Models = [] } = await ctx.aws.sageMaker.send(new ListModelsCommand({}));
    return Models.map(({ ModelName }) => ModelName);
  };

  it('leaves nothing to do for a second apply', async () => {
    expect((await plan({ ...ctx, snowflake: deployer })).changes).to.deep.equal([]);
  });

  it('gives SageMaker’s error as a value', async () => {
    const [row] = await deployer.query<{ ANSWER: unknown }>(
      "SELECT LOS_SAGEMAKER('DescribeEndpoint', OBJECT_CONSTRUCT('EndpointName', 'los-none')) AS ANSWER",
    );
    expect(row!.ANSWER).to.deep.equal({
      ok: false,
      error: 'ValidationException',
      message: 'Could not find endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/los-none".',
    });
  });

  it('carries out what is asked, with tags, and answers what SageMaker answers', async () => {
    const ModelArn = 'arn:aws:sagemaker:us-east-1:123456789012:model/los-one';
    expect(await ask('CreateModel', model('los-one'))).to.deep.equal({ ok: true, answer: { ModelArn } });
    const { Tags } = await ctx.aws.sageMaker.send(new ListTagsCommand({ ResourceArn: ModelArn }));
    expect(Tags).to.deep.equal([{ Key: 'los', Value: '1' }]);
  });

  it('hands numbers on as numbers, booleans as booleans and texts as texts', async () => {
    const EndpointConfigName = 'los-config';
    await ask('CreateEndpointConfig', {
      EndpointConfigName,
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          ModelName: 'los-one',
          InitialVariantWeight: 0.25,
          ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 },
        },
      ],
    });
    const config = await ctx.aws.sageMaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
    expect(config.ProductionVariants![0]).to.deep.include({
      InitialVariantWeight: 0.25,
      ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 },
    });
    const job = (HyperParameters: object) => ({
      TrainingJobName: 'los-job',
      RoleArn: roleArn(ctx, 'los-sagemaker'),
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
      HyperParameters,
      InputDataConfig: [],
      OutputDataConfig: { S3OutputPath: `s3://${bucketName(ctx)}/models/` },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      EnableNetworkIsolation: true,
    });
    // SageMaker takes texts alone for hyperparameters, so it tells the two apart.
    const number = await ask('CreateTrainingJob', job({ num_round: 1 }));
    expect(number).to.include({ ok: false });
    expect((number as { message: string }).message).to.match(/hyperParameters/i);
    const open = { ...job({ num_round: '1' }), EnableNetworkIsolation: false };
    expect(await ask('CreateTrainingJob', open)).to.include({ ok: false, error: 'AccessDeniedException' });
    const text = await ask('CreateTrainingJob', job({ num_round: '1' }));
    expect((text as { message?: string }).message ?? '').not.to.match(/must be a string/);
  });

  it('answers {} where SageMaker answers nothing', async () => {
    expect(await ask('DeleteEndpointConfig', { EndpointConfigName: 'los-config' })).to.deep.equal({
      ok: true,
      answer: {},
    });
  });

  it('makes one model of a request that Snowflake repeats, and says that it exists', async () => {
    cloud.cloud.faults.add(parseFault('external-function:LOS_SAGEMAKER=repeat'));
    const answer = await ask('CreateModel', model('los-two'));
    expect(answer).to.deep.equal({
      ok: false,
      error: 'ValidationException',
      message:
        'Cannot create already existing model "arn:aws:sagemaker:us-east-1:123456789012:model/los-two".',
    });
    expect((await models()).filter((name) => name === 'los-two')).to.have.length(1);
  });

  it('gives throttling as a value, and repeats what SageMaker fails at', async () => {
    cloud.cloud.faults.add(parseFault('sagemaker:DescribeEndpoint=throttle'));
    expect(await ask('DescribeEndpoint', { EndpointName: 'los-none' })).to.deep.equal({
      ok: false,
      error: 'ThrottlingException',
      message: 'Rate exceeded',
    });
    cloud.cloud.faults.add(parseFault('sagemaker:DescribeEndpoint=fail,next=2'));
    cloud.cloud.faults.add(parseFault('execute-api:Invoke=throttle,next=1'));
    expect(await ask('DescribeEndpoint', { EndpointName: 'los-none' })).to.include({
      error: 'ValidationException',
    });
  });

  it('refuses an action that is not in the list, and what is no request, before anything is sent', async () => {
    expect(await failure(deployer, sql('DeleteBucket', {}))).to.match(
      /does not know the action DeleteBucket; it has CreateTrainingJob, /,
    );
    expect(await failure(deployer, sql('toString', {}))).to.match(/does not know the action toString/);
    expect(await failure(deployer, "SELECT LOS_SAGEMAKER('CreateModel', NULL)")).to.match(
      /request of CreateModel is NULL/,
    );
  });

  it('gives AccessDenied as a value for a name without the project’s prefix', async () => {
    for (const [action, request] of [
      ['CreateModel', model('theirs')],
      ['DeleteEndpoint', { EndpointName: 'theirs' }],
      ['DescribeTrainingJob', { TrainingJobName: 'theirs' }],
    ] as const) {
      const answer = await ask(action, request);
      expect(answer, action).to.include({ ok: false, error: 'AccessDeniedException' });
      expect((answer as { message: string }).message).to.match(
        new RegExp(`assumed-role/los-control/.* not authorized to perform: sagemaker:${action} on resource`),
      );
    }
  });

  it('lets no other role than SageMaker’s own be handed to it', async () => {
    const answer = await ask('CreateModel', {
      ...model('los-three'),
      ExecutionRoleArn: roleArn(ctx, 'los-control'),
    });
    expect(answer).to.include({ ok: false, error: 'AccessDeniedException' });
    expect((answer as { message: string }).message).to.contain('iam:PassRole');
  });

  it('answers a procedure of its owner, which another role calls that may not use it itself', async () => {
    await deployer.execute(`CREATE OR REPLACE PROCEDURE ASK_SAGEMAKER(NAME VARCHAR) RETURNS VARCHAR LANGUAGE JAVASCRIPT
AS $$
  const rows = snowflake.execute({
    sqlText: 'SELECT LOS_SAGEMAKER(?, TO_OBJECT(PARSE_JSON(?)))',
    binds: ['DescribeEndpoint', JSON.stringify({ EndpointName: NAME })],
  });
  rows.next();
  const answer = rows.getColumnValue(1);
  return answer.ok + ' ' + answer.error;
$$`);
    await deployer.execute('GRANT USAGE ON PROCEDURE ASK_SAGEMAKER(VARCHAR) TO ROLE LOS_RUN');
    for (const role of ['LOS_RUN', 'LOS_READ']) {
      const user = `${role}_USER`;
      const connect = await login(user, role);
      await deployer.execute(`GRANT ROLE ${role} TO USER ${user}`);
      const snowflake = await connect();
      try {
        expect(
          await failure(snowflake, sql('DescribeEndpoint', { EndpointName: 'los-none' })),
          role,
        ).to.match(/unknown function|not authorized|privileges/i);
        if (role === 'LOS_RUN')
          expect(await snowflake.query("CALL ASK_SAGEMAKER('los-none')")).to.deep.equal([
            { ASK_SAGEMAKER: 'false ValidationException' },
          ]);
      } finally {
        await snowflake.close();
      }
    }
    await deployer.execute('DROP PROCEDURE ASK_SAGEMAKER(VARCHAR)');
  });

  long('is granted to no other: apply takes a grant away that a person made', async () => {
    const own = { ...ctx, snowflake: deployer };
    await ctx.snowflake.execute(`CREATE ROLE "ward-analyst"`);
    await deployer.execute('GRANT USAGE ON FUNCTION LOS_SAGEMAKER(VARCHAR, OBJECT) TO ROLE "ward-analyst"');
    for (const name of ['LOS_API', 'LOS_CONTROL_API', 'LOS_S3'])
      await deployer.execute(`GRANT USAGE ON INTEGRATION ${name} TO ROLE "ward-analyst"`);
    const { changes } = await plan(own);
    const lent = changes.filter(({ differences }) =>
      differences.some(({ property, live }) => property === 'granted to' && live === 'ward-analyst'),
    );
    expect(lent.map(({ id }) => id)).to.have.members([
      'snowflake.external-function:LOS_SAGEMAKER(VARCHAR, OBJECT)',
      'snowflake.api-integration:LOS_API',
      'snowflake.api-integration:LOS_CONTROL_API',
      'snowflake.storage-integration:LOS_S3',
    ]);
    await apply(own);
    expect((await plan(own)).changes).to.deep.equal([]);
  });

  it('gives AccessDenied as a value for an action that the role’s policy does not have', async () => {
    await ctx.aws.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'los-control',
        PolicyName: 'control',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sagemaker:DescribeEndpoint', Resource: '*' }],
        }),
      }),
    );
    expect(await ask('DeleteModel', { ModelName: 'los-one' })).to.include({
      ok: false,
      error: 'AccessDeniedException',
    });
    await apply({ ...ctx, snowflake: deployer });
    expect(await ask('DeleteModel', { ModelName: 'los-one' })).to.deep.equal({ ok: true, answer: {} });
  });
});
