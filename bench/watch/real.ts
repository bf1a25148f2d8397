import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { inHospital } from '../beds/hdhi.js';
import type { Benchmark, Measurement } from '../harness.js';

const TRAINED = '2018-04-30';
const END = '2018-10-31';

/** What the loop finds on real admissions that were not made for it. */
export const benchmark: Benchmark = {
  name: 'watch',
  description:
    'The loop on real admissions (../shared/data/hdhi_admissions.csv.gz; not part of the repository): one champion trained on what was known on 30 April 2018, then every evening to October the day’s admissions and discharges are loaded and scored, WATCH_SCORING and WATCH_PREDICTIONS are called, and a training that it opens is gone on with.',
  async run({ log }): Promise<Measurement[]> {
    return await inHospital({ trained: TRAINED, end: END, log }, async ({ ctx: { snowflake }, until }) => {
      await until(END, async (day) => {
        // As the task LOS_MONITOR_HOURLY, or that it does not look would be an alarm a week.
        await snowflake.query('CALL WATCH_SCORING()');
        await snowflake.query(`CALL WATCH_PREDICTIONS('${day}')`);
        await goOn(snowflake);
      });
      const events = await snowflake.query(
        'SELECT TO_VARCHAR(DAY) AS DAY, KIND, SEVERITY, SUBJECT, MESSAGE FROM LOS_EVENTS ORDER BY HAPPENED_AT',
      );
      for (const event of events) log(JSON.stringify(event));
      const weeks = await snowflake.query(
        `SELECT TO_VARCHAR(FROM_DAY) AS WEEK, VERSION, ROW_COUNT AS N, ROUND(RATIO, 2) AS RATIO, ROUND(EXPECTED_MAE, 2) AS EXPECTED_MAE, ROUND(MAE, 2) AS MAE,
  ROUND(COVERAGE_80, 2) AS COVERAGE FROM LOS_WATCH_PERFORMANCE WHERE GROUPED_BY = 'all' ORDER BY FROM_DAY, VERSION`,
      );
      for (const week of weeks) log(JSON.stringify(week));
      const count = (kind: string) => events.filter((event) => event.KIND === kind).length;
      return ['alarm', 'alarm ended', 'retraining', 'promoted', 'not promoted', 'rolled back'].map(
        (kind) => ({
          what: `events: ${kind}`,
          value: count(kind),
          unit: '',
          digits: 0,
        }),
      );
    });
  },
};

/** Goes on with an open training until it is over, as the task LOS_TRAIN would. */
async function goOn(snowflake: Snowflake): Promise<void> {
  for (;;) {
    const [open] = await snowflake.query("SELECT RUN_ID FROM LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'");
    if (!open) return;
    await snowflake.query('CALL STEP_TRAINING()');
  }
}
