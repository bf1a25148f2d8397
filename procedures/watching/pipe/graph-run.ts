import { lastDay } from '../../ground/days.js';
import { fromEntries } from '../../ground/lists.js';
import { literal, qualify } from '../../ground/names.js';
import { attemptTogether } from '../../ground/together.js';
import { shortSentence } from '../../ground/without-values.js';
import { type Failure, query, queryFirst, transaction, type Work } from '../../ground/work.js';
import { graphSteps } from '../../scoring/graph-tasks.js';
import { endQuietly } from '../alarms.js';
import { emitUnless, type WatchEvent, wakeSender } from '../events.js';
import type { WatchPlan } from '../plan.js';
import { GRAPH_RUNS, type Sign } from '../signs.js';
import { report } from './deliver.js';
import { healStreams } from './streams.js';
import { standInForMonitor } from './tasks.js';

/** Answer of REPORT_GRAPH_RUN. */
export interface GraphRunReport {
  /** Events that were told. */
  readonly events: readonly WatchEvent[];
  /** Failure of the run that has just ended; null: nothing. */
  readonly failed: string | null;
}

/** A task of the graph that failed, and what it said. */
interface GraphFailure {
  readonly task: string;
  readonly message: string;
  /** When its run was to begin, ms. */
  readonly at: number;
}

/** Where a graph that went through again fails again within so many hours, it goes through only once it has done so for an hour. */
const FLAPPING_HOURS = 6;
const CALM_MS = 3_600_000;

/**
 * Tells how a run of the scoring graph ended, where that is news. Streams that can only be recreated are. What it cannot read it
 * names, for the next look may be an hour away.
 */
export function* reportGraphRun(plan: WatchPlan): Work<GraphRunReport> {
  const failures: Failure[] = [];
  const [healed, graph, , tasks] = yield* attemptTogether<
    [WatchEvent[], GraphLook | undefined, unknown, Sign[]]
  >(failures, [
    ['streams', [], () => healStreams(plan)],
    ['the task graph', undefined, () => lookAtGraph(plan, true)],
    ['mails', undefined, () => wakeSender(plan)],
    ['tasks', [], () => standInForMonitor(plan)],
  ]);
  const signs = graph?.sign ? tasks.concat(graph.sign) : tasks;
  if (signs.length > 0 || failures.length > 0) {
    const day = yield* lastDay(plan.zone);
    yield* report(plan, day, 'LOS_REPORT_GRAPH_RUN', { signs, kinds: [], failures });
  }
  const failed = graph?.failure || null;
  return {
    events: graph?.event ? healed.concat(graph.event) : healed,
    failed: failed === null ? null : `${failed.task}: ${failed.message}`,
  };
}

/** View of the graph's runs. */
export interface GraphLook {
  /** Event that was told of it. */
  readonly event: WatchEvent | null;
  /** That it fails again and again. */
  readonly sign: Sign | null;
  readonly failure: GraphFailure | null;
}

/**
 * Tells that the graph fails, and that it goes through again, which ends its alarm. One that fails may succeed at its
 * next time, so that is a warning; the second failure in a row is an alarm.
 * @param ended whether a run has just ended, whose finalizer this is
 */
export function* lookAtGraph(plan: WatchPlan, ended = false): Work<GraphLook> {
  const { failed, lastFailure, wellSince, told, now } = yield* lastRuns(plan);
  const since = ended ? yield* scheduleTime() : null;
  const well = since !== null && graphSteps.every(({ task }) => (wellSince[task] || 0) >= since);
  const failure = failed === null && !well ? yield* findFailure(plan, wellSince) : failed;
  const was = told.kind === 'graph failed';
  const last = Math.max(lastFailure, told.failedAt, failure === null ? 0 : failure.at);
  // What comes and goes is one outage.
  const calm = told.failures < 2 || now - last >= CALM_MS;
  let event: WatchEvent | null = null;
  if (failure !== null && !was)
    event = {
      kind: 'graph failed',
      severity: 'warning',
      subject: failure.task,
      message: `A run of the task graph failed in ${failure.task}: ${failure.message} New admissions wait for their predictions; the next run retries.`,
      next: 'los doctor finds what is broken. See docs/runbook/scoring.md. Another event follows when a run succeeds again.',
    };
  else if (failure === null && was && calm)
    event = {
      kind: 'graph recovered',
      severity: 'info',
      subject: 'task graph',
      message: 'A run of the task graph succeeded again; all waiting admissions have been predicted.',
    };
  const lasts = was && event === null && last > told.failedAt;
  if (event !== null) {
    const news = event;
    const day = yield* lastDay(plan.zone);
    // The end of a run and both monitors may notice it at the same time.
    const same = {
      where: 't.KIND = ? AND DATE_PART(EPOCH_MILLISECOND, t.HAPPENED_AT) > ?',
      binds: [news.kind, told.at],
    };
    const isNews = yield* transaction(function* () {
      const isWritten = yield* emitUnless(plan, day, news, same);
      if (isWritten && was) yield* endQuietly(plan, day, { kind: 'scoring', subject: GRAPH_RUNS });
      return isWritten;
    });
    if (!isNews) event = null;
  }
  return { event, sign: lasts ? graphSign(failure) : null, failure };
}

