import { readFileSync } from 'node:fs';
import { loadContract } from '../deploy/dataset/load.js';
import { readText } from '../deploy/model/texts.js';
import type { OpenContext } from '../deploy/open.js';
import type { Contract } from '../procedures/dataset/contract.js';
import { EVENT_DAYS_BEFORE, eventRows } from '../procedures/dataset/origin/events.js';
import { stayFeatures } from '../procedures/stay/features.js';
import { cloudOf } from './bulk.js';
import { type Benchmark, type Measurement, median } from './harness.js';
import { inLocalCloud } from './pipeline.js';

const BEDS = 600;
const KINDS = 40;
/** Each patient has each kind measured so often. */
const A_DAY = 2;
const ROWS = [2_000_000, 20_000_000];
const RUNS = 3;
const EVENTS_A_DAY = BEDS * KINDS * A_DAY;
/** Where the events end: six o'clock of a morning. */
const END = `'2026-11-30 06:00:00'::TIMESTAMP_NTZ`;
const thousands = (n: number) => n.toLocaleString('en-US');

/** How long a bed's stays are, in days: 1 to 20. */
const LENGTH = '(1 + MOD(BED * 7, 20))';
/** Days from the day of the last morning to that on which the last stay of a bed began: 1 or more. */
const SO_FAR = `(1 + MOD(BED * 13, ${LENGTH}))`;
/** A stay by its bed and how many stays before the last one it is. @param ago days before the last morning */
const stay = (ago: string) => `BED || '-' || CEIL(GREATEST(0, ${ago} - ${SO_FAR} + .25) / ${LENGTH})`;

/** What a morning's features cost, however long the history of events is. */
export const benchmark: Benchmark = {
  name: 'stay-rows',
  description: `The features of ${BEDS} patients on one morning, of ${KINDS} kinds of event with seven summaries each, from ${thousands(ROWS[0]!)} events of 42 days and, as its peer, from ${thousands(ROWS[1]!)} of 417 days, without and with a column that says when they were recorded: seconds of the processor, median of ${RUNS} statements.`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud('stay-rows', async (ctx) => {
      const times: Record<string, number> = {};
      const { database, schema } = ctx.settings.snowflake;
      await ctx.snowflake.execute(`CREATE DATABASE ${database}`);
      await ctx.snowflake.execute(`CREATE SCHEMA ${database}.${schema}`);
      await ctx.snowflake.execute(`USE SCHEMA ${database}.${schema}`);
      for (const rows of ROWS) {
        log(`making ${thousands(rows)} events`);
        await makeEvents(ctx, rows);
        for (const recorded of [false, true]) {
          const taken = await timeMorning(ctx, recorded);
          times[`${rows} ${recorded}`] = taken;
          log(`${thousands(rows)} events${recorded ? ', recorded' : ''}: ${taken.toFixed(2)} s`);
        }
      }
      const [few, many] = ROWS;
      return [false, true].map((recorded) => ({
        what: `a morning's features from ${thousands(few!)} events${recorded ? ', with corrections' : ''}; peer: from ${thousands(many!)}`,
        value: times[`${few} ${recorded}`]!,
        peer: times[`${many} ${recorded}`]!,
        unit: 's',
        limit: 'peer ≤ 1.3 ×',
      }));
    });
  },
};

/** In the order of their time, as a hospital writes them. */
async function makeEvents(ctx: OpenContext, rows: number): Promise<void> {
  await ctx.snowflake.execute(
    'CREATE OR REPLACE TABLE BENCH_EVENTS (STAY VARCHAR, AT TIMESTAMP_NTZ, WHAT VARCHAR, VALUE FLOAT, RECORDED TIMESTAMP_NTZ)',
  );
  for (let at = 0; at < rows; at += 2_000_000)
    await ctx.snowflake.execute(`INSERT INTO BENCH_EVENTS
SELECT ${stay('AGO')}, DATEADD(second, -ROUND(AGO * 86400), ${END}), 'kind ' || KIND, VALUE, DATEADD(second, 1800 - ROUND(AGO * 86400), ${END})
FROM (SELECT (${rows} - N) / ${EVENTS_A_DAY} AS AGO, MOD(N, ${BEDS}) AS BED, MOD(FLOOR(N / ${BEDS}), ${KINDS}) AS KIND, MOD(N * 7919, 1000) / 10 AS VALUE
  FROM (SELECT ${at} + SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => ${Math.min(2_000_000, rows - at)}))))`);
}

async function timeMorning(ctx: OpenContext, recorded: boolean): Promise<number> {
  const health = loadContract(ctx.settings.dataset);
  const contract: Contract = {
    ...health,
    events: [
      {
        table: 'BENCH_EVENTS',
        stay: 'STAY',
        time: 'AT',
        name: 'WHAT',
        value: { column: 'VALUE', type: 'FLOAT' },
        ...(recorded ? { recorded: 'RECORDED' } : {}),
      },
    ],
    eventFeatures: Object.fromEntries(
      Array.from({ length: KINDS }, (_, kind) => [
        `kind ${kind}`,
        ['last', 'change', 'least', 'most', 'mean', 'count', 'hours'],
      ]),
    ),
  };
  const view = eventRows(contract, ctx.settings, ctx.settings.timeZone);
  await ctx.snowflake.execute(`CREATE OR REPLACE VIEW HEALTH_EVENT_ROWS AS ${view}`);
  const plan = { contract, settings: ctx.settings, sql: { 'stay/features': readText('stay/features') } };
  const mornings = `SELECT ${stay('0')} AS CASE_ID, ${SO_FAR} AS DAY, ${END} AS AS_OF FROM (SELECT SEQ4() AS BED FROM TABLE(GENERATOR(ROWCOUNT => ${BEDS})))`;
  const since = `DATEADD(day, -${20 + EVENT_DAYS_BEFORE}, DATE_TRUNC('day', ${END}))`;
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const before = processorSeconds(cloudOf(ctx));
    await ctx.snowflake.execute(
      `CREATE OR REPLACE TEMPORARY TABLE BENCH_MORNING AS ${stayFeatures(plan, mornings, since)}`,
    );
    if (run > 0) times.push(processorSeconds(cloudOf(ctx)) - before);
  }
  const [made] = await ctx.snowflake.query<{ N: number; KINDS: number }>(
    'SELECT COUNT(*) AS N, SUM(ARRAY_SIZE(OBJECT_KEYS(EVENTS))) AS KINDS FROM BENCH_MORNING',
  );
  if (made?.N !== BEDS || Number(made.KINDS) !== BEDS * KINDS)
    throw new Error(`${made?.N} patients had ${made?.KINDS} kinds of event`);
  return median(times);
}

/** What a process has used so far, on all cores (Linux). */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
