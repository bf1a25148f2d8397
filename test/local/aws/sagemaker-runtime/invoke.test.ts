import { CreateEndpointCommand, CreateEndpointConfigCommand } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, ModelError } from '@aws-sdk/client-sagemaker-runtime';
import { expect } from 'chai';
import { BUCKET, refusal, SageMakerCloud, trainingRows } from '../sagemaker/cloud.js';

describe('invoking an endpoint', () => {
  const cloud = new SageMakerCloud();
  let artifact: string;
  before(async () => {
    await cloud.start();
    artifact = (await cloud.train('model')).ModelArtifacts!.S3ModelArtifacts!;
    await cloud.deploy('served', artifact);
    await cloud.deploy('instance', artifact, false);
  });
  after(() => cloud.close());

  const invoke = async (Body: string | Buffer, change: object = {}) => {
    const answer = await cloud.runtime.send(
      new InvokeEndpointCommand({ EndpointName: 'served', ContentType: 'text/csv', Body, ...change }),
    );
    return { ...answer, text: (await answer.Body?.transformToString()) ?? '' };
  };
  const modelError = async (Body: string | Buffer, change: object = {}): Promise<ModelError> => {
    try {
      await invoke(Body, change);
    } catch (error) {
      expect(error).to.be.instanceOf(ModelError);
      return error as ModelError;
    }
    throw new Error('The invocation was expected to fail, but it succeeded.');
  };

  it('answers one line for each row, as Python writes doubles', async () => {
    const { text, ContentType, InvokedProductionVariant } = await invoke('0.5,0.5,3\n0.9,0.1,7\n');
    expect(text).to.match(/^\d\.\d+\n\d\.\d+\n$/);
    expect(ContentType).to.equal('text/csv; charset=utf-8');
    expect(InvokedProductionVariant).to.equal('AllTraffic');
    const [first, second] = text.trim().split('\n').map(Number);
    expect(first).to.be.closeTo(1.75, 0.4);
    expect(second).to.be.closeTo(2.95, 0.4);
    // The text is the float exactly, not rounded.
    expect(Math.fround(first!)).to.equal(first);
  });

  it('answers JSON when asked to, with the same numbers', async () => {
    const rows = '0.5,0.5,3\n0.9,0.1,7';
    const { text, ContentType } = await invoke(rows, { Accept: 'application/json' });
    expect(ContentType).to.equal('application/json');
    expect(text).to.match(/^\{"predictions": \[\{"score": [\d.]+\}, \{"score": [\d.]+\}\]\}$/);
    const scores = (JSON.parse(text) as { predictions: { score: number }[] }).predictions.map((p) => p.score);
    expect(scores).to.deep.equal((await invoke(rows)).text.trim().split('\n').map(Number));
  });

  it('takes missing values and other delimiters, and a row does not depend on its neighbours', async () => {
    const rows = trainingRows(300, 9)
      .trim()
      .split('\n')
      .map((line) => line.split(',').slice(1).join(','));
    rows[7] = ',,';
    const whole = (await invoke(rows.join('\r\n'))).text.trim().split('\n');
    expect(whole).to.have.length(300);
    for (const i of [0, 7, 299]) expect((await invoke(`${rows[i]}\n`)).text.trim()).to.equal(whole[i]);
    expect((await invoke(rows.join('\n').replaceAll(',', ';'))).text.trim().split('\n')).to.deep.equal(whole);
  });

  it('takes libsvm, from 0 or from 1, absent entries missing', async () => {
    const csv = (await invoke('0.5,,3\n0.25,1,2')).text;
    const libsvm = (rows: string) => invoke(rows, { ContentType: 'text/libsvm' });
    expect((await libsvm('0:0.5 2:3\n0:0.25 1:1 2:2\n')).text).to.equal(csv);
    expect((await libsvm('1:0.5 3:3\n1:0.25 2:1 3:2')).text).to.equal(csv);
  });

  it('answers many invocations at once, each with its own rows', async () => {
    const rows = trainingRows(40, 3)
      .trim()
      .split('\n')
      .map((line) => line.split(',').slice(1).join(','));
    const expected = (await invoke(rows.join('\n'), { EndpointName: 'instance' })).text.trim().split('\n');
    const answers = await Promise.all(rows.map((row) => invoke(row, { EndpointName: 'instance' })));
    expect(answers.map((answer) => answer.text.trim())).to.deep.equal(expected);
  });

  for (const [what, body, change, status, message] of [
    [
      'an unknown content type',
      '1,2,3',
      { ContentType: 'application/pdf' },
      415,
      /^application\/pdf is not an accepted ContentType: csv, libsvm/,
    ],
    [
      'JSON, which the container does not take',
      '[1,2,3]',
      { ContentType: 'application/json' },
      415,
      /is not an accepted ContentType/,
    ],
    [
      'libsvm that is none',
      '0:1 1:x',
      { ContentType: 'text/libsvm' },
      415,
      /Loading libsvm data failed with Exception[\s\S]*line 1, token 2 is not in libsvm format/,
    ],
    [
      'recordio, by name',
      '1',
      { ContentType: 'application/x-recordio-protobuf' },
      415,
      /The local SageMaker does not support the content type application\/x-recordio-protobuf/,
    ],
    [
      'a word among the numbers',
      '1,x,3',
      {},
      415,
      /Loading csv data failed with Exception, please ensure data is in csv format:[\s\S]*could not convert string to float/,
    ],
    ['rows of different lengths', '1,2,3\n1,2', {}, 415, /Line 2 has 2 columns/],
    ['a single column', '1\n2\n', {}, 415, /Could not determine delimiter/],
    [
      'too many features',
      '1,2,3,4',
      {},
      400,
      /^Unable to evaluate payload provided: Feature size of csv inference data 4 is not consistent with feature size of trained model 3\.$/,
    ],
    [
      'too many features of libsvm',
      '0:1 5:1',
      { ContentType: 'text/libsvm' },
      400,
      /^Unable to evaluate payload provided: Feature size of libsvm inference data 6 is larger than feature size of trained model 3\.$/,
    ],
    [
      'an unknown Accept',
      '1,2,3',
      { Accept: 'image/png' },
      406,
      /^Accept type image\/png is not supported\. Please use supported accept types: \['application\/json'/,
    ],
    [
      'an Accept that is not there here',
      '1,2,3',
      { Accept: 'application/jsonlines' },
      406,
      /The local SageMaker does not support Accept application\/jsonlines/,
    ],
  ] as [string, string, object, number, RegExp][])
    it(`wraps the container’s refusal of ${what}`, async () => {
      const error = await modelError(body, change);
      expect(error.$metadata.httpStatusCode).to.equal(424);
      expect(error.OriginalStatusCode).to.equal(status);
      expect(error.OriginalMessage).to.match(message);
      expect(error.message).to.match(
        new RegExp(`^Received client error \\(${status}\\) from primary with message "`),
      );
      expect(error.LogStreamArn).to.equal(
        'arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/served',
      );
    });

  it('answers an empty body with nothing', async () => {
    expect((await invoke('')).$metadata.httpStatusCode).to.equal(204);
  });

  it('refuses an endpoint that is not there, or not there yet', async () => {
    const missing = await refusal(invoke('1,2,3', { EndpointName: 'missing' }));
    expect(missing).to.deep.include({
      name: 'ValidationError',
      message: 'Endpoint missing of account 123456789012 not found.',
      status: 400,
    });
    await cloud.sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'slow',
        ProductionVariants: [
          {
            VariantName: 'A',
            ModelName: 'served',
            ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 },
          },
        ],
      }),
    );
    const created = cloud.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: 'slow', EndpointConfigName: 'slow' }),
    );
    await created;
    await cloud.settled('slow');
    const many = await Promise.allSettled(
      Array.from({ length: 10 }, () => invoke('1,2,3\n'.repeat(2000), { EndpointName: 'slow' })),
    );
    const throttled = many
      .filter((one) => one.status === 'rejected')
      .map((one) => one.reason as Error & { $metadata: { httpStatusCode: number } });
    expect(throttled.length).to.be.within(1, 9);
    expect(throttled[0]!.name).to.equal('ThrottlingException');
    expect(throttled[0]!.$metadata.httpStatusCode).to.equal(429);
  });

  it('refuses another variant than the one it has', async () => {
    const error = await refusal(invoke('1,2,3', { TargetVariant: 'B' }));
    expect(error.message).to.equal('Variant B not found for Request.');
  });

  it('takes 6 MB on instances and 4 MB without, and no more', async () => {
    const rows = (bytes: number) => '1,2,3\n'.repeat(Math.floor(bytes / 6));
    const megabyte = 1024 * 1024;
    expect((await invoke(rows(5 * megabyte), { EndpointName: 'instance' })).text).to.have.length.above(
      megabyte,
    );
    for (const [EndpointName, size] of [
      ['served', 4],
      ['instance', 6],
    ] as const) {
      const error = await refusal(invoke(rows(size * megabyte + 12), { EndpointName }));
      expect(error.status).to.equal(413);
      expect(error.message).to.equal(`HTTP content length exceeded ${size * megabyte} bytes.`);
    }
  });

  it('serves a model of probabilities, one column per class', async () => {
    const classes = trainingRows(90, 5)
      .trim()
      .split('\n')
      .map((line, i) => `${i % 3},${line}`)
      .join('\n');
    await cloud.upload('classes/rows.csv', classes);
    const source = { S3DataType: 'S3Prefix' as const, S3Uri: `s3://${BUCKET}/classes/` };
    const job = await cloud.train('classes', {
      HyperParameters: { num_round: '2', objective: 'multi:softprob', num_class: '3' },
      InputDataConfig: [
        { ChannelName: 'train', ContentType: 'text/csv', DataSource: { S3DataSource: source } },
      ],
    });
    await cloud.deploy('classes', job.ModelArtifacts!.S3ModelArtifacts!);
    const { text } = await invoke('1,2,3,4', { EndpointName: 'classes' });
    const probabilities = text.trim().split(',').map(Number);
    expect(probabilities).to.have.length(3);
    expect(probabilities.reduce((sum, p) => sum + p)).to.be.closeTo(1, 1e-5);
    const json = await invoke('1,2,3,4', { EndpointName: 'classes', Accept: 'application/json' });
    expect(
      (JSON.parse(json.text) as { predictions: [{ score: number[] }] }).predictions[0].score,
    ).to.deep.equal(probabilities);
  });
});
