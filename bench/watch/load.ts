import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { type Benchmark, type Measurement, median, seconds } from '../harness.js';
import { createCurves, createPipeline, inLocalCloud } from '../pipeline.js';

const A_MONTH = 71_000;
const RUNS = 3;

/** What a watch costs where thousands are admitted each day. */
export const benchmark: Benchmark = {
  name: 'watch-load',
  description: `WATCH_PREDICTIONS on an ordinary day, called from a SQL client, median of ${RUNS} calls: ${A_MONTH.toLocaleString('en-US')} admissions a month with 20 features of the health contract, each with a logged curve of its own. The peer of the second is the first.`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud('watch-load', async (opened) => {
      const { ctx } = forDataset(opened);
      await prepare(ctx);
      const measured: Measurement[] = [];
      for (const [months, more] of [
        [1, 1],
        [12, 11],
      ] as const) {
        log(`${months} months`);
        await admit(ctx, (months - more) * 30, more * 30);
        const times: number[] = [];
        for (let run = 0; run <= RUNS; run++) {
          const time = await seconds(() => ctx.snowflake.query('CALL WATCH_PREDICTIONS()'));
          if (run > 0) times.push(time);
        }
        measured.push({
          what: months === 1 ? 'a month in the log' : `${months} months in the log`,
          value: median(times),
          unit: 's',
          peer: measured[0]?.value,
          limit: months === 1 ? '≤ 5 s' : '≤ 1.2 × a month',
        });
      }
      return measured;
    });
  },
};

async function prepare(ctx: OpenContext): Promise<void> {
  const run = (sql: string) => ctx.snowflake.execute(sql);
  await createPipeline(ctx);
  await createCurves(ctx);
  await run(`INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT, METRICS, MODEL, PARAMETERS, LINEAGE)
SELECT 'health-v1', 'health', 1, 'CHAMPION', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), PARSE_JSON('{}'), PARSE_JSON('{}'), PARSE_JSON('{}'), PARSE_JSON('{}')`);
  await admit(ctx, 400, 30);
  const { contract } = forDataset(ctx);
  for (const [name, { type }] of Object.entries(contract.features))
    await run(
      `INSERT INTO LOS_FEATURE_REFERENCE SELECT 'health-v1', '${name}', ${type === 'numeric' ? `NULL, ${name}` : `${name}, NULL`}, COUNT(*) FROM HEALTH_FEATURES GROUP BY ${name}`,
    );
}

/** So many days of admissions, the youngest so many days ago. */
async function admit(ctx: OpenContext, ago: number, days: number): Promise<void> {
  const { contract } = forDataset(ctx);
  const rows = Math.round((A_MONTH / 30) * days);
  const names = Object.keys(contract.features);
  const values = names.map((name, i) =>
    contract.features[name]!.type === 'numeric'
      ? `FLOOR(POWER(UNIFORM(0::FLOAT, 1::FLOAT, RANDOM(${i})), 2) * ${i === 14 ? 8000 : 12})::FLOAT`
      : `'L' || FLOOR(UNIFORM(0::FLOAT, 1::FLOAT, RANDOM(${i})) * ${4 + (i % 7) * 5})`,
  );
  // Day after day, as they come.
  const day = `FLOOR(SEQ4() * ${days} / ${rows})::NUMBER`;
  await ctx.snowflake.execute(`INSERT INTO HEALTH_FEATURES (CASE_ID, PATIENTID, ADMISSION_DATE, LOS, ${names.join(', ')})
SELECT ${ago * 10_000} + SEQ4(), ${ago * 10_000} + SEQ4(), DATEADD(day, -1 - ${ago} - ${day}, CURRENT_DATE()),
  IFF(SEQ4() % 19 <= 1 + ${ago} + ${day}, SEQ4() % 19, NULL), ${values.join(', ')} FROM TABLE(GENERATOR(ROWCOUNT => ${rows}))`);
  await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, PREDICTED_LOS, LOW_LOS, HIGH_LOS, MEDIAN_LOS, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v1', TO_VARCHAR(ADMISSION_DATE), ADMISSION_DATE::TIMESTAMP_LTZ, 9, 2, 18, 8, BENCH_CURVE(CASE_ID)
FROM HEALTH_FEATURES WHERE CASE_ID BETWEEN ${ago * 10_000} AND ${ago * 10_000 + rows}`);
}
