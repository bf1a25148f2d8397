/** What a journey through SageMaker costs, as the local AWS counts it. */
import {
  CreateEndpointConfigCommand,
  DeleteEndpointCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { expect } from 'chai';
import { SageMakerCloud } from '../sagemaker/cloud.js';

describe('costs of use', () => {
  const cloud = new SageMakerCloud();
  before(() => cloud.start());
  after(() => cloud.close());
  const line = (what: string) => cloud.aws.costs().lines.find((entry) => entry.what === what);

  it('count a training job’s billable seconds', async () => {
    const job = await cloud.train('costs');
    expect(line('Training on ml.m5.large')).to.include({
      quantity: job.BillableTimeInSeconds,
      unit: 'instance seconds',
      cost: (job.BillableTimeInSeconds! / 3600) * 0.115,
    });
    await cloud.deploy('serverless', job.ModelArtifacts!.S3ModelArtifacts!);
  });

  it('count a serverless endpoint only while it answers', async () => {
    expect(cloud.aws.costs().perHour).to.equal(0);
    expect(line('Serverless endpoints')).to.equal(undefined);
    const started = performance.now();
    await cloud.runtime.send(
      new InvokeEndpointCommand({ EndpointName: 'serverless', ContentType: 'text/csv', Body: '1,2,3' }),
    );
    const seconds = (performance.now() - started) / 1000;
    // The endpoint of these tests has 2 GB.
    expect(line('Serverless endpoints')!.quantity).to.be.within(0.0001, 2 * seconds);
  });

  it('count an instance from the moment it serves until it is gone, used or not', async () => {
    await cloud.sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'two',
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: 'serverless',
            InstanceType: 'ml.m5.large',
            InitialInstanceCount: 2,
          },
        ],
      }),
    );
    const from = Date.now();
    await cloud.sagemaker.send(
      new UpdateEndpointCommand({ EndpointName: 'serverless', EndpointConfigName: 'two' }),
    );
    await cloud.settled('serverless');
    expect(cloud.aws.costs().perHour).to.equal(0.23);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(line('Endpoint on ml.m5.large')!.quantity).to.be.at.least(0.6);
    await cloud.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'serverless' }));
    await cloud.settled('serverless').catch(() => undefined);
    expect(cloud.aws.costs().perHour).to.equal(0);
    const used = line('Endpoint on ml.m5.large')!.quantity;
    expect(used).to.be.within(0.6, (2 * (Date.now() - from)) / 1000);
    expect(line('Endpoint on ml.m5.large')!.quantity).to.equal(used);
  });
});
