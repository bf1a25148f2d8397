import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { type OpenContext, openContext } from '../../deploy/open.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { type Benchmark, type Measurement, median } from '../harness.js';
import { createCurves, createPipeline } from '../pipeline.js';

const SIZES = [25_000, 50_000, 100_000, 200_000];
const RUNS = 3;
/** As many stays have ended. */
const ENDED = 200_000;
/** Wards and departments that patients are spread over. */
const WARDS = 60;
const DEPARTMENTS = 12;

/** What a forecast costs where thousands are in, each with a curve of its own. */
export const benchmark: Benchmark = {
  name: 'beds-load',
  description: `FORECAST_BEDS, called from a SQL client, median of ${RUNS} calls, in seconds of processor time of client and cloud together (by the clock it is less where both cores are free): so many patients in ${WARDS} wards of ${DEPARTMENTS} departments, each with a logged curve of its own of 25 points, ${ENDED.toLocaleString('en-US')} stays of the past year that have ended, and 14 nights. The peer is the same with half as many patients: cost that grows linearly has a ratio of 2 at most.`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-beds-load-'));
    const stateDir = join(folder, 'state');
    // In this process, so that its processor time is known.
    const cloud = await startCloud({ stateDir, propagationDelay: 0 });
    writeFileSync(join(stateDir, 'local.json'), JSON.stringify(cloud.connection));
    const opened = await openContext({
      target: 'local',
      state: stateDir,
      progress: silentProgress,
      signal: new AbortController().signal,
    });
    try {
      const { ctx } = forDataset(opened, 'health');
      await createPipeline(ctx);
      await createCurves(ctx);
      await ended(ctx);
      const measured: Measurement[] = [];
      let here = 0;
      for (const size of SIZES) {
        log(`${size} patients`);
        await admit(ctx, here, size - here);
        here = size;
        const times: number[] = [];
        for (let run = 0; run <= RUNS; run++) {
          const before = process.cpuUsage();
          await ctx.snowflake.query('CALL FORECAST_BEDS()');
          const { user, system } = process.cpuUsage(before);
          const time = (user + system) / 1e6;
          if (run > 0) times.push(time);
        }
        measured.push({
          what: `${size.toLocaleString('en-US')} patients × 14 nights`,
          value: median(times),
          unit: 's',
          peer: measured[measured.length - 1]?.value,
          limit: size === 100_000 ? '≤ 2 s' : undefined,
        });
      }
      return measured;
    } finally {
      await opened.close();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const place = `'ward ' || (CASE_ID % ${WARDS}) AS WARD_TYPE, 'department ' || (CASE_ID % ${DEPARTMENTS}) AS DEPARTMENT`;

async function ended(ctx: OpenContext): Promise<void> {
  await ctx.snowflake.execute(`INSERT INTO HEALTH_FEATURES (CASE_ID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, LOS)
SELECT -1 - SEQ4() AS CASE_ID, 'ward ' || (SEQ4() % ${WARDS}), 'department ' || (SEQ4() % ${DEPARTMENTS}),
  DATEADD(day, -30 - SEQ4() % 365, CURRENT_DATE()), SEQ4() % 23 FROM TABLE(GENERATOR(ROWCOUNT => ${ENDED}))`);
}

async function admit(ctx: OpenContext, from: number, count: number): Promise<void> {
  await ctx.snowflake.execute(`INSERT INTO HEALTH_FEATURES (CASE_ID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE)
SELECT CASE_ID, ${place}, DATEADD(day, -1 - CASE_ID % 19, CURRENT_DATE())
FROM (SELECT ${from} + SEQ4() AS CASE_ID FROM TABLE(GENERATOR(ROWCOUNT => ${count})))`);
  await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, MEDIAN_LOS, CURVE)
SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v1', 'bench', DATEADD(day, -1, CURRENT_TIMESTAMP()), 5, BENCH_CURVE(CASE_ID)
FROM HEALTH_FEATURES WHERE CASE_ID >= ${from}`);
}
