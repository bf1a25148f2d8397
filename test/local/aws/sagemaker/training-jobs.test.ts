import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DeleteTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { unpackTarGz } from '@local-cloud/aws/sagemaker/shared/tar.js';
import { Booster } from '@local-cloud/aws/xgboost/booster.js';
import { expect } from 'chai';
import { BUCKET, channel, refusal, SageMakerCloud, trainingRows } from './cloud.js';

const S3 = ['s3:GetObject', 's3:PutObject', 's3:ListBucket'];

describe('SageMaker training jobs', () => {
  const cloud = new SageMakerCloud();
  before(() => cloud.start());
  after(() => cloud.close());

  const create = (change: Partial<CreateTrainingJobCommandInput>, name = 'refused') =>
    refusal(cloud.sagemaker.send(new CreateTrainingJobCommand(cloud.jobRequest(name, change))));

  it('trains with XGBoost and leaves a model in S3', async () => {
    const job = await cloud.train('first', { Tags: [{ Key: 'project', Value: 'demo' }] });
    expect(job.TrainingJobStatus).to.equal('Completed');
    expect(job.SecondaryStatusTransitions!.map((t) => t.Status)).to.deep.equal([
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
    const metrics = Object.fromEntries(job.FinalMetricDataList!.map((m) => [m.MetricName, m.Value]));
    expect(metrics['train:rmse']).to.be.within(0.05, 0.2);
    expect(metrics['validation:rmse']).to.be.within(0.1, 0.3);
    expect(job.TrainingTimeInSeconds).to.be.at.least(1);
    expect(job.ModelArtifacts!.S3ModelArtifacts).to.equal(`s3://${BUCKET}/models/first/output/model.tar.gz`);
    const object = await cloud.s3.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'models/first/output/model.tar.gz' }),
    );
    const files = unpackTarGz(await object.Body!.transformToByteArray());
    expect([...files.keys()]).to.deep.equal(['xgboost-model']);
    const booster = Booster.load(files.get('xgboost-model')!);
    expect([booster.features, booster.rounds]).to.deep.equal([3, 10]);
    booster.close();
    const { Tags } = await cloud.sagemaker.send(new ListTagsCommand({ ResourceArn: job.TrainingJobArn }));
    expect(Tags).to.deep.equal([{ Key: 'project', Value: 'demo' }]);
  });

  it('reads gzipped channels, several files and manifests alike', async () => {
    const text = trainingRows(400, 1);
    const half = text.indexOf('\n', text.length / 2) + 1;
    await cloud.upload('zipped/a.csv.gz', gzipSync(text.slice(0, half)));
    await cloud.upload('zipped/b.csv.gz', gzipSync(text.slice(half)));
    await cloud.upload(
      'manifest.json',
      JSON.stringify([{ prefix: `s3://${BUCKET}/zipped/` }, 'a.csv.gz', 'b.csv.gz']),
    );
    const zipped = { ...channel('zipped', { CompressionType: 'Gzip' }), ChannelName: 'train' };
    const listed = {
      ...zipped,
      DataSource: {
        S3DataSource: { S3DataType: 'ManifestFile' as const, S3Uri: `s3://${BUCKET}/manifest.json` },
      },
    };
    const rmse = async (name: string, train: object) => {
      const job = await cloud.train(name, { InputDataConfig: [train as never] });
      expect(job.FailureReason).to.equal(undefined);
      return job.FinalMetricDataList![0]!.Value;
    };
    const plain = await rmse('plain', channel('train'));
    expect(await rmse('zipped', zipped)).to.equal(plain);
    expect(await rmse('listed', listed)).to.equal(plain);
  });

  it('reads libsvm and CSV to the same model, weights included', async () => {
    const lines = trainingRows(300, 4).trim().split('\n');
    const weighted = lines.map((line, i) => line.replace(',', `,${(i % 3) + 1},`));
    await cloud.upload('weighted/rows.csv', weighted.join('\n'));
    const sparse = weighted.map((line) => {
      const [label, weight, ...cells] = line.split(',');
      return `${label}:${weight} ${cells.map((cell, column) => `${column}:${cell}`).join(' ')}`;
    });
    await cloud.upload('sparse/rows.libsvm', sparse.join('\n'));
    const HyperParameters = { num_round: '5' };
    const fromCsv = await cloud.train('from-csv', {
      HyperParameters: { ...HyperParameters, csv_weights: '1' },
      InputDataConfig: [{ ...channel('weighted'), ChannelName: 'train' }],
    });
    const fromLibsvm = await cloud.train('from-libsvm', {
      HyperParameters,
      InputDataConfig: [{ ...channel('sparse', { ContentType: 'text/libsvm' }), ChannelName: 'train' }],
    });
    const metrics = (job: typeof fromCsv) => job.FinalMetricDataList?.map((m) => [m.MetricName, m.Value]);
    expect(fromLibsvm.FailureReason).to.equal(undefined);
    expect(metrics(fromLibsvm)).to.deep.equal(metrics(fromCsv));
  });

  it('stops early on the validation channel', async () => {
    const job = await cloud.train('early', {
      HyperParameters: { num_round: '500', eval_metric: 'rmse', early_stopping_rounds: '5', eta: '1' },
    });
    const object = await cloud.s3.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'models/early/output/model.tar.gz' }),
    );
    const model = unpackTarGz(await object.Body!.transformToByteArray()).get('xgboost-model')!;
    expect(job.TrainingJobStatus).to.equal('Completed');
    const { rounds } = Booster.load(model);
    expect(rounds).to.be.below(100);

    // The model is cut back to its best round; what SageMaker reports is the last round's.
    const again = await cloud.train('early-again', {
      HyperParameters: { num_round: String(rounds), eval_metric: 'rmse', eta: '1' },
    });
    const reported = (of: typeof job) =>
      of.FinalMetricDataList?.find(({ MetricName }) => MetricName === 'validation:rmse')?.Value;
    expect(reported(job)).to.be.above(reported(again)!);
  });

  it('fails after the last round where a linear model is to stop early, because it cannot be cut back', async () => {
    const HyperParameters = {
      num_round: '3',
      booster: 'gblinear',
      updater: 'coord_descent',
      eval_metric: 'rmse',
    };
    expect((await cloud.train('linear', { HyperParameters })).TrainingJobStatus).to.equal('Completed');
    const early = await cloud.train('linear-early', {
      HyperParameters: { ...HyperParameters, early_stopping_rounds: '5' },
    });
    expect(early.FailureReason).to.equal(
      'AlgorithmError: XGB train call failed with exception:\n `save_best` is not applicable to the current booster, exit code: 1',
    );
  });

  describe('fails with a reason', () => {
    for (const [what, HyperParameters, reason] of [
      ['without num_round', { eta: '0.1' }, 'ClientError: Missing required hyperparameter: num_round'],
      [
        'for an unknown hyperparameter',
        { num_round: '5', depth: '3' },
        'ClientError: Extraneous hyperparameter found: depth',
      ],
      [
        'for a value out of range',
        { num_round: '5', eta: '1.5' },
        'ClientError: Hyperparameter eta: 1.5 is not in [0, 1]',
      ],
      [
        'for an open bound',
        { num_round: '5', subsample: '0' },
        'ClientError: Hyperparameter subsample: 0 is not in (0, 1]',
      ],
      [
        'for text in place of a number',
        { num_round: 'ten' },
        'ClientError: Hyperparameter num_round: could not parse value',
      ],
      [
        'for quantile regression',
        { num_round: '5', objective: 'reg:quantileerror' },
        'ClientError: Hyperparameter objective: reg:quantileerror is not in [',
      ],
      [
        'for classes without a number',
        { num_round: '5', objective: 'multi:softprob' },
        "ClientError: Require input for parameter 'num_class' for multi-classification",
      ],
      [
        'for an unknown metric',
        { num_round: '5', objective: 'reg:squarederror', eval_metric: 'rsme' },
        "ClientError: Hyperparameter eval_metric: value ['rsme'] not in range [",
      ],
      [
        'for auc in a regression',
        { num_round: '5', objective: 'reg:squarederror', eval_metric: 'auc' },
        "ClientError: Metric 'auc' can only be applied for classification and ranking problems.",
      ],
      [
        'for an unknown updater',
        { num_round: '5', updater: 'grow_trees' },
        "ClientError: Hyperparameter updater: value ['grow_trees'] not in range [",
      ],
      [
        'for updaters that do not go together',
        { num_round: '5', updater: 'grow_colmaker,grow_histmaker' },
        'ClientError: Only one tree grow plugin can be selected.',
      ],
      [
        'for a tree updater of a linear model',
        { num_round: '5', booster: 'gblinear', updater: 'prune' },
        'ClientError: Linear updater should be one of these options: ',
      ],
      [
        'for cross-validation, by name',
        { num_round: '5', _kfold: '5' },
        'ClientError: The local SageMaker does not support the hyperparameter _kfold',
      ],
      [
        'for labels that the objective forbids',
        { num_round: '5', objective: 'binary:logistic' },
        'ClientError: ',
      ],
    ] as const)
      it(what, async () => {
        const job = await cloud.train(`fails-${what.replace(/[^a-z]+/g, '-')}`, {
          HyperParameters: { ...HyperParameters } as Record<string, string>,
        });
        expect(job.TrainingJobStatus).to.equal('Failed');
        expect(job.SecondaryStatus).to.equal('Failed');
        expect(job.FailureReason).to.satisfy((text: string) => text.startsWith(reason), job.FailureReason);
        expect(job.ModelArtifacts?.S3ModelArtifacts).to.equal(undefined);
      });

    it('for a channel that is no table, naming the line and not the text', async () => {
      await cloud.upload('broken/rows.csv', '1,2,3\n4,Jane Doe,6\n');
      const job = await cloud.train('broken', {
        InputDataConfig: [channel('broken', { ChannelName: 'train' })],
      });
      expect(job.FailureReason).to.match(
        /^ClientError: Failed to load csv data with exception:\n.*line 2, column 2/,
      );
      expect(job.FailureReason).not.to.include('Jane');
    });

    it('for a channel without content type, which the container takes for libsvm', async () => {
      const job = await cloud.train('untyped', {
        InputDataConfig: [channel('train', { ContentType: undefined })],
      });
      expect(job.FailureReason).to.match(
        /^ClientError: The channel train is not in 'LIBSVM' format.*no ContentType, which means libsvm; for CSV set text\/csv/,
      );
    });

    it('for a channel that the algorithm does not know, or none to train on', async () => {
      const extra = await cloud.train('extra', {
        InputDataConfig: [channel('train'), channel('train', { ChannelName: 'test' })],
      });
      expect(extra.FailureReason).to.match(/^ClientError: Extraneous channel found: test/);
      const none = await cloud.train('none', { InputDataConfig: [channel('validation')] });
      expect(none.FailureReason).to.match(/^ClientError: Missing required channel: train/);
    });

    it('when its process is killed', async () => {
      const kill = (message: unknown) => {
        (message as { process: ChildProcess }).process.once('spawn', function (this: ChildProcess) {
          this.kill('SIGKILL');
        });
      };
      subscribe('child_process', kill);
      try {
        await cloud.sagemaker.send(
          new CreateTrainingJobCommand(
            cloud.jobRequest('killed', { HyperParameters: { num_round: '1000000' } }),
          ),
        );
        await cloud.finished('killed');
      } finally {
        unsubscribe('child_process', kill);
      }
      const job = await cloud.finished('killed');
      expect(job.TrainingJobStatus).to.equal('Failed');
      expect(job.FailureReason).to.match(/killed by SIGKILL/);
    });

    it('when the role may not pull the image', async () => {
      await cloud.allow(S3, false);
      const job = await cloud.train('no-pull');
      await cloud.allow(S3);
      expect(job.FailureReason).to.match(/^ClientError: Cannot pull the image .* ecr:GetAuthorizationToken/);
    });

    it('when the role may not write the artifact', async () => {
      await cloud.allow(['s3:GetObject', 's3:ListBucket']);
      const job = await cloud.train('no-write');
      await cloud.allow(S3);
      expect(job.TrainingJobStatus).to.equal('Failed');
      expect(job.FailureReason).to.match(/Failed to upload .*s3:PutObject/);
    });
  });

  describe('are refused at once', () => {
    it('when the role may not read the data', async () => {
      await cloud.allow(['s3:ListBucket', 's3:PutObject']);
      const error = await create({});
      await cloud.allow(S3);
      expect(error.name).to.equal('ValidationException');
      expect(error.message).to.match(
        /No S3 objects found under S3 URL .*Error message from S3: .*s3:GetObject/,
      );
    });

    it('when there is no data, or no bucket', async () => {
      const at = (S3Uri: string) => [
        channel('train', { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri } } }) as never,
      ];
      expect((await create({ InputDataConfig: at(`s3://${BUCKET}/nothing/`) })).message).to.match(
        /^No S3 objects found under S3 URL "s3:\/\/data-bucket\/nothing\/"/,
      );
      expect((await create({ InputDataConfig: at('s3://no-such-bucket/x') })).message).to.match(
        /The specified bucket does not exist/,
      );
    });

    for (const [what, change, message] of [
      [
        'a bad name',
        { TrainingJobName: 'under_score' },
        /Value 'under_score' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression/,
      ],
      [
        'a long name',
        { TrainingJobName: 'x'.repeat(64) },
        /Member must have length less than or equal to 63/,
      ],
      [
        'no role',
        { RoleArn: undefined },
        /Value null at 'roleArn' failed to satisfy constraint: Member must not be null/,
      ],
      [
        'an image of another region',
        {
          AlgorithmSpecification: {
            TrainingImage: '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:3.0-5',
            TrainingInputMode: 'File',
          },
        },
        /is in us-west-2, but SageMaker pulls built-in images from us-east-1/,
      ],
      [
        'an unknown image tag',
        {
          AlgorithmSpecification: {
            TrainingImage: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:9.9-9',
            TrainingInputMode: 'File',
          },
        },
        /has no tag 9\.9-9/,
      ],
      [
        'another account’s registry',
        {
          AlgorithmSpecification: {
            TrainingImage: '111122223333.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5',
            TrainingInputMode: 'File',
          },
        },
        /does not hold sagemaker-xgboost/,
      ],
      [
        'an own image',
        {
          AlgorithmSpecification: {
            TrainingImage: '111122223333.dkr.ecr.us-east-1.amazonaws.com/mine:1',
            TrainingInputMode: 'File',
          },
        },
        /it runs the built-in XGBoost only/,
      ],
      [
        'an unknown instance type',
        { ResourceConfig: { InstanceType: 'ml.z9.huge' as never, InstanceCount: 1, VolumeSizeInGB: 1 } },
        /satisfy enum value set/,
      ],
      [
        'several instances',
        { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 } },
        /does not support an InstanceCount above 1/,
      ],
      [
        'a member that is not acted on',
        { DebugHookConfig: { S3OutputPath: 's3://data-bucket/x' } },
        /does not support DebugHookConfig/,
      ],
      [
        'an output that is no S3 URI',
        { OutputDataConfig: { S3OutputPath: 'models/' } },
        /is not of the form s3:\/\/bucket\/key/,
      ],
    ] as [string, Partial<CreateTrainingJobCommandInput>, RegExp][])
      it(`for ${what}`, async () => {
        const error = await create(change);
        expect(error.name).to.equal('ValidationException');
        expect(error.message).to.match(message);
        expect(error.status).to.equal(400);
      });

    it('for a role that does not exist or that SageMaker may not assume', async () => {
      const error = await create({ RoleArn: 'arn:aws:iam::123456789012:role/nobody' });
      expect(error.message).to.match(/nobody/);
      expect(error.name).to.be.oneOf(['ValidationException', 'AccessDeniedException']);
    });

    it('for a name that is taken', async () => {
      await cloud.train('twice');
      const error = await create({}, 'twice');
      expect(error.name).to.equal('ResourceInUse');
      expect(error.message).to.match(
        /a training job with this name already exists \(arn:aws:sagemaker:us-east-1:123456789012:training-job\/twice\)/,
      );
    });
  });

  it('can be stopped, and runs no longer than it may', async () => {
    const long = { HyperParameters: { num_round: '1000000' } };
    await cloud.sagemaker.send(new CreateTrainingJobCommand(cloud.jobRequest('stopped', long)));
    await cloud.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stopped' }));
    expect((await cloud.finished('stopped')).TrainingJobStatus).to.equal('Stopped');
    const again = await refusal(
      cloud.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stopped' })),
    );
    expect(again.message).to.equal('The request was rejected because the training job is in status Stopped.');
    const job = await cloud.train('too-long', { ...long, StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    expect([job.TrainingJobStatus, job.SecondaryStatus]).to.deep.equal(['Stopped', 'MaxRuntimeExceeded']);
  });

  it('are listed by pages and filters, and deleted once they have ended', async () => {
    for (const name of ['list-a', 'list-b', 'list-c']) await cloud.train(name);
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await cloud.sagemaker.send(
        new ListTrainingJobsCommand({
          NameContains: 'list-',
          MaxResults: 2,
          SortBy: 'Name',
          SortOrder: 'Ascending',
          NextToken,
        }),
      );
      names.push(...answer.TrainingJobSummaries!.map((job) => job.TrainingJobName!));
      NextToken = answer.NextToken;
    } while (NextToken);
    expect(names).to.deep.equal(['list-a', 'list-b', 'list-c']);
    const failed = await cloud.sagemaker.send(
      new ListTrainingJobsCommand({ NameContains: 'list-', StatusEquals: 'Failed' }),
    );
    expect(failed.TrainingJobSummaries).to.deep.equal([]);
    const unsortable = await refusal(
      cloud.sagemaker.send(new ListTrainingJobsCommand({ SortBy: 'Arn' as never })),
    );
    expect(unsortable.message).to.contain('[Name, CreationTime, Status]');
    await cloud.sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'list-a' }));
    const gone = await refusal(
      cloud.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'list-a' })),
    );
    expect(gone).to.deep.include({ name: 'ValidationException', message: 'Requested resource not found.' });
  });
});
