import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCsv } from '../../contracts/files/load-csv.js';
import {
  type Admission,
  columns,
  generateHealth,
  simulationStart,
  trueMean,
} from '../../demo/health/index.js';
import type { Context } from '../../deploy/context.js';
import { findVersion } from '../../deploy/model/registry.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureObject, featureSelect } from '../../procedures/dataset/feature-sql.js';
import { namesOf } from '../../procedures/versions/registry.js';
import type { Benchmark, Measurement } from '../harness.js';
import { trained } from './trained.js';

const ROWS = Number(process.env.LOS_UNFINISHED_ROWS ?? 40_000);
const SEEDS = Number(process.env.LOS_UNFINISHED_SEEDS ?? 3);
/** Every so many-th admission is predicted: the truth about these is known, not drawn. */
const EVERY = 4;
/** The day on which the table was taken; the last admissions are of 30 November. */
const CUT = '2022-12-31';

/** What the table says of a stay that had not ended. */
const WHOLE = 'every stay in the table';
const TABLES = {
  [WHOLE]: (row: Admission): Admission | null => row,
  'unfinished stays without an end': (row: Admission) =>
    row.DISCHARGE_DATE > CUT ? { ...row, DISCHARGE_DATE: '' } : row,
  'unfinished stays not in the table': (row: Admission) => (row.DISCHARGE_DATE > CUT ? null : row),
} as const;

const MODELS = { days: 'gamma', hazards: 'hazard' } as const;

interface Found {
  /** Mean of what is predicted of all admissions, divided by the true mean. */
  readonly mean: number;
  /** The same of the tenth of them whose true means are longest. */
  readonly top: number;
  /** What the stays that it learned from and was calibrated on are of their own true means: no model can know better. */
  readonly shown: number;
  /** R² on the holdout divided by that of the true means. */
  readonly r2: number;
}

/** What unfinished stays do to predictions, where the truth is known. */
export const benchmark: Benchmark = {
  name: 'unfinished',
  description: `Stays that had not ended when the table was taken (${CUT}), on generated admissions of August to November whose true means are known: ${ROWS.toLocaleString('en-US')} admissions of each of ${SEEDS} seeds, median of the seeds. One version with a model of days (gamma) and one of hazards is trained on each table, and not fitted once more (training.refit: false), so that its holdout is new to it: with every stay, with unfinished ones as rows without an end, and without them, as in the data that is imitated. “Mean” is the mean of what the version predicts of every ${EVERY}th of all admissions divided by their true mean; under it the same divided by what the stays of the version’s own rows (fitted to and validating, weighted) are of their true means, which are a random draw. “Longest tenth” is the first of those whose true mean is longest, “of reachable R²” the R² on the holdout divided by that of the true means there; of tables that were cut a third of the rows are fitted to, for the late ones show few long stays. LOS_UNFINISHED_SEEDS and LOS_UNFINISHED_ROWS change the two.`,
  async run({ log }): Promise<Measurement[]> {
    const lines: Measurement[] = [];
    for (const [table, row] of Object.entries(TABLES))
      for (const [model, candidate] of Object.entries(MODELS)) {
        const found: Found[] = [];
        for (let seed = 1; seed <= SEEDS; seed++) {
          const one = await ofSeed(seed, row, candidate);
          log(
            `${table}, ${model}, seed ${seed}: mean ${one.mean.toFixed(4)}, its rows’ stays ${one.shown.toFixed(4)}, longest tenth ${one.top.toFixed(4)}, R² ${one.r2.toFixed(4)}`,
          );
          found.push(one);
        }
        const line = (what: string, of: (one: Found) => number, limit?: string) =>
          lines.push({
            what: `${table}, ${model}: ${what}`,
            value: middle(found.map(of)),
            unit: '',
            digits: 4,
            ...(limit && { limit }),
          });
        line('mean', (one) => one.mean, '.995 to 1.005');
        line('· of what its rows’ stays were of theirs', (one) => one.mean / one.shown, '.995 to 1.005');
        line('longest tenth', (one) => one.top);
        line('of reachable R²', (one) => one.r2, table === WHOLE ? '≥ .97' : undefined);
      }
    return lines;
  },
};

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function ofSeed(
  seed: number,
  table: (row: Admission) => Admission | null,
  candidate: string,
): Promise<Found> {
  const rows = [...generateHealth({ seed, trainingRows: ROWS, simulationRows: 1 })].filter(
    ({ ADMISSION_DATE }) => ADMISSION_DATE < simulationStart,
  );
  const truth = new Map(rows.map((row) => [String(row.CASE_ID), trueMean(row)]));
  let all = '';
  return trained(
    {
      dataset: 'sql/datasets/health.yaml',
      file: (folder) => {
        all = csv(folder, 'whole.csv', rows);
        return csv(
          folder,
          'table.csv',
          rows.flatMap((row) => table(row) ?? []),
        );
      },
      settings: { candidates: [candidate], refit: false },
    },
    async (ctx, contract, version) => ({
      ...(await meansOf(ctx, contract, version, all, truth)),
      shown: await shownBy(ctx, truth),
      r2: await reachedOf(ctx, version, truth),
    }),
  );
}

