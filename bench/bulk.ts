import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadCsv } from '../contracts/files/load-csv.js';
import { writeHealth } from '../demo/health/index.js';
import { stageArrivals } from '../demo/simulate/arrivals.js';
import type { Context } from '../deploy/context.js';
import { forDataset } from '../deploy/dataset/context.js';
import { promote } from '../deploy/model/promote.js';
import { trainVersion } from '../deploy/model/train.js';
import { apply } from '../deploy/operate/apply.js';
import { runGraph } from '../deploy/scoring/graph.js';
import { type Contract, columnsUnknownOnArrival } from '../procedures/dataset/contract.js';
import { datasetNames } from '../procedures/dataset/names.js';
import { type Benchmark, type Measurement, median, seconds } from './harness.js';
import { watchMemory } from './memory.js';
import { type Asked, askedBy, inLocalCloud } from './pipeline.js';
import { PYTHON, pythonEnv, SEED_FEATURES } from './python.js';

const TRAINED = 60_000;
const SMALL = 71_000;
const LARGE = 710_000;
const RUNS = 3;
const thousands = (n: number) => n.toLocaleString('en-US');

/**
 * The same in one Python process: a model of the same kind on the same rows, then, for each two numbers that it reads, that
 * part of the arrivals from features to an SQLite log, as ../shared/reference/seed_way.py does it day by day. It prints seconds.
 */
const PEER = `${SEED_FEATURES}
import sys, sqlite3, tempfile, time
import xgboost as xgb
train, arrivals = (pd.read_csv(path, parse_dates=["ADMISSION_DATE", "DISCHARGE_DATE"]) for path in sys.argv[1:3])
def encoded(rows):
    return pd.get_dummies(rows[numeric + categorical], columns=categorical, dtype=np.float32)
def fit(matrix, los):
    late = np.arange(len(los)) >= len(los) * .9
    sides = [xgb.DMatrix(matrix[side], los[side]) for side in (~late, late)]
    return xgb.train(dict(objective="reg:squarederror", eta=.1, max_depth=6, tree_method="hist", subsample=.8, colsample_bytree=.8,
        min_child_weight=10, eval_metric="rmse", seed=42), sides[0], 400, evals=[(sides[1], "v")], early_stopping_rounds=20, verbose_eval=False)
wide = encoded(features(train))
columns, matrix, los = list(wide.columns), wide.to_numpy(np.float32), (train.DISCHARGE_DATE - train.ADMISSION_DATE).dt.days.to_numpy()
gain = fit(matrix, los).get_score(importance_type="total_gain")
kept = sorted(int(key[1:]) for key, value in gain.items() if value / sum(gain.values()) >= .002)
model = fit(matrix[:, kept], los)
best = (0, model.best_iteration + 1)
print("ready", flush=True)
for line in sys.stdin:
    start, end = map(int, line.split())
    part = arrivals.iloc[start:end]
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        began = time.time()
        log = sqlite3.connect(file.name)
        log.execute("CREATE TABLE log (case_id, predicted, at, features)")
        rows = features(part)
        asked = encoded(rows).reindex(columns=columns, fill_value=0).to_numpy(np.float32)[:, kept]
        predicted = model.predict(xgb.DMatrix(asked), iteration_range=best)
        inputs = rows[numeric + categorical].to_json(orient="records", lines=True).splitlines()
        log.executemany("INSERT INTO log VALUES (?, ?, ?, ?)",
            zip(rows.CASE_ID.tolist(), predicted.tolist(), rows.ADMISSION_DATE.astype(str).tolist(), inputs))
        log.commit()
        print(time.time() - began, flush=True)
`;

