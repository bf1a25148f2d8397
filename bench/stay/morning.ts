import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { type OpenContext, openContext } from '../../deploy/open.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { type Benchmark, type Measurement, median } from '../harness.js';
import { createCurves, createPipeline } from '../pipeline.js';

const KINDS = 40;
/** Of each kind one row a day. */
const IN_HOSPITAL = 600;
const DAYS_OF_STAY = 5;
const A_DAY = IN_HOSPITAL / DAYS_OF_STAY;
/** Event rows; the second is the peer of the limit that the growth has. */
const SIZES = [2_000_000, 20_000_000];
const RUNS = 3;
const EVENTS =
  'CREATE TABLE EVENTS (STAY_ID NUMBER, AT TIMESTAMP_NTZ, KIND VARCHAR, VALUE FLOAT, RECORDED TIMESTAMP_NTZ)';

/** What the run of a morning costs beside the model: who is in, what is known of their events, their curves, the log. */
export const benchmark: Benchmark = {
  name: 'stay-morning',
  description: `RENEW_PREDICTIONS for ${IN_HOSPITAL} in hospital with ${KINDS} kinds of event and seven summaries of each, called from a SQL client, median of ${RUNS} calls, in seconds of processor time of client and cloud together. In place of the model stands a function that answers a curve of 25 points. The peer is the same with a tenth of the event rows, which are of earlier stays.`,
  async run({ log }): Promise<Measurement[]> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-stay-morning-'));
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
      const { ctx } = forDataset(opened, 'bench/datasets/stays.yaml');
      await createPipeline(ctx, EVENTS);
      await createCurves(ctx);
      await createModel(ctx);
      const measured: Measurement[] = [];
      let before = 0;
      for (const size of SIZES) {
        const days = Math.round(size / (IN_HOSPITAL * KINDS));
        await admit(ctx, before, days);
        before = days;
        log(`${await count(ctx, 'EVENTS')} events of ${await count(ctx, 'STAYS_FEATURES')} stays`);
        const times: number[] = [];
        for (let run = 0; run <= RUNS; run++) {
          await ctx.snowflake.execute('DELETE FROM LOS_DAILY_PREDICTIONS');
          const began = process.cpuUsage();
          const [row] = await ctx.snowflake.query('CALL RENEW_PREDICTIONS()');
          const { user, system } = process.cpuUsage(began);
          const answer = row!.RENEW_PREDICTIONS as { stay: number };
          if (answer.stay !== IN_HOSPITAL) throw new Error(`It predicted ${JSON.stringify(answer)}.`);
          log(`${((user + system) / 1e6).toFixed(2)} s`);
          if (run > 0) times.push((user + system) / 1e6);
        }
        const peer = measured[0]?.value;
        measured.push({
          what: `${size.toLocaleString('en-US')} event rows`,
          value: median(times),
          unit: 's',
          ...(peer === undefined ? { limit: '≤ 10 s' } : { peer, limit: '≤ 1.3 ×' }),
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

async function count(ctx: OpenContext, table: string): Promise<string> {
  const [row] = await ctx.snowflake.query(`SELECT COUNT(*) AS N FROM ${table}`);
  return Number(row!.N).toLocaleString('en-US');
}

/** A version whose model of the stay answers on all days. */
async function createModel(ctx: OpenContext): Promise<void> {
  for (const sql of [
    `CREATE OR REPLACE FUNCTION LOS_INVOKE_STAY(FEATURES OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
const mean = 2 + ((FEATURES.EVENTS.k1 || [1])[0] % 7), days = [], gone = [];
for (let i = 1; i <= 25; i++) { days.push(i); gone.push(i === 25 ? 1 : Math.round((1 - Math.exp(-i / mean)) * 1e4) / 1e4); }
return { days: mean, median: 2, low: 1, high: 9, version: 'stays-v1', curve: { days, gone }, moved: [] }; $$`,
    `INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT, STAY)
SELECT 'stays-v1', 'stays', 1, 'CHAMPION', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), OBJECT_CONSTRUCT('from', 0)`,
  ])
    await ctx.snowflake.execute(sql);
}

/**
 * Stays that began on the days before, the more the longer ago; the last ones are still in hospital.
 * @param from so many days back are there already
 */
async function admit(ctx: OpenContext, from: number, to: number): Promise<void> {
  const now = "CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ";
  // Stay n came n / A_DAY days before the day before yesterday's morning, at one hour or another.
  const stays = `SELECT ${from * A_DAY} + SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => ${(to - from) * A_DAY}))`;
  const came = `DATEADD(minute, -1440 * FLOOR(N / ${A_DAY}) - N % 600, DATEADD(day, -2, DATE_TRUNC('day', ${now})))`;
  for (const sql of [
    `INSERT INTO STAYS_FEATURES (STAY_ID, WARD, AGE, ADMITTED, LOS, INPUTS_BUILT_AT)
SELECT N, 'ward ' || (N % 20), 20 + N % 70, ${came}, IFF(N < ${IN_HOSPITAL}, NULL, ${DAYS_OF_STAY}), CURRENT_TIMESTAMP() FROM (${stays})`,
    `INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, MEDIAN_LOS, CURVE)
SELECT 'stays', TO_VARCHAR(N), 1, 'stays-v1', 'bench', CURRENT_TIMESTAMP(), 5, BENCH_CURVE(N) FROM (${stays})`,
    `INSERT INTO EVENTS SELECT N, AT, 'k' || KIND, N % 13 + DAY, AT FROM (
  SELECT n.N, k.KIND, d.DAY, DATEADD(minute, 1440 * d.DAY + 30 * k.KIND, ${came}) AS AT
  FROM (${stays}) AS n CROSS JOIN (SELECT SEQ4() AS KIND FROM TABLE(GENERATOR(ROWCOUNT => ${KINDS}))) AS k
  CROSS JOIN (SELECT SEQ4() AS DAY FROM TABLE(GENERATOR(ROWCOUNT => ${DAYS_OF_STAY}))) AS d
)`,
  ])
    await ctx.snowflake.execute(sql);
}
