import { flatMap } from '../../ground/lists.js';
import { literal, qualify, schemaPath } from '../../ground/names.js';
import { isNotShown } from '../../ground/stale.js';
import { resultOf, together } from '../../ground/together.js';
import { shortSentence } from '../../ground/without-values.js';
import { query, queryFirst, type Row, type Work } from '../../ground/work.js';
import type { ScheduledTask } from '../../object.js';
import { graphSteps } from '../../scoring/graph-tasks.js';
import { deployments } from '../deployed/deployments.js';
import type { TaskPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import { patienceHours, type SeenTask, type TaskRun, taskSign } from './task-rule.js';

/** KIND of the runs of hourly monitoring, which looks at all tasks. */
const LOOK = 'look';

/**
 * Finds what is wrong with tasks: each that is deployed, by what its file declares. Those that a running apply has suspended are none.
 * @param self the KIND of the run that looks, which is not silent
 */
export function* lookAtTasks(plan: TaskPlan, self?: string): Work<Sign[]> {
  const { tasks } = plan;
  if (tasks.length === 0) return [];
  const [runs, alarms, deploying] = (yield* together<readonly Row[]>([
    () => loggedRuns(plan),
    () => lastingAlarms(plan),
    () => deployments(plan),
  ])).map(resultOf) as [readonly Row[], readonly Row[], readonly Row[]];
  const shown = yield* shownTasks(plan);
  const isIdle = ({ name }: ScheduledTask) => shown !== null && stateOf(shown, name) !== 'started';
  if (deploying.length > 0 && tasks.some(isIdle)) return [];
  const history = yield* taskHistory(plan);
  const now = Number(runs.find(({ KIND }) => KIND === '')?.NOW);
  const signs = tasks.map((task) => {
    const seen = seenTask(task, shown, runs, history, alarms);
    const isSelf = task.run !== undefined && task.run === self;
    const isReported = graphSteps.some((step) => step.task === task.name);
    return taskSign(task, isSelf ? { ...seen, well: { at: now, shown: '' } } : seen, now, isReported);
  });
  return signs.filter((sign): sign is Sign => sign !== null);
}

/** The same for who is awake where hourly monitoring has been silent: the end of a graph run, and a sender of mails. */
export function* standInForMonitor(plan: TaskPlan): Work<Sign[]> {
  const monitor = plan.tasks.find(({ run }) => run === LOOK);
  if (!monitor || monitor.hours === null) return [];
  const row = yield* queryFirst(
    `SELECT DATEDIFF(minute, COALESCE(MAX(IFF(KIND = ${literal(LOOK)} AND STATUS = 'SUCCEEDED', STARTED_AT, NULL)), MIN(STARTED_AT)), CURRENT_TIMESTAMP()) AS MINUTES
FROM ${qualify(plan.place, 'LOS_RUN_LOG')} WHERE DATASET = ?`,
    [plan.contract.name],
  );
  return Number(row?.MINUTES || 0) > 60 * patienceHours(monitor.hours) ? yield* lookAtTasks(plan) : [];
}

function stateOf(shown: readonly Row[], task: string): string {
  return String(shown.find(({ name }) => name === task)?.state || 'gone').toLowerCase();
}

/** @returns null: SHOW is refused */
function* shownTasks({ place }: TaskPlan): Work<readonly Row[] | null> {
  try {
    return yield* query(`SHOW TASKS IN SCHEMA ${schemaPath(place)}`);
  } catch (error) {
    if (!isNotShown(error)) throw error;
    return null;
  }
}

const ms = (time: string) => `DATE_PART(EPOCH_MILLISECOND, ${time})`;
const shownAt = (zone: string, time: string) =>
  `TO_VARCHAR(CONVERT_TIMEZONE(${literal(zone)}, ${time}), 'YYYY-MM-DD HH24:MI')`;

/** By KIND how the last run ended and when one succeeded last; of those that are not over, such as may hang. One row is of none, and has the time. */
function* loggedRuns({ contract, place, zone }: TaskPlan): Work<readonly Row[]> {
  const well = "MAX(IFF(STATUS = 'SUCCEEDED', STARTED_AT, NULL))";
  return yield* query(
    `SELECT '' AS KIND, NULL AS WELL, NULL AS SHOWN, NULL AS AT, NULL AS STATUS, NULL AS MESSAGE, ${ms('CURRENT_TIMESTAMP()')} AS NOW
UNION ALL
SELECT KIND, ${ms(well)}, ${shownAt(zone, well)}, ${ms('MAX(STARTED_AT)')},
  MAX_BY(IFF(STATUS = 'FAILED' AND COALESCE(TRY_TO_BOOLEAN(DETAILS:refused::VARCHAR), FALSE), 'REFUSED', STATUS), STARTED_AT), MAX_BY(COALESCE(MESSAGE, ''), STARTED_AT), NULL
FROM ${qualify(place, 'LOS_RUN_LOG')}
WHERE DATASET = ? AND NOT (STATUS = 'RUNNING' AND STARTED_AT > DATEADD(hour, -2, CURRENT_TIMESTAMP())) GROUP BY KIND`,
    [contract.name],
  );
}

/**
 * The same by NAME, of the last week, as the history has it: a task that never called its procedure writes no run. Asked for each by its name, for
 * the limit counts the runs of all tasks in the account.
 */
function* taskHistory({ place, tasks, zone }: TaskPlan): Work<readonly Row[]> {
  const { database, schema } = place.snowflake;
  const asked = tasks.filter(({ name }) => !graphSteps.some(({ task }) => task === name));
  const parts = asked.map(
    ({ name }) =>
      `SELECT NAME, STATE, ERROR_MESSAGE, SCHEDULED_TIME FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => ${literal(name)}, RESULT_LIMIT => 100))
WHERE DATABASE_NAME = ${literal(database)} AND SCHEMA_NAME = ${literal(schema)} AND COMPLETED_TIME IS NOT NULL AND STATE <> 'SKIPPED'`,
  );
  const well = "MAX(IFF(STATE = 'SUCCEEDED', SCHEDULED_TIME, NULL))";
  try {
    return yield* query(
      `SELECT NAME, ${ms(well)} AS WELL, ${shownAt(zone, well)} AS SHOWN, ${ms('MAX(SCHEDULED_TIME)')} AS AT,
  MAX_BY(IFF(STATE = 'SUCCEEDED', STATE, 'FAILED'), SCHEDULED_TIME) AS STATUS, MAX_BY(COALESCE(ERROR_MESSAGE, ''), SCHEDULED_TIME) AS MESSAGE
FROM (${parts.join('\nUNION ALL\n')}) GROUP BY NAME`,
    );
  } catch (error) {
    // Whether procedures with their owner's rights may read it is documented nowhere; without it the run log has to do.
    if (!isNotShown(error)) throw error;
    return [];
  }
}

function* lastingAlarms({ contract, place }: TaskPlan): Work<readonly Row[]> {
  return yield* query(
    `SELECT SUBJECT, ${ms('RAISED_AT')} AS AT FROM ${qualify(place, 'LOS_ALARMS')} WHERE DATASET = ? AND KIND = 'tasks' AND ENDED_ON IS NULL`,
    [contract.name],
  );
}

function seenTask(
  { name, run }: ScheduledTask,
  shown: readonly Row[] | null,
  runs: readonly Row[],
  history: readonly Row[],
  alarms: readonly Row[],
): SeenTask {
  const live = shown === null ? undefined : shown.find((row) => row.name === name);
  const made = live === undefined ? Number.NaN : new Date(live.created_on as string | Date).getTime();
  const rows = flatMap([runs, history], (all) =>
    all.filter(({ KIND, NAME }) => NAME === name || (run !== undefined && KIND === run)),
  );
  const latest = (column: 'AT' | 'WELL') =>
    rows.reduce<Row | undefined>(
      (best, row) => (Number(row[column] || 0) > Number(best?.[column] || 0) ? row : best),
      undefined,
    );
  const well = latest('WELL');
  const last = latest('AT');
  const alarm = alarms.find(({ SUBJECT }) => SUBJECT === name);
  return {
    state: shown === null ? null : stateOf(shown, name),
    madeAt: Number.isNaN(made) ? null : made,
    well: well === undefined ? null : { at: Number(well.WELL), shown: String(well.SHOWN) },
    last:
      last === undefined
        ? null
        : {
            status: String(last.STATUS) as TaskRun['status'],
            at: Number(last.AT),
            message: shortSentence(last.MESSAGE),
          },
    alarmAt: alarm === undefined ? null : Number(alarm.AT),
  };
}
