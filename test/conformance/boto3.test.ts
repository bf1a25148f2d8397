/** boto3, a client that nobody here wrote, on a whole journey through the local AWS. */
import { expect } from 'chai';
import { TestCloud } from '../local/aws/support.js';
import { pythonWith, runPython } from './python.js';

/** What boto3 saw in one step of boto3_journey.py. */
interface Step {
  step: string;
  saw: Record<string, unknown>;
}

describe('boto3 and the local AWS', () => {
  const cloud = new TestCloud();
  let steps: Step[] = [];
  const seen = (step: string) => {
    const found = steps.find((candidate) => candidate.step === step);
    expect(found, `boto3 did not reach the step ${step}`).to.not.equal(undefined);
    return found!.saw;
  };

  before(async function () {
    const python = pythonWith('boto3');
    if (!python) {
      console.log('skipped: no Python here has boto3 (pip install boto3, or set PYTHON)');
      return this.skip();
    }
    await cloud.start();
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.aws;
    steps = await runPython<Step>(python, 'boto3_journey.py', {
      endpoint,
      region,
      accessKeyId,
      secretAccessKey,
    });
  });
  after(async () => {
    if (cloud.aws) await cloud.remove();
  });

  it('knows who calls', () => {
    expect(seen('identity')).to.deep.equal({
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/admin',
    });
  });

  it('keeps objects, also in parts, under names that need encoding', () => {
    expect(seen('bucket')).to.deep.equal({
      same: true,
      parts: '2',
      length: 12 * 2 ** 20 + 7,
      keys: ['big file/ä+b.bin', 'train/rows.csv', 'validation/rows.csv'],
      encryption: 'AES256',
      presigned: 400,
      again: 'NoSuchKey',
    });
  });

  it('makes roles and reads them back', () => {
    const { listed, ...role } = seen('roles');
    expect(role).to.deep.equal({
      service: { Service: 'sagemaker.amazonaws.com' },
      statements: 3,
      tags: [{ Key: 'journey', Value: 'yes' }],
      missing: 'NoSuchEntity',
      malformed: 'MalformedPolicyDocument',
    });
    expect(listed).to.include.members(['journey-caller', 'journey-gateway', 'journey-training']);
  });

  it('waits for a training job and finds its model', () => {
    const { metrics, seconds, ...job } = seen('training');
    expect(job).to.deep.equal({
      arn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/journey',
      first: 'InProgress',
      last: 'Completed',
      steps: ['Starting', 'Downloading', 'Training', 'Uploading', 'Completed'],
      archive: ['xgboost-model'],
      listed: ['journey'],
      again: 'ResourceInUse',
      tags: [{ Key: 'journey', Value: 'yes' }],
    });
    expect(metrics).to.have.property('validation:rmse').that.is.within(0, 0.3);
    expect(seconds).to.be.greaterThan(0);
  });

  it('deploys, updates and invokes an endpoint', () => {
    const { predictions, ...endpoint } = seen('endpoint');
    expect(endpoint).to.deep.equal({
      config: 'journey-instance',
      variant: 'AllTraffic',
      type: 'application/json',
      original: 415,
      missing: 'ValidationError',
    });
    const [first, second] = (predictions as { score: number }[]).map(({ score }) => score);
    expect(first).to.be.within(1.2, 2);
    expect(second).to.be.within(2.3, 3.2);
  });

  it('predicts through API Gateway, once deployed', () => {
    const { after, created, ...api } = seen('rest-api');
    expect(api).to.deep.equal({
      resources: ['/', '/endpoints', '/endpoints/{endpoint}', '/endpoints/{endpoint}/invocations'],
      listed: ['journey'],
      tags: { journey: 'yes', more: 'tags' },
      stage: 'prod',
      tested: 200,
      before: 403,
      bad: 400,
      unsigned: 403,
    });
    expect(created).to.equal(new Date().toISOString().slice(0, 10));
    const [status, body] = after as [number, { predictions: { score: number }[] }];
    expect(status).to.equal(200);
    expect(body.predictions[0]!.score).to.be.within(1.2, 2);
  });

  it('removes everything, in AWS’s order only', () => {
    expect(seen('removal')).to.deep.equal({
      notEmpty: 'BucketNotEmpty',
      conflict: 'DeleteConflict',
      apis: [],
      endpoints: [],
      models: [],
      buckets: [],
      roles: [],
    });
  });

  it('answers as botocore’s models of the services say', () => {
    expect(seen('complaints').complaints).to.deep.equal([]);
  });
});
