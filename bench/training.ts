import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { invoke } from '@local-cloud/aws/sagemaker/hosting/container.js';
import { Booster } from '@local-cloud/aws/xgboost/booster.js';
import { attachOrStart } from '@local-cloud/cloud/attach.js';
import { BenchAws, rows } from './aws.js';
import { type Benchmark, compare, type Measurement, median, seconds } from './harness.js';
import { python } from './python.js';

const ROWS = 200_000;
const FEATURES = 60;
const BATCH = 2000;
const BATCHES = 35;
const runs = 3;
const parameters = { objective: 'reg:squarederror', max_depth: '6', eta: '0.1', num_round: '100' };

/** The same in Python: read the CSV (numpy's reader is the fastest there), train, write the model. */
const TRAIN = `
import sys, json, numpy as np, xgboost as xgb
folder, parameters = sys.argv[1], json.loads(sys.argv[2])
rounds = int(parameters.pop("num_round"))
rows = np.loadtxt(folder + "/train.csv", delimiter=",", dtype=np.float32)
train = xgb.DMatrix(rows[:, 1:], label=rows[:, 0])
# SageMaker's container reports the error on the training rows after each round.
model = xgb.train(parameters, train, num_boost_round=rounds, evals=[(train, "train")], verbose_eval=False)
model.save_model(folder + "/model.ubj")
`;

/** Reads each batch with numpy's fast reader and predicts; the start of Python is not counted. */
const PREDICT = `
import sys, io, time, numpy as np, xgboost as xgb
folder, batches = sys.argv[1], int(sys.argv[2])
model = xgb.Booster(); model.load_model(folder + "/model.ubj")
texts = [open(f"{folder}/{i}.csv").read() for i in range(batches)]
started = time.perf_counter()
for text in texts:
    matrix = np.loadtxt(io.StringIO(text), delimiter=",", dtype=np.float32)
    "\\n".join(map(str, model.predict(xgb.DMatrix(matrix)).tolist()))
print(time.perf_counter() - started)
`;

function answered(text: string): void {
  const lines = text.trim().split('\n').length;
  if (lines !== BATCH) throw new Error(`${lines} predictions for ${BATCH} rows`);
}

/** A training job and its endpoint beside Python's xgboost on the same rows. */
export const benchmark: Benchmark = {
  name: 'training',
  description: `A SageMaker training job in the local AWS on ${ROWS.toLocaleString('en-US')} rows × ${FEATURES} features (${parameters.num_round} rounds, depth ${parameters.max_depth}), from CreateTrainingJob to Completed, beside a Python process that reads the same CSV with numpy, trains with xgboost and saves. Then ${BATCHES} batches of ${BATCH} rows, CSV in and text out: the endpoint's container in this process beside numpy + xgboost in a running Python, and the container behind HTTP and signatures. Median of ${runs} runs, taken in turns.`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-training-'));
    const cloud = await attachOrStart({ stateDir: join(folder, 'state') });
    const aws = new BenchAws(cloud.connection.aws);
    try {
      await aws.prepare();
      const train = rows(ROWS, FEATURES, 1, true);
      writeFileSync(join(folder, 'train.csv'), train);
      await aws.upload('train/rows.csv', train);
      const batches = Array.from({ length: BATCHES }, (_, i) => rows(BATCH, FEATURES, 100 + i, false));
      for (const [i, text] of batches.entries()) writeFileSync(join(folder, `${i}.csv`), text);

      log('training');
      let job = 0;
      let artifact = '';
      const training = await compare(
        runs,
        async () => {
          artifact = await aws.train(`job-${++job}`, 'train/', parameters);
        },
        () => python('-c', TRAIN, folder, JSON.stringify(parameters)),
      );

      log('predicting');
      const booster = Booster.load(readFileSync(join(folder, 'model.ubj')));
      const bodies = batches.map((text) => Buffer.from(text));
      const peers: number[] = [];
      const predicting = await compare(
        runs,
        () => {
          for (const body of bodies) answered(invoke(booster, { contentType: 'text/csv', body }).body);
        },
        () => peers.push(Number(python('-c', PREDICT, folder, String(BATCHES)))),
      );
      booster.close();
      await aws.deploy('bench', artifact);
      const invoking = await seconds(async () => {
        for (const Body of batches) {
          const request = new InvokeEndpointCommand({ EndpointName: 'bench', ContentType: 'text/csv', Body });
          answered((await aws.runtime.send(request)).Body.transformToString());
        }
      });
      const peer = median(peers.slice(1));
      return [
        { what: 'train', value: training.ours, unit: 's', peer: training.peer, limit: '1.1 × peer' },
        { what: 'predict', value: predicting.ours, unit: 's', peer, limit: '1.1 × peer' },
        { what: 'the same by InvokeEndpoint, in one thread', value: invoking, unit: 's' },
      ];
    } finally {
      aws.close();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
