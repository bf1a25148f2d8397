import type { OpenContext } from '../../../../deploy/open.js';
import { type Admission, dayNumber } from './admissions.js';

/** A row of LOS_WATCH_PIPELINE. */
export interface PipeRow {
  readonly MEASURE: string;
  readonly VALUE: number;
  readonly USUAL: number | null;
  readonly LEAST: number | null;
  readonly MOST: number | null;
}

/**
 * What has come, gone and waits on a day. What is about runs is as of now, so it must be asked right after a watch.
 * @param patience hours after which changes that no one has read are too old
 */
export async function pipeAgain(
  ctx: OpenContext,
  admissions: ReadonlyMap<string, Admission>,
  day: number,
  patience: number,
): Promise<PipeRow[]> {
  // Of what was withdrawn the hospital's table tells nothing any more.
  const withdrawn = await ctx.snowflake.query<Record<'CAME' | 'LOS', string | null> & { LATELY: boolean }>(
    `SELECT TO_VARCHAR(ADMISSION_DATE, 'YYYY-MM-DD') AS CAME, LOS, WITHDRAWN_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP()) AS LATELY
FROM HEALTH_FEATURES WHERE WITHDRAWN_AT IS NOT NULL`,
  );
  const all = [
    ...admissions.values(),
    ...withdrawn.map(({ CAME, LOS }) => ({
      came: dayNumber(String(CAME)),
      stay: LOS === null ? null : Number(LOS),
    })),
  ].filter(({ came }) => came <= day);
  const came = (on: number) => all.filter((one) => one.came === on).length;
  const before = [1, 2, 3, 4, 5, 6, 7, 8].map((weeks) => came(day - 7 * weeks));
  const mean = before.reduce((sum, n) => sum + n, 0) / 8;
  const variance = before.reduce((sum, n) => sum + (n - mean) ** 2, 0) / 7;
  const isOld = Math.min(...all.map((one) => one.came)) <= day - 56;
  const off = 3.5 * Math.sqrt(Math.max(mean, variance, 1));
  const went = all
    .filter(({ stay, came }) => stay !== null && stay >= 0 && came > day - 180 && came + stay <= day)
    .map((one) => one.came + one.stay!);
  const perDay = went.filter((on) => on > day - 56).length / 56;
  const [now] = await ctx.snowflake.query<Record<string, number>>(`SELECT
  (SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE WHERE SINCE < DATEADD(hour, ${-patience}, CURRENT_TIMESTAMP())) AS WAITING,
  (SELECT COUNT(*) FROM LOS_QUARANTINE) AS QUARANTINED,
  (SELECT COUNT(DISTINCT CASE_ID) FROM LOS_PREDICTION_LOG WHERE PREDICTED_AT > DATEADD(day, -1, CURRENT_TIMESTAMP())) AS ASKED,
  (SELECT COUNT(*) FROM (SELECT PREDICTED_LOS FROM LOS_PREDICTION_LOG WHERE PREDICTED_AT > DATEADD(day, -1, CURRENT_TIMESTAMP())
    QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY REVISION DESC) = 1) WHERE PREDICTED_LOS IS NULL) AS UNPREDICTED`);
  const count = (MEASURE: string, VALUE: number, MOST = 0): PipeRow => ({
    MEASURE,
    VALUE,
    USUAL: null,
    LEAST: null,
    MOST,
  });
  return [
    {
      MEASURE: 'admissions',
      VALUE: came(day),
      USUAL: isOld ? mean : null,
      LEAST: isOld ? Math.max(0, mean - off) : null,
      MOST: isOld ? mean + off : null,
    },
    // So few are withdrawn here that ten at once would be unusual.
    count('withdrawn at once', withdrawn.filter(({ LATELY }) => LATELY).length, 10),
    count('waiting', Number(now!.WAITING)),
    count('quarantined', Number(now!.QUARANTINED)),
    count('no prediction', Number(now!.UNPREDICTED), Math.max(10, Math.ceil(Number(now!.ASKED) / 10))),
    // No one has waited for two hours to read the changes.
    count('hours unread', 0, patience),
    ...(perDay > 0
      ? [count('days without a discharge', day - Math.max(...went), Math.max(1, Math.ceil(20 / perDay)))]
      : []),
  ];
}
