import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateModelCommand,
  CreateTransformJobCommand,
  type CreateTransformJobCommandInput,
  DescribeTransformJobCommand,
  type DescribeTransformJobCommandOutput,
  ListTagsCommand,
  ListTransformJobsCommand,
  StopTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { expect } from 'chai';
import { BUCKET, IMAGE, refusal, SageMakerCloud, trainingRows } from './cloud.js';

const S3 = ['s3:GetObject', 's3:PutObject', 's3:ListBucket'];

describe('SageMaker batch transform', () => {
  const cloud = new SageMakerCloud();
  const rows = features(500, 7);
  before(async () => {
    await cloud.start();
    const job = await cloud.train('regressor');
    await cloud.deploy('regressor', job.ModelArtifacts!.S3ModelArtifacts!);
    await cloud.upload('input/rows.csv', rows);
  });
  after(() => cloud.close());

  function request(
    TransformJobName: string,
    change: Partial<CreateTransformJobCommandInput> = {},
    input: object = {},
    output: object = {},
  ): CreateTransformJobCommandInput {
    return {
      TransformJobName,
      ModelName: 'regressor',
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/input/` } },
        ContentType: 'text/csv',
        SplitType: 'Line',
        ...input,
      },
      TransformOutput: {
        S3OutputPath: `s3://${BUCKET}/output/${TransformJobName}`,
        AssembleWith: 'Line',
        ...output,
      },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      ...change,
    };
  }

  const send = (...args: Parameters<typeof request>) =>
    cloud.sagemaker.send(new CreateTransformJobCommand(request(...args)));
  async function finished(TransformJobName: string): Promise<DescribeTransformJobCommandOutput> {
    for (;;) {
      const job = await cloud.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName }));
      if (job.TransformJobStatus !== 'InProgress' && job.TransformJobStatus !== 'Stopping') return job;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const transform = async (...args: Parameters<typeof request>) => {
    await send(...args);
    return finished(args[0]);
  };
  const read = async (Key: string) =>
    (await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body!.transformToString();
  const written = async (name: string) =>
    (
      (await cloud.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: `output/${name}/` })))
        .Contents ?? []
    ).map((object) => object.Key!.slice(`output/${name}/`.length));
  const from = (S3Uri: string, S3DataType = 'S3Prefix') => ({
    DataSource: { S3DataSource: { S3DataType, S3Uri: `s3://${BUCKET}/${S3Uri}` } },
  });

  it('writes the predictions that the endpoint gives, line by line', async () => {
    const answer = await send('first', { Tags: [{ Key: 'project', Value: 'demo' }] });
    expect(answer.TransformJobArn).to.equal('arn:aws:sagemaker:us-east-1:123456789012:transform-job/first');
    const job = await finished('first');
    expect(job.FailureReason).to.equal(undefined);
    expect(job.TransformJobStatus).to.equal('Completed');
    expect(job.TransformEndTime!.getTime()).to.be.at.least(job.TransformStartTime!.getTime());
    expect(job.DataProcessing).to.deep.equal({ InputFilter: '$', OutputFilter: '$', JoinSource: 'None' });
    expect(await written('first')).to.deep.equal(['rows.csv.out']);
    const invoked = await cloud.runtime.send(
      new InvokeEndpointCommand({ EndpointName: 'regressor', ContentType: 'text/csv', Body: rows }),
    );
    const output = await read('output/first/rows.csv.out');
    expect(output).to.equal(Buffer.from(invoked.Body).toString());
    expect(output.trimEnd().split('\n')).to.have.length(500);
    const { Tags } = await cloud.sagemaker.send(new ListTagsCommand({ ResourceArn: job.TransformJobArn }));
    expect(Tags).to.deep.equal([{ Key: 'project', Value: 'demo' }]);
  });

  it('gives the same with single records, unsplit or zipped objects, manifests, and whatever is accepted', async () => {
    const expected = await read('output/first/rows.csv.out');
    await cloud.upload('zipped/rows.csv.gz', gzipSync(rows));
    await cloud.upload('manifest.json', JSON.stringify([{ prefix: `s3://${BUCKET}/input/` }, 'rows.csv']));
    const output = async (file: string, ...args: Parameters<typeof request>) => {
      const job = await transform(...args);
      expect(job.FailureReason).to.equal(undefined);
      return read(`output/${args[0]}/${file}`);
    };
    const single = { BatchStrategy: 'SingleRecord' as const, MaxConcurrentTransforms: 4 };
    expect(await output('rows.csv.out', 'single', single)).to.equal(expected);
    expect(await output('rows.csv.out', 'whole', {}, { SplitType: 'None' })).to.equal(expected);
    const zipped = { CompressionType: 'Gzip', ...from('zipped/') };
    expect(await output('rows.csv.gz.out', 'zipped', {}, zipped)).to.equal(expected);
    expect(await output('rows.csv.out', 'exact', {}, from('input/rows.csv'))).to.equal(expected);
    expect(await output('input/rows.csv.out', 'listed', {}, from('manifest.json', 'ManifestFile'))).to.equal(
      expected,
    );
    // In batch mode the container writes lines for every type that it knows.
    expect(await output('rows.csv.out', 'json', {}, {}, { Accept: 'application/json' })).to.equal(expected);
  });

  it('cuts large objects into payloads and keeps their order', async () => {
    const line = '0.12345,0.54321,7\n';
    const count = Math.ceil((2.5 * 1024 * 1024) / line.length);
    const marked = `${'0.9,0.1,1\n'}${line.repeat(count)}${'0.9,0.1,1\n'}`;
    await cloud.upload('large/rows.csv', marked);
    const job = await transform('large', { MaxPayloadInMB: 1, MaxConcurrentTransforms: 3 }, from('large/'));
    expect(job.FailureReason).to.equal(undefined);
    const lines = (await read('output/large/rows.csv.out')).trimEnd().split('\n');
    expect(lines).to.have.length(count + 2);
    expect(lines[0]).to.equal(lines.at(-1));
    expect(new Set(lines.slice(1, -1)).size).to.equal(1);
    expect(lines[0]).not.to.equal(lines[1]);
  });

  it('keeps the folders below the prefix', async () => {
    for (const key of ['tree/a.csv', 'tree/b/c.csv']) await cloud.upload(key, features(3, 1));
    await transform('tree', {}, from('tree'));
    expect(await written('tree')).to.deep.equal(['a.csv.out', 'b/c.csv.out']);
  });

  it('lists several values of a prediction as the container’s Python does', async () => {
    const labelled = trainingRows(120, 5)
      .trim()
      .split('\n')
      .map((row, i) => row.replace(/^[^,]*/, String(i % 3)));
    await cloud.upload('classes/rows.csv', labelled.join('\n'));
    const { InputDataConfig } = cloud.jobRequest('classes');
    const train = {
      ...InputDataConfig![0]!,
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: `s3://${BUCKET}/classes/` } },
    };
    const job = await cloud.train('classes', {
      HyperParameters: { num_round: '2', objective: 'multi:softprob', num_class: '3' },
      InputDataConfig: [train],
    });
    await createModel('classes', job.ModelArtifacts!.S3ModelArtifacts!);
    await transform('classes', { ModelName: 'classes' });
    const [first] = (await read('output/classes/rows.csv.out')).split('\n');
    expect(first).to.match(/^\[0\.\d+, 0\.\d+, 0\.\d+\]$/);
  });

  describe('fails with a reason, and writes nothing for the object', () => {
    it('that is no table, while the others are written', async () => {
      await cloud.upload('mixed/bad.csv', '1,2,3\n4,Jane Doe,6\n');
      await cloud.upload('mixed/good.csv', features(3, 1));
      const job = await transform('mixed', {}, from('mixed/'));
      expect(job.TransformJobStatus).to.equal('Failed');
      expect(job.FailureReason).to.match(
        /^ClientError: See job logs for more information: the model answered 415 with/,
      );
      expect(job.FailureReason).not.to.include('Jane');
      expect(await written('mixed')).to.deep.equal(['good.csv.out']);
    });

    it('that has other columns than the model', async () => {
      await cloud.upload('wide/rows.csv', '1,2,3,4,5\n');
      const job = await transform('wide', {}, from('wide/'));
      expect(job.FailureReason).to.match(/the model answered 400 with "Unable to evaluate payload provided/);
    });

    it('that is larger than a payload and not split', async () => {
      const job = await transform('unsplit', { MaxPayloadInMB: 1 }, { SplitType: 'None', ...from('large/') });
      expect(job.FailureReason).to.match(
        /^ClientError: Too much data for max payload size: .*MaxPayloadInMB \(1 MB\)/,
      );
      expect(await written('unsplit')).to.deep.equal([]);
    });

    it('of which a payload is larger than the container takes', async () => {
      await cloud.upload('huge/rows.csv', '0.12345,0.54321,7\n'.repeat(400_000));
      const job = await transform('huge', { MaxPayloadInMB: 50 }, from('huge/'));
      expect(job.FailureReason).to.match(/the model answered 413/);
    });

    it('that is not zipped as was said', async () => {
      const job = await transform('unzipped', {}, { CompressionType: 'Gzip' });
      expect(job.FailureReason).to.match(/^ClientError: an input object is not in the format Gzip/);
    });

    it('for a type that the container does not know', async () => {
      const sent = await transform('sent', {}, { ContentType: 'text/plain' });
      expect(sent.FailureReason).to.match(/answered 415 with "text\/plain is not an accepted ContentType/);
      const accepted = await transform('accepted', {}, {}, { Accept: 'text/plain' });
      expect(accepted.FailureReason).to.match(/answered 406 with "Accept type text\/plain is not supported/);
    });

    it('when there is no object', async () => {
      const job = await transform('nothing', {}, from('nothing/'));
      expect(job.FailureReason).to.equal(
        `ClientError: Data download failed: S3 key: s3://${BUCKET}/nothing/ matched no files on s3`,
      );
    });

    it('when the model’s role may not read, write or pull', async () => {
      const without = async (name: string, actions: string[], pull = true) => {
        await cloud.allow(actions, pull);
        const job = await transform(name);
        await cloud.allow(S3);
        expect(job.TransformJobStatus).to.equal('Failed');
        return job.FailureReason;
      };
      expect(await without('no-list', ['s3:GetObject', 's3:PutObject'])).to.match(
        /^ClientError: Data download failed: .*s3:ListBucket/,
      );
      expect(await without('no-write', ['s3:GetObject', 's3:ListBucket'])).to.match(
        /^ClientError: Failed to upload s3:\/\/data-bucket\/output\/no-write\/rows\.csv\.out: .*s3:PutObject/,
      );
      expect(await without('no-pull', S3, false)).to.match(
        /^ClientError: The model regressor does not start: Cannot pull the image .*ecr:GetAuthorizationToken/,
      );
      expect(await written('no-write')).to.deep.equal([]);
    });
  });

  it('can be stopped, storing nothing', async () => {
    await cloud.upload('slow/rows.csv', features(50_000, 3));
    await send('stopped', { BatchStrategy: 'SingleRecord' }, from('slow/'));
    await cloud.sagemaker.send(new StopTransformJobCommand({ TransformJobName: 'stopped' }));
    const job = await finished('stopped');
    expect(job.TransformJobStatus).to.equal('Stopped');
    expect(await written('stopped')).to.deep.equal([]);
    const again = await refusal(
      cloud.sagemaker.send(new StopTransformJobCommand({ TransformJobName: 'stopped' })),
    );
    expect(again.message).to.equal(
      'The request was rejected because the transform job is in status Stopped.',
    );
  });

  it('is listed, the latest first', async () => {
    const { TransformJobSummaries: jobs } = await cloud.sagemaker.send(
      new ListTransformJobsCommand({ StatusEquals: 'Completed', NameContains: 'e', MaxResults: 100 }),
    );
    const names = jobs!.map((job) => job.TransformJobName!);
    expect(names.slice(0, 2)).to.deep.equal(['classes', 'tree']);
    expect(names).not.to.include('stopped');
    expect(jobs![0]!.TransformEndTime).to.be.instanceOf(Date);
  });

  it('that a closing cloud interrupts has failed when it is back', async () => {
    await send('interrupted', { BatchStrategy: 'SingleRecord' }, from('slow/'));
    await cloud.disconnect();
    await cloud.connect();
    const job = await finished('interrupted');
    expect(job.TransformJobStatus).to.equal('Failed');
    expect(job.FailureReason).to.match(/the local cloud was stopped while this job ran/);
    expect(await written('interrupted')).to.deep.equal([]);
  });

  describe('is refused', () => {
    const create = (...args: Parameters<typeof request>) => refusal(send(...args));

    for (const [what, change, input, output, message] of [
      [
        'for a model that does not exist',
        { ModelName: 'nobody' },
        {},
        {},
        /^Could not find model "arn:aws:sagemaker:us-east-1:123456789012:model\/nobody"\.$/,
      ],
      [
        'for more than 100 MB at once',
        { MaxConcurrentTransforms: 20, MaxPayloadInMB: 6 },
        {},
        {},
        /is 120 MB; it cannot exceed 100 MB/,
      ],
      [
        'for a payload above 100 MB',
        { MaxPayloadInMB: 101 },
        {},
        {},
        /Value '101' at 'maxPayloadInMB' failed to satisfy constraint/,
      ],
      ['for chunked payloads', { MaxPayloadInMB: 0 }, {}, {}, /chunked encoding, which the built-in XGBoost/],
      [
        'for single records of an unsplit object',
        { BatchStrategy: 'SingleRecord' },
        { SplitType: 'None' },
        {},
        /SingleRecord needs a SplitType/,
      ],
      [
        'for binary records, by name',
        {},
        { SplitType: 'RecordIO' },
        {},
        /does not support the SplitType RecordIO/,
      ],
      [
        'for a filter, by name',
        { DataProcessing: { InputFilter: '$[1:]' } },
        {},
        {},
        /does not support DataProcessing\.InputFilter \$\[1:\]/,
      ],
      [
        'for a join, by name',
        { DataProcessing: { JoinSource: 'Input' } },
        {},
        {},
        /does not support DataProcessing\.JoinSource Input/,
      ],
      [
        'for variables of the environment, by name',
        { Environment: { MAX_CONTENT_LENGTH: '1' } },
        {},
        {},
        /does not support Environment in CreateTransformJob/,
      ],
      [
        'for an output that is no S3 URI',
        {},
        {},
        { S3OutputPath: 'output/' },
        /is not of the form s3:\/\/bucket\/key/,
      ],
      [
        'for an instance type that does not transform',
        { TransformResources: { InstanceType: 'ml.r5.large', InstanceCount: 1 } },
        {},
        {},
        /at 'transformResources\.instanceType' failed to satisfy constraint/,
      ],
    ] as [string, object, object, object, RegExp][])
      it(what, async () => {
        const error = await create('refused', change, input, output);
        expect(error.name).to.equal('ValidationException');
        expect(error.message).to.match(message);
        expect(error.status).to.equal(400);
      });

    it('for a name that is taken, or unknown', async () => {
      const taken = await create('first');
      expect(taken.name).to.equal('ResourceInUse');
      expect(taken.message).to.match(/a job with this name already exists \(arn:aws:sagemaker/);
      const unknown = await refusal(
        cloud.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: 'unknown' })),
      );
      expect(unknown).to.deep.include({
        name: 'ValidationException',
        message: 'Could not find requested job with name: unknown',
      });
    });
  });

  const createModel = (ModelName: string, ModelDataUrl: string) =>
    cloud.sagemaker.send(
      new CreateModelCommand({
        ModelName,
        PrimaryContainer: { Image: IMAGE, ModelDataUrl },
        ExecutionRoleArn: cloud.roleArn,
      }),
    );
});

/** Rows without labels. */
function features(count: number, seed: number): string {
  return trainingRows(count, seed).replace(/^[^,]*,/gm, '');
}
