import {
  CreateHyperParameterTuningJobCommand,
  type CreateHyperParameterTuningJobCommandInput,
  DeleteHyperParameterTuningJobCommand,
  DescribeHyperParameterTuningJobCommand,
  type DescribeHyperParameterTuningJobCommandOutput,
  DescribeTrainingJobCommand,
  type HyperParameterTrainingJobDefinition,
  type HyperParameterTuningJobConfig,
  ListHyperParameterTuningJobsCommand,
  ListTagsCommand,
  ListTrainingJobsForHyperParameterTuningJobCommand,
  StopHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { BUCKET, channel, refusal, SageMakerCloud } from './cloud.js';

const ETA = { Name: 'eta', MinValue: '0.05', MaxValue: '1' };
const DEPTH = { Name: 'max_depth', MinValue: '2', MaxValue: '6' };

describe('SageMaker tuning jobs', () => {
  const cloud = new SageMakerCloud();
  before(() => cloud.start());
  after(() => cloud.close());

  function request(
    HyperParameterTuningJobName: string,
    config: Partial<HyperParameterTuningJobConfig> = {},
    definition: Partial<HyperParameterTrainingJobDefinition> = {},
  ): CreateHyperParameterTuningJobCommandInput {
    const { TrainingJobName, HyperParameters, ...job } = cloud.jobRequest('template');
    return {
      HyperParameterTuningJobName,
      HyperParameterTuningJobConfig: {
        Strategy: 'Random',
        HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:rmse' },
        ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 },
        ParameterRanges: { ContinuousParameterRanges: [ETA], IntegerParameterRanges: [DEPTH] },
        RandomSeed: 1,
        ...config,
      },
      TrainingJobDefinition: {
        ...job,
        StaticHyperParameters: { num_round: '10', objective: 'reg:squarederror' },
        ...definition,
      } as HyperParameterTrainingJobDefinition,
    };
  }

  const send = (input: CreateHyperParameterTuningJobCommandInput) =>
    cloud.sagemaker.send(new CreateHyperParameterTuningJobCommand(input));
  const describeJob = (HyperParameterTuningJobName: string) =>
    cloud.sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName }));
  async function finished(name: string): Promise<DescribeHyperParameterTuningJobCommandOutput> {
    for (;;) {
      const job = await describeJob(name);
      if (!['InProgress', 'Stopping'].includes(job.HyperParameterTuningJobStatus!)) return job;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const tune = async (...args: Parameters<typeof request>) => {
    await send(request(...args));
    return finished(args[0]);
  };
  const trainingJobs = async (HyperParameterTuningJobName: string, more: object = {}) =>
    (
      await cloud.sagemaker.send(
        new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName, ...more }),
      )
    ).TrainingJobSummaries!;

  it('train the combinations of a random search and name the best', async () => {
    const answer = await send({ ...request('random'), Tags: [{ Key: 'project', Value: 'demo' }] });
    expect(answer.HyperParameterTuningJobArn).to.equal(
      'arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/random',
    );
    const job = await finished('random');
    expect(job.HyperParameterTuningJobStatus).to.equal('Completed');
    expect(job.TrainingJobStatusCounters).to.deep.equal({
      Completed: 4,
      InProgress: 0,
      RetryableError: 0,
      NonRetryableError: 0,
      Stopped: 0,
    });
    expect(job.ObjectiveStatusCounters).to.deep.equal({ Succeeded: 4, Pending: 0, Failed: 0 });
    expect(job.HyperParameterTuningEndTime).to.be.instanceOf(Date);

    const jobs = await trainingJobs('random');
    expect(jobs.map((child) => child.TrainingJobName!.replace(/[0-9a-f]{8}$/, 'x'))).to.deep.equal([
      'random-001-x',
      'random-002-x',
      'random-003-x',
      'random-004-x',
    ]);
    for (const { TunedHyperParameters: values, ObjectiveStatus } of jobs) {
      expect(ObjectiveStatus).to.equal('Succeeded');
      expect(Number(values!.eta)).to.be.within(0.05, 1);
      expect(values!.max_depth).to.match(/^[2-6]$/);
    }
    const value = (child: (typeof jobs)[number]) => child.FinalHyperParameterTuningJobObjectiveMetric!.Value!;
    const best = jobs.reduce((a, b) => (value(b) < value(a) ? b : a));
    expect(job.BestTrainingJob).to.deep.equal(best);
    const sorted = await trainingJobs('random', { SortBy: 'FinalObjectiveMetricValue' });
    expect(sorted.map(value)).to.deep.equal(jobs.map(value).sort((a, b) => a - b));
  });

  it('launch ordinary training jobs, with their tags, data and artifacts', async () => {
    await send({
      ...request('ordinary', { ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 } }),
      Tags: [{ Key: 'project', Value: 'demo' }],
    });
    const tuning = await finished('ordinary');
    const TrainingJobName = tuning.BestTrainingJob!.TrainingJobName!;
    const job = await cloud.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    expect(job.TuningJobArn).to.equal(tuning.HyperParameterTuningJobArn);
    expect(job.HyperParameters).to.deep.equal({
      num_round: '10',
      objective: 'reg:squarederror',
      ...tuning.BestTrainingJob!.TunedHyperParameters,
      _tuning_objective_metric: 'validation:rmse',
    });
    expect(job.ModelArtifacts!.S3ModelArtifacts).to.equal(
      `s3://${BUCKET}/models/${TrainingJobName}/output/model.tar.gz`,
    );
    for (const ResourceArn of [job.TrainingJobArn!, tuning.HyperParameterTuningJobArn!]) {
      const { Tags } = await cloud.sagemaker.send(new ListTagsCommand({ ResourceArn }));
      expect(Tags).to.deep.equal([{ Key: 'project', Value: 'demo' }]);
    }
    // The same hyperparameters in a job of its own give the same metric.
    const again = await cloud.train('again', { HyperParameters: job.HyperParameters });
    const rmse = again.FinalMetricDataList!.find((metric) => metric.MetricName === 'validation:rmse');
    expect(tuning.BestTrainingJob!.FinalHyperParameterTuningJobObjectiveMetric).to.deep.equal({
      MetricName: 'validation:rmse',
      Value: rmse!.Value,
    });
  });

  it('run through a grid of categories without a number of jobs', async () => {
    const job = await tune('grid', {
      Strategy: 'Grid',
      ResourceLimits: { MaxParallelTrainingJobs: 2 },
      ParameterRanges: {
        CategoricalParameterRanges: [
          { Name: 'max_depth', Values: ['2', '5'] },
          { Name: 'eta', Values: ['0.1', '0.9'] },
        ],
      },
    });
    expect(job.HyperParameterTuningJobStatus).to.equal('Completed');
    const jobs = await trainingJobs('grid');
    const tried = jobs.map(({ TunedHyperParameters: v }) => `${v!.max_depth} ${v!.eta}`);
    expect(tried).to.deep.equal(['2 0.1', '2 0.9', '5 0.1', '5 0.9']);
    // After ten rounds of eta 0.1 a model has not arrived anywhere.
    expect(job.BestTrainingJob!.TunedHyperParameters!.eta).to.equal('0.9');
  });

  it('learn by Bayesian search, and maximize what is to be maximized', async () => {
    await cloud.upload('binary/rows.csv', binaryRows(300));
    const channels = [
      { ...channel('binary'), ChannelName: 'train' },
      { ...channel('binary'), ChannelName: 'validation' },
    ];
    const job = await tune(
      'bayes',
      {
        Strategy: 'Bayesian',
        HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:auc' },
        ResourceLimits: { MaxNumberOfTrainingJobs: 6, MaxParallelTrainingJobs: 1 },
        ParameterRanges: { IntegerParameterRanges: [{ ...DEPTH, MinValue: '1', MaxValue: '8' }] },
      },
      {
        InputDataConfig: channels,
        StaticHyperParameters: { num_round: '3', objective: 'binary:logistic' },
      },
    );
    const jobs = await trainingJobs('bayes', {
      SortBy: 'FinalObjectiveMetricValue',
      SortOrder: 'Descending',
    });
    expect(job.TrainingJobStatusCounters!.Completed).to.equal(6);
    const values = jobs.map((child) => child.FinalHyperParameterTuningJobObjectiveMetric!.Value!);
    expect(job.BestTrainingJob!.FinalHyperParameterTuningJobObjectiveMetric!.Value).to.equal(values[0]);
    expect(values[0]).to.equal(Math.max(...values));
    expect(values[0]).to.be.above(values.at(-1)!);
  });

  it('fail when no training job succeeds', async () => {
    const job = await tune(
      'hopeless',
      { ResourceLimits: { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 1 } },
      { StaticHyperParameters: { num_round: '10', depth: '3' } },
    );
    expect(job.HyperParameterTuningJobStatus).to.equal('Failed');
    expect(job.FailureReason).to.match(/^No training job succeeded after 5 attempts\./);
    expect(job.TrainingJobStatusCounters!.NonRetryableError).to.equal(5);
    expect(job.ObjectiveStatusCounters!.Failed).to.equal(5);
    expect(job.BestTrainingJob).to.equal(undefined);
    const [first] = await trainingJobs('hopeless');
    expect(first!.FailureReason).to.equal(
      'ClientError: Extraneous hyperparameter found: depth, exit code: 1',
    );
  });

  it('complete without a best job when the objective is never emitted', async () => {
    const job = await tune(
      'blind',
      { ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 } },
      { InputDataConfig: [channel('train')] },
    );
    expect(job.HyperParameterTuningJobStatus).to.equal('Completed');
    expect(job.ObjectiveStatusCounters).to.deep.equal({ Succeeded: 0, Pending: 0, Failed: 1 });
    expect(job.BestTrainingJob).to.equal(undefined);
    expect(await trainingJobs('blind', { SortBy: 'FinalObjectiveMetricValue' })).to.deep.equal([]);
  });

  it('can be stopped with their training jobs, and deleted without them', async () => {
    const HyperParameterTuningJobName = 'stopped';
    await send(request('stopped', {}, { StaticHyperParameters: { num_round: '1000000' } }));
    const early = await refusal(
      cloud.sagemaker.send(new DeleteHyperParameterTuningJobCommand({ HyperParameterTuningJobName })),
    );
    expect(early.message).to.match(/is in status InProgress; only jobs that have ended can be deleted/);
    const before = await describeJob('stopped');
    expect(before.TrainingJobStatusCounters!.InProgress).to.be.within(1, 2);
    expect(before.ObjectiveStatusCounters!.Pending).to.be.within(1, 2);
    await cloud.sagemaker.send(new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName }));
    const job = await finished('stopped');
    expect(job.HyperParameterTuningJobStatus).to.equal('Stopped');
    expect(job.TrainingJobStatusCounters!.Stopped).to.be.within(1, 2);
    const again = await refusal(
      cloud.sagemaker.send(new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName })),
    );
    expect(again.message).to.match(/the hyperparameter tuning job is in status Stopped/);

    const [child] = await trainingJobs('stopped');
    await cloud.sagemaker.send(new DeleteHyperParameterTuningJobCommand({ HyperParameterTuningJobName }));
    const gone = await refusal(describeJob('stopped'));
    expect(gone.name).to.equal('ResourceNotFound');
    expect(gone.message).to.match(/^Amazon SageMaker can't find a tuning job/);
    const { TrainingJobName } = child!;
    const left = await cloud.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    expect(left.TrainingJobStatus).to.equal('Stopped');
  });

  it('are listed by name, with their counters', async () => {
    const { HyperParameterTuningJobSummaries: jobs } = await cloud.sagemaker.send(
      new ListHyperParameterTuningJobsCommand({ StatusEquals: 'Completed', MaxResults: 2 }),
    );
    expect(jobs!.map((job) => job.HyperParameterTuningJobName)).to.deep.equal(['bayes', 'blind']);
    expect(jobs![0]!.Strategy).to.equal('Bayesian');
    expect(jobs![0]!.TrainingJobStatusCounters!.Completed).to.equal(6);
  });

  it('that a closing cloud interrupts have failed when it is back', async () => {
    await send(request('interrupted', {}, { StaticHyperParameters: { num_round: '1000000' } }));
    await cloud.disconnect();
    await cloud.connect();
    const job = await describeJob('interrupted');
    expect(job.HyperParameterTuningJobStatus).to.equal('Failed');
    expect(job.FailureReason).to.match(/the local cloud was stopped while this job ran/);
    expect(job.TrainingJobStatusCounters!.InProgress).to.equal(0);
  });

  describe('are refused', () => {
    const create = (config: object, definition: object = {}, name = 'refused') =>
      refusal(send(request(name, config, definition)));

    for (const [what, config, message] of [
      [
        'for an unknown objective',
        { HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:rsme' } },
        /The objective metric for the hyperparameter tuning job, \[validation:rsme\], isn’t valid for the \[.*sagemaker-xgboost:3\.0-5\] algorithm/,
      ],
      [
        'for an objective of the training rows',
        { HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'train:rmse' } },
        /\[train:rmse\], isn’t valid/,
      ],
      [
        'for an objective in the wrong direction',
        { HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:rmse' } },
        /The objective metric type, \[Maximize\], that you specified for objective metric, \[validation:rmse\], isn’t valid/,
      ],
      ['for no ranges', { ParameterRanges: {} }, /needs at least one hyperparameter range/],
      [
        'for a hyperparameter that is not tunable',
        { ParameterRanges: { CategoricalParameterRanges: [{ Name: 'tree_method', Values: ['hist'] }] } },
        /tree_method of the built-in XGBoost is not tunable/,
      ],
      [
        'for a whole-number range of a real number',
        { ParameterRanges: { IntegerParameterRanges: [{ ...ETA, MinValue: '0', MaxValue: '1' }] } },
        /eta of the built-in XGBoost is not tunable over a range of the type integer/,
      ],
      [
        'for a range beyond what XGBoost takes',
        { ParameterRanges: { ContinuousParameterRanges: [{ ...ETA, MaxValue: '1.5' }] } },
        /Hyperparameter eta: 1\.5 is not in \[0, 1\]/,
      ],
      [
        'for bounds that are no numbers',
        { ParameterRanges: { ContinuousParameterRanges: [{ ...ETA, MinValue: 'low' }] } },
        /MinValue of the hyperparameter eta is not of the type continuous: low/,
      ],
      [
        'for bounds in the wrong order',
        { ParameterRanges: { IntegerParameterRanges: [{ ...DEPTH, MaxValue: '1' }] } },
        /MinValue of the hyperparameter max_depth is above its MaxValue/,
      ],
      [
        'for logarithmic scaling from zero',
        {
          ParameterRanges: {
            ContinuousParameterRanges: [{ ...ETA, MinValue: '0', ScalingType: 'Logarithmic' }],
          },
        },
        /only for ranges that have only values greater than 0/,
      ],
      [
        'for reverse logarithmic scaling to one',
        { ParameterRanges: { ContinuousParameterRanges: [{ ...ETA, ScalingType: 'ReverseLogarithmic' }] } },
        /only for ranges within 0 <= x < 1/,
      ],
      [
        'for a hyperparameter with two ranges',
        {
          ParameterRanges: {
            ContinuousParameterRanges: [ETA],
            CategoricalParameterRanges: [{ Name: 'eta', Values: ['0.1'] }],
          },
        },
        /eta has more than one range/,
      ],
      [
        'for a hyperparameter with a range and a value',
        { ParameterRanges: { IntegerParameterRanges: [{ ...DEPTH, Name: 'num_round' }] } },
        /num_round has both a range and a value in StaticHyperParameters/,
      ],
      [
        'for fewer combinations than jobs',
        { ParameterRanges: { IntegerParameterRanges: [{ ...DEPTH, MaxValue: '4' }] } },
        /You don't have enough combinations of hyperparameter ranges\. .*ranges \[3\.0\] must be equal or greater than the value of MaxNumberOfJobs, \[4\]/,
      ],
      [
        'for a grid over numbers',
        { Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 1 } },
        /Grid supports categorical ranges only, but max_depth has a range of the type integer/,
      ],
      [
        'for a grid with another number of jobs',
        {
          Strategy: 'Grid',
          ParameterRanges: { CategoricalParameterRanges: [{ Name: 'eta', Values: ['0.1', '0.2'] }] },
        },
        /MaxNumberOfTrainingJobs \[4\] must equal the number of combinations \[2\]/,
      ],
      [
        'for a random search without a number of jobs',
        { ResourceLimits: { MaxParallelTrainingJobs: 1 } },
        /Random needs ResourceLimits\.MaxNumberOfTrainingJobs/,
      ],
      [
        'for no parallel job',
        { ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 0 } },
        /Value '0' at 'hyperParameterTuningJobConfig\.resourceLimits\.maxParallelTrainingJobs' failed to satisfy constraint/,
      ],
      ['for Hyperband, by name', { Strategy: 'Hyperband' }, /does not support the strategy Hyperband/],
      [
        'for early stopping by the tuning job, by name',
        { TrainingJobEarlyStoppingType: 'Auto' },
        /does not support TrainingJobEarlyStoppingType Auto/,
      ],
      [
        'for completion criteria, by name',
        { TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 1 } },
        /does not support TuningJobCompletionCriteria/,
      ],
    ] as [string, object, RegExp][])
      it(what, async () => {
        const error = await create(config);
        expect(error.name).to.equal('ValidationException');
        expect(error.message).to.match(message);
        expect(error.status).to.equal(400);
      });

    it('for a long name', async () => {
      const error = await create({}, {}, 'x'.repeat(33));
      expect(error.message).to.match(/Member must have length less than or equal to 32/);
    });

    it('for more jobs than the account may run', async () => {
      const limits = (jobs: number, parallel: number) =>
        create({
          ResourceLimits: { MaxNumberOfTrainingJobs: jobs, MaxParallelTrainingJobs: parallel },
        });
      const many = await limits(751, 1);
      expect(many.name).to.equal('ResourceLimitExceeded');
      expect(many.message).to.match(/training jobs per hyperparameter tuning job' is 750 Jobs/);
      expect((await limits(100, 11)).message).to.match(/parallel training jobs .* is 10 Jobs/);
    });

    it('for own metric definitions', async () => {
      const { AlgorithmSpecification } = cloud.jobRequest('x');
      const MetricDefinitions = [{ Name: 'mine', Regex: 'mine=(.*)' }];
      const error = await create(
        {},
        { AlgorithmSpecification: { ...AlgorithmSpecification, MetricDefinitions } },
      );
      expect(error.message).to.match(
        /^You can't override the metric definitions for Amazon SageMaker algorithms/,
      );
    });

    it('for a role that may not read the data, or does not exist', async () => {
      await cloud.allow(['s3:ListBucket', 's3:PutObject']);
      const error = await create({});
      await cloud.allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
      expect(error.message).to.match(/Error message from S3: .*s3:GetObject/);
      const nobody = await create({}, { RoleArn: 'arn:aws:iam::123456789012:role/nobody' });
      expect(nobody.message).to.match(/nobody/);
    });

    it('for a name that is taken', async () => {
      const error = await create({}, {}, 'random');
      expect(error.name).to.equal('ResourceInUse');
      expect(error.message).to.match(/^A hyperparameter tuning job with the name, random, already exists/);
    });
  });
});

/** Labels 0 and 1 by two features whose sum decides, so that depth matters. */
function binaryRows(count: number): string {
  let text = '';
  for (let i = 0; i < count; i += 1) {
    const a = (i * 37) % 101;
    const b = (i * 53) % 89;
    text += `${a > 50 === b > 44 ? 1 : 0},${a},${b}\n`;
  }
  return text;
}
