import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DeleteTagsCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  ListTagsCommand,
  ListWorkteamsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { packTarGz } from '@local-cloud/aws/sagemaker/shared/tar.js';
import { expect } from 'chai';
import { BUCKET, IMAGE, refusal, SageMakerCloud } from './cloud.js';

describe('SageMaker models and endpoints', () => {
  const cloud = new SageMakerCloud();
  let artifact: string;
  before(async () => {
    await cloud.start();
    artifact = (await cloud.train('model')).ModelArtifacts!.S3ModelArtifacts!;
  });
  after(() => cloud.close());

  const predict = async (EndpointName: string) => {
    const answer = await cloud.runtime.send(
      new InvokeEndpointCommand({ EndpointName, ContentType: 'text/csv', Body: '0.5,0.5,3' }),
    );
    return answer.Body!.transformToString();
  };
  const variant = (ModelName: string) => ({
    VariantName: 'AllTraffic',
    ModelName,
    ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 5 },
  });
  const createConfig = (EndpointConfigName: string, ...ProductionVariants: object[]) =>
    cloud.sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName,
        ProductionVariants: ProductionVariants as never,
      }),
    );

  it('bring a trained model into service and take it down again', async () => {
    const endpoint = await cloud.deploy('first', artifact);
    expect(endpoint).to.include({ EndpointStatus: 'InService', EndpointConfigName: 'first' });
    expect(endpoint.ProductionVariants![0]!.CurrentServerlessConfig).to.deep.equal({
      MemorySizeInMB: 2048,
      MaxConcurrency: 20,
    });
    expect(Number(await predict('first'))).to.be.closeTo(1.75, 0.4);
    const model = await cloud.sagemaker.send(new DescribeModelCommand({ ModelName: 'first' }));
    expect(model.PrimaryContainer).to.deep.include({ Image: IMAGE, ModelDataUrl: artifact });
    const config = await cloud.sagemaker.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName: 'first' }),
    );
    expect(config.ProductionVariants).to.have.length(1);

    await cloud.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'first' }));
    await cloud.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'first' }));
    await cloud.sagemaker.send(new DeleteModelCommand({ ModelName: 'first' }));
    const messages = [
      await refusal(cloud.settled('first')),
      await refusal(cloud.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'first' }))),
      await refusal(cloud.sagemaker.send(new DescribeModelCommand({ ModelName: 'first' }))),
    ].map((error) => `${error.name}: ${error.message}`);
    const arn = 'arn:aws:sagemaker:us-east-1:123456789012';
    expect(messages).to.deep.equal([
      `ValidationException: Could not find endpoint "${arn}:endpoint/first".`,
      `ValidationException: Could not find endpoint configuration "${arn}:endpoint-config/first".`,
      `ValidationException: Could not find model "${arn}:model/first".`,
    ]);
  });

  it('serve on instances as well', async () => {
    const endpoint = await cloud.deploy('instance', artifact, false);
    expect(endpoint.ProductionVariants![0]).to.include({ CurrentInstanceCount: 1, DesiredInstanceCount: 1 });
  });

  it('change the model without a gap, and keep the old one when the new one does not load', async () => {
    await cloud.deploy('changing', artifact);
    const before = await predict('changing');
    const better = await cloud.train('better', {
      HyperParameters: { num_round: '1', base_score: '100', eta: '0' },
    });
    await cloud.sagemaker.send(
      new CreateModelCommand({
        ModelName: 'better',
        PrimaryContainer: { Image: IMAGE, ModelDataUrl: better.ModelArtifacts!.S3ModelArtifacts },
        ExecutionRoleArn: cloud.roleArn,
      }),
    );
    await createConfig('better', variant('better'));
    const update = (EndpointConfigName: string) =>
      cloud.sagemaker.send(new UpdateEndpointCommand({ EndpointName: 'changing', EndpointConfigName }));
    await update('better');
    const answers = new Set<string>();
    let settled: string | undefined;
    while (settled !== 'InService') {
      answers.add(await predict('changing'));
      const now = await cloud.sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'changing' }));
      settled = now.EndpointStatus;
    }
    answers.add(await predict('changing'));
    answers.delete(before);
    expect([...answers]).to.deep.equal(['100.0\n']);

    await cloud.upload('broken/model.tar.gz', packTarGz({ 'xgboost-model': Buffer.from('no model') }));
    await cloud.sagemaker.send(
      new CreateModelCommand({
        ModelName: 'broken',
        PrimaryContainer: { Image: IMAGE, ModelDataUrl: `s3://${BUCKET}/broken/model.tar.gz` },
        ExecutionRoleArn: cloud.roleArn,
      }),
    );
    await createConfig('broken', variant('broken'));
    await update('broken');
    const endpoint = await cloud.settled('changing');
    expect(endpoint).to.include({ EndpointStatus: 'InService', EndpointConfigName: 'better' });
    expect(endpoint.FailureReason).to.match(/did not pass the ping health check/);
    expect(await predict('changing')).to.equal('100.0\n');

    await cloud.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: 'broken', EndpointConfigName: 'broken' }),
    );
    const failed = await cloud.settled('broken');
    expect(failed.EndpointStatus).to.equal('Failed');
    expect(failed.FailureReason).to.match(/production variant AllTraffic did not pass the ping health check/);
    const invoked = await refusal(predict('broken'));
    expect(invoked.name).to.equal('ValidationError');
    expect(invoked.message).to.match(/is not InService: its status is Failed/);
  });

  describe('refuse', () => {
    const model = (change: object) =>
      refusal(
        cloud.sagemaker.send(
          new CreateModelCommand({
            ModelName: 'refused',
            PrimaryContainer: { Image: IMAGE, ModelDataUrl: artifact },
            ExecutionRoleArn: cloud.roleArn,
            ...change,
          }),
        ),
      );

    it('a model without its artifact', async () => {
      const at = (ModelDataUrl: string) => model({ PrimaryContainer: { Image: IMAGE, ModelDataUrl } });
      expect((await at(`s3://${BUCKET}/no/model.tar.gz`)).message).to.equal(
        `Could not find model data at s3://${BUCKET}/no/model.tar.gz.`,
      );
      await cloud.allow(['s3:PutObject', 's3:ListBucket']);
      const error = await at(artifact);
      await cloud.allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
      expect(error.message).to.match(/^Could not access model data at s3:.*"s3:GetObject" permissions/);
    });

    it('to serve an image that the role may not pull', async () => {
      await cloud.allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket'], false);
      const endpoint = await cloud.deploy('no-pull', artifact);
      await cloud.allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
      expect(endpoint.EndpointStatus).to.equal('Failed');
      expect(endpoint.FailureReason).to.match(/Cannot pull the image .* ecr:GetAuthorizationToken/);
    });

    it('members that are not acted on', async () => {
      expect((await model({ InferenceExecutionConfig: { Mode: 'Serial' } })).message).to.match(
        /does not support InferenceExecutionConfig in CreateModel/,
      );
    });

    it('names that are taken', async () => {
      await cloud.deploy('taken', artifact);
      const arn = 'arn:aws:sagemaker:us-east-1:123456789012';
      expect((await model({ ModelName: 'taken' })).message).to.equal(
        `Cannot create already existing model "${arn}:model/taken".`,
      );
      expect((await refusal(createConfig('taken', variant('taken')))).message).to.equal(
        `Cannot create already existing endpoint configuration "${arn}:endpoint-config/taken".`,
      );
      const endpoint = new CreateEndpointCommand({ EndpointName: 'taken', EndpointConfigName: 'taken' });
      expect((await refusal(cloud.sagemaker.send(endpoint))).message).to.equal(
        `Cannot create already existing endpoint "${arn}:endpoint/taken".`,
      );
    });

    for (const [what, variants, message] of [
      ['a missing model', [{ ...variant('missing') }], /^Could not find model ".*:model\/missing"\.$/],
      ['no variant', [], /does not support 0 production variants/],
      [
        'two variants',
        [variant('taken'), { ...variant('taken'), VariantName: 'B' }],
        /does not support 2 production variants/,
      ],
      [
        'an odd memory size',
        [{ ...variant('taken'), ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 1 } }],
        /multiple of 1024/,
      ],
      [
        'too much concurrency',
        [{ ...variant('taken'), ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 201 } }],
        /Member must have value less than or equal to 200/,
      ],
      [
        'no size at all',
        [{ VariantName: 'A', ModelName: 'taken' }],
        /needs InstanceType and InitialInstanceCount, or ServerlessConfig/,
      ],
      [
        'both sizes',
        [{ ...variant('taken'), InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }],
        /must not be given together/,
      ],
    ] as [string, object[], RegExp][])
      it(`a configuration with ${what}`, async () => {
        const error = await refusal(createConfig('refused', ...variants));
        expect(error.name).to.equal('ValidationException');
        expect(error.message).to.match(message);
      });

    it('an endpoint without configuration, and a change of one that is still being made', async () => {
      const missing = new CreateEndpointCommand({ EndpointName: 'refused', EndpointConfigName: 'missing' });
      expect((await refusal(cloud.sagemaker.send(missing))).message).to.match(
        /^Could not find endpoint configuration/,
      );
      await cloud.sagemaker.send(
        new CreateEndpointCommand({ EndpointName: 'young', EndpointConfigName: 'taken' }),
      );
      const deleted = refusal(cloud.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'taken-not' })));
      expect((await deleted).message).to.match(/^Could not find endpoint/);
      await cloud.settled('young');
    });

    it('operations that are not there, by name', async () => {
      const error = await refusal(cloud.sagemaker.send(new ListWorkteamsCommand({})));
      expect(error.message).to.match(
        /^The local SageMaker does not support ListWorkteams; it has .*CreateModel/,
      );
    });
  });

  it('carry tags that can be added, listed and removed', async () => {
    const { EndpointArn } = await cloud.deploy('tagged', artifact);
    const tags = async () =>
      (await cloud.sagemaker.send(new ListTagsCommand({ ResourceArn: EndpointArn }))).Tags!.map(
        (t) => `${t.Key}=${t.Value}`,
      );
    await cloud.sagemaker.send(
      new AddTagsCommand({
        ResourceArn: EndpointArn,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await cloud.sagemaker.send(
      new AddTagsCommand({ ResourceArn: EndpointArn, Tags: [{ Key: 'a', Value: '3' }] }),
    );
    expect((await tags()).sort()).to.deep.equal(['a=3', 'b=2']);
    await cloud.sagemaker.send(new DeleteTagsCommand({ ResourceArn: EndpointArn, TagKeys: ['b'] }));
    expect(await tags()).to.deep.equal(['a=3']);
    const missing = new ListTagsCommand({ ResourceArn: `${EndpointArn}-not` });
    expect((await refusal(cloud.sagemaker.send(missing))).message).to.match(/^Could not find resource/);
  });

  it('are listed', async () => {
    const by = { NameContains: 'tagged' };
    const endpoints = await cloud.sagemaker.send(
      new ListEndpointsCommand({ ...by, StatusEquals: 'InService' }),
    );
    const configs = await cloud.sagemaker.send(new ListEndpointConfigsCommand(by));
    const models = await cloud.sagemaker.send(new ListModelsCommand(by));
    expect([
      endpoints.Endpoints![0]!.EndpointName,
      configs.EndpointConfigs![0]!.EndpointConfigName,
      models.Models![0]!.ModelName,
    ]).to.deep.equal(['tagged', 'tagged', 'tagged']);
  });

  it('are there after a restart and serve again', async () => {
    const before = await predict('tagged');
    await cloud.disconnect();
    await cloud.connect();
    expect((await cloud.settled('tagged')).EndpointStatus).to.equal('InService');
    expect(await predict('tagged')).to.equal(before);
  });
});
