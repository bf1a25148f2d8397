/** The local SageMaker against Python's xgboost on the same C library: same rows, same numbers, same model. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { unpackTarGz } from '@local-cloud/aws/sagemaker/shared/tar.js';
import { expect } from 'chai';
import { BUCKET, SageMakerCloud, trainingRows } from '../local/aws/sagemaker/cloud.js';
import { pythonWith, shareXgboost } from './python.js';

/** Reads the training rows, trains, and writes its own model and its predictions with the job's model. */
const SCRIPT = `
import sys, json
import numpy as np
import xgboost as xgb
folder, params, rounds = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
read = lambda name: np.genfromtxt(folder + "/" + name, delimiter=",", dtype=float)
rows = read("train.csv")
train = xgb.DMatrix(rows[:, 1:], label=rows[:, 0])
booster = xgb.train(params, train, num_boost_round=rounds)
with open(folder + "/python-model", "wb") as f:
    f.write(booster.save_raw("ubj"))
trained = xgb.Booster()
trained.load_model(folder + "/xgboost-model")
predictions = trained.predict(xgb.DMatrix(read("score.csv")))
print("\\n".join(map(str, predictions.tolist())))
`;

/** Trains as the container does under early stopping, writes the model, and tells what Python sees in the job's. */
const EARLY = `
import sys, json
import numpy as np
import xgboost as xgb
folder, params = sys.argv[1], json.loads(sys.argv[2])
read = lambda name: np.genfromtxt(folder + "/" + name, delimiter=",", dtype=float)
matrix = lambda rows: xgb.DMatrix(rows[:, 1:], label=rows[:, 0])
train, validation = matrix(read("train.csv")), matrix(read("validation.csv"))
stop = xgb.callback.EarlyStopping(rounds=5, data_name="validation", metric_name="rmse", maximize=False, save_best=True)
booster = xgb.train({**params, "eval_metric": ["mae", "rmse"]}, train, num_boost_round=200,
    evals=[(train, "train"), (validation, "validation")], callbacks=[stop], verbose_eval=False)
with open(folder + "/python-model", "wb") as f:
    f.write(booster.save_raw("ubj"))
trained = xgb.Booster()
trained.load_model(folder + "/xgboost-model")
rows = read("validation.csv")
served = float(np.sqrt(np.mean((trained.predict(validation) - rows[:, 0]) ** 2)))
print(json.dumps({"best": float(trained.attr("best_score")), "served": served}))
`;

describe('a model of the local SageMaker in Python’s xgboost', () => {
  const cloud = new SageMakerCloud();
  const folder = mkdtempSync(join(tmpdir(), 'xgboost-python-'));
  const { LIBXGBOOST } = process.env;
  let python: string;

  before(async function () {
    const found = pythonWith('numpy, xgboost');
    if (!found) {
      console.log('skipped: no Python here has xgboost (node scripts/python.mjs peers, or set PYTHON)');
      return this.skip();
    }
    python = found;
    shareXgboost(python);
    await cloud.start();
  });
  after(async () => {
    if (LIBXGBOOST === undefined) delete process.env.LIBXGBOOST;
    rmSync(folder, { recursive: true, force: true });
    if (cloud.aws) await cloud.close();
  });

  for (const [name, parameters] of Object.entries<Record<string, string>>({
    squared: { objective: 'reg:squarederror', max_depth: '6', eta: '0.3', subsample: '0.8', seed: '7' },
    gamma: { objective: 'reg:gamma', max_depth: '4', eta: '0.1', colsample_bytree: '0.7' },
    linear: { objective: 'reg:squarederror', booster: 'gblinear', updater: 'coord_descent' },
    absolute: { objective: 'reg:absoluteerror', max_depth: '3' },
    forest: { objective: 'reg:squarederror', num_parallel_tree: '20', subsample: '0.6', eta: '1' },
  }))
    it(`predicts the same rows identically, and is the same file: ${name}`, async () => {
      const rounds = name === 'forest' ? 1 : 30;
      const rows = trainingRows(2000, 11).replace(/^[^,\n]+/gm, (label) => (Number(label) + 0.01).toFixed(4));
      await cloud.upload(`${name}/rows.csv`, rows);
      const job = await cloud.train(name, {
        HyperParameters: { ...parameters, num_round: String(rounds) },
        InputDataConfig: [
          {
            ChannelName: 'train',
            ContentType: 'text/csv',
            DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/${name}/` } },
          },
        ],
      });
      expect(job.FailureReason).to.equal(undefined);
      await cloud.deploy(name, job.ModelArtifacts!.S3ModelArtifacts!);
      const score = trainingRows(500, 99)
        .trim()
        .split('\n')
        .map((line, i) =>
          line
            .split(',')
            .slice(1)
            .map((cell, column) => (i % 7 === column ? '' : cell))
            .join(','),
        );
      const answer = await cloud.runtime.send(
        new InvokeEndpointCommand({ EndpointName: name, ContentType: 'text/csv', Body: score.join('\n') }),
      );

      const object = await cloud.s3.send(
        new GetObjectCommand({ Bucket: BUCKET, Key: `models/${name}/output/model.tar.gz` }),
      );
      const model = unpackTarGz(await object.Body!.transformToByteArray()).get('xgboost-model')!;
      writeFileSync(join(folder, 'xgboost-model'), model);
      writeFileSync(join(folder, 'train.csv'), rows);
      writeFileSync(join(folder, 'score.csv'), score.join('\n'));
      const peer = spawnSync(python, ['-c', SCRIPT, folder, JSON.stringify(parameters), String(rounds)], {
        encoding: 'utf8',
      });
      expect(peer.status, peer.stderr).to.equal(0);
      expect(answer.Body!.transformToString()).to.equal(peer.stdout);
      expect(Buffer.compare(readFileSync(join(folder, 'python-model')), model)).to.equal(0);
    });

  it('is cut back to its best round, of which its file tells the metric', async () => {
    const parameters = { objective: 'reg:squarederror', max_depth: '4', eta: '0.3', seed: '7' };
    const [rows, others] = [trainingRows(2000, 11), trainingRows(500, 12)];
    await cloud.upload('early-train/rows.csv', rows);
    await cloud.upload('early-validation/rows.csv', others);
    const channel = (ChannelName: string) => ({
      ChannelName,
      ContentType: 'text/csv',
      DataSource: {
        S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: `s3://${BUCKET}/early-${ChannelName}/` },
      },
    });
    await cloud.train('early', {
      HyperParameters: {
        ...parameters,
        num_round: '200',
        eval_metric: 'mae,rmse',
        early_stopping_rounds: '5',
      },
      InputDataConfig: [channel('train'), channel('validation')],
    });
    const object = await cloud.s3.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'models/early/output/model.tar.gz' }),
    );
    const model = unpackTarGz(await object.Body!.transformToByteArray()).get('xgboost-model')!;
    writeFileSync(join(folder, 'xgboost-model'), model);
    writeFileSync(join(folder, 'train.csv'), rows);
    writeFileSync(join(folder, 'validation.csv'), others);
    const peer = spawnSync(python, ['-c', EARLY, folder, JSON.stringify(parameters)], { encoding: 'utf8' });
    expect(peer.status, peer.stderr).to.equal(0);
    expect(Buffer.compare(readFileSync(join(folder, 'python-model')), model)).to.equal(0);

    const told = JSON.parse(peer.stdout) as { best: number; served: number };
    expect(told.best).to.be.closeTo(told.served, 1e-5);
  });
});
