import { lastDay } from '../../ground/days.js';
import { literal, qualify } from '../../ground/names.js';
import { messageLine, withoutValues } from '../../ground/without-values.js';
import { query, queryFirst, transaction, type Work } from '../../ground/work.js';
import { graphSteps } from '../../scoring/graph-tasks.js';
import { emitEvent, type WatchEvent, wakeSender } from '../events.js';
import type { WatchPlan } from '../plan.js';
import { silenceSql, writeSilence } from './silence.js';
import { healStreams } from './streams.js';

/** What REPORT_GRAPH_RUN answers. */
export interface GraphRunReport {
  /** What was told. */
  readonly events: readonly WatchEvent[];
  /** What failed in the run that has just ended; null: nothing. */
  readonly failed: string | null;
}

/** A task of the graph that failed, and what it said. */
interface Failure {
  readonly task: string;
  readonly message: string;
}

/** The longest words of an error that a mail wants. */
const LONGEST = 400;

/**
 * Tells how a run of the scoring graph ended, where that is news: that one failed, and that one goes through again. Streams that
 * can only be recreated are.
 */
export function* reportGraphRun(plan: WatchPlan): Work<GraphRunReport> {
  const events = yield* healStreams(plan);
  const { failed, well, told, silence } = yield* lastRuns(plan, yield* scheduleTime());
  const failure = failed === null && !well ? yield* findFailure(plan) : failed;
  const event = news(failure, told);
  if (event !== null) {
    const day = yield* lastDay(plan.zone);
    yield* transaction(() => emitEvent(plan, day, event));
    events.push(event);
  }
  yield* wakeSender(plan);
  if (silence) yield* writeSilence(plan.place, plan.contract.name, plan.silence);
  return { events, failed: failure === null ? null : `${failure.task}: ${failure.message}` };
}

function news(failure: Failure | null, before: string | null): WatchEvent | null {
  const was = before === 'graph failed';
  if (failure !== null && !was)
    return {
      kind: 'graph failed',
      severity: 'warning',
      subject: failure.task,
      message: `A run of the task graph failed in ${failure.task}: ${failure.message} New admissions wait for their predictions; the next run retries.`,
      next: 'los doctor finds what is broken. See docs/runbook/scoring.md. Another event follows when a run succeeds again.',
    };
  if (failure === null && was)
    return {
      kind: 'graph recovered',
      severity: 'info',
      subject: 'task graph',
      message: 'A run of the task graph succeeded again; all waiting admissions have been predicted.',
    };
  return null;
}

const WITH_ZONE = /(Z|[+-]\d\d:?\d\d)$/;

/**
 * When the graph's run was scheduled that calls this, ms; null: that is not said, for it is called by hand, or without a time
 * zone. No page tells in which words a procedure may be refused it, and the task history knows in any case.
 */
function* scheduleTime(): Work<number | null> {
  try {
    const row = yield* queryFirst(
      `SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP') AS SCHEDULED`,
    );
    const text = String(row?.SCHEDULED);
    const time = WITH_ZONE.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? null : time;
  } catch {
    return null;
  }
}

interface LastRuns {
  readonly failed: Failure | null;
  /** Both procedures have ended well in the run that was scheduled then, so that none of its tasks has failed. */
  readonly well: boolean;
  readonly told: string | null;
  readonly silence: boolean;
}

/**
 * What failed by what the procedures wrote down of themselves (where one was never called or was killed, the task history
 * tells), what was told last of the graph's runs, and whether a monitoring run has been silent for too long.
 * @param since ms; null: unknown
 */
function* lastRuns({ contract, place, silence }: WatchPlan, since: number | null): Work<LastRuns> {
  const now = since === null ? 'FALSE' : `STARTED_AT >= TO_TIMESTAMP_LTZ(${since}, 3)`;
  const rows = yield* query(
    `SELECT KIND, IFF(STATUS = 'SUCCEEDED' AND ${now}, 'WELL', STATUS) AS STATUS, MESSAGE FROM ${qualify(place, 'LOS_RUN_LOG')}
WHERE DATASET = ? AND KIND IN ('features', 'scoring') AND STATUS <> 'RUNNING'
QUALIFY ROW_NUMBER() OVER (PARTITION BY KIND ORDER BY STARTED_AT DESC) = 1
UNION ALL
SELECT KIND, 'TOLD', NULL FROM ${qualify(place, 'LOS_EVENTS')} WHERE DATASET = ? AND KIND IN ('graph failed', 'graph recovered')
QUALIFY ROW_NUMBER() OVER (ORDER BY HAPPENED_AT DESC) = 1
UNION ALL
SELECT 'silence', IFF(${silenceSql(silence)}, 'SILENT', 'HEARD'), NULL FROM ${qualify(place, 'LOS_RUN_LOG')} WHERE DATASET = ?`,
    [contract.name, contract.name, contract.name],
  );
  const told = rows.find(({ STATUS }) => STATUS === 'TOLD');
  const failed = ['features', 'scoring']
    .map((kind) => rows.find(({ KIND, STATUS }) => KIND === kind && STATUS === 'FAILED'))
    .find((row) => row !== undefined);
  const well = ['features', 'scoring'].every((kind) =>
    rows.some(({ KIND, STATUS }) => KIND === kind && STATUS === 'WELL'),
  );
  const taskOf = (kind: unknown) => (kind === 'features' ? 'LOS_BUILD_FEATURES' : 'LOS_SCORE');
  return {
    failed: failed === undefined ? null : { task: taskOf(failed.KIND), message: shorten(failed.MESSAGE) },
    well,
    told: told === undefined ? null : String(told.KIND),
    silence: rows.some(({ STATUS }) => STATUS === 'SILENT'),
  };
}

/** Whether procedures with their owner's rights may read the task history is documented nowhere; without it the run log has to do. */
const REFUSED = /not authorized|insufficient privileges|unsupported|not supported|does not exist/i;

/** The task of the graph whose last run that is over has failed. */
function* findFailure({ place }: WatchPlan): Work<Failure | null> {
  const { database, schema } = place.snowflake;
  try {
    const row = yield* queryFirst(
      `SELECT NAME, ERROR_MESSAGE FROM (
  SELECT NAME, STATE, ERROR_MESSAGE FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(
    SCHEDULED_TIME_RANGE_START => DATEADD(day, -1, CURRENT_TIMESTAMP()), RESULT_LIMIT => 10000))
  WHERE DATABASE_NAME = ${literal(database)} AND SCHEMA_NAME = ${literal(schema)} AND NAME IN (${graphSteps.map(({ task }) => literal(task)).join(', ')}) AND COMPLETED_TIME IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY NAME ORDER BY SCHEDULED_TIME DESC) = 1
) WHERE STATE LIKE 'FAILED%' OR STATE = 'CANCELLED' ORDER BY NAME`,
    );
    return row ? { task: String(row.NAME), message: shorten(row.ERROR_MESSAGE) } : null;
  } catch (error) {
    if (!REFUSED.test(String((error as Error).message))) throw error;
    return null;
  }
}

/** An error in a few words, as a sentence and without a value of a row. */
function shorten(message: unknown): string {
  const text = message === null || message === undefined ? 'It left no message.' : String(message);
  const line = messageLine(withoutValues(new Error(text)).message)
    .slice(0, LONGEST)
    .trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
