import { loadCsv } from '../../contracts/files/load-csv.js';
import type { Context } from '../../deploy/context.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { StayMetrics } from '../../procedures/mornings/judging.js';
import type { Curve } from '../../udfs/curve/curve.js';
import { inLocalCloud } from '../pipeline.js';
import { type Stay, writeFiles } from './data.js';

/** What the product said of a morning of the holdout. */
export interface Answer {
  readonly id: string;
  readonly day: number;
  readonly rest: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly curve: Curve;
}

export interface Trained {
  readonly answers: readonly Answer[];
  readonly metrics: StayMetrics;
}

export interface Case {
  readonly name: string;
  readonly stays: readonly Stay[];
  contract(folder: string): string;
  /** Lines of the settings. */
  readonly settings: string;
}

/**
 * Trains the product once for each division of the stays, in a local cloud of its own.
 * @param sides of a stay, by its id: train, validation, or test
 */
export async function trained(
  { name, stays, contract: contractOf, settings }: Case,
  sides: readonly ((id: string) => string)[],
  log: (message: string) => void,
): Promise<Trained[]> {
  return await inLocalCloud(
    `stay-${name}`,
    async (root, folder) => {
      const first = writeFiles(folder, stays, sides[0]!);
      await loadEvents(root, first.events);
      const { ctx, contract } = forDataset(root, contractOf(folder));
      await apply(ctx);
      const found: Trained[] = [];
      for (const [i, sideOf] of sides.entries()) {
        if (i > 0) await ctx.snowflake.execute(`DELETE FROM ${contract.table}`);
        await loadCsv(ctx, contract, writeFiles(folder, stays, sideOf).admissions, contract.table);
        await runGraph(ctx, contract);
        const { version } = await trainVersion(ctx, contract);
        const [row] = await ctx.snowflake.query<{ STAY: StayMetrics | null; WHY: string | null }>(
          'SELECT METRICS:stay AS STAY, LINEAGE:stay:none::VARCHAR AS WHY FROM LOS_MODEL_REGISTRY WHERE VERSION = ?',
          [version],
        );
        if (!row?.STAY) throw new Error(`${version} has no model of stays: ${row?.WHY}`);
        log(`${version}: ${JSON.stringify(row.STAY)} ${row.WHY ?? ''}`);
        found.push({ metrics: row.STAY, answers: await answersOf(ctx, name) });
      }
      return found;
    },
    `mail: { to: [] }\ntraining: { candidates: [hazard], featureSelection: { enabled: false }, keepVersions: 0 }\n${settings}`,
  );
}

async function loadEvents(ctx: Context, file: string): Promise<void> {
  for (const sql of [
    'CREATE DATABASE HOSPITAL',
    'CREATE SCHEMA HOSPITAL.RAW',
    'CREATE STAGE HOSPITAL.RAW.FILES',
    'CREATE TABLE HOSPITAL.RAW.EVENTS (STAY VARCHAR, AT TIMESTAMP_NTZ, NAME VARCHAR, VALUE VARCHAR)',
  ])
    await ctx.snowflake.execute(sql);
  await ctx.snowflake.put(file, '@HOSPITAL.RAW.FILES');
  await ctx.snowflake.execute(
    'COPY INTO HOSPITAL.RAW.EVENTS FROM @HOSPITAL.RAW.FILES FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)',
  );
}

async function answersOf(ctx: Context, name: string): Promise<Answer[]> {
  const rows = await ctx.snowflake.query<Record<string, unknown>>(
    `SELECT CASE_ID, DAY, R, MEDIAN, LOW, HIGH, CURVE FROM ${name.toUpperCase()}_STAY_ANSWERS WHERE SIDE = 'holdout'`,
  );
  return rows.map((row) => ({
    id: String(row.CASE_ID),
    day: Number(row.DAY),
    rest: Number(row.R),
    median: Number(row.MEDIAN),
    low: Number(row.LOW),
    high: Number(row.HIGH),
    curve: row.CURVE as Curve,
  }));
}
