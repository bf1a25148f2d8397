import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  ListEndpointsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { expect } from 'chai';
import { refusal, SageMakerCloud } from './cloud.js';

describe('An endpoint on its way', () => {
  const cloud = new SageMakerCloud(400, 400);
  const arn = 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/passing';
  before(async () => {
    await cloud.start();
    const { ModelArtifacts } = await cloud.train('model');
    await cloud.deploy('passing', ModelArtifacts!.S3ModelArtifacts!);
  });
  after(() => cloud.close());

  const named = { EndpointName: 'passing' };
  const status = async () => (await cloud.sagemaker.send(new DescribeEndpointCommand(named))).EndpointStatus;
  const update = () =>
    cloud.sagemaker.send(new UpdateEndpointCommand({ ...named, EndpointConfigName: 'passing' }));
  const remove = () => cloud.sagemaker.send(new DeleteEndpointCommand(named));
  const invoke = () =>
    cloud.runtime.send(new InvokeEndpointCommand({ ...named, ContentType: 'text/csv', Body: '0.5,0.5,3' }));

  it('is Updating for a while, serves meanwhile, and takes no second change', async () => {
    await update();
    expect(await status()).to.equal('Updating');
    await invoke();
    for (const change of [update, remove]) {
      const error = await refusal(change());
      expect(error).to.deep.include({ name: 'ValidationException', status: 400 });
      expect(error.message).to.equal(`Cannot update in-progress endpoint "${arn}".`);
    }
    expect((await cloud.settled('passing')).EndpointStatus).to.equal('InService');
  });

  it('is Deleting for a while: listed as such, its name taken, and nobody served', async () => {
    await remove();
    expect(await status()).to.equal('Deleting');
    const { Endpoints } = await cloud.sagemaker.send(new ListEndpointsCommand({ StatusEquals: 'Deleting' }));
    expect(Endpoints!.map(({ EndpointName }) => EndpointName)).to.deep.equal(['passing']);
    expect((await refusal(invoke())).message).to.match(/is not InService: its status is Deleting/);
    for (const change of [update, remove])
      expect((await refusal(change())).message).to.equal(`Cannot update in-progress endpoint "${arn}".`);
    const again = new CreateEndpointCommand({ ...named, EndpointConfigName: 'passing' });
    expect((await refusal(cloud.sagemaker.send(again))).message).to.match(/^Cannot create already existing/);
    expect((await refusal(cloud.settled('passing'))).message).to.equal(`Could not find endpoint "${arn}".`);
    await cloud.sagemaker.send(again);
    expect((await cloud.settled('passing')).EndpointStatus).to.equal('InService');
  });

  it('comes to its end when the cloud ends meanwhile', async () => {
    await remove();
    await cloud.disconnect();
    await cloud.connect();
    expect((await refusal(cloud.settled('passing'))).message).to.match(/^Could not find endpoint/);
  });
});
