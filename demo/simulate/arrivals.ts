import { loadCsv, type loadPlainCsv } from '../../contracts/files/load-csv.js';
import type { Context } from '../../deploy/context.js';
import { modelMarker } from '../../deploy/ground/marker.js';
import { type Contract, columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import { dayOfShare } from '../../procedures/dataset/day-share.js';
import { rawColumns } from '../../procedures/dataset/feature-sql.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { rawName } from '../../procedures/dataset/raw.js';
import { hashBelow } from '../../procedures/fitting/split.js';
import { dateLiteral, literal, qualify } from '../../procedures/ground/names.js';

/** Steps in which rows without dates arrive. */
const BATCHES = 10;

/** Loader of a file: a hospital's is read and checked, one of ours is plain. */
export type Loader = typeof loadCsv | typeof loadPlainCsv;

/**
 * Loads the rows that are to arrive later into a table of their own: the future, which the pipeline cannot see.
 * Each has the step (day or batch) at which it is admitted and the one at whose end it is discharged.
 * @returns rows waiting
 */
export async function stageArrivals(
  ctx: Context,
  contract: Contract,
  file: string,
  load: Loader = loadCsv,
): Promise<number> {
  const rows = await stageRows(ctx, contract, file, load);
  await number(ctx, contract);
  return rows;
}

/** Loads rows into the table of arrivals, without a step: to be told apart by `admitHistory`. */
export async function stageRows(
  ctx: Context,
  contract: Contract,
  file: string,
  load: Loader = loadCsv,
): Promise<number> {
  const names = datasetNames(contract);
  const table = qualify(ctx.settings, names.arrivals);
  await ctx.snowflake.execute(
    `CREATE OR REPLACE TRANSIENT TABLE ${table} (${rawColumns(contract).join(', ')}, ARRIVAL_STEP NUMBER, DISCHARGE_STEP NUMBER)
COMMENT = ${literal(modelMarker(ctx.settings.prefix, contract.name))}`,
  );
  return await load(ctx, contract, file, names.arrivals);
}

/**
 * Loads rows that are all to go on to the raw table at once, into a table that ends with the session.
 * @returns its name, unqualified
 */
export async function stageHistory(
  ctx: Context,
  contract: Contract,
  file: string,
  load: Loader = loadCsv,
): Promise<string> {
  const name = `${datasetNames(contract).arrivals}_TMP`;
  await ctx.snowflake.execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${qualify(ctx.settings, name)} (${rawColumns(contract).join(', ')})`,
  );
  await load(ctx, contract, file, name);
  return name;
}

/**
 * For one file that holds everything: keeps the contract's share of what was staged back as arrivals (the latest
 * admissions, or without dates a random part) and moves the rest to the raw table.
 * @returns rows moved
 */
export async function admitHistory(ctx: Context, contract: Contract): Promise<number> {
  const table = qualify(ctx.settings, datasetNames(contract).arrivals);
  const held = await holdBackSql(ctx, contract, table);
  const arrived = `NOT (${held})`;
  const moved = await copyToRaw(ctx, contract, table, arrived);
  await ctx.snowflake.execute(`DELETE FROM ${table} WHERE ${arrived}`);
  await number(ctx, contract);
  return moved;
}

/** Moves all rows of a staged history to the raw table as they are; @returns how many */
export async function moveToRaw(ctx: Context, contract: Contract, history: string): Promise<number> {
  const table = qualify(ctx.settings, history);
  const moved = await copyToRaw(ctx, contract, table, 'TRUE');
  await ctx.snowflake.execute(`DROP TABLE ${table}`);
  return moved;
}

async function copyToRaw(
  { settings, snowflake }: Context,
  contract: Contract,
  table: string,
  condition: string,
): Promise<number> {
  const columns = Object.keys(contract.columns)
    .map((name) => rawName(contract, name))
    .join(', ');
  return await snowflake.execute(
    `INSERT INTO ${qualify(settings, datasetNames(contract).raw)} (${columns}) SELECT ${columns} FROM ${table} WHERE ${condition}`,
  );
}

async function holdBackSql(ctx: Context, contract: Contract, table: string): Promise<string> {
  const { admission, holdBack, id, split } = asRaw(contract);
  // A holdout that the data itself names stays whole, so that figures on it can be compared.
  if (split)
    return `(COALESCE(TO_VARCHAR(${split.column}), '') <> ${literal(split.holdout)} AND ${hashBelow(id, holdBack, 'arrival')})`;
  if (!admission) return hashBelow(id, holdBack, 'arrival');
  const [row] = await ctx.snowflake.query<{ FROM_DAY: string }>(
    `SELECT ${dayOfShare(admission, 1 - holdBack)} AS FROM_DAY FROM ${table}`,
  );
  return `${admission} >= ${dateLiteral(row?.FROM_DAY ?? '9999-12-31')}`;
}

/** The contract's columns as the raw table, and that of arrivals with it, calls them. */
function asRaw(
  contract: Contract,
): Pick<Contract, 'id' | 'admission' | 'discharge' | 'los' | 'holdBack' | 'split'> {
  const rawColumn = (name: string | undefined) => name && rawName(contract, name);
  const { split } = contract;
  return {
    id: rawName(contract, contract.id),
    admission: rawColumn(contract.admission),
    discharge: rawColumn(contract.discharge),
    los: rawColumn(contract.los),
    holdBack: contract.holdBack,
    split: split && { ...split, column: rawName(contract, split.column) },
  };
}

/** Days since the first arrival; without dates, batches by a hash of the id, each discharged when the next comes. */
async function number(ctx: Context, contract: Contract): Promise<void> {
  const table = qualify(ctx.settings, datasetNames(contract).arrivals);
  const { admission, discharge, id } = asRaw(contract);
  const steps = admission
    ? `SELECT ${id} AS ID, DATEDIFF(day, MIN(${admission}) OVER (), ${admission}) AS ARRIVES,
    DATEDIFF(day, MIN(${admission}) OVER (), ${discharge}) AS LEAVES FROM ${table}`
    : `SELECT ${id} AS ID, NTILE(${BATCHES}) OVER (ORDER BY MD5('batch' || TO_VARCHAR(${id}))) - 1 AS ARRIVES, ARRIVES AS LEAVES FROM ${table}`;
  await ctx.snowflake.execute(
    `UPDATE ${table} AS a SET ARRIVAL_STEP = s.ARRIVES, DISCHARGE_STEP = s.LEAVES FROM (${steps}) AS s WHERE a.${id} = s.ID`,
  );
}

/** A day or batch on which admissions arrive. */
export interface ArrivalStep {
  readonly step: number;
  /** The date, or "batch 3". */
  readonly label: string;
  readonly rows: number;
}

/** The steps whose admissions are not in the raw table yet, in order. */
export async function pendingSteps(ctx: Context, contract: Contract): Promise<ArrivalStep[]> {
  const { settings, snowflake } = ctx;
  const names = datasetNames(contract);
  const { admission, id } = asRaw(contract);
  const label = admission
    ? `TO_VARCHAR(MIN(TO_DATE(${admission})), 'YYYY-MM-DD')`
    : `'batch ' || TO_VARCHAR(ARRIVAL_STEP + 1)`;
  const rows = await snowflake.query<{ ARRIVAL_STEP: number; LABEL: string; N: number }>(
    `SELECT ARRIVAL_STEP, ${label} AS LABEL, COUNT(*) AS N FROM ${qualify(settings, names.arrivals)} AS a
WHERE ARRIVAL_STEP IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ${qualify(settings, names.raw)} AS r WHERE r.${id} = a.${id})
GROUP BY ARRIVAL_STEP ORDER BY ARRIVAL_STEP`,
  );
  return rows.map((row) => ({ step: Number(row.ARRIVAL_STEP), label: row.LABEL, rows: Number(row.N) }));
}

/** Lets the step's patients come in: their rows, without what is known only later. */
export async function admit(ctx: Context, contract: Contract, step: number): Promise<number> {
  const names = datasetNames(contract);
  const unknown = new Set(columnsUnknownOnArrival(contract));
  const known = Object.keys(contract.columns)
    .filter((name) => !unknown.has(name))
    .map((name) => rawName(contract, name));
  return await ctx.snowflake.execute(
    `INSERT INTO ${qualify(ctx.settings, names.raw)} (${known.join(', ')})
SELECT ${known.join(', ')} FROM ${qualify(ctx.settings, names.arrivals)} WHERE ARRIVAL_STEP = ?`,
    [step],
  );
}

/** Discharges everybody who left before the step: what was unknown on arrival is written into their rows. */
export async function dischargeBefore(ctx: Context, contract: Contract, step: number): Promise<number> {
  const names = datasetNames(contract);
  const unknown = columnsUnknownOnArrival(contract).map((name) => rawName(contract, name));
  const { id, discharge, los } = asRaw(contract);
  const open = discharge ?? los;
  return await ctx.snowflake.execute(
    `UPDATE ${qualify(ctx.settings, names.raw)} AS r
SET ${unknown.map((name) => `${name} = a.${name}`).join(', ')}
FROM ${qualify(ctx.settings, names.arrivals)} AS a
WHERE r.${id} = a.${id} AND r.${open} IS NULL AND a.DISCHARGE_STEP < ?`,
    [step],
  );
}
