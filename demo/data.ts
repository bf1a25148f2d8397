import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadPlainCsv } from '../contracts/files/load-csv.js';
import { checkCsv } from '../contracts/files/reader.js';
import { drive } from '../deploy/clients/drive.js';
import type { Context } from '../deploy/context.js';
import { refuseOrigin } from '../deploy/dataset/refuse-origin.js';
import { UserError } from '../deploy/errors.js';
import { modelMarker } from '../deploy/ground/marker.js';
import type { Contract } from '../procedures/dataset/contract.js';
import { datasetNames } from '../procedures/dataset/names.js';
import { rawName } from '../procedures/dataset/raw.js';
import { literal, qualify } from '../procedures/ground/names.js';
import { acceptLoss } from '../procedures/records/check.js';
import { PATIENT_DATA, tagColumns } from '../procedures/records/mark-columns.js';
import { writeHealth } from './health/index.js';
import {
  admitHistory,
  type Loader,
  moveToRaw,
  stageArrivals,
  stageHistory,
  stageRows,
} from './simulate/arrivals.js';

/** Rows of the default dataset: four months to train on, one to simulate. */
const TRAINING_ROWS = 230_000;
const SIMULATION_ROWS = 71_000;
const SEED = 20221201;
/** Datasets whose rows can be made up. */
const GENERATED = ['health', 'general'];

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

/**
 * Looks at the files that a demo is given, before anything else is done.
 * @throws UserError when one is not there or does not fit, or when there is none and rows cannot be generated
 */
export async function lookAtFiles(contract: Contract, { train, simulate }: DemoFiles): Promise<void> {
  if (train === undefined && simulate !== undefined)
    throw new UserError('--simulate needs --train: a model of generated admissions fits no other rows.', {
      next: 'Give both files, or --train alone.',
    });
  if (train === undefined && !GENERATED.includes(contract.name))
    throw new UserError(
      `Rows can be generated only for ${GENERATED.join(' and ')}, not for ${contract.name}.`,
      {
        next: 'Give its rows with --train FILE.csv.gz.',
      },
    );
  for (const file of [train, simulate]) if (file !== undefined) await checkCsv(contract, resolve(file));
}

/**
 * Brings the demo's rows in: history into the raw table, the rest to the table of arrivals. What an earlier demo put
 * there goes, once the new rows are staged; rows that were inserted by hand stay, and keep their numbers.
 */
