import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { loadCsv } from '../dataset/load-csv.js';
import { datasetNames, literal, qualified, shared } from '../dataset/names.js';
import { UserError } from '../errors.js';
import { stageArrivals, stageShare } from '../simulate/arrivals.js';
import { writeHealth } from './health/index.js';

/** Rows of the default dataset: four months to train on, one to simulate. */
const TRAINING_ROWS = 230_000;
const SIMULATION_ROWS = 71_000;
const SEED = 20221201;

export interface DemoData {
  /** Rows loaded as history. */
  readonly history: number;
  /** Rows that will arrive. */
  readonly arrivals: number;
}

export interface DemoFiles {
  /** CSV to train on; left out: the health dataset is generated. */
  readonly train?: string;
  /** CSV that arrives later; left out: a share of `train` is kept back. */
  readonly simulate?: string;
  /** Admissions to generate in all. */
  readonly rows?: number;
}

/** Brings the demo's rows in: history into the raw table, the rest to the table of arrivals. */
export async function loadDemoData(ctx: Context, contract: Contract, files: DemoFiles): Promise<DemoData> {
  await startOver(ctx, contract);
  const { raw } = datasetNames(contract);
  if (files.train !== undefined && files.simulate === undefined)
    return await stageShare(ctx, contract, files.train);
  if (files.train !== undefined && files.simulate !== undefined)
    return {
      history: await loadCsv(ctx, contract, files.train, raw),
      arrivals: await stageArrivals(ctx, contract, files.simulate),
    };
  if (contract.name !== 'health')
    throw new UserError(`Rows can be generated only for the dataset health, not for ${contract.name}.`, {
      next: 'Give its rows with --train FILE.csv.gz.',
    });
  const all = files.rows ?? TRAINING_ROWS + SIMULATION_ROWS;
  const trainingRows = Math.round((all * TRAINING_ROWS) / (TRAINING_ROWS + SIMULATION_ROWS));
  const folder = await mkdtemp(join(tmpdir(), 'los-demo-'));
  try {
    const written = await writeHealth({
      seed: SEED,
      trainingRows,
      simulationRows: all - trainingRows,
      folder,
    });
    return {
      history: await loadCsv(ctx, contract, written.training, raw),
      arrivals: await stageArrivals(ctx, contract, written.simulation),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A demo begins with empty tables. Where the data is a demo's anyway, what an earlier run left is removed;
 * elsewhere nothing is ever deleted.
 */
async function startOver(ctx: Context, contract: Contract): Promise<void> {
  const { settings, snowflake } = ctx;
  const names = datasetNames(contract);
  const raw = qualified(settings, names.raw);
  const [row] = await snowflake.query<{ N: number }>(`SELECT COUNT(*) AS N FROM ${raw}`);
  const rows = Number(row?.N ?? 0);
  if (rows === 0) return;
  if (!ctx.target.dataIsDisposable)
    throw new UserError(`${raw} holds ${rows} rows, and a demo needs it empty.`, {
      next: 'Run the demo in a schema of its own: LOS_SNOWFLAKE_SCHEMA=LOS_DEMO los demo --target cloud.',
    });
  ctx.progress.note(`Starting over: ${rows} rows of the last demo are removed`);
  await snowflake.execute(`TRUNCATE TABLE ${raw}`);
  await snowflake.execute(`TRUNCATE TABLE ${qualified(settings, names.features)}`);
  const runs = qualified(settings, shared.runs);
  // A stream's offset moves when DML reads it, even if it takes no row: what was truncated is not scored.
  for (const stream of [names.rawStream, names.featureStream])
    await snowflake.execute(`INSERT INTO ${runs} (RUN_ID, KIND, DATASET, STATUS, STARTED_AT)
SELECT TO_VARCHAR(${contract.id}), 'reset', '', '', CURRENT_TIMESTAMP() FROM ${qualified(settings, stream)} WHERE FALSE`);
  await snowflake.execute(
    `DELETE FROM ${qualified(settings, shared.log)} WHERE DATASET = ${literal(contract.name)}`,
  );
}
