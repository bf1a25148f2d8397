import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachOrStart } from '@local-cloud/cloud/attach.js';
import { send } from '@local-cloud/snowflake/external/request.js';
import { BenchAws, compress, rows } from './aws.js';
import { type Benchmark, type Measurement, median, seconds } from './harness.js';
import { hazardRate } from './hazard-serving.js';
import { python } from './python.js';

const ROWS = 1000;
const FEATURES = 60;
const CONCURRENT = 8;
const ROUND = 200;
const ROUNDS = 5;
/** Until the heap has its working size. */
const WARM_UP = 3;

const BATCHES = 16;
const PARAMETERS = { objective: 'reg:squarederror', max_depth: '6', eta: '0.1', num_round: '200' };

/** Trains the same model on the same rows, as a file. */
const TRAIN = `
import sys, json, numpy as np, xgboost as xgb
folder, parameters = sys.argv[1], json.loads(sys.argv[2])
rounds = int(parameters.pop("num_round"))
rows = np.loadtxt(folder + "/rows.csv", delimiter=",", dtype=np.float32)
xgb.train(parameters, xgb.DMatrix(rows[:, 1:], label=rows[:, 0]), num_boost_round=rounds).save_model(folder + "/model.ubj")
`;

/** XGBoost's own predict of the batches, which are numbers in memory already: rows a second in one thread, and in two. */
const PREDICT = `
import sys, time, numpy as np, xgboost as xgb
folder, batches, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
matrices = [np.loadtxt(f"{folder}/{i}.csv", delimiter=",", dtype=np.float32) for i in range(batches)]
for threads in (1, 2):
    model = xgb.Booster({"nthread": threads}); model.load_model(folder + "/model.ubj")
    ask = lambda i: model.predict(xgb.DMatrix(matrices[i % batches], nthread=threads))
    for i in range(batches): ask(i)
    started = time.perf_counter()
    for i in range(count): ask(i)
    print(count * len(matrices[0]) / (time.perf_counter() - started))
`;

/** Predictions as Snowflake asks for them: signed, compressed batches through API Gateway to an endpoint. */
export const benchmark: Benchmark = {
  name: 'serving',
  description: `Batches of ${ROWS.toLocaleString('en-US')} rows × ${FEATURES} features through the local API Gateway to an XGBoost endpoint of 200 trees of depth 6, ${CONCURRENT} at a time, signed and gzipped as the local Snowflake sends them; the local cloud is a process of its own beside the caller. ${ROUNDS} rounds of ${ROUND} batches after ${WARM_UP} that do not count; in turns with them one Python process has XGBoost predict the same batches, which are matrices of numbers in its memory. Hazards: 24 features, a line for each of 15 periods, 120 trees of depth 6, batches of 500 admissions, with the compiled translators before and behind.`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-serving-'));
    const cloud = await attachOrStart({ stateDir: join(folder, 'state') });
    const aws = new BenchAws(cloud.connection.aws);
    const { pid } = cloud.connection as unknown as { pid: number };
    try {
      await aws.prepare();
      const training = rows(20_000, FEATURES, 1, true);
      await aws.upload('train/rows.csv', training);
      log('training');
      await aws.deploy('bench', await aws.train('bench', 'train/', PARAMETERS));
      writeFileSync(join(folder, 'rows.csv'), training);
      python('-c', TRAIN, folder, JSON.stringify(PARAMETERS));
      const url = await aws.api('bench');
      const keys = await aws.callerKeys();
      const batches = Array.from({ length: BATCHES }, (_, i) => rows(ROWS, FEATURES, 100 + i, false));
      for (const [i, text] of batches.entries()) writeFileSync(join(folder, `${i}.csv`), text);
      const bodies = await Promise.all(batches.map((text) => compress(text)));
      const headers = {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'accept-encoding': 'gzip',
      };

      let sent = 0;
      const one = async () => {
        const body = bodies[sent++ % bodies.length]!;
        const request = { method: 'POST' as const, url, headers, body, time: Date.now() };
        const answer = await send(cloud.connection.aws.endpoint, request, keys, 60_000);
        const [status, text] = [answer.status, answer.body.toString('utf8')];
        if (status !== 200) throw new Error(`${status}: ${text}`);
        const { predictions } = JSON.parse(text) as { predictions: unknown[] };
        if (predictions.length !== ROWS)
          throw new Error(`${predictions.length} predictions for ${ROWS} rows`);
      };
      const round = async () => {
        let left = ROUND;
        const lane = async () => {
          while (left-- > 0) await one();
        };
        await Promise.all(Array.from({ length: CONCURRENT }, lane));
      };
      for (let i = 0; i < WARM_UP; i++) await round();
      const memory = [residentMb(pid)];
      const rates: number[] = [];
      const peers: number[][] = [];
      for (let i = 0; i < ROUNDS; i++) {
        rates.push((ROUND * ROWS) / (await seconds(round)));
        memory.push(residentMb(pid));
        peers.push(
          python('-c', PREDICT, folder, String(BATCHES), String(ROUND)).trim().split('\n').map(Number),
        );
        log(
          `${Math.round(rates.at(-1)!)} rows/s, XGBoost ${peers.at(-1)!.map(Math.round).join(' and ')}, ${Math.round(memory.at(-1)!)} MB`,
        );
      }
      log('hazards');
      const hazards = await hazardRate(aws, keys);
      return [
        {
          what: 'admissions through translators, gateway and endpoint, hazards of 16 periods',
          value: hazards,
          unit: 'admissions/s',
          limit: '≥ 3,000 admissions/s',
        },
        ...['one thread', 'two threads'].map((threads, i) => ({
          what: `through API Gateway, ${CONCURRENT} at a time; XGBoost in ${threads}`,
          value: median(rates),
          unit: 'rows/s',
          peer: median(peers.map((both) => both[i]!)),
          limit: '≥ peer / 3',
        })),
        { what: 'memory of the cloud, after warming up', value: memory[0]!, unit: 'MB' },
        {
          what: `memory after ${ROUND * ROUNDS} more batches`,
          value: memory.at(-1)!,
          unit: 'MB',
          peer: memory[0]!,
          limit: 'flat',
        },
      ];
    } finally {
      aws.close();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Resident memory of a process in MB; NaN where /proc is missing. */
function residentMb(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const kb = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}