export async function loadDemoData(ctx: Context, contract: Contract, files: DemoFiles): Promise<DemoData> {
  await lookAtFiles(contract, files);
  refuseOrigin(contract, 'a demo');
  await assertDisposable(ctx, contract);
  if (files.train !== undefined) return await load(ctx, contract, files.train, files.simulate);
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
    return await load(ctx, contract, written.training, written.simulation, loadPlainCsv);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param loader for rows that were generated here, whose file is plain */
async function load(
  ctx: Context,
  contract: Contract,
  train: string,
  later?: string,
  loader?: Loader,
): Promise<DemoData> {
  const history = await (later === undefined
    ? loadTogether(ctx, contract, train)
    : loadApart(ctx, contract, train, later, loader));
  const arrivals = await count(ctx, datasetNames(contract).arrivals);
  if (history === 0 || arrivals === 0)
    throw new UserError(
      `Nothing is left for a demo of ${contract.name}: ${contract.table} holds rows with the same ${contract.id} that no demo put there.`,
      { next: 'Run the demo in a state of its own: LOS_STATE=.los-demo los demo.' },
    );
  return { history, arrivals };
}

async function loadTogether(ctx: Context, contract: Contract, file: string): Promise<number> {
  await stageRows(ctx, contract, file);
  await removeLastDemo(ctx, contract);
  await recordStaged(ctx, contract, datasetNames(contract).arrivals, true);
  return await admitHistory(ctx, contract);
}

async function loadApart(
  ctx: Context,
  contract: Contract,
  train: string,
  later: string,
  loader?: Loader,
): Promise<number> {
  const staged = await stageHistory(ctx, contract, train, loader);
  await removeLastDemo(ctx, contract);
  await recordStaged(ctx, contract, staged, true);
  const history = await moveToRaw(ctx, contract, staged);
  await stageArrivals(ctx, contract, later, loader);
  await recordStaged(ctx, contract, datasetNames(contract).arrivals, false);
  return history;
}

/** A cloud's rows are never removed, not even a demo's: there a demo begins with an empty table. */
async function assertDisposable(ctx: Context, contract: Contract): Promise<void> {
  const rows = await count(ctx, contract.table);
  if (rows > 0 && !ctx.target.dataIsDisposable)
    throw new UserError(
      `${qualify(ctx.settings, contract.table)} holds ${rows} rows, and a demo needs it empty.`,
      {
        next: 'Run the demo in a schema of its own: LOS_SNOWFLAKE_SCHEMA=LOS_DEMO los demo --target cloud.',
      },
    );
}

/** Removes the rows that the last demo recorded, with their features and predictions, and no others. */
async function removeLastDemo(ctx: Context, contract: Contract): Promise<void> {
  const { settings, snowflake } = ctx;
  const names = datasetNames(contract);
  const { id } = contract;
  const [raw, features, demo] = [names.raw, names.features, names.demo].map((name) =>
    qualify(settings, name),
  ) as [string, string, string];
  await createRecord(ctx, contract, 'CREATE TRANSIENT TABLE IF NOT EXISTS');
  const removed = await snowflake.execute(
    `DELETE FROM ${raw} WHERE ${rawName(contract, id)} IN (SELECT ${id} FROM ${demo})`,
  );
  const others = await count(ctx, names.raw);
  if (removed > 0 || others > 0)
    ctx.progress.note(
      `Starting over: ${removed} rows of the last demo are removed${others > 0 ? `, ${others} that no demo put there stay` : ''}`,
    );
  await snowflake.execute(`DELETE FROM ${features} WHERE ${id} IN (SELECT ${id} FROM ${demo})`);
  await snowflake.execute(
    `DELETE FROM ${qualify(settings, names.waiting)} WHERE ID IN (SELECT ${id} FROM ${demo})`,
  );
  for (const table of ['LOS_PREDICTION_LOG', 'LOS_QUARANTINE'])
    await snowflake.execute(
      `DELETE FROM ${qualify(settings, table)}
WHERE DATASET = ${literal(contract.name)} AND CASE_ID IN (SELECT TO_VARCHAR(${id}) FROM ${demo})`,
    );
  await drive(ctx, acceptLoss(settings, contract.name, 'LOS_PREDICTION_LOG'));
  if (others > 0) return;
  await drive(ctx, acceptLoss(settings, contract.name, 'LOS_BED_FORECASTS'));
  for (const table of ['LOS_BED_FORECASTS', 'LOS_BED_NIGHTS'])
    await snowflake.execute(
      `DELETE FROM ${qualify(settings, table)} WHERE DATASET = ${literal(contract.name)}`,
    );
  const runs = qualify(settings, 'LOS_RUN_LOG');
  // A stream's offset moves when DML reads it, even if it takes no row: what was removed need not be built.
  await snowflake.execute(`INSERT INTO ${runs} (RUN_ID, KIND, DATASET, STATUS, STARTED_AT)
SELECT '', 'reset', '', '', CURRENT_TIMESTAMP() FROM ${qualify(settings, names.rawStream)} WHERE FALSE`);
}

/**
 * Writes down which rows are this demo's, before they are in the raw table: the next demo removes these. A staged row
 * whose number is taken there gives way, because one of the two would be removed for the other.
 * @param table where they are staged, unqualified
 * @param replace whether what the last demo recorded goes
 */
async function recordStaged(
  ctx: Context,
  contract: Contract,
  table: string,
  replace: boolean,
): Promise<void> {
  const { settings, snowflake } = ctx;
  const names = datasetNames(contract);
  const { id } = contract;
  const rawId = rawName(contract, id);
  const [raw, staged, demo] = [names.raw, table, names.demo].map((name) => qualify(settings, name)) as [
    string,
    string,
    string,
  ];
  await snowflake.execute(`DELETE FROM ${staged} WHERE ${rawId} IN (SELECT ${rawId} FROM ${raw})`);
  if (replace) await createRecord(ctx, contract, 'CREATE OR REPLACE TRANSIENT TABLE');
  await snowflake.execute(`INSERT INTO ${demo} (${id}) SELECT ${rawId} FROM ${staged}`);
}

async function createRecord(ctx: Context, contract: Contract, create: string): Promise<void> {
  const { settings, snowflake } = ctx;
  const { id } = contract;
  const table = qualify(settings, datasetNames(contract).demo);
  // By its comment destroy knows the table.
  await snowflake.execute(`${create} ${table} (${id} ${contract.columns[id]})
COMMENT = ${literal(modelMarker(settings.prefix, contract.name))}`);
  if (!settings.snowflake.masking) return;
  const marks = tagColumns(qualify(settings, PATIENT_DATA), { [id]: 'identifier' });
  await snowflake.execute(`ALTER TABLE ${table} MODIFY ${marks.join(', ')}`);
}

async function count(ctx: Context, table: string): Promise<number> {
  const [row] = await ctx.snowflake.query<{ N: number }>(
    `SELECT COUNT(*) AS N FROM ${qualify(ctx.settings, table)}`,
  );
  return Number(row?.N ?? 0);
}