function csv(folder: string, name: string, rows: readonly Admission[]): string {
  const file = join(folder, name);
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','));
  writeFileSync(file, `${[columns.join(','), ...lines].join('\n')}\n`);
  return file;
}

async function meansOf(
  ctx: Context,
  contract: Contract,
  version: string,
  file: string,
  truth: ReadonlyMap<string, number>,
): Promise<Pick<Found, 'mean' | 'top'>> {
  await ctx.snowflake.execute(`CREATE TABLE WHOLE LIKE ${contract.table}`);
  await loadCsv(ctx, contract, file, 'WHOLE');
  const { predict } = namesOf(ctx.settings, await findVersion(ctx, contract, version));
  const asked = await ctx.snowflake.query<{ ID: string; DAYS: number }>(
    `SELECT TO_VARCHAR(CASE_ID) AS ID, ${predict}(${featureObject(contract)}):days::FLOAT AS DAYS
FROM (${featureSelect(contract, `WHOLE WHERE MOD(CASE_ID, ${EVERY}) = 0`)})`,
  );
  const known = asked
    .map(({ ID, DAYS }) => ({ days: DAYS, mean: truth.get(ID)! }))
    .sort((a, b) => b.mean - a.mean);
  const ratio = (some: typeof known) =>
    some.reduce((sum, { days }) => sum + days, 0) / some.reduce((sum, { mean }) => sum + mean, 0);
  return { mean: ratio(known), top: ratio(known.slice(0, Math.round(known.length / 10))) };
}

async function shownBy(ctx: Context, truth: ReadonlyMap<string, number>): Promise<number> {
  const rows = await ctx.snowflake.query<{ ID: string; LOS: number; W: number }>(
    "SELECT TO_VARCHAR(CASE_ID) AS ID, LOS, ROW_WEIGHT AS W FROM HEALTH_TRAINING_SET WHERE ROW_SIDE IN ('train', 'validation')",
  );
  return (
    rows.reduce((sum, { LOS, W }) => sum + W * LOS, 0) /
    rows.reduce((sum, { ID, W }) => sum + W * truth.get(ID)!, 0)
  );
}

async function reachedOf(ctx: Context, version: string, truth: ReadonlyMap<string, number>): Promise<number> {
  const rows = await ctx.snowflake.query<{ ID: string; LOS: number; DAYS: number; W: number }>(
    "SELECT CASE_ID AS ID, LOS, PREDICTED_LOS AS DAYS, WEIGHT AS W FROM LOS_EVALUATION WHERE VERSION = ? AND SIDE = 'holdout'",
    [version],
  );
  const weighted = (of: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + row.W * of(row), 0);
  const mean = weighted(({ LOS }) => LOS) / weighted(() => 1);
  const total = weighted(({ LOS }) => (LOS - mean) ** 2);
  const r2 = (of: (row: (typeof rows)[number]) => number) =>
    1 - weighted((row) => (row.LOS - of(row)) ** 2) / total;
  return r2(({ DAYS }) => DAYS) / r2(({ ID }) => truth.get(ID)!);
}
