import { forDataset } from '../deploy/dataset/context.js';
import type { OpenContext } from '../deploy/open.js';
import { type Benchmark, type Measurement, median, seconds } from './harness.js';
import { askedBy, createPipeline, inLocalCloud } from './pipeline.js';

const SMALL = 20_000;
const LARGE = 1_000_000;
const RUNS = 9;
const WAITING = 300_000;

/** What a run of the pipeline costs when nearly nothing is new, in small tables and in large ones. */
export const benchmark: Benchmark = {
  name: 'scoring',
  description: `BUILD_FEATURES and SCORE_ADMISSIONS for one new admission of the health dataset, called from a SQL client, median of ${RUNS} calls: raw table, features and log hold ${LARGE.toLocaleString('en-US')} rows each; the peer is the same with ${SMALL.toLocaleString('en-US')}. A JavaScript function stands in for the model, so that the pipeline alone is measured.`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud('scoring', async (opened) => {
      const { ctx } = forDataset(opened);
      await prepare(ctx);
      let id = 0;
      /** Discharged admissions, built and logged, until the tables hold so many. */
      const fill = async (rows: number) => {
        log(`filling up to ${rows} rows`);
        await admit(ctx, id, rows - id, "'2026-01-05'::DATE");
        await call(ctx, 'BUILD_FEATURES');
        await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, INPUTS_BUILT_AT, PREDICTED_LOS, ACTUAL_LOS)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v1', 'bench', CURRENT_TIMESTAMP(), INPUTS_BUILT_AT, 4, 4 FROM HEALTH_FEATURES WHERE CASE_ID >= ${id}`);
        id = rows;
      };
      const oneNew = async () => {
        const times = { build: [] as number[], score: [] as number[] };
        for (let run = 0; run <= RUNS; run++) {
          await admit(ctx, id++, 1, 'NULL');
          const build = await seconds(() => call(ctx, 'BUILD_FEATURES'));
          const score = await seconds(() => call(ctx, 'SCORE_ADMISSIONS'));
          if (run === 0) continue;
          times.build.push(build);
          times.score.push(score);
        }
        return { build: median(times.build), score: median(times.score) };
      };
      await fill(SMALL);
      await promote(ctx);
      const small = await oneNew();
      await admit(ctx, id++, 1, 'NULL');
      const sent = {
        build: await statementsOf(ctx, 'BUILD_FEATURES'),
        score: await statementsOf(ctx, 'SCORE_ADMISSIONS'),
      };
      await fill(LARGE);
      const large = await oneNew();
      log(`${WAITING} admissions wait`);
      await admit(ctx, id, WAITING, 'NULL');
      await call(ctx, 'BUILD_FEATURES');
      const many = await seconds(() => call(ctx, 'SCORE_ADMISSIONS'));
      return [
        { what: 'BUILD_FEATURES, one new row: statements that it sends', value: sent.build, unit: '' },
        { what: 'SCORE_ADMISSIONS, one new row: statements that it sends', value: sent.score, unit: '' },
        {
          what: 'BUILD_FEATURES, one new row',
          value: large.build,
          peer: small.build,
          unit: 's',
          limit: '1.3 ×',
        },
        { what: 'SCORE_ADMISSIONS, one new row', value: large.score, peer: small.score, unit: 's' },
        { what: `SCORE_ADMISSIONS, ${WAITING} waiting, a row`, value: (many / WAITING) * 1e6, unit: 'µs' },
      ];
    });
  },
};

async function prepare(ctx: OpenContext): Promise<void> {
  await createPipeline(ctx);
  await ctx.snowflake.execute(`CREATE FUNCTION LOS_INVOKE_ENDPOINT_DETAIL(FEATURES OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS
$$ return { days: 4, version: 'health-v1', missing: [], unseen: [] }; $$`);
}

async function promote(ctx: OpenContext): Promise<void> {
  await ctx.snowflake.execute(`INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT)
SELECT 'health-v1', 'health', 1, 'CHAMPION', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP()`);
}

async function admit(ctx: OpenContext, from: number, count: number, discharge: string): Promise<void> {
  await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, HOSPITAL_CODE, DEPARTMENT, BED_GRADE,
  SEVERITY_OF_ILLNESS, AGE, ADMISSION_DEPOSIT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT ${from} + SEQ4(), SEQ4() % 30, 'surgery', 2, 'Minor', '31-40', 3000 + SEQ4() % 4000, '2026-01-01'::DATE, ${discharge}
FROM TABLE(GENERATOR(ROWCOUNT => ${count}))`);
}

/** How many statements a procedure sends, by the account's own history; each has its price in a real one. */
async function statementsOf(ctx: OpenContext, procedure: string): Promise<number> {
  const { statements } = await askedBy(ctx, () => call(ctx, procedure));
  // The CALL is in the history too.
  return statements - 1;
}

async function call(ctx: OpenContext, procedure: string): Promise<void> {
  await ctx.snowflake.query(`CALL ${procedure}()`);
}