/** One run of the task graph's procedures over many admissions at once. */
export const benchmark: Benchmark = {
  name: 'bulk',
  description: `BUILD_FEATURES and SCORE_ADMISSIONS called once, from a SQL client, for ${thousands(SMALL)} admissions that came in together, and for ${thousands(LARGE)}, through translators, gateway and a serverless endpoint with the model that ${thousands(TRAINED)} generated admissions were trained into (no batch transform). The peer is one Python process on the same rows: pandas, XGBoost, an SQLite log. Medians of ${RUNS} runs, taken in turns; one of the large ones. Ours keeps intervals and a curve for every prediction besides.`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud(
      'bulk',
      async (opened, folder) => {
        const { ctx, contract } = forDataset(opened);
        const files = await writeHealth({
          seed: 20221201,
          trainingRows: TRAINED,
          simulationRows: RUNS * SMALL + LARGE,
          folder,
        });
        const peer = new Peer(files.training, files.simulation);
        try {
          await apply(ctx);
          await loadCsv(ctx, contract, files.training, contract.table);
          await runGraph(ctx, contract);
          log('training');
          await trainVersion(ctx, contract, { candidates: ['squared-error'] });
          await promote(ctx, contract, undefined, { force: true });
          await stageArrivals(ctx, contract, files.simulation);
          await peer.ready();
          const small = { ours: [] as Run[], peer: [] as number[] };
          let asked: Asked | undefined;
          for (let run = 0; run < RUNS; run++) {
            const [from, to] = [run * SMALL, (run + 1) * SMALL] as const;
            const one = async () => small.ours.push(await scored(ctx, contract, from, to));
            asked = await askedBy(opened, one);
            small.peer.push(await peer.seconds(from, to));
            log(
              `${SMALL}: ${small.ours.at(-1)!.seconds.toFixed(1)} s, peer ${small.peer.at(-1)!.toFixed(1)} s`,
            );
          }
          const memory = watchMemory(cloudOf(ctx));
          const [from, to] = [RUNS * SMALL, RUNS * SMALL + LARGE] as const;
          const large = await scored(ctx, contract, from, to);
          memory.stop();
          const largePeer = await peer.seconds(from, to);
          const each = (pick: (run: Run) => number) => median(small.ours.map(pick));
          const rowSmall = (each((run) => run.seconds) / SMALL) * 1e6;
          const rowLarge = (large.seconds / LARGE) * 1e6;
          return [
            {
              what: `${thousands(SMALL)} admissions, built and scored`,
              value: each((run) => run.seconds),
              peer: median(small.peer),
              unit: 's',
              limit: '1.5 × peer',
            },
            { what: '· BUILD_FEATURES', value: each((run) => run.build), unit: 's' },
            { what: '· SCORE_ADMISSIONS', value: each((run) => run.seconds - run.build), unit: 's' },
            {
              what: `${thousands(LARGE)} admissions, built and scored`,
              value: large.seconds,
              peer: largePeer,
              unit: 's',
            },
            {
              what: `a row at ${thousands(LARGE)}; the peer is ours at ${thousands(SMALL)}`,
              value: rowLarge,
              peer: rowSmall,
              unit: 'µs',
              limit: '1.1 ×',
            },
            {
              what: `statements for ${thousands(SMALL)}, with the two CALLs`,
              value: asked!.statements - 1,
              unit: '',
            },
            { what: `requests to the endpoint for ${thousands(SMALL)}`, value: asked!.requests, unit: '' },
            { what: '· bytes out', value: asked!.sent, unit: 'MB' },
            { what: '· bytes back', value: asked!.received, unit: 'MB' },
            {
              what: 'memory of the cloud, at the large run',
              value: memory.peak(),
              unit: 'MB',
              limit: '1,500 MB',
            },
          ];
        } finally {
          peer.close();
        }
      },
      'mail: { to: [] }\ntasks: { resumed: false }',
    );
  },
};

interface Run {
  readonly seconds: number;
  readonly build: number;
}

/** Lets a part of the staged arrivals come in at once, by their place in the order of ids, and scores them. */
async function scored(ctx: Context, contract: Contract, from: number, to: number): Promise<Run> {
  const names = datasetNames(contract);
  const unknown = new Set(columnsUnknownOnArrival(contract));
  const known = Object.keys(contract.columns).filter((name) => !unknown.has(name));
  const { id } = contract;
  await ctx.snowflake.execute(`INSERT INTO ${names.raw} (${known.join(', ')})
SELECT ${known.join(', ')} FROM ${names.arrivals}
QUALIFY ROW_NUMBER() OVER (ORDER BY ${id}) > ${from} AND ROW_NUMBER() OVER (ORDER BY ${id}) <= ${to}`);
  const build = await seconds(() => ctx.snowflake.query('CALL BUILD_FEATURES()'));
  let rows = 0;
  const score = await seconds(async () => {
    const [answer] = await ctx.snowflake.query<Record<string, { rows: number }>>('CALL SCORE_ADMISSIONS()');
    rows = Number(Object.values(answer!)[0]!.rows);
  });
  if (rows !== to - from) throw new Error(`${rows} of ${to - from} admissions were scored`);
  return { build, seconds: build + score };
}

/** The process of the local cloud, a child of this one as the peer is. */
export function cloudOf(ctx: Context): number {
  return (JSON.parse(readFileSync(join(ctx.settings.state, 'local.json'), 'utf8')) as { pid: number }).pid;
}

class Peer {
  private readonly child;
  private readonly lines;

  constructor(training: string, simulation: string) {
    this.child = spawn(PYTHON, ['-c', PEER, training, simulation], {
      env: pythonEnv(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ready(): Promise<void> {
    await this.line();
  }

  /** Seconds for the arrivals from one place to another. */
  async seconds(from: number, to: number): Promise<number> {
    this.child.stdin.write(`${from} ${to}\n`);
    return Number(await this.line());
  }

  close(): void {
    this.child.kill();
  }

  private async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the Python process has ended');
    return value as string;
  }
}
