import { expect } from 'chai';
import { random } from '../../procedures/ground/random.js';
import { HOUR, MINUTE, OnCall } from './accidents/on-call.js';
import { steady } from './accidents/steady.js';

/** LOS_CREDIT_DAYS=30 for a month; by default what CI has time for. */
const DAYS = Number(process.env.LOS_CREDIT_DAYS ?? 1);
const A_DAY = 70;
const MONTH = 30;

/** What a deployment used of the account, in credits, by warehouse or task. */
async function creditsOf(onCall: OnCall): Promise<Record<string, number>> {
  const rows = await onCall.query(`SELECT WAREHOUSE_NAME AS NAME, SUM(CREDITS_USED_COMPUTE) AS N
FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(DATE_RANGE_START => '2000-01-01'::DATE)) WHERE WAREHOUSE_NAME <> 'DBA_WH' GROUP BY 1
UNION ALL SELECT 'services', SUM(CREDITS_USED_CLOUD_SERVICES)
FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(DATE_RANGE_START => '2000-01-01'::DATE)) WHERE WAREHOUSE_NAME <> 'DBA_WH'
UNION ALL SELECT TASK_NAME, SUM(CREDITS_USED::FLOAT)
FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.SERVERLESS_TASK_HISTORY(DATE_RANGE_START => '2000-01-01'::DATE)) GROUP BY 1`);
  return Object.fromEntries(rows.map(({ NAME, N }) => [String(NAME), Number(N)]));
}

type Load = (onCall: OnCall, quarter: number, next: () => number) => Promise<void>;

/** Four fifths of what happens does so from 7 to 21 o'clock. */
const asTheyHappen: Load = async ({ hospital, day, dba }, quarter, next) => {
  const perQuarter = (quarter >= 28 && quarter < 84 ? 0.8 / 56 : 0.2 / 40) * A_DAY;
  const times = (mean: number) => Math.floor(mean) + (next() < mean % 1 ? 1 : 0);
  hospital.admit(day, times(perQuarter));
  // The hospital discharges a day's patients at once: as many corrections stand for discharges in between.
  for (let i = times(2 * perQuarter); i > 0; i--) hospital.correct();
  if (quarter % 24 === 0) hospital.discharge(day);
  await hospital.deliver(dba.snowflake);
};

const nightly: Load = async ({ hospital, day, dba }, quarter) => {
  if (quarter !== 8) return;
  hospital.admit(day - 1, A_DAY);
  hospital.discharge(day - 1);
  for (let i = 0; i < A_DAY; i++) hospital.correct();
  await hospital.deliver(dba.snowflake);
};

describe(`what ${DAYS} days of ${A_DAY} admissions cost an account (LOS_CREDIT_DAYS)`, () => {
  for (const [name, load] of Object.entries({ asTheyHappen, nightly }))
    it(name, async function () {
      this.timeout(DAYS * 600_000);
      const next = random(1);
      const onCall = await OnCall.copy(steady, 1);
      try {
        // A day that is not counted begins everything that a day has.
        await onCall.until(onCall.clock.now() + 24 * HOUR - (onCall.clock.now() % (24 * HOUR)), HOUR);
        const before = await creditsOf(onCall);
        for (let quarter = 0; quarter < DAYS * 96; quarter++) {
          await load(onCall, quarter % 96, next);
          await onCall.pass(15 * MINUTE);
        }
        const after = await creditsOf(onCall);
        const month = Object.fromEntries(
          Object.entries(after).map(([key, n]) => [key, ((n - (before[key] ?? 0)) * MONTH) / DAYS]),
        );
        console.log(name, month);
        const runs = await onCall.query(
          `SELECT NAME, STATE, COUNT(*) AS N FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => 10000)) GROUP BY 1, 2 ORDER BY 1, 2`,
        );
        console.log(runs.map(({ NAME, STATE, N }) => `${NAME} ${STATE} ${N}`).join('\n'));
        expect(Object.values(month).reduce((sum, n) => sum + n, 0)).to.be.above(0);
      } finally {
        await onCall.close();
      }
    });
});