/** @param failure null: it goes through just now, after it has failed again and again */
function graphSign(failure: GraphFailure | null): Sign {
  return {
    kind: 'scoring',
    subject: GRAPH_RUNS,
    severity: 'critical',
    message:
      failure === null
        ? 'The task graph fails again and again and succeeds in between: new admissions wait for their predictions.'
        : `The task graph has failed more than once in a row, now in ${failure.task}: ${failure.message} New admissions get no prediction until it succeeds.`,
    next: 'los doctor finds what is broken.',
    lookAt: 'scoring',
  };
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

/** Task → when the last run of its procedure began, where that ended well, ms; 0: it did not. */
type Wells = Readonly<Record<string, number>>;

interface LastRuns {
  readonly failed: GraphFailure | null;
  /** When the last run that failed began, ms; 0: none has. */
  readonly lastFailure: number;
  readonly wellSince: Wells;
  /** Event that was told last of the graph's runs and when, ms; when it was told last that one failed, and how often within the last hours. */
  readonly told: {
    readonly kind: string | null;
    readonly at: number;
    readonly failedAt: number;
    readonly failures: number;
  };
  readonly now: number;
}

/**
 * What failed by what the procedures wrote down of themselves (where one was never called or was killed, the task history
 * tells), and what was told last of the graph's runs.
 */
function* lastRuns({ contract, place }: WatchPlan): Work<LastRuns> {
  const ms = (time: string) => `DATE_PART(EPOCH_MILLISECOND, ${time})`;
  const rows = yield* query(
    `SELECT KIND, STATUS, MESSAGE, ${ms('FAILED_AT')} AS AT, 0 AS FAILURES, ${ms('CURRENT_TIMESTAMP()')} AS NOW,
  IFF(STATUS = 'SUCCEEDED', ${ms('STARTED_AT')}, NULL) AS LAST_AT FROM (
  SELECT *, MAX(IFF(STATUS = 'FAILED', STARTED_AT, NULL)) OVER (PARTITION BY KIND) AS FAILED_AT FROM ${qualify(place, 'LOS_RUN_LOG')}
  WHERE DATASET = ? AND KIND IN ('features', 'scoring') AND STATUS <> 'RUNNING'
) QUALIFY ROW_NUMBER() OVER (PARTITION BY KIND ORDER BY STARTED_AT DESC) = 1
UNION ALL
SELECT MAX_BY(KIND, HAPPENED_AT), 'TOLD', NULL, ${ms("MAX(IFF(KIND = 'graph failed', HAPPENED_AT, NULL))")},
  COUNT_IF(KIND = 'graph failed' AND HAPPENED_AT > DATEADD(hour, -${FLAPPING_HOURS}, CURRENT_TIMESTAMP())), ${ms('CURRENT_TIMESTAMP()')}, ${ms('MAX(HAPPENED_AT)')}
FROM ${qualify(place, 'LOS_EVENTS')} WHERE DATASET = ? AND KIND IN ('graph failed', 'graph recovered')`,
    [contract.name, contract.name],
  );
  const told = rows.find(({ STATUS }) => STATUS === 'TOLD');
  const steps = graphSteps.map(({ run, task }) => ({ task, row: rows.find(({ KIND }) => KIND === run) }));
  const failed = steps.find(({ row }) => row !== undefined && row.STATUS === 'FAILED');
  return {
    failed: failed?.row
      ? { task: failed.task, message: shortSentence(failed.row.MESSAGE), at: Number(failed.row.AT || 0) }
      : null,
    lastFailure: Math.max(...steps.map(({ row }) => Number(row?.AT || 0))),
    wellSince: fromEntries(
      steps.map(({ task, row }) => [task, Number(row?.LAST_AT || 0)] as [string, number]),
    ),
    told: {
      kind: told?.KIND ? String(told.KIND) : null,
      at: Number(told?.LAST_AT || 0),
      failedAt: Number(told?.AT || 0),
      failures: Number(told?.FAILURES || 0),
    },
    now: Number(told?.NOW || 0),
  };
}

/** Whether procedures with their owner's rights may read the task history is documented nowhere; without it the run log has to do. */
const REFUSED = /not authorized|insufficient privileges|unsupported|not supported|does not exist/i;

/** The task of the graph whose last run that is over has failed, where its procedure has not run well since: of a stale stream it has. */
function* findFailure({ place }: WatchPlan, wellSince: Wells): Work<GraphFailure | null> {
  const { database, schema } = place.snowflake;
  try {
    const rows = yield* query(
      `SELECT NAME, ERROR_MESSAGE, DATE_PART(EPOCH_MILLISECOND, SCHEDULED_TIME) AS AT FROM (
  SELECT NAME, STATE, ERROR_MESSAGE, SCHEDULED_TIME FROM TABLE(${database}.INFORMATION_SCHEMA.TASK_HISTORY(
    SCHEDULED_TIME_RANGE_START => DATEADD(day, -1, CURRENT_TIMESTAMP()), RESULT_LIMIT => 10000))
  WHERE DATABASE_NAME = ${literal(database)} AND SCHEMA_NAME = ${literal(schema)} AND NAME IN (${graphSteps.map(({ task }) => literal(task)).join(', ')}) AND COMPLETED_TIME IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY NAME ORDER BY SCHEDULED_TIME DESC) = 1
) WHERE STATE LIKE 'FAILED%' OR STATE = 'CANCELLED' ORDER BY NAME`,
    );
    const row = rows.find(({ NAME, AT }) => Number(AT || 0) > (wellSince[String(NAME)] || 0));
    return row
      ? { task: String(row.NAME), message: shortSentence(row.ERROR_MESSAGE), at: Number(row.AT || 0) }
      : null;
  } catch (error) {
    if (!REFUSED.test(String((error as Error).message))) throw error;
    return null;
  }
}
