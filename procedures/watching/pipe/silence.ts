import { dayAt } from '../../ground/days.js';
import { type Place, qualify } from '../../ground/names.js';
import { execute, queryFirst, type Work } from '../../ground/work.js';
import type { Patience, WatchPlan } from '../plan.js';

/**
 * What has stopped cannot report it: where daily or hourly monitoring has been silent for too long, another run that is
 * awake (each of them, the end of a graph run, who sends mails) writes that down, once, and once more for each week that it lasts.
 */
export function* noticeSilence(place: Place, dataset: string, patience: Patience): Work<void> {
  // Nearly always there is none, and a MERGE would lock the table to find that out.
  const row = yield* queryFirst(
    `SELECT ${silenceSql(patience)} AS SILENT FROM ${qualify(place, 'LOS_RUN_LOG')} WHERE DATASET = ?`,
    [dataset],
  );
  if (row?.SILENT === true) yield* writeSilence(place, dataset, patience);
}

/** SQL over the runs of a dataset, an aggregate: whether one of them has been silent for too long. */
export function silenceSql(patience: Patience): string {
  return runsToExpect(patience)
    .map(({ run, hours }) => `DATEDIFF(hour, ${lastRunSql(run)}, CURRENT_TIMESTAMP()) >= ${Number(hours)}`)
    .join('\n  OR ');
}

/** Writes down who has been silent for too long. */
export function* writeSilence(place: Place, dataset: string, patience: Patience): Work<void> {
  // By MERGE, as alarms are: of several who notice it at the same time one writes it down.
  yield* execute(
    `MERGE INTO ${qualify(place, 'LOS_EVENTS')} AS t USING (
  ${runsToExpect(patience)
    .map((each) => silenceEventSql(place, each))
    .join('\n  UNION ALL\n  ')}
) AS n ON t.DATASET = n.DATASET AND t.SUBJECT = n.SUBJECT AND t.KIND = 'alarm'
  AND t.HAPPENED_AT > GREATEST(n.SINCE, DATEADD(day, -7, CURRENT_TIMESTAMP()))
WHEN NOT MATCHED THEN INSERT (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE, NEXT_STEP, DETAILS, ATTEMPTS)
VALUES (n.EVENT_ID, n.DATASET, CURRENT_TIMESTAMP(), ${dayAt(patience.zone)}, 'alarm', 'critical', n.SUBJECT, n.MESSAGE,
  'See docs/runbook/watch.md.', OBJECT_CONSTRUCT('alarm', 'watch'), 0)`,
    [dataset, dataset, dataset, dataset],
  );
}

const runsToExpect = (patience: Patience): readonly ExpectedRun[] => [
  {
    task: 'LOS_WATCH',
    run: 'watch',
    hours: patience.watch,
    silent: 'Nothing has been watched',
    so: 'so no alarm would be raised',
  },
  {
    task: 'LOS_MONITOR_HOURLY',
    run: 'look',
    hours: patience.look,
    silent: 'Hourly monitoring has not checked whether admissions get their predictions',
    so: 'so missing predictions would be noticed a day late',
  },
];

/** SQL over the runs of a dataset, an aggregate: since when there was no successful run of this kind. */
const lastRunSql = (run: string): string =>
  `COALESCE(MAX(IFF(KIND = '${run}' AND STATUS = 'SUCCEEDED', FINISHED_AT, NULL)), MIN(STARTED_AT))`;

interface ExpectedRun {
  readonly task: string;
  /** KIND in the run log. */
  readonly run: string;
  readonly hours: number;
  readonly silent: string;
  readonly so: string;
}

/** SELECT of the event, where it is to be told; binds: twice the dataset. */
function silenceEventSql(place: Place, { task, run, hours, silent: words, so }: ExpectedRun): string {
  return `SELECT UUID_STRING() AS EVENT_ID, ? AS DATASET, '${task}' AS SUBJECT, SINCE,
    '${words} for ' || HOURS || ' hours: the task ${task} is suspended, fails or never ran, ${so}.' AS MESSAGE
  FROM (
    SELECT SINCE, DATEDIFF(hour, SINCE, CURRENT_TIMESTAMP()) AS HOURS FROM (
      SELECT ${lastRunSql(run)} AS SINCE FROM ${qualify(place, 'LOS_RUN_LOG')} WHERE DATASET = ?
    )
  ) WHERE HOURS >= ${Number(hours)}`;
}

/** Tells that a task which was said to be silent has ended well again; by MERGE, as silence is noticed. @param day of the data */
export function* endSilence({ contract, place }: WatchPlan, day: string, task: string): Work<void> {
  const table = qualify(place, 'LOS_EVENTS');
  const since = `SELECT MAX(HAPPENED_AT) AS SINCE FROM ${table} WHERE DATASET = ? AND SUBJECT = '${task}' AND KIND = 'alarm'`;
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N FROM (${since}) AS n WHERE SINCE IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM ${table} AS t WHERE t.DATASET = ? AND t.SUBJECT = '${task}' AND t.KIND = 'alarm ended' AND t.HAPPENED_AT >= n.SINCE)`,
    [contract.name, contract.name],
  );
  if (!(Number(row?.N) > 0)) return;
  yield* execute(
    `MERGE INTO ${table} AS t USING (
  SELECT UUID_STRING() AS EVENT_ID, ? AS DATASET, '${task}' AS SUBJECT, SINCE FROM (${since}) WHERE SINCE IS NOT NULL
) AS n ON t.DATASET = n.DATASET AND t.SUBJECT = n.SUBJECT AND t.KIND = 'alarm ended' AND t.HAPPENED_AT >= n.SINCE
WHEN NOT MATCHED THEN INSERT (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE, DETAILS, ATTEMPTS)
VALUES (n.EVENT_ID, n.DATASET, CURRENT_TIMESTAMP(), TO_DATE(?, 'YYYY-MM-DD'), 'alarm ended', 'info', n.SUBJECT,
  'The task ${task} has ended well again.', OBJECT_CONSTRUCT('alarm', 'watch'), 0)`,
    [contract.name, contract.name, day],
  );
}
