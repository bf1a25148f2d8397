import { READ_MS, TASK_START_MS, WRITE_MS } from '@local-cloud/snowflake/metering/rates.js';
import { forDataset } from '../deploy/dataset/context.js';
import type { OpenContext } from '../deploy/open.js';
import { type Benchmark, type Measurement, median } from './harness.js';
import { createCurves, createPipeline, inLocalCloud } from './pipeline.js';

/** Admissions a day of forty hospitals, and how many patients are in. */
const A_DAY = 15_000;
const IN_HOSPITAL = 24_000;
/** Rows of the group's table; LOS_SCALE_ROWS=20000000 for all of its years. */
const ROWS = Number(process.env.LOS_SCALE_ROWS ?? 2_000_000);
const RUNS = 3;
const DAYS = 30;

/** What runs by itself: how often in a day. */
const TASKS: readonly { readonly what: string; readonly calls: readonly string[]; readonly aDay: number }[] =
  [
    {
      what: 'the scoring graph',
      calls: ['BUILD_FEATURES', 'SCORE_ADMISSIONS', 'REPORT_GRAPH_RUN'],
      aDay: 96,
    },
    { what: 'the hourly monitor', calls: ['WATCH_SCORING'], aDay: 24 },
    { what: 'the daily monitor', calls: ['WATCH_PREDICTIONS'], aDay: 1 },
    { what: 'the daily reconciliation', calls: ['RECONCILE'], aDay: 1 },
    { what: 'forecasts of beds', calls: ['FORECAST_BEDS'], aDay: 1 },
  ];

/** What a group of forty hospitals would pay for what runs by itself. */
export const benchmark: Benchmark = {
  name: 'scale',
  description: `A group of 40 hospitals: ${A_DAY.toLocaleString('en-US')} admissions a day, ${IN_HOSPITAL.toLocaleString('en-US')} patients in, ${ROWS.toLocaleString('en-US')} rows of the health dataset in the hospital’s table, features and log (LOS_SCALE_ROWS). Seconds of compute of a run as the local account meters them, median of ${RUNS}; credits of 30 days of it, by a run every 15 minutes with its share of admissions, discharges and corrections. A JavaScript function stands in for the model, so what a cold endpoint adds to a run are not in it.`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud('scale', async (opened) => {
      const { ctx } = forDataset(opened);
      await prepare(ctx, log);
      const measured: Measurement[] = [];
      let credits = 0;
      for (const { what, calls, aDay } of TASKS) {
        const times: number[] = [];
        for (let run = 0; run <= RUNS; run++) {
          await change(ctx, Math.round(A_DAY / 96), ROWS + 10_000 * (measured.length * (RUNS + 1) + run));
          let ms = 0;
          for (const call of calls) ms += TASK_START_MS + (await billed(ctx, call));
          log(`${what}: ${(ms / 1000).toFixed(1)} s`);
          if (run > 0) times.push(ms / 1000);
        }
        const seconds = median(times);
        const month = (seconds * aDay * DAYS) / 3600;
        credits += month;
        measured.push(
          { what: `a run of ${what}`, value: seconds, unit: 's', digits: 1 },
          { what: `· 30 days, ${aDay} a day`, value: month, unit: 'credits', digits: 1 },
        );
      }
      return [...measured, { what: 'all of these, 30 days', value: credits, unit: 'credits', digits: 1 }];
    });
  },
};

/** Milliseconds that a call would be billed for. */
async function billed(ctx: OpenContext, procedure: string): Promise<number> {
  const [row] = await ctx.snowflake.query<{ AT: string }>('SELECT CURRENT_TIMESTAMP()::VARCHAR AS AT');
  const argument = procedure === 'RECONCILE' ? 'FALSE' : '';
  await ctx.snowflake.query(`CALL ${procedure}(${argument})`);
  const [sum] = await ctx.snowflake.query<{ MS: number }>(
    `SELECT SUM(GREATEST(TOTAL_ELAPSED_TIME, IFF(QUERY_TYPE IN ('INSERT', 'UPDATE', 'DELETE', 'MERGE'), ${WRITE_MS}, ${READ_MS}))) AS MS FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))
WHERE START_TIME >= '${row!.AT}'::TIMESTAMP_LTZ AND NOT STARTSWITH(QUERY_TEXT, 'CALL ') AND CONTAINS(QUERY_TEXT, 'QUERY_HISTORY') = FALSE`,
  );
  return Number(sum!.MS);
}

