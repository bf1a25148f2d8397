/**
 * What SageMaker refuses. Most of it is a ValidationException with its reason (API reference, "Common errors"); what
 * only the algorithm can know ends a job with a FailureReason (developer guide, XGBoost hyperparameters).
 */
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeModelCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
  StopTrainingJobCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { expect } from 'chai';
import { BUCKET, channel, IMAGE, SageMakerCloud } from '../sagemaker/cloud.js';
import { policy } from '../support.js';
import { refuses } from './refuses.js';

describe('negative: SageMaker', () => {
  // Long enough that a request sent after CreateEndpoint finds it still Creating.
  const cloud = new SageMakerCloud(1000);
  let artifact: string;
  /** May do all of SageMaker, but pass no role and invoke nothing. */
  let narrow: ConstructorParameters<typeof SageMakerClient>[0];

  before(async () => {
    await cloud.start();
    const { iam, aws } = cloud;
    await iam.send(new CreateUserCommand({ UserName: 'narrow' }));
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'narrow',
        PolicyName: 'p',
        PolicyDocument: policy(
          { Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' },
          { Effect: 'Deny', Action: 'sagemaker:InvokeEndpoint', Resource: '*' },
        ),
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'narrow' }));
    const credentials = {
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
    };
    narrow = { endpoint: aws.endpoint, region: aws.region, credentials, maxAttempts: 1 };
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'of-another-service',
        AssumeRolePolicyDocument: policy({
          Effect: 'Allow',
          Principal: { Service: 'apigateway.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
      }),
    );
    artifact = (await cloud.train('done')).ModelArtifacts!.S3ModelArtifacts!;
    await cloud.deploy('serverless', artifact);
    await cloud.deploy('instance', artifact, false);
  });
  after(() => cloud.close());

  const job = (change: Partial<CreateTrainingJobCommandInput>, client = cloud.sagemaker) =>
    client.send(new CreateTrainingJobCommand(cloud.jobRequest('refused', change)));
  const otherRole = 'arn:aws:iam::123456789012:role/of-another-service';
  const validation = (what: string, call: () => Promise<unknown>, says?: RegExp) => ({
    what,
    call,
    code: 'ValidationException',
    status: 400,
    ...(says && { says }),
  });
  const resources = (change: object) => ({
    ResourceConfig: { InstanceType: 'ml.m5.large' as const, InstanceCount: 1, VolumeSizeInGB: 10, ...change },
  });

  describe('training jobs', () =>
    refuses([
      validation('a name with an underscore', () => job({ TrainingJobName: 'a_b' }), /trainingJobName/),
      validation('an image of an account that is not XGBoost’s', () =>
        job({
          AlgorithmSpecification: {
            TrainingImage: '111122223333.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5',
            TrainingInputMode: 'File',
          },
        }),
      ),
      validation('an image tag that does not exist', () =>
        job({
          AlgorithmSpecification: {
            TrainingImage: IMAGE.replace('3.0-5', '9.9-9'),
            TrainingInputMode: 'File',
          },
        }),
      ),
      validation('an instance type that does not exist', () =>
        job(resources({ InstanceType: 'ml.m5.gigantic' })),
      ),
      ...['sagemaker_program', 'sagemaker_submit_directory'].map((parameter) =>
        validation(
          `script mode, by ${parameter}`,
          () =>
            job({
              HyperParameters: { num_round: '2', objective: 'reg:squarederror', [parameter]: 'x.py' },
            }),
          /Script mode is not supported here, but the hyperparameter sagemaker_/,
        ),
      ),
      validation('no disk', () => job(resources({ VolumeSizeInGB: 0 }))),
      validation('a run of more than five days', () =>
        job({ StoppingCondition: { MaxRuntimeInSeconds: 500_000 } }),
      ),
      validation('data that is not there', () =>
        job({
          InputDataConfig: [
            channel('train', {
              DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/missing/` } },
            }),
          ],
        }),
      ),
      validation('data that is not in S3', () =>
        job({
          InputDataConfig: [
            channel('train', { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: '/data' } } }),
          ],
        }),
      ),
      validation('a channel twice', () => job({ InputDataConfig: [channel('train'), channel('train')] })),
      validation('an output that is not in S3', () => job({ OutputDataConfig: { S3OutputPath: '/models' } })),
      validation('a role that SageMaker may not assume', () => job({ RoleArn: otherRole }), /assume/i),
      validation('something that is no role', () => job({ RoleArn: 'arn:aws:iam::123456789012:user/admin' })),
      {
        what: 'a role that the caller may not pass',
        call: () => job({}, new SageMakerClient(narrow!)),
        code: 'AccessDeniedException',
        status: 400,
        says: /iam:PassRole/,
      },
      {
        what: 'another account’s role',
        call: () => job({ RoleArn: 'arn:aws:iam::999999999999:role/theirs' }),
        code: 'AccessDeniedException',
        status: 400,
        says: /[Cc]ross-account/,
      },
      {
        what: 'a name that was used before',
        call: () => job({ TrainingJobName: 'done' }),
        code: 'ResourceInUse',
        status: 400,
      },
      {
        what: 'network isolation in a word',
        call: () => job({ EnableNetworkIsolation: 'yes' as unknown as boolean }),
        code: 'SerializationException',
        status: 400,
      },
      validation('describing a job that does not exist', () =>
        cloud.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'missing' })),
      ),
      validation('stopping a job that has ended', () =>
        cloud.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'done' })),
      ),
    ]));

  describe('jobs that the algorithm refuses', () => {
    const base = { num_round: '5', objective: 'reg:squarederror' };
    for (const [what, change, reason] of [
      ['no num_round', { HyperParameters: { objective: 'reg:squarederror' } }, /num_round/],
      ['an unknown hyperparameter', { HyperParameters: { ...base, depth: '3' } }, /depth/],
      [
        'a hyperparameter that is no number',
        { HyperParameters: { ...base, max_depth: 'deep' } },
        /max_depth/,
      ],
      ['a hyperparameter out of range', { HyperParameters: { ...base, eta: '2' } }, /eta/],
      [
        'an objective that it does not know',
        { HyperParameters: { ...base, objective: 'reg:quantileerror' } },
        /objective|quantile/,
      ],
      ['no train channel', { InputDataConfig: [channel('validation')] }, /train/],
      [
        'a channel that it does not know',
        { InputDataConfig: [channel('train'), channel('validation', { ChannelName: 'test' })] },
        /test/,
      ],
      [
        'a content type that it does not know',
        { InputDataConfig: [channel('train', { ContentType: 'application/xml' })] },
        /content.?type/i,
      ],
    ] as const)
      it(`Failed, ClientError: ${what}`, async () => {
        const name = what.replace(/[^a-z]+/gi, '-');
        const ended = await cloud.train(name, change as Partial<CreateTrainingJobCommandInput>);
        expect(ended.TrainingJobStatus).to.equal('Failed');
        expect(ended.FailureReason)
          .to.match(/^(ClientError|AlgorithmError)/)
          .and.match(reason);
      });
  });

  describe('models and endpoints', () => {
    const model = (change: object, client = cloud.sagemaker) =>
      client.send(
        new CreateModelCommand({
          ModelName: 'refused',
          PrimaryContainer: { Image: IMAGE, ModelDataUrl: artifact },
          ExecutionRoleArn: cloud.roleArn,
          ...change,
        }),
      );
    const config = ({ EndpointConfigName = 'refused', ...change }: Record<string, unknown>) =>
      cloud.sagemaker.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName: EndpointConfigName as string,
          ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'serverless', ...change }],
        }),
      );
    const instance = { InstanceType: 'ml.m5.large', InitialInstanceCount: 1 };
    const named = (name: string) => ({ EndpointName: name, EndpointConfigName: 'serverless' });

    refuses([
      validation(
        'an artifact that does not exist',
        () => model({ PrimaryContainer: { Image: IMAGE, ModelDataUrl: `s3://${BUCKET}/missing.tar.gz` } }),
        /Could not find model data/,
      ),
      {
        what: 'a model’s role that the caller may not pass',
        call: () => model({}, new SageMakerClient(narrow!)),
        code: 'AccessDeniedException',
        status: 400,
        says: /iam:PassRole/,
      },
      validation(
        'a model that exists already',
        () => model({ ModelName: 'serverless' }),
        /already existing model/,
      ),
      validation('describing a model that does not exist', () =>
        cloud.sagemaker.send(new DescribeModelCommand({ ModelName: 'missing' })),
      ),
      validation(
        'a configuration of a missing model',
        () => config({ ...instance, ModelName: 'missing' }),
        /Could not find model/,
      ),
      validation('a serverless size that is no whole GB', () =>
        config({ ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 5 } }),
      ),
      validation('more concurrency than serverless has', () =>
        config({ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 500 } }),
      ),
      validation('an instance type that does not serve', () =>
        config({ ...instance, InstanceType: 'ml.m5.gigantic' }),
      ),
      validation('neither instances nor serverless', () => config({})),
      validation(
        'an endpoint of a missing configuration',
        () =>
          cloud.sagemaker.send(
            new CreateEndpointCommand({ EndpointName: 'refused', EndpointConfigName: 'missing' }),
          ),
        /Could not find endpoint configuration/,
      ),
      validation(
        'a serverless endpoint of a model with network isolation',
        async () => {
          await model({ ModelName: 'isolated', EnableNetworkIsolation: true });
          await config({
            EndpointConfigName: 'isolated',
            ModelName: 'isolated',
            ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 },
          });
          await cloud.sagemaker.send(
            new CreateEndpointCommand({ EndpointName: 'isolated', EndpointConfigName: 'isolated' }),
          );
        },
        /features are not supported using this configuration.*EnableNetworkIsolation/,
      ),
      validation(
        'an endpoint that exists already',
        () => cloud.sagemaker.send(new CreateEndpointCommand(named('serverless'))),
        /already existing endpoint/,
      ),
      validation(
        'describing an endpoint that does not exist',
        () => cloud.sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'missing' })),
        /Could not find endpoint/,
      ),
      validation(
        'updating an endpoint that is being created',
        async () => {
          await cloud.sagemaker.send(new CreateEndpointCommand(named('in-progress')));
          try {
            await cloud.sagemaker.send(new UpdateEndpointCommand(named('in-progress')));
          } finally {
            await cloud.settled('in-progress');
            await cloud.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'in-progress' }));
          }
        },
        /in-progress endpoint/,
      ),
    ]);
  });

  describe('runtime', () => {
    const invoke = (change: Partial<InvokeEndpointCommandInput>, client = cloud.runtime) =>
      client.send(
        new InvokeEndpointCommand({
          EndpointName: 'instance',
          ContentType: 'text/csv',
          Body: '0.5,0.2,3',
          ...change,
        }),
      );
    const original = (status: number) => new RegExp(`\\(${status}\\)`);
    refuses([
      {
        what: 'an endpoint that does not exist',
        call: () => invoke({ EndpointName: 'missing' }),
        code: 'ValidationError',
        status: 400,
        says: /not found/,
      },
      {
        what: 'an endpoint that is not in service yet',
        call: async () => {
          await cloud.sagemaker.send(
            new CreateEndpointCommand({ EndpointName: 'young', EndpointConfigName: 'serverless' }),
          );
          try {
            await invoke({ EndpointName: 'young' });
          } finally {
            await cloud.settled('young');
          }
        },
        code: 'ValidationError',
        status: 400,
        says: /InService/,
      },
      {
        what: 'a variant that it does not have',
        call: () => invoke({ TargetVariant: 'other' }),
        code: 'ValidationError',
        status: 400,
      },
      {
        what: 'a user who may not',
        call: () => invoke({}, new SageMakerRuntimeClient(narrow as object)),
        code: 'AccessDeniedException',
        status: 403,
        says: /sagemaker:InvokeEndpoint.*explicit deny/,
      },
      {
        what: 'more than 6 MB',
        call: () => invoke({ Body: Buffer.alloc(6 * 2 ** 20 + 1, '1') }),
        code: 'ValidationError',
        status: 413,
      },
      {
        what: 'more than 4 MB to a serverless endpoint',
        call: () => invoke({ EndpointName: 'serverless', Body: Buffer.alloc(4 * 2 ** 20 + 1, '1') }),
        code: 'ValidationError',
        status: 413,
      },
      {
        what: 'a content type that the container does not read',
        call: () => invoke({ ContentType: 'application/json', Body: '[1]' }),
        code: 'ModelError',
        status: 424,
        says: original(415),
      },
      {
        what: 'an answer that the container does not write',
        call: () => invoke({ Accept: 'image/png' }),
        code: 'ModelError',
        status: 424,
        says: original(406),
      },
      {
        what: 'a body that is no CSV of numbers',
        call: () => invoke({ Body: 'a,b,c' }),
        code: 'ModelError',
        status: 424,
        says: original(415),
      },
      {
        what: 'rows with another number of features than the model’s',
        call: () => invoke({ Body: '1,2,3,4,5,6' }),
        code: 'ModelError',
        status: 424,
        says: original(400),
      },
    ]);
  });
});
