import { expect } from 'chai';
import { drawPoisson } from '../../demo/general/draw.js';
import { type Random, random } from '../../demo/health/random.js';
import { creditsAMonth } from '../../deploy/costs/estimate.js';
import { loadSettings } from '../../deploy/settings/load.js';
import { HOUR, MINUTE, OnCall } from './accidents/on-call.js';
import { steady } from './accidents/steady.js';

/** LOS_CREDIT_DAYS=30 for a month, with loads and ways to compute that CI leaves out; by default what it has time for. */
const DAYS = Number(process.env.LOS_CREDIT_DAYS ?? 1);
const A_DAY = 70;
const MONTH = 30;
/** Parts of a day: the clock moves from one to the next. */
const QUARTERS = 96;
/** A triggered graph keeps fifteen minutes' distance from the run before: steps must be shorter. */
const STEPS = 480;

/** What happens in a part of a day, of which there are so many. */
type Load = (onCall: OnCall, part: number, parts: number, stream: Random) => void;

/**
 * By chance, four fifths of it from 7 to 21 o'clock. The hospital discharges the patients of a day at once: as many more admissions stand for
 * discharges in between.
 */
const asTheyHappen: Load = ({ hospital, day }, part, parts, stream) => {
  const hour = (part * 24) / parts;
  const mean = (A_DAY * 24 * (hour >= 7 && hour < 21 ? 0.8 / 14 : 0.2 / 10)) / parts;
  hospital.admit(day, drawPoisson(2 * mean, stream));
  for (let i = drawPoisson(mean, stream); i > 0; i--) hospital.correct();
  if (part === parts - 1) hospital.discharge(day);
};

const nightly: Load = ({ hospital, day }, part, parts) => {
  if (part * 12 !== parts) return;
  hospital.admit(day - 1, A_DAY);
  hospital.discharge(day - 1);
  for (let i = 0; i < A_DAY; i++) hospital.correct();
};

interface Case {
  readonly load: Load;
  readonly said: string;
  readonly tasks: Readonly<Record<'schedule' | 'compute', string>>;
  /** Credits a month that it may cost. */
  readonly within: readonly [least: number, most: number];
  readonly parts?: number;
  /** Whether only the long form has it. */
  readonly long?: boolean;
}

const triggered = { compute: 'serverless', schedule: 'triggered' };
const warehouse = { compute: 'warehouse', schedule: '15 MINUTE' };
const CASES: readonly Case[] = [
  { said: 'as they happen', load: asTheyHappen, tasks: triggered, within: [6, 12], parts: STEPS },
  { said: 'in a nightly load', load: nightly, tasks: triggered, within: [0.5, 4] },
  {
    said: 'as they happen, scored every 15 minutes',
    load: asTheyHappen,
    tasks: { ...triggered, schedule: '15 MINUTE' },
    within: [8, 14],
    long: true,
  },
  {
    said: 'as they happen, scored every hour',
    load: asTheyHappen,
    tasks: { ...triggered, schedule: '60 MINUTE' },
    within: [3, 8],
    long: true,
  },
  // As it was before tasks computed without a warehouse. The hourly look often finds it awake.
  {
    said: 'as they happen, by the warehouse',
    load: asTheyHappen,
    tasks: warehouse,
    within: [50, 95],
    long: true,
  },
  {
    said: 'in a nightly load, by the warehouse',
    load: nightly,
    tasks: warehouse,
    within: [14, 22],
    long: true,
  },
];

/** Credits of the deployment so far: of its warehouse, and of tasks without one, with the cloud services of these. */
async function creditsOf(onCall: OnCall): Promise<number> {
  const range = "DATE_RANGE_START => '2000-01-01'::DATE";
  const [row] = await onCall.query(`SELECT SUM(N) AS N FROM (
SELECT CREDITS_USED_COMPUTE AS N FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(${range})) WHERE WAREHOUSE_NAME = 'LOS_WH'
UNION ALL SELECT CREDITS_USED::FLOAT FROM TABLE(PREDICT_LOS.INFORMATION_SCHEMA.SERVERLESS_TASK_HISTORY(${range})))`);
  return Number(row!.N);
}

describe(`${A_DAY} admissions a day cost an account, by a month of what ${DAYS} days did (LOS_CREDIT_DAYS)`, () => {
  for (const { said, load, tasks, within, parts = QUARTERS, long } of CASES)
    if (!long || DAYS > 1)
      it(`${within[0]} to ${within[1]} credits ${said}, and what los plan expects`, async function () {
        this.timeout(DAYS * 600_000 + 300_000);
        const stream = random(1);
        const onCall = await OnCall.copy(
          steady,
          1,
          `tasks: { compute: ${tasks.compute}, schedule: ${tasks.schedule} }`,
        );
        try {
          expect((await onCall.los('los apply')).code).to.equal(0);
          // A day that is not counted begins everything that a day has.
          await onCall.until(onCall.clock.now() + 24 * HOUR - (onCall.clock.now() % (24 * HOUR)), HOUR);
          const before = await creditsOf(onCall);
          const begin = onCall.clock.now();
          for (let part = 0; part < DAYS * parts; part++) {
            load(onCall, part % parts, parts, stream);
            await onCall.deliver();
            await onCall.pass((24 * HOUR) / parts);
          }
          // What is awake falls asleep.
          await onCall.pass(3 * MINUTE);
          const month = ((await creditsOf(onCall)) - before) * (MONTH / DAYS);
          expect(month).to.be.within(...within);
          const settings = loadSettings('/dev/null', {
            LOS_TASKS_COMPUTE: tasks.compute,
            LOS_TASKS_SCHEDULE: tasks.schedule,
          });
          const [row] = await onCall.query(
            `SELECT COUNT(*) AS N FROM PREDICT_LOS.LOS.LOS_RUN_LOG WHERE KIND = 'scoring' AND STARTED_AT >= TO_TIMESTAMP_LTZ(${begin}, 3)`,
          );
          const seen = Number(row!.N) / DAYS;
          const { least, typical, most } = creditsAMonth(settings, seen);
          if (process.env.LOS_CREDIT_DAYS) console.log({ said, month, least, typical, most, seen });
          expect(typical).to.be.within(month * 0.85, month * 1.15);
        } finally {
          await onCall.close();
        }
      });
});