/** What a quarter of an hour brings: so many come, as many leave, as many are corrected. @param from first id of those who come */
async function change(ctx: OpenContext, count: number, from: number): Promise<void> {
  await admit(ctx, from, count, 'CURRENT_DATE()', 'NULL');
  const first = `CASE_ID IN (SELECT CASE_ID FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE IS NULL ORDER BY CASE_ID LIMIT ${count})`;
  await ctx.snowflake.execute(`UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = CURRENT_DATE() WHERE ${first}`);
  await ctx.snowflake.execute(`UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Extreme' WHERE ${first}`);
}

async function prepare(ctx: OpenContext, log: (message: string) => void): Promise<void> {
  const run = (sql: string) => ctx.snowflake.execute(sql);
  await createPipeline(ctx);
  await createCurves(ctx);
  await run(`CREATE FUNCTION LOS_INVOKE_ENDPOINT_DETAIL(FEATURES OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
const days = [], gone = [];
for (let i = 1; i <= 25; i++) { days.push(i); gone.push(i === 25 ? 1 : Math.round((1 - Math.exp(-i / 4)) * 1e4) / 1e4); }
return { days: 4, median: 3, low: 1, high: 9, version: 'health-v1', missing: [], unseen: [], curve: { days, gone } }; $$`);
  await run(`INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT, METRICS, MODEL, PARAMETERS, LINEAGE)
SELECT 'health-v1', 'health', 1, 'CHAMPION', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), PARSE_JSON('{}'), PARSE_JSON('{}'), PARSE_JSON('{}'), PARSE_JSON('{}')`);
  log(`${ROWS} admissions`);
  const ago = `FLOOR((${ROWS} - 1 - CASE_ID) / ${A_DAY})::NUMBER`;
  await admit(
    ctx,
    0,
    ROWS,
    `DATEADD(day, -1 - ${ago}, CURRENT_DATE())`,
    `IFF(CASE_ID >= ${ROWS - IN_HOSPITAL}, NULL, DATEADD(day, LEAST(CASE_ID % 9, ${ago}) - 1 - ${ago}, CURRENT_DATE()))`,
  );
  log('their features');
  await ctx.snowflake.query('CALL BUILD_FEATURES()');
  log('their predictions');
  await run(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, INPUTS_BUILT_AT, PREDICTED_LOS, LOW_LOS, HIGH_LOS, MEDIAN_LOS, ACTUAL_LOS, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v1', TO_VARCHAR(ADMISSION_DATE), ADMISSION_DATE::TIMESTAMP_LTZ, INPUTS_BUILT_AT, 9, 2, 18, 8, LOS,
  IFF(ADMISSION_DATE > DATEADD(day, -130, CURRENT_DATE()), BENCH_CURVE(CASE_ID), NULL) FROM HEALTH_FEATURES`);
  await run('DELETE FROM HEALTH_SCORING_QUEUE');
  const { contract } = forDataset(ctx);
  for (const [name, { type }] of Object.entries(contract.features))
    await run(
      `INSERT INTO LOS_FEATURE_REFERENCE SELECT 'health-v1', '${name}', ${type === 'numeric' ? `NULL, ${name}` : `${name}, NULL`}, COUNT(*) FROM HEALTH_FEATURES GROUP BY ${name}`,
    );
}

async function admit(
  ctx: OpenContext,
  from: number,
  count: number,
  admission: string,
  discharge: string,
): Promise<void> {
  await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, HOSPITAL_CODE, HOSPITAL_TYPE_CODE, CITY_CODE_HOSPITAL, HOSPITAL_REGION_CODE,
  AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL, DEPARTMENT, WARD_TYPE, WARD_FACILITY_CODE, BED_GRADE, PATIENTID, CITY_CODE_PATIENT, TYPE_OF_ADMISSION,
  SEVERITY_OF_ILLNESS, VISITORS_WITH_PATIENT, AGE, ADMISSION_DEPOSIT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT CASE_ID, CASE_ID % 40, 'c', CASE_ID % 13, 'X', CASE_ID % 6, GET(SPLIT('surgery,gynecology,radiotherapy', ','), CASE_ID % 3)::VARCHAR,
  'ward ' || (CASE_ID % 20), 'F', 1 + CASE_ID % 4, CASE_ID % 4000000, CASE_ID % 30, 'Emergency',
  GET(SPLIT('Minor,Moderate', ','), CASE_ID % 2)::VARCHAR, CASE_ID % 9, '31-40', 3000 + CASE_ID % 4000, ${admission}, ${discharge}
FROM (SELECT ${from} + SEQ4() AS CASE_ID FROM TABLE(GENERATOR(ROWCOUNT => ${count})))`);
}
