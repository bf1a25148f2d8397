import {
  CreateModelCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { BUCKET, IMAGE, SageMakerCloud } from './cloud.js';

/** Milliseconds that a job waits for its instances, by a clock that the test moves. */
const STARTING = 100_000;

describe('A job that waits for its instances', () => {
  const clock = new MovableClock();
  const cloud = new SageMakerCloud(0, 0, undefined, 0, clock, STARTING);
  before(() => cloud.start());
  after(() => cloud.close());

  const begin = (name: string) => cloud.sagemaker.send(new CreateTrainingJobCommand(cloud.jobRequest(name)));
  const look = (TrainingJobName: string) =>
    cloud.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));

  it('is Starting until it has them, and is not billed for that', async () => {
    await begin('first');
    clock.advance(STARTING - 60_000);
    expect(await look('first')).to.include({ TrainingJobStatus: 'InProgress', SecondaryStatus: 'Starting' });
    clock.advance(60_000);
    const job = await cloud.finished('first');
    expect(job.TrainingJobStatus).to.equal('Completed');
    expect(job.TrainingEndTime!.getTime() - job.CreationTime!.getTime()).to.be.at.least(STARTING);
    expect(job.BillableTimeInSeconds).to.be.below(STARTING / 2000);
  });

  it('is stopped at once', async () => {
    await begin('stopped');
    await cloud.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stopped' }));
    expect((await cloud.finished('stopped')).TrainingJobStatus).to.equal('Stopped');
  });

  it('predicts no record before, as a batch transform', async () => {
    const { ModelArtifacts } = await look('first');
    await cloud.sagemaker.send(
      new CreateModelCommand({
        ModelName: 'late',
        ExecutionRoleArn: cloud.roleArn,
        PrimaryContainer: { Image: IMAGE, ModelDataUrl: ModelArtifacts!.S3ModelArtifacts },
      }),
    );
    await cloud.upload('lines/a.csv', '0.5,0.5,3\n');
    await cloud.sagemaker.send(
      new CreateTransformJobCommand({
        TransformJobName: 'late',
        ModelName: 'late',
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/lines/` } },
          ContentType: 'text/csv',
          SplitType: 'Line',
        },
        TransformOutput: { S3OutputPath: `s3://${BUCKET}/answers` },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      }),
    );
    const status = async () =>
      (await cloud.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: 'late' })))
        .TransformJobStatus;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await status()).to.equal('InProgress');
    clock.advance(STARTING);
    while ((await status()) === 'InProgress') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await status()).to.equal('Completed');
  });

  it('fails when the cloud ends meanwhile', async () => {
    await begin('left');
    await cloud.disconnect();
    await cloud.connect();
    expect((await look('left')).TrainingJobStatus).to.equal('Failed');
  });
});
