import { forDataset } from '../deploy/dataset/context.js';
import type { OpenContext } from '../deploy/open.js';
import { sqlFile } from '../deploy/sql-file.js';
import { queuePlan } from '../procedures/scoring/statements/build.js';
import { type Benchmark, type Measurement, median, seconds } from './harness.js';
import { createPipeline, inLocalCloud } from './pipeline.js';

const ROWS = 1_000_000;
const RUNS = 5;

/**
 * The daily reconciliation of release 0.2.0, which compared neither rows nor features: it withdrew, queued and settled.
 * @param fill the queue's INSERT as it is now
 */
function before(fill: string): string[] {
  const latest = 'SELECT CASE_ID, MAX(INPUTS_BUILT_AT) AS SEEN, MAX(PREDICTED_AT) AS PREDICTED_AT FROM';
  const corrected = /COALESCE\(l\.SEEN <>[^)]*\)\s+AND \(f\.LOS IS NULL OR [^)]*\)/;
  const text = fill
    .replace(latest, 'SELECT CASE_ID, MAX(COALESCE(INPUTS_BUILT_AT, PREDICTED_AT)) AS SEEN FROM')
    .replace(corrected, 'f.LOS IS NULL AND l.SEEN < f.INPUTS_BUILT_AT');
  if (text.includes('MAX(PREDICTED_AT)') || corrected.test(text))
    throw new Error('The queue has changed: so must its peer.');
  return [
    'DELETE FROM HEALTH_SCORING_QUEUE WHERE NOT RESCORE AND RUN_ID IS NULL',
    `UPDATE HEALTH_FEATURES SET WITHDRAWN_AT = CURRENT_TIMESTAMP(), BUILT_AT = CURRENT_TIMESTAMP()
WHERE WITHDRAWN_AT IS NULL AND CASE_ID NOT IN (SELECT CASE_ID FROM HEALTH_ADMISSIONS WHERE CASE_ID IS NOT NULL)`,
    text,
    `UPDATE LOS_PREDICTION_LOG AS l SET ACTUAL_LOS = f.ACTUAL, WITHDRAWN_AT = f.WITHDRAWN_AT
FROM (SELECT TO_VARCHAR(CASE_ID) AS CASE_ID, IFF(LOS >= 0, LOS, NULL) AS ACTUAL, WITHDRAWN_AT FROM HEALTH_FEATURES) AS f
WHERE l.DATASET = 'health' AND l.CASE_ID = f.CASE_ID
  AND (l.ACTUAL_LOS IS DISTINCT FROM f.ACTUAL OR l.WITHDRAWN_AT IS DISTINCT FROM f.WITHDRAWN_AT)`,
  ];
}

/** What it costs to hold everything against its source where nothing has changed. */
export const benchmark: Benchmark = {
  name: 'reconciliation',
  description: `RECONCILE(FALSE) over ${ROWS.toLocaleString('en-US')} admissions that have not changed, with as many log rows and one in a hundred in hospital, median of ${RUNS} calls from a SQL client, in turns with its peers: the statements of the daily reconciliation of release 0.2.0, and the one BUILD_FEATURES that built the same rows (dataset health).`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud('reconciliation', async (opened) => {
      const { ctx, contract } = forDataset(opened);
      await prepare(ctx);
      log('building');
      const built = await seconds(() => call(ctx, 'BUILD_FEATURES()'));
      await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, INPUTS_BUILT_AT, PREDICTED_LOS, ACTUAL_LOS)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v1', 'bench', CURRENT_TIMESTAMP(), INPUTS_BUILT_AT, 4, LOS FROM HEALTH_FEATURES`);
      const statements = before(queuePlan(contract, ctx.settings, sqlFile, 'all').fill);
      const times = { now: [] as number[], before: [] as number[] };
      for (let run = 0; run <= RUNS; run++) {
        const old = await seconds(async () => {
          for (const sql of ['BEGIN', ...statements, 'COMMIT']) await ctx.snowflake.execute(sql);
        });
        const now = await seconds(() => call(ctx, 'RECONCILE(FALSE)'));
        log(`${old.toFixed(2)} s before, ${now.toFixed(2)} s now, ${built.toFixed(2)} s built`);
        if (run === 0) continue;
        times.before.push(old);
        times.now.push(now);
      }
      const now = median(times.now);
      return [
        {
          what: 'RECONCILE(FALSE), by that of release 0.2.0',
          value: now,
          peer: median(times.before),
          unit: 's',
          limit: '3 ×',
        },
        { what: 'RECONCILE(FALSE), by BUILD_FEATURES', value: now, peer: built, unit: 's', limit: '.5 ×' },
      ];
    });
  },
};

export async function prepare(ctx: OpenContext): Promise<void> {
  await createPipeline(ctx);
  await ctx.snowflake.execute(`INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT)
SELECT 'health-v1', 'health', 1, 'CHAMPION', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP()`);
  await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, HOSPITAL_CODE, HOSPITAL_TYPE_CODE, CITY_CODE_HOSPITAL, HOSPITAL_REGION_CODE,
  AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL, DEPARTMENT, WARD_TYPE, WARD_FACILITY_CODE, BED_GRADE, PATIENTID, CITY_CODE_PATIENT, TYPE_OF_ADMISSION,
  SEVERITY_OF_ILLNESS, VISITORS_WITH_PATIENT, AGE, ADMISSION_DEPOSIT, ADMISSION_DATE, DISCHARGE_DATE)
SELECT SEQ4(), SEQ4() % 30, 'c', SEQ4() % 13, 'X', SEQ4() % 6, GET(SPLIT('surgery,gynecology,radiotherapy', ','), SEQ4() % 3)::VARCHAR, 'R', 'F',
  1 + SEQ4() % 4, SEQ4() % 400000, SEQ4() % 30, 'Emergency', GET(SPLIT('Minor,Moderate,Extreme', ','), SEQ4() % 3)::VARCHAR, SEQ4() % 9, '31-40',
  3000 + SEQ4() % 4000, DATEADD(day, SEQ4() % 1400, '2022-01-01'::DATE),
  IFF(SEQ4() % 100 = 0, NULL, DATEADD(day, SEQ4() % 1400 + SEQ4() % 17, '2022-01-01'::DATE))
FROM TABLE(GENERATOR(ROWCOUNT => ${ROWS}))`);
}

async function call(ctx: OpenContext, procedure: string): Promise<void> {
  await ctx.snowflake.query(`CALL ${procedure}`);
}
