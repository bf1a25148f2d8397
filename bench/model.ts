import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { loadCsv } from '../contracts/files/load-csv.js';
import { writeHealth } from '../demo/health/index.js';
import { forDataset } from '../deploy/dataset/context.js';
import { promote } from '../deploy/model/promote.js';
import { recordOf } from '../deploy/model/registry.js';
import { trainVersion } from '../deploy/model/train.js';
import { type OpenContext, openContext } from '../deploy/open.js';
import { apply } from '../deploy/operate/apply.js';
import type { Progress } from '../deploy/progress/progress.js';
import { runGraph } from '../deploy/scoring/graph.js';
import { stateInWords } from '../procedures/training/machine.js';
import { type Benchmark, compare, type Measurement, median, seconds } from './harness.js';
import { python } from './python.js';

const ROWS = 230_000;
const FIT_RUNS = 3;
const SERVED = 20_000;
const SERVING_RUNS = 5;

/** The same fit in Python: the job's own files and hyperparameters, numpy's fast reader, the model as a file. */
const FIT = `
import sys, json, glob, numpy as np, xgboost as xgb
folder, parameters = sys.argv[1], json.loads(sys.argv[2])
rounds = int(parameters.pop("num_round"))
stopping = parameters.pop("early_stopping_rounds", None)
parameters["eval_metric"] = parameters["eval_metric"].split(",")
def read(channel):
    files = sorted(glob.glob(f"{folder}/{channel}/*"))
    rows = np.concatenate([np.loadtxt(file, delimiter=",", dtype=np.float32) for file in files])
    return xgb.DMatrix(rows[:, 1:], label=rows[:, 0])
train, validation = read("train"), read("validation")
model = xgb.train(parameters, train, num_boost_round=rounds, evals=[(train, "train"), (validation, "validation")],
    early_stopping_rounds=stopping and int(stopping), verbose_eval=False)
model.save_model(folder + "/model.ubj")
`;

