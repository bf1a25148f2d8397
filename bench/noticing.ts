import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forDataset } from '../deploy/dataset/context.js';
import { loadContract } from '../deploy/dataset/load.js';
import { schemaObjects } from '../deploy/objects/index.js';
import type { OpenContext } from '../deploy/open.js';
import { projectRoot } from '../deploy/project.js';
import type { SqlDefinition } from '../deploy/resources/snowflake/definition.js';
import { cloudOf } from './bulk.js';
import { type Benchmark, type Measurement, median, seconds } from './harness.js';
import { watchMemory } from './memory.js';
import { inLocalCloud } from './pipeline.js';
import { prepare } from './reconciliation.js';

const ROWS = 1_000_000;
const CHANGED = 300;
const RUNS = 5;

/** The same rows: in an own table, and by a query that joins three tables, on which no stream can be. */
const DOORS = {
  table: 'table: HEALTH_ADMISSIONS\nchanges: comparison',
  query: `query: |
  SELECT e.*, p.AGE, c.SEVERITY_OF_ILLNESS, c.ADMISSION_DEPOSIT FROM PREDICT_LOS.LOS.BENCH_ENCOUNTER AS e
  LEFT JOIN PREDICT_LOS.LOS.BENCH_PATIENT AS p ON p.CASE_ID = e.CASE_ID
  LEFT JOIN PREDICT_LOS.LOS.BENCH_CONDITION AS c ON c.CASE_ID = e.CASE_ID`,
} as const;

type Way = keyof typeof DOORS;

/** What it costs to notice changes without a stream. */
export const benchmark: Benchmark = {
  name: 'noticing',
  description: `BUILD_FEATURES by comparison over ${ROWS.toLocaleString('en-US')} admissions of which ${CHANGED} have changed, and where nothing has, of an own table and of a query over three, median of ${RUNS} calls in turns with its peer: the run that reads as many changes in a stream, and below it one in which a stream has nothing, which reads no row (dataset health, as many log rows, one in a hundred in hospital).`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud('noticing', async (opened, folder) => {
      const { ctx } = forDataset(opened);
      await prepare(ctx);
      log('building');
      await ctx.snowflake.query('CALL BUILD_FEATURES()');
      await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, INPUTS_BUILT_AT, PREDICTED_LOS, ACTUAL_LOS)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v1', 'bench', CURRENT_TIMESTAMP(), INPUTS_BUILT_AT, 4, LOS FROM HEALTH_FEATURES`);
      for (const table of [
        'BENCH_ENCOUNTER AS SELECT * EXCLUDE (AGE, SEVERITY_OF_ILLNESS, ADMISSION_DEPOSIT)',
        'BENCH_PATIENT AS SELECT CASE_ID, AGE',
        'BENCH_CONDITION AS SELECT CASE_ID, SEVERITY_OF_ILLNESS, ADMISSION_DEPOSIT',
      ])
        await ctx.snowflake.execute(`CREATE TABLE ${table} FROM HEALTH_ADMISSIONS`);
      for (const way of Object.keys(DOORS) as Way[]) await addWay(ctx, folder, way);
      // Each has read everything once; a stream takes what it has not read yet.
      const memory = watchMemory(cloudOf(ctx));
      const times: Record<string, number[]> = {};
      const time = async (name: string, procedure: string, counts: boolean) => {
        const taken = await seconds(() => ctx.snowflake.query(`CALL ${procedure}()`));
        log(`${name}: ${taken.toFixed(2)} s`);
        if (counts) times[name] = [...(times[name] ?? []), taken];
      };
      for (let run = 0; run <= RUNS; run++) {
        await ctx.snowflake.query('CALL BUILD_FEATURES()');
        await change(ctx, run);
        await time('stream', 'BUILD_FEATURES', run > 0);
        await time('stream, nothing', 'BUILD_FEATURES', run > 0);
        for (const way of Object.keys(DOORS) as Way[]) {
          await ctx.snowflake.query(`CALL BUILD_BY_${way}()`);
          await change(ctx, run);
          await time(`${way}, changed`, `BUILD_BY_${way}`, run > 0);
          await time(`${way}, nothing`, `BUILD_BY_${way}`, run > 0);
        }
      }
      memory.stop();
      const peer = median(times.stream!);
      const line = (name: string, what: string, limit: string): Measurement => ({
        what,
        value: median(times[name]!),
        peer,
        unit: 's',
        limit,
      });
      return [
        line('table, changed', `own table, ${CHANGED} changed`, '6 ×'),
        line('query, changed', `query over three tables, ${CHANGED} changed`, '6 ×'),
        line('table, nothing', 'own table, nothing changed', '1.3 ×'),
        line('query, nothing', 'query over three tables, nothing changed', '3 ×'),
        ...(['table', 'query'] as const).map((way) => ({
          what: `${way === 'table' ? 'own table' : 'query over three tables'}, nothing changed, by a stream that has nothing`,
          value: median(times[`${way}, nothing`]!),
          peer: median(times['stream, nothing']!),
          unit: 's',
        })),
        {
          what: 'peak memory of the local cloud',
          value: memory.peak(),
          unit: 'MB',
          limit: '1,500 MB',
        },
      ];
    });
  },
};

/** As many rows as are corrected in a night, in the own table and in what the query reads. */
async function change(ctx: OpenContext, run: number): Promise<void> {
  for (const table of ['HEALTH_ADMISSIONS', 'BENCH_CONDITION'])
    await ctx.snowflake.execute(
      `UPDATE ${table} SET ADMISSION_DEPOSIT = ADMISSION_DEPOSIT + 1 WHERE MOD(CASE_ID, ${Math.floor(ROWS / CHANGED)}) = ${run}`,
    );
}

/** BUILD_FEATURES of a contract over the same rows, by another name. */
async function addWay(ctx: OpenContext, folder: string, way: Way): Promise<void> {
  const file = join(folder, `${way}.yaml`);
  const health = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
  writeFileSync(
    file,
    health.replace(/^table: .*$/m, () => DOORS[way]),
  );
  const { objects } = await schemaObjects(ctx, loadContract(file, ctx.settings.timeZone), []);
  const wanted = ['LOS_FORGOTTEN', 'HEALTH_SOURCE_ROWS', 'HEALTH_SOURCE', 'BUILD_FEATURES()'];
  const found = wanted.flatMap((name) => objects.filter(({ resource }) => resource.name === name));
  for (const { resource } of found)
    await ctx.snowflake.execute(
      (resource.definition as SqlDefinition).create.replace(
        /(PROCEDURE \S*)BUILD_FEATURES\(/,
        `$1BUILD_BY_${way}(`,
      ),
    );
}
