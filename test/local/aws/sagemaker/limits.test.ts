import {
  CreateTrainingJobCommand,
  DeleteEndpointCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import {
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { SERVERLESS_CONCURRENCY } from '@local-cloud/aws/servicequotas/quotas.js';
import { expect } from 'chai';
import { refusal, SageMakerCloud } from './cloud.js';

describe('quotas of SageMaker', () => {
  // deploy() gives each serverless endpoint 20.
  const cloud = new SageMakerCloud(0, 0, {
    [SERVERLESS_CONCURRENCY]: 40,
    'ml.m5.large for training job usage': 1,
  });
  let artifact: string;
  let quotas: ServiceQuotasClient;
  before(async () => {
    await cloud.start();
    artifact = (await cloud.train('model')).ModelArtifacts!.S3ModelArtifacts!;
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.aws;
    quotas = new ServiceQuotasClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  });
  after(async () => {
    quotas.destroy();
    await cloud.close();
  });

  it('sum the concurrency of all serverless endpoints, and refuse the one that does not fit any more', async () => {
    await cloud.deploy('one', artifact);
    await cloud.deploy('two', artifact);
    await cloud.deploy('by-the-hour', artifact, false);
    const error = await refusal(cloud.deploy('three', artifact));
    expect(error.name).to.equal('ResourceLimitExceeded');
    expect(error.message).to.contain(
      `The account-level service limit '${SERVERLESS_CONCURRENCY}' is 40 Units, with current utilization of 40 Units and a request delta of 20 Units.`,
    );
    const update = new UpdateEndpointCommand({ EndpointName: 'by-the-hour', EndpointConfigName: 'one' });
    expect((await refusal(cloud.sagemaker.send(update))).name).to.equal('ResourceLimitExceeded');
    await cloud.sagemaker.send(new UpdateEndpointCommand({ EndpointName: 'two', EndpointConfigName: 'one' }));
    await cloud.settled('two');
  });

  it('leave room again when an endpoint has gone', async () => {
    await cloud.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'one' }));
    while ((await refusal(cloud.settled('one')).catch(() => undefined)) === undefined);
    expect((await cloud.deploy('four', artifact)).EndpointStatus).to.equal('InService');
  });

  it('hold running training jobs to the instances of their type', async () => {
    const start = (name: string) =>
      cloud.sagemaker.send(new CreateTrainingJobCommand(cloud.jobRequest(name)));
    await start('first');
    expect(await refusal(start('second'))).to.include({ name: 'ResourceLimitExceeded' });
    await cloud.finished('first');
    await start('second');
    await cloud.finished('second');
  });

  it('are listed by Service Quotas, page by page and one by one', async () => {
    const first = await quotas.send(
      new ListServiceQuotasCommand({ ServiceCode: 'sagemaker', MaxResults: 2 }),
    );
    expect(first.Quotas).to.have.length(2);
    const rest = await quotas.send(
      new ListServiceQuotasCommand({ ServiceCode: 'sagemaker', NextToken: first.NextToken }),
    );
    const all = [...first.Quotas!, ...rest.Quotas!];
    const found = all.find(({ QuotaName }) => QuotaName === SERVERLESS_CONCURRENCY)!;
    expect(found).to.include({ Value: 40, Adjustable: true, ServiceCode: 'sagemaker' });
    const { Quota } = await quotas.send(
      new GetServiceQuotaCommand({ ServiceCode: 'sagemaker', QuotaCode: found.QuotaCode }),
    );
    expect(Quota).to.deep.equal(found);
    expect(
      await refusal(quotas.send(new GetServiceQuotaCommand({ ServiceCode: 'sagemaker', QuotaCode: 'L-0' }))),
    ).to.include({ name: 'NoSuchResourceException' });
  });
});