/** The default dataset's training from its raw rows to a measured version, and that version asked for reasons. */
export const benchmark: Benchmark = {
  name: 'model',
  description: `Training on ${ROWS.toLocaleString('en-US')} generated admissions as \`los train\` does it (all candidates, no tuning; rows divided, encoded and unloaded by the local Snowflake, jobs, endpoint and measurement through it). Then the chosen candidate's training job alone, from CreateTrainingJob to Completed, beside Python's xgboost with the same hyperparameters on the very same files (numpy reader; median of ${FIT_RUNS} runs, taken in turns). Then SELECTs of ${SERVED.toLocaleString('en-US')} admissions over the external functions, warm (median of ${SERVING_RUNS}).`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-model-'));
    let ctx: OpenContext | undefined;
    try {
      const config = join(folder, 'los.config.yaml');
      writeFileSync(config, `state: ${join(folder, 'state')}\nmail: { to: [] }\n`);
      const signal = new AbortController().signal;
      ctx = await openContext({ target: 'local', config, progress: logging(log), signal });
      const { contract } = forDataset(ctx);
      await apply(ctx);
      const files = await writeHealth({ seed: 20221201, trainingRows: ROWS, simulationRows: 1, folder });
      await loadCsv(ctx, contract, files.training, contract.table);
      await runGraph(ctx, contract);

      const context = ctx;
      const training = await seconds(() => trainVersion(context, contract));
      const states = await ctx.snowflake.query<{ STATE: string; SECONDS: number }>(
        'SELECT STATE, SECONDS FROM LOS_TRAINING_STEPS ORDER BY FINISHED_AT, STARTED_AT',
      );
      await promote(ctx, contract, undefined, { force: true });

      const { trainingJob } = await recordOf(ctx, `${contract.name}-v1`);
      const job = await ctx.aws.sageMaker.send(
        new DescribeTrainingJobCommand({ TrainingJobName: trainingJob }),
      );
      await download(ctx, job, folder);
      let run = 0;
      const fit = await compare(
        FIT_RUNS,
        () => repeat(context, job, `${trainingJob.slice(0, 50)}-again-${++run}`),
        () => python('-c', FIT, folder, JSON.stringify(job.HyperParameters)),
      );

      const rate = async (call: string, reads: string) => {
        const ask = () =>
          context.snowflake.query(
            `SELECT COUNT(*), ${reads} FROM (SELECT ${call}(OBJECT_CONSTRUCT(*)) AS D FROM (SELECT * FROM LOS_FEATURES LIMIT ${SERVED}))`,
          );
        await ask();
        const times: number[] = [];
        for (let i = 0; i < SERVING_RUNS; i++) {
          times.push(await seconds(ask));
          log(`${call}: ${Math.round(SERVED / times.at(-1)!)} rows/s`);
        }
        return SERVED / median(times);
      };
      const columns = await rate('PREDICT_LOS', 'SUM(D)');
      // What the pipeline asks, of features that are made already.
      const days = await rate('LOS_INVOKE_ENDPOINT', 'SUM(D)');
      const detail = await rate('LOS_INVOKE_ENDPOINT_DETAIL', 'SUM(D:days::FLOAT)');
      const reasons = await rate('LOS_INVOKE_ENDPOINT_REASONS', 'SUM(ARRAY_SIZE(D:reasons))');
      return [
        {
          what: `los train, ${ROWS.toLocaleString('en-US')} admissions`,
          value: training,
          unit: 's',
          limit: '90 s',
        },
        ...states.map(({ STATE, SECONDS }) => ({
          what: `· ${stateInWords(STATE)}`,
          value: Number(SECONDS),
          unit: 's',
        })),
        { what: 'the final fit alone', value: fit.ours, unit: 's', peer: fit.peer, limit: '1.1 × peer' },
        { what: 'predict_los, of columns', value: columns, unit: 'rows/s' },
        { what: 'los_invoke_endpoint', value: days, unit: 'rows/s' },
        { what: 'los_invoke_endpoint_detail', value: detail, unit: 'rows/s' },
        { what: 'los_invoke_endpoint_reasons', value: reasons, unit: 'rows/s', limit: '≥ 5,000 rows/s' },
      ];
    } finally {
      await ctx?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function logging(log: (message: string) => void): Progress {
  return {
    step(title, work) {
      log(title);
      return work({ update() {} });
    },
    note: log,
    warn: log,
    close() {},
  };
}

/** The training files of a job, one folder a channel. */
async function download(
  { aws }: OpenContext,
  job: DescribeTrainingJobCommandOutput,
  folder: string,
): Promise<void> {
  for (const { ChannelName, DataSource } of job.InputDataConfig ?? []) {
    const uri = new URL(DataSource!.S3DataSource!.S3Uri!);
    const Bucket = uri.hostname;
    mkdirSync(join(folder, ChannelName!));
    const { Contents } = await aws.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: uri.pathname.slice(1) }),
    );
    for (const [i, { Key }] of (Contents ?? []).entries()) {
      const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
      await pipeline(Body as Readable, createWriteStream(join(folder, ChannelName!, `${i}.csv`)));
    }
  }
}

/** The same job once more, until it is completed. */
async function repeat(
  { aws }: OpenContext,
  job: DescribeTrainingJobCommandOutput,
  name: string,
): Promise<void> {
  const { AlgorithmSpecification, InputDataConfig, OutputDataConfig, ResourceConfig, StoppingCondition } =
    job;
  await aws.sageMaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      AlgorithmSpecification: {
        TrainingImage: AlgorithmSpecification!.TrainingImage!,
        TrainingInputMode: AlgorithmSpecification!.TrainingInputMode!,
      },
      RoleArn: job.RoleArn!,
      HyperParameters: job.HyperParameters!,
      InputDataConfig: InputDataConfig!,
      OutputDataConfig: OutputDataConfig!,
      ResourceConfig: ResourceConfig!,
      StoppingCondition: StoppingCondition!,
    }),
  );
  for (;;) {
    const now = await aws.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    if (now.TrainingJobStatus === 'Completed') return;
    if (now.TrainingJobStatus !== 'InProgress') throw new Error(`${name}: ${now.FailureReason}`);
    await sleep(50);
  }
}
